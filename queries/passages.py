"""The passages of sources, with the evidence marked in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from models import Actor, Evidence, Passage, Source, SourceText
from queries.evidence import NEWEST_VERSION, Span, anchor, in_source, spans_where
from queries.filters import Rows
from queries.refs import actor_ref, maybe, written
from queries.shapes import Mark, PassageItem, Ref, Segment


def newest_text() -> ColumnElement[bool]:
    """True of the wording of a source that is in force."""
    return SourceText.version == NEWEST_VERSION


LONGEST_SHOWN = 5_000
"""How many characters of one passage are shown; more are counted."""
_AT_ONCE = 200_000
"""How many characters of a text are read at once."""


def bare_passages() -> Rows:
    """Select passages with their source, without words; the caller narrows it."""
    return (
        select(
            Passage,
            Actor,
            Source,
            SourceText.version,
            NEWEST_VERSION.label("newest"),
        )
        .join(SourceText, SourceText.id == Passage.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .outerjoin(Actor, Actor.id == Passage.speaker_id)
    )


def passages() -> Rows:
    """Select passages with their words and their source; the caller narrows it."""
    length = Passage.end_char - Passage.start_char
    return bare_passages().add_columns(
        func.substr(SourceText.text, Passage.start_char + 1, length).label("text")
    )


def read_passages(
    session: Session, statement: Rows, spans: Iterable[Span] = ()
) -> tuple[PassageItem, ...]:
    """Run a select of `bare_passages()`, and mark the spans in what it finds."""
    by_text: defaultdict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_text[span.text_id].append(span)
    begun: set[tuple[int, str]] = set()
    rows = session.execute(statement).all()
    words = _words(session, [row.Passage for row in rows])
    return tuple(
        _passage(row, words[row.Passage.id], by_text[row.Passage.source_text_id], begun)
        for row in rows
    )


def _words(session: Session, shown: Iterable[Passage]) -> Mapping[int, str | None]:
    """Load the words of passages, cut where they are too long to be shown.

    What stands close together in a text is read at once: a database finds a place in a
    text by reading the text up to there, and 100 passages of a text of 50 MB took half
    a minute.
    """
    pieces: list[tuple[int, int, int, list[Passage]]] = []
    for passage in sorted(shown, key=lambda one: (one.source_text_id, one.start_char)):
        end = min(passage.end_char, passage.start_char + LONGEST_SHOWN)
        if pieces:
            text_id, start, _, members = pieces[-1]
            if text_id == passage.source_text_id and end - start <= _AT_ONCE:
                members.append(passage)
                pieces[-1] = text_id, start, max(pieces[-1][2], end), members
                continue
        pieces.append((passage.source_text_id, passage.start_char, end, [passage]))
    if not pieces:
        return {}
    parts = [
        select(
            literal(number).label("number"),
            func.substr(SourceText.text, start + 1, end - start).label("words"),
        ).where(SourceText.id == text_id)
        for number, (text_id, start, end, _) in enumerate(pieces)
    ]
    statement = union_all(*parts) if len(parts) > 1 else parts[0]
    words: dict[int, str | None] = {}
    for number, text in session.execute(statement):
        _, start, _, members = pieces[number]
        for passage in members:
            at = passage.start_char - start
            length = min(passage.end_char - passage.start_char, LONGEST_SHOWN)
            words[passage.id] = None if text is None else text[at : at + length]
    return words


MOST_PASSAGES = 25
"""How many passages stand below a meeting."""


def passages_of(
    session: Session, *conditions: ColumnElement[bool]
) -> tuple[tuple[PassageItem, ...], int]:
    """Load the passages touched by the evidence that meets the conditions, marked.

    Returns:
        The first `MOST_PASSAGES` of them, in order of publication, and how many there
        are.
    """
    spans = spans_where(session, *conditions)
    touched = (
        select(Passage.id)
        .join(Evidence, Evidence.source_text_id == Passage.source_text_id)
        .where(*conditions)
        .where(Evidence.start_char < Passage.end_char)
        .where(Evidence.end_char > Passage.start_char)
    )
    statement = bare_passages().where(Passage.id.in_(touched)).limit(MOST_PASSAGES)
    order = (
        Source.published_earliest.is_(None),
        Source.published_earliest,
        Source.slug,
        SourceText.version,
        Passage.position,
    )
    items = read_passages(session, statement.order_by(*order), spans)
    if len(items) < MOST_PASSAGES:
        return items, len(items)
    number = select(func.count(Passage.id)).where(Passage.id.in_(touched))
    return items, session.scalar(number) or 0


def _passage(
    row: Any, words: str | None, spans: Sequence[Span], begun: set[tuple[int, str]]
) -> PassageItem:
    passage, source = row.Passage, row.Source
    start, end = passage.start_char, passage.end_char
    marks: dict[str, Mark] = {}
    for span in spans:
        if span.start < end and span.end > start:
            name = anchor(span.start, span.end)
            claims = marks[name].claims if name in marks else ()
            marks[name] = Mark(
                anchor=name,
                start=span.start,
                end=span.end,
                claims=(*claims, span.claim),
                more=span.more,
            )
    segments: tuple[Segment, ...] = ()
    if words is not None:
        segments = _cut(words, passage, tuple(marks.values()), begun)
    url = in_source(source.slug, passage.position, row.version, row.newest)
    return PassageItem(
        source=Ref(kind="source", slug=source.slug, label=source.title),
        published=written(source, "published"),
        position=passage.position,
        page=passage.page,
        start=start,
        end=end,
        speaker=maybe(actor_ref, row.Actor),
        text=words,
        cut=0 if words is None else end - start - len(words),
        segments=segments,
        marks=tuple(marks.values()),
        url=f"{url}#p{passage.position}",
    )


def _cut(
    text: str, passage: Passage, marks: Sequence[Mark], begun: set[tuple[int, str]]
) -> tuple[Segment, ...]:
    """Cut a passage wherever a mark begins or ends.

    `begun` remembers which anchors have been given out, so that a span over several
    passages becomes one id in the page, at its first piece.
    """
    start, end = passage.start_char, passage.start_char + len(text)
    edges = {start, end}
    for mark in marks:
        edges |= {min(max(mark.start, start), end), min(mark.end, end)}
    cuts = sorted(edges)
    segments = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        over = [mark.anchor for mark in marks if mark.start < right and mark.end > left]
        new = [name for name in over if (passage.source_text_id, name) not in begun]
        begun.update((passage.source_text_id, name) for name in new)
        segments.append(
            Segment(
                text=text[left - start : right - start],
                start=left,
                end=right,
                anchors=tuple(over),
                begins=tuple(new),
            )
        )
    return tuple(segments)
