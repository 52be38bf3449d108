"""What the page shows of the results, loaded from the database.

A few statements for each kind of thing, whatever the number of results.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import (
    Actor,
    Evidence,
    Meeting,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    load_dates,
)
from queries.badges import firmness, status_badge
from queries.dates import WrittenDate
from queries.evidence import cite, in_source, said_by, spans_where, stance_label
from queries.meetings import select_meetings
from queries.passages import newest_text, passages
from queries.refs import source_ref, written
from queries.search.page import SearchHit
from queries.shapes import ClaimRef, address
from queries.stances import CURRENT
from search import highlight
from search.documents import Builder
from search.documents.stances import quotes_of
from search.engine import Document, Hit, Text
from search.fields import Kind
from search.highlight import Piece
from search.tree import Node

MOST_TEXTS = 1_000
"""Among how many texts of a record the best is chosen; an actor may have many names."""
UNDATED = WrittenDate(edtf=None, earliest=None, latest=None, as_written=None)


def load_hits(
    session: Session, query: Node, hits: Sequence[Hit], line: int
) -> tuple[SearchHit, ...]:
    """Load what is found, in its order; what was deleted meanwhile is left out.

    Args:
        session: an open session.
        query: the query whose words are marked.
        hits: what the engine found.
        line: how many of them, from the first, have all of the words.
    """
    return _Hits(session, query).load(hits, line)


class _Hits:
    """Loads what the page shows of the results: a few statements for each kind."""

    def __init__(self, session: Session, query: Node) -> None:
        self._session = session
        self._query = query
        self._builder = Builder(session)

    def load(self, hits: Sequence[Hit], line: int) -> tuple[SearchHit, ...]:
        keys: dict[Kind, list[str]] = {}
        for hit in hits:
            kind, _, key = hit.id.partition("/")
            keys.setdefault(Kind(kind), []).append(key)
        loaders: dict[Kind, Callable[[list[str]], dict[str, dict[str, Any]]]] = {
            Kind.PASSAGE: self._passages,
            Kind.MEETING: self._meetings,
            Kind.ACTOR: self._actors,
            Kind.STANCE: self._stances,
            Kind.PROPOSITION: self._propositions,
        }
        found = {
            f"{kind}/{key}": shown
            for kind, wanted in keys.items()
            for key, shown in loaders[kind](wanted).items()
        }
        # What was deleted since it was indexed is left out.
        return tuple(
            SearchHit(score=hit.score, all_words=place < line, **found[hit.id])
            for place, hit in enumerate(hits)
            if hit.id in found
        )

    def _passages(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        places = [key.rsplit("/", 1) for key in keys]
        chosen = or_(
            *(
                and_(Source.slug == slug, Passage.position == int(position))
                for slug, position in places
            )
        )
        rows = self._session.execute(passages().where(newest_text(), chosen)).all()
        claims = self._claims([row.Passage for row in rows])
        derived = {row.Source.id for row in rows if row.Source.derived_from_id}
        days = load_dates(self._session, derived) if derived else {}
        found = {}
        for row in rows:
            passage, source = row.Passage, row.Source
            found[f"{source.slug}/{passage.position:06}"] = {
                "kind": Kind.PASSAGE.value,
                "slug": f"{source.slug}/{passage.position}",
                "title": source.title,
                "title_pieces": self._marked(source.title, source.language),
                "snippet": highlight.snippet(
                    row.text or "", source.language, self._query
                ),
                "url": in_source(source.slug, passage.position)
                + f"#p{passage.position}",
                "date": written(days.get(source.id, source), "published"),
                "source": source_ref(source),
                "position": passage.position,
                "claims": claims[passage.id],
            }
        return found

    def _claims(self, shown: Sequence[Passage]) -> dict[int, tuple[ClaimRef, ...]]:
        """Return what rests on each passage."""
        texts = {passage.source_text_id for passage in shown}
        coded = set(  # of most texts nothing is coded, and looking closer takes long
            self._session.scalars(
                select(Evidence.source_text_id)
                .where(Evidence.source_text_id.in_(texts))
                .distinct()
            )
        )
        found: dict[int, tuple[ClaimRef, ...]] = {passage.id: () for passage in shown}
        shown = [passage for passage in shown if passage.source_text_id in coded]
        if not shown:
            return found
        conditions: list[ColumnElement[bool]] = [
            and_(
                Evidence.source_text_id == passage.source_text_id,
                Evidence.start_char < passage.end_char,
                Evidence.end_char > passage.start_char,
            )
            for passage in shown
        ]
        spans = spans_where(self._session, or_(*conditions))
        return found | {
            passage.id: tuple(
                dict.fromkeys(
                    span.claim
                    for span in spans
                    if span.text_id == passage.source_text_id
                    and span.start < passage.end_char
                    and span.end > passage.start_char
                )
            )
            for passage in shown
        }

    def _meetings(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        chosen = select_meetings().where(Meeting.slug.in_(keys))
        rows = self._session.execute(chosen).all()
        events = [event.id for _, event, _ in rows if event is not None]
        citations = cite(self._session, {"status_event": events})
        titles, more = {}, {}
        for row, event, ended in rows:
            cited = citations["status_event", event.id] if event else ()
            status = event.status.implied if event else None
            titles[row.slug] = (row.title, written(row, "date"))
            more[row.slug] = {
                "badge": status_badge(status, firmness(cited), ended),
                "said_by": said_by(cited),
            }
        return self._records(
            "meeting", _texts(self._builder.meetings(keys)), titles, more
        )

    def _actors(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.scalars(select(Actor).where(Actor.slug.in_(keys)))
        titles = {row.slug: (row.name, UNDATED) for row in rows}
        return self._records("actor", _texts(self._builder.actors(keys)), titles)

    def _stances(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.execute(
            select(Stance, CURRENT.label("current"))
            .where(Stance.slug.in_(keys))
            .options(
                joinedload(Stance.holder),
                joinedload(Stance.proposition),
                joinedload(Stance.target_actor),
                selectinload(Stance.evidence)
                .joinedload(Evidence.source_text)
                .defer(SourceText.text)
                .joinedload(SourceText.source),
            )
        ).all()
        citations = cite(self._session, {"stance": [row.id for row, _ in rows]})
        titles = {
            row.slug: (stance_label(row), written(row, "stated")) for row, _ in rows
        }
        more = {
            row.slug: {
                "said_by": said_by(citations["stance", row.id]),
                "mode": row.mode,
                "certainty": row.certainty,
                "current": bool(current),
            }
            for row, current in rows
        }
        # A note is the coder's: it is searched, and never stands where a quote would.
        quotes = {row.slug: quotes_of(row) for row, _ in rows}
        return self._records("stance", quotes, titles, more)

    def _propositions(self, keys: list[str]) -> dict[str, dict[str, Any]]:
        rows = self._session.scalars(
            select(Proposition).where(Proposition.slug.in_(keys))
        )
        titles = {row.slug: (row.text, written(row, "about")) for row in rows}
        return self._records(
            "proposition", _texts(self._builder.propositions(keys)), titles
        )

    def _records(
        self,
        kind: str,
        texts: Mapping[str, tuple[Text, ...]],
        titles: Mapping[str, tuple[str, WrittenDate]],
        more: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> dict[str, dict[str, Any]]:
        """Show records with the texts that may be shown of them."""
        found = {}
        for slug, shown in texts.items():
            title, when = titles[slug]
            found[slug] = {
                "kind": kind,
                "slug": slug,
                "title": title,
                "title_pieces": self._marked(title, "en"),
                "snippet": self._best(shown),
                "url": address(kind, slug),
                "date": when,
                **more.get(slug, {}),
            }
        return found

    def _best(self, shown: tuple[Text, ...]) -> tuple[Piece, ...]:
        """The text of a record that matches best, by the number of its marks."""
        texts = [
            highlight.snippet(text, language, self._query)
            for text, language in shown[:MOST_TEXTS]
        ]
        return max(texts, key=lambda pieces: sum(p.marked for p in pieces), default=())

    def _marked(self, title: str, language: str | None) -> tuple[Piece, ...]:
        return highlight.mark(title, language, self._query, "title")


def _texts(documents: Iterable[Document]) -> dict[str, tuple[Text, ...]]:
    """The texts that the index has of records, by slug."""
    return {document.id.partition("/")[2]: document.text for document in documents}
