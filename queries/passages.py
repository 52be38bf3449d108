"""The passages of sources, with the evidence marked in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Actor, Evidence, Passage, Source, SourceText
from queries.evidence import NEWEST_VERSION, Span, anchor, in_source, spans_where
from queries.filters import Rows
from queries.refs import actor_ref, maybe, written
from queries.shapes import Mark, PassageItem, Ref, Segment


def newest_text() -> ColumnElement[bool]:
    """True of the wording of a source that is in force."""
    return SourceText.version == NEWEST_VERSION


def passages() -> Rows:
    """Select passages with their words and their source; the caller narrows it."""
    length = Passage.end_char - Passage.start_char
    return (
        select(
            Passage,
            func.substr(SourceText.text, Passage.start_char + 1, length).label("text"),
            Actor,
            Source,
            SourceText.version,
            NEWEST_VERSION.label("newest"),
        )
        .join(SourceText, SourceText.id == Passage.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .outerjoin(Actor, Actor.id == Passage.speaker_id)
    )


def read_passages(
    session: Session, statement: Rows, spans: Iterable[Span] = ()
) -> tuple[PassageItem, ...]:
    """Run a select made from `passages()`, and mark the spans in what it finds."""
    by_text: defaultdict[int, list[Span]] = defaultdict(list)
    for span in spans:
        by_text[span.text_id].append(span)
    begun: set[tuple[int, str]] = set()
    return tuple(
        _passage(row, by_text[row.Passage.source_text_id], begun)
        for row in session.execute(statement)
    )


def passages_of(
    session: Session, *conditions: ColumnElement[bool]
) -> tuple[PassageItem, ...]:
    """Load the passages touched by the evidence that meets the conditions, marked."""
    spans = spans_where(session, *conditions)
    touched = (
        select(Passage.id)
        .join(Evidence, Evidence.source_text_id == Passage.source_text_id)
        .where(*conditions)
        .where(Evidence.start_char < Passage.end_char)
        .where(Evidence.end_char > Passage.start_char)
    )
    statement = passages().where(Passage.id.in_(touched))
    order = (
        Source.published_earliest.is_(None),
        Source.published_earliest,
        Source.slug,
        SourceText.version,
        Passage.position,
    )
    return read_passages(session, statement.order_by(*order), spans)


def _passage(
    row: Any, spans: Sequence[Span], begun: set[tuple[int, str]]
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
            )
    segments: tuple[Segment, ...] = ()
    if row.text is not None:
        segments = _cut(row.text, passage, tuple(marks.values()), begun)
    url = in_source(source.slug, row.version, row.newest)
    return PassageItem(
        source=Ref(kind="source", slug=source.slug, label=source.title),
        published=written(source, "published"),
        position=passage.position,
        start=start,
        end=end,
        speaker=maybe(actor_ref, row.Actor),
        text=row.text,
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
    start, end = passage.start_char, passage.end_char
    edges = {start, end}
    for mark in marks:
        edges |= {max(mark.start, start), min(mark.end, end)}
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
