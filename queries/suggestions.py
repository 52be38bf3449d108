"""Suggestions: which actors, topics and meetings a few typed letters may mean.

Every word typed must begin a word of the name, case and marks aside. Usual names and
titles are looked up in the index, whose vocabulary is sorted, so that many of them cost
no more than few; other names in the column that holds them folded; topics, of which
there are never many, are read whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from errors import BadRequest
from models import Actor, ActorName, Meeting, Topic, fold
from queries.refs import find_labels, written
from queries.search.service import engine_of
from queries.shapes import Ref
from search.analyzer import is_stop_word
from search.engine import Engine, Request, Result
from search.fields import Kind
from search.language import parse
from search.query_error import QueryError
from search.tree import And, AnyOf, Node, Phrase, Prefix, Term, Together

#: How many suggestions are made in all.
MOST = 8
#: How many of each kind are looked at to find the best.
_LOOKED_AT = 40
#: What has more words than this is no name.
_MOST_WORDS = 12


@dataclass(frozen=True, kw_only=True)
class Suggestion(Ref):
    """An actor, a topic or a meeting that may be meant."""

    alias: str | None = None
    """The other name of an actor that was typed; null if it was the usual one."""
    when: str | None = None
    """The date of a meeting, in words, if it is known."""


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What the letters typed so far may mean, at most eight things in all."""

    query: str
    """What was typed."""
    actors: tuple[Suggestion, ...] = ()
    """Actors who bear such a name, the best first."""
    topics: tuple[Suggestion, ...] = ()
    """Topics called so, the best first."""
    meetings: tuple[Suggestion, ...] = ()
    """Meetings with such a title, the best first."""


def suggest(
    session: Session, text: str, *, engine: Engine | None = None
) -> Suggestions:
    """Suggest actors, topics and meetings for what is being typed.

    What is not plain words, such as `actor:iran` or an unfinished phrase, has none.

    Args:
        session: an open session on the database that the index follows.
        text: what has been typed so far.
        engine: the search engine; by default the configured one.

    Raises:
        Unavailable: the index or the database cannot be used.
    """
    words = _plain_words(text)
    if not 0 < len(words) <= _MOST_WORDS:
        return Suggestions(query=text)
    found = _Found(session, engine or engine_of(), words)
    actors, topics, meetings = _shared(found.actors(), found.topics(), found.meetings())
    return Suggestions(query=text, actors=actors, topics=topics, meetings=meetings)


def _plain_words(text: str) -> list[str]:
    """The words of a query that is nothing but words; else none."""
    try:
        tree = parse(text)
    except QueryError:
        return []
    leaves = tree.children if isinstance(tree, Together) else (tree,)
    words: list[str] = []
    for leaf in leaves:
        if not isinstance(leaf, Term | Phrase) or leaf.field is not None:
            return []
        words += [word for word in leaf.text.split() if any(map(str.isalnum, word))]
    return words


def _shared(*groups: Sequence[Suggestion]) -> Iterable[tuple[Suggestion, ...]]:
    """Share the room among groups: what one does not need, the others may have."""
    places = sorted(
        (place, number)
        for number, group in enumerate(groups)
        for place in range(len(group))
    )
    room = Counter(number for _, number in places[:MOST])
    return (tuple(group[: room[number]]) for number, group in enumerate(groups))


class _Found:
    """What some words find."""

    def __init__(self, session: Session, engine: Engine, words: list[str]) -> None:
        self._session = session
        self._engine = engine
        telling = [word for word in words if not is_stop_word(word)]
        self._words = telling or words
        self._folded = [fold(word) for word in self._words]
        self._typed = fold(" ".join(words))
        self._titles = self._titled()

    def actors(self) -> list[Suggestion]:
        """Actors by any of their names; by the usual one if that will do."""
        usual = self._titles[Kind.ACTOR]
        names = find_labels(self._session, "actor", usual)
        found = {
            slug: Suggestion(kind="actor", slug=slug, label=names[slug])
            for slug in usual
            if slug in names
        }
        folded = ActorName.folded
        other = (
            select(Actor.slug, Actor.name, ActorName.name.label("alias"))
            .join(ActorName.actor)
            .where(
                *(
                    or_(
                        folded.startswith(word, autoescape=True),
                        *(
                            folded.contains(before + word, autoescape=True)
                            for before in " -"
                        ),
                    )
                    for word in self._folded
                )
            )
            .order_by(func.length(folded), folded, Actor.slug)
            .limit(_LOOKED_AT)
        )
        for slug, name, alias in self._session.execute(other):
            found.setdefault(
                slug, Suggestion(kind="actor", slug=slug, label=name, alias=alias)
            )
        return self._best_first(found.values())

    def topics(self) -> list[Suggestion]:
        """Topics by name."""
        begins = [re.compile(rf"(?<!\w){re.escape(word)}") for word in self._folded]
        rows = self._session.execute(
            select(Topic.slug, Topic.name).order_by(func.length(Topic.name), Topic.slug)
        )
        return self._best_first(
            Suggestion(kind="topic", slug=slug, label=name)
            for slug, name in rows
            if all(word.search(fold(name)) for word in begins)
        )

    def meetings(self) -> list[Suggestion]:
        """Meetings by title."""
        slugs = self._titles[Kind.MEETING]
        chosen = select(
            Meeting.slug,
            Meeting.title,
            Meeting.date,
            Meeting.earliest,
            Meeting.latest,
            Meeting.date_as_written,
        ).where(Meeting.slug.in_(slugs))
        found = {
            row.slug: Suggestion(
                kind="meeting",
                slug=row.slug,
                label=row.title,
                when=written(row, "date").for_people if row.date else None,
            )
            for row in self._session.execute(chosen)
        }
        return self._best_first(found[slug] for slug in slugs if slug in found)

    def _titled(self) -> dict[Kind, list[str]]:
        """The slugs of actors and meetings whose titles hold the words."""
        whole = tuple(Term(word, "title") for word in self._words)
        begun = tuple(Prefix(word, "title") for word in self._words)
        try:
            return self._ask(And(begun, whole))
        except BadRequest:  # a letter or two begin too many words
            return self._ask(And(whole))

    def _ask(self, query: Node) -> dict[Kind, list[str]]:
        """Ask for both kinds at once, and for each if one could crowd out the other."""
        together = self._hits(query, Kind.ACTOR, Kind.MEETING)
        asked = [together]
        if together.total > _LOOKED_AT:
            asked = [self._hits(query, kind) for kind in (Kind.ACTOR, Kind.MEETING)]
        found: dict[Kind, list[str]] = {Kind.ACTOR: [], Kind.MEETING: []}
        for hit in (hit for result in asked for hit in result.hits):
            kind, _, slug = hit.id.partition("/")
            found.setdefault(Kind(kind), []).append(slug)
        return found

    def _hits(self, query: Node, *kinds: Kind) -> Result:
        filters = (("kind", AnyOf("kind", tuple(kind.value for kind in kinds))),)
        request = Request(query=query, filters=filters, limit=_LOOKED_AT)
        return self._engine.search(request)

    def _best_first(self, found: Iterable[Suggestion]) -> list[Suggestion]:
        """What is called exactly so first, then the shortest names."""

        def distance(one: Suggestion) -> tuple[bool, int]:
            name = fold(one.alias or one.label)
            return name != self._typed, len(name.split())

        return sorted(found, key=distance)
