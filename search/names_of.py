"""The names under which records of others are found: a meeting by who was there.

People type "Putin Erdogan" and mean the meeting whose title has neither. So meetings
and stances are indexed with the names of those they concern, in every script. It costs
that a new name queues its actor, whose meetings and stances are then read again
(`search.roots`); passages, of which there are a thousand times more, hold none.
"""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Actor, ActorName
from models.enums import NameKind
from search.engine import Text

#: How many names of an actor its meetings and stances are found by, the shortest first.
MOST_NAMES = 64

#: The language in which coders write: main names, titles, notes, sentences.
CODED_IN = "en"


def load_names(session: Session, ids: Collection[int]) -> dict[int, tuple[Text, ...]]:
    """Return the names of actors with their languages, the main one first.

    Metonyms are left out: whoever types "Moscow" does not ask for all that Russia did.
    """
    main = session.execute(sa.select(Actor.id, Actor.name).where(Actor.id.in_(ids)))
    found: defaultdict[int, dict[str, str | None]] = defaultdict(dict)
    for id, name in main:
        found[id][name] = CODED_IN
    others = session.execute(
        sa.select(ActorName.actor_id, ActorName.name, ActorName.language)
        .where(ActorName.actor_id.in_(ids), ActorName.kind != NameKind.METONYM)
        .order_by(sa.func.length(ActorName.name), ActorName.name, ActorName.language)
    )
    for id, name, language in others:
        if len(found[id]) <= MOST_NAMES:
            found[id].setdefault(name, language)
    return {id: tuple(names.items()) for id, names in found.items()}
