"""The small record behind the tests of the questions' pages and files.

With names of every kind, somebody who differs, and a meeting of which two sides tell.
"""

from sqlalchemy.orm import Session

from models import Actor, Meeting, Source, SourceSubject, Topic, open_session
from settings import Settings
from tests import factories as make
from tests.queries.world import World, make_world

#: A name with everything that a careless file would choke on.
NASTY = "=1+1 \"q\", 'a'\r\nnew <script>alert(1)</script> & \x0b\x1f العربية ‮x"

ADEN = """\
The foreign ministers of Aden and Basra met in the harbour of Aden on Friday.

The two sides agreed to open the port for salt before the end of spring. The minister \
of Aden said that grain would follow once the quay had been repaired.

Aden expects that the lighthouse will be lit again in May. Both ministers thanked the \
pilots of the harbour for their work during the storms."""

BASRA = """\
The foreign ministers of Basra and Aden met in the harbour of Aden.

The ministers agreed that the port should be opened for salt before summer. Basra \
asked for the release of the fishermen who were taken in March, and for letters to \
the fishermen who are ill.

The minister of Basra said that no grain had been discussed. Fishermen and their boats \
stay at the head of what Basra expects of Aden: without the fishermen, no salt."""


def fill(settings: Settings) -> None:
    """Write the record."""
    with open_session(settings.database_url, write=True) as session:
        world = make_world(session)
        nasty = make.actor(session, slug="nasty", name=NASTY, kind="state")
        salty = make.proposition(session, slug="nasty", text=NASTY, topic=world.salt)
        for holder in (nasty, world.aden):
            for on in (salty, world.proposition):
                differs = on is salty and holder is nasty
                stance = make.stance(
                    session,
                    holder=holder,
                    proposition=on,
                    position="against" if differs else "for",
                    polarity=-1 if differs else 1,
                    stated="2022-07-14",
                )
                make.evidence(session, stance=stance, source_text=world.text)
        for holder, target, polarity in (
            (nasty, world.aden, 1), (world.aden, nasty, -1)
        ):  # fmt: skip
            stance = make.stance(
                session, holder=holder, target_actor=target, polarity=polarity,
                position="for" if polarity > 0 else "against", stated="2022-07-14",
            )  # fmt: skip
            make.evidence(session, stance=stance, source_text=world.text)
        meeting = make.meeting(session, slug="nasty", title=NASTY, date="2022-07-15")
        make.status_event(session, meeting=meeting, status="held", date="2022-07-15")
        for actor in (nasty, world.aden):
            make.participation(session, meeting=meeting, represented=actor)
        make.actor(session, slug="mute", name="Mute")
        tell_twice(session, world)
        session.commit()


def tell_twice(session: Session, world: World) -> None:
    """A meeting with a readout of each side: they agree on salt, and on little else."""
    basra = make.actor(session, slug="basra", name="Basra", kind="state")
    meeting = make.meeting(
        session, slug="harbour-talks", title="The talks in the harbour",
        date="2022-07-15", city="Aden", country=world.aden,
    )  # fmt: skip
    fishermen = make.topic(session, slug="fishermen", name="Fishermen")
    harbour = make.topic(session, slug="harbour", name="Harbour")
    ours = _readout(session, meeting, world.aden, ADEN, [world.salt, harbour])
    theirs = _readout(session, meeting, basra, BASRA, [world.salt, fishermen])
    theirs.subjects.append(SourceSubject(position=3, kind="topic", label="Boats"))
    for position, (source, text, topic, words) in enumerate(
        (
            (ours, "Opening the port for salt", world.salt, "open the port for salt"),
            (theirs, "Release of the fishermen", fishermen, "release of the fishermen"),
        ),
        1,
    ):
        item = make.agenda_item(
            session, meeting=meeting, text=text, topic=topic, position=position
        )
        _cite(session, source, words, agenda_item=item)
    discussed = make.proposition(
        session, slug="grain-discussed", kind="factual",
        text="Grain was discussed in the harbour.",
    )  # fmt: skip
    for holder, source, polarity, words in (
        (world.aden, ours, 1, "grain would follow"),
        (basra, theirs, -1, "no grain had been discussed"),
    ):
        stance = make.stance(
            session, holder=holder, proposition=discussed, meeting=meeting,
            position="for" if polarity > 0 else "against", polarity=polarity,
            stated="2022-07-15",
        )  # fmt: skip
        _cite(session, source, words, stance=stance, said_by=[holder])


def _readout(
    session: Session, meeting: Meeting, state: Actor, text: str, topics: list[Topic]
) -> Source:
    ministry = make.actor(
        session, name=f"Ministry of {state.name}", kind="government_body", parent=state
    )
    source = make.source(
        session, slug=f"{state.slug}-readout", title=f"Readout of {state.name}",
        kind="readout", issuer=ministry, published="2022-07-15",
    )  # fmt: skip
    make.source_text(session, text, source=source)
    for position, topic in enumerate(topics, 1):
        source.subjects.append(
            SourceSubject(
                position=position, kind="topic", label=topic.name, topic=topic
            )
        )
    event = make.status_event(
        session, meeting=meeting, status="held", date="2022-07-15"
    )
    _cite(session, source, "met in the harbour of Aden", status_event=event)
    make.participation(session, meeting=meeting, represented=state)
    return source


def _cite(session: Session, source: Source, words: str, **claim: object) -> None:
    text = source.texts[0]
    start = (text.text or "").index(words)
    make.evidence(
        session, source_text=text, start_char=start, end_char=start + len(words),
        **claim,
    )  # fmt: skip
