"""Generated records: whole small databases of every shape that the schema allows.

A shape is drawn first and written afterwards, so that a failing example can be read:
nothing at all, topics without parents or one below the other, a single passage, sources
without a date, a language or a text that is held, summaries derived from others, many
of one thing, and everything beside everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Mention, Source, SourceSubject, Topic
from tests import factories as make

WORDS = "drone drones Iran iranian talks C-130 grain Erdoğan negotiation дроны".split()
DATES = (None, "2022-07-12", "2022", "2021-11/2022-02", "../2022-07-12", "2022-07/..")
POLARITY = {"for": 1, "against": -2, "neutral": 0, "unclear": None}
MANY = 60

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
dates = st.sampled_from(DATES)
T = TypeVar("T")

some = st.none() | st.integers(0, 5)
"""Which of the things that there are: counted around, None for none."""


@dataclass(frozen=True)
class SourceShape:
    """A source with its text: one passage for each paragraph."""

    title: str
    paragraphs: tuple[str, ...]
    withheld: bool
    language: str | None
    published: str | None
    publisher: str | None
    original: int | None
    mentions: tuple[int, ...]
    subject: int | None


@dataclass(frozen=True)
class Shape:
    """What a record holds; numbers say which of the things before."""

    topics: tuple[int | None, ...] = ()
    """The parent of each topic, among those before it."""
    actors: tuple[str, ...] = ()
    sources: tuple[SourceShape, ...] = ()
    propositions: tuple[tuple[str, int | None], ...] = ()
    stances: tuple[tuple[str, int, int | None, str | None, bool], ...] = ()
    """Position, proposition, topic, date, and whether a passage is cited for it."""
    meetings: tuple[tuple[str, str | None, int | None, str | None], ...] = ()
    """Title, date, topic of the agenda, and status."""


def _topics(count: int, shape: str) -> tuple[int | None, ...]:
    match shape:
        case "flat":
            return (None,) * count
        case "deep":
            return tuple(number - 1 if number else None for number in range(count))
    return tuple((number - 1) // 2 if number else None for number in range(count))


sources = st.builds(
    SourceShape,
    title=texts,
    paragraphs=st.lists(texts, min_size=1, max_size=3).map(tuple)
    | texts.map(lambda text: (text,) * MANY),
    withheld=st.booleans(),
    language=st.sampled_from(["en", "ru", None]),
    published=dates,
    publisher=st.sampled_from([None, "The Gazette"]),
    original=some,
    mentions=st.lists(st.integers(0, 5), max_size=2).map(tuple),
    subject=some,
)
shapes = st.builds(
    Shape,
    topics=st.builds(
        _topics,
        st.sampled_from([0, 0, 1, 2, 5, 30]),
        st.sampled_from(["flat", "deep", "tree"]),
    ),
    actors=st.lists(texts, max_size=3).map(tuple),
    sources=st.lists(sources, max_size=3).map(tuple),
    propositions=st.lists(st.tuples(texts, some), max_size=3).map(tuple),
    stances=st.lists(
        st.tuples(
            st.sampled_from(sorted(POLARITY)), st.integers(0, 5), some, dates,
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    meetings=st.lists(
        st.tuples(texts, dates, some, st.sampled_from([None, "held", "expected"])),
        max_size=2,
    ).map(tuple),
)  # fmt: skip


def write(session: Session, shape: Shape) -> None:
    """Write a record of a shape, and flush."""
    topics: list[Topic] = []
    for number, parent in enumerate(shape.topics):
        above = None if parent is None else topics[parent]
        topics.append(make.topic(session, slug=f"topic-{number}", parent=above))
    actors = [
        make.actor(session, slug=f"actor-{number}", name=name)
        for number, name in enumerate(shape.actors)
    ]
    topic_of = _chooser(topics)
    actor_of = _chooser(actors)
    held = []
    made: list[Source] = []
    for number, source in enumerate(shape.sources):
        original = _chooser(made)(source.original)
        row = make.source(
            session,
            slug=f"source-{number}",
            title=source.title,
            language=source.language,
            published=source.published,
            publisher=source.publisher,
            original=original,
            derivation=None if original is None else "summary",
        )
        subject = topic_of(source.subject)
        if subject is not None:
            row.subjects.append(
                SourceSubject(position=1, kind="topic", label="S", topic=subject)
            )
        text = make.source_text(
            session,
            "\n\n".join(source.paragraphs),
            source=row,
            withheld=source.withheld,
        )
        chosen = {actor.id: actor for n in source.mentions if (actor := actor_of(n))}
        for actor in chosen.values():
            session.add(Mention(passage=text.passages[0], actor=actor, method="coder"))
        made.append(row)
        held.append(text)
    text_of = _chooser(held)
    propositions = [
        make.proposition(session, slug=f"p-{number}", text=said, topic=topic_of(topic))
        for number, (said, topic) in enumerate(shape.propositions)
    ]
    for number, (position, about, topic, stated, cited) in enumerate(shape.stances):
        proposition = _chooser(propositions)(about)
        holder = actor_of(number)
        if proposition is None or holder is None:
            continue
        stance = make.stance(
            session,
            slug=f"stance-{number}",
            holder=holder,
            proposition=proposition,
            position=position,
            polarity=POLARITY[position],
            topic=topic_of(topic),
            stated=stated,
        )
        passage = text_of(number)
        if cited and passage is not None:
            make.evidence(session, stance=stance, source_text=passage, end_char=3)
    for number, (title, day, agenda, status) in enumerate(shape.meetings):
        meeting = make.meeting(session, slug=f"meeting-{number}", title=title, date=day)
        if (item := topic_of(agenda)) is not None:
            make.agenda_item(session, meeting=meeting, topic=item)
        if status is not None:
            make.status_event(session, meeting=meeting, status=status)
    session.flush()


def _chooser(things: Sequence[T]) -> Callable[[int | None], T | None]:
    """Return what chooses one by a number counted around; None of None and of none."""

    def chosen(number: int | None) -> T | None:
        return None if number is None or not things else things[number % len(things)]

    return chosen
