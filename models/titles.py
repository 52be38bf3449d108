"""Of each kind of thing that has an address: the columns of its slug and its title."""

from collections.abc import Mapping

from sqlalchemy.orm import InstrumentedAttribute

from models.actor import Actor
from models.meeting import Meeting
from models.source import Source
from models.stance import Stance
from models.topic import Proposition, Topic

_Text = InstrumentedAttribute[str]

TITLES: Mapping[str, tuple[_Text, _Text]] = {
    "actor": (Actor.slug, Actor.name),
    "meeting": (Meeting.slug, Meeting.title),
    "proposition": (Proposition.slug, Proposition.text),
    "source": (Source.slug, Source.title),
    "topic": (Topic.slug, Topic.name),
}
"""The slug and what the thing is called."""

SLUGS: Mapping[str, _Text] = {
    **{kind: slug for kind, (slug, _) in TITLES.items()},
    "stance": Stance.slug,
}
"""The slug alone: a stance is called by a sentence that is made out of several rows."""
