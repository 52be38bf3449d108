"""Whom a name means: the part of a query's meaning that only the database knows.

The index holds slugs. `actor:mbs` becomes the slugs of all actors called so, when the
query is read; so a new alias finds at once what was indexed long ago.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Actor, ActorName, Meeting, Proposition, Source, Topic, fold
from models.enums import ActorKind
from search.fields import BY_KEY, Field, Match
from search.patterns import value_pattern
from search.tree import Prefix, Value, Wildcard


class DatabaseNames:
    """Looks names up in a database; reads each kind of them once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.unknown: list[str] = []
        """A sentence for each name that nobody bears, as they come."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the values of `field.reads` that the name stands for; maybe none."""
        accepts = _tester(asked)
        match field.key:
            case "publisher":
                found = {name for name in self._publishers if accepts(fold(name))}
            case "topic":
                found = _below(_called(self._topics, accepts), self._narrower)
            case "state":
                states = _called(self._actors, accepts) & self._of(ActorKind.STATE)
                found = _below(states, self._bodies)
            case "person":
                found = _called(self._actors, accepts) & self._of(ActorKind.PERSON)
            case _:
                found = _called(self._actors, accepts)
        if not found:
            what = "actor" if field.key == "holder" else field.key
            shown = asked.text if isinstance(asked, Value) else str(asked)
            self.unknown.append(f"No {what} is called “{shown}”.")
        return tuple(sorted(found))

    def call(self, key: str, text: str) -> str:
        """Return what a value of a field is called; as it was typed if nothing is."""
        field = BY_KEY[key]
        titles = {
            "meeting": (Meeting.slug, Meeting.title),
            "source": (Source.slug, Source.title),
            "proposition": (Proposition.slug, Proposition.text),
        }
        if key in titles:
            slug, title = titles[key]
            found = self._session.scalar(sa.select(title).where(slug == text))
            return f"“{found}”" if found else text
        if field.match is not Match.NAME:
            return text.replace("_", " ")
        accepts = _tester(Value(key, text))
        if key == "publisher":
            bearers = [name for name in self._publishers if accepts(fold(name))]
        elif key == "topic":
            called = _called(self._topics, accepts)
            bearers = [name for slug, name, _ in self._topic_rows if slug in called]
        else:
            called = _called(self._actors, accepts)
            bearers = [name for slug, name, *_ in self._actor_rows if slug in called]
        # What several bear is said as it is written: the query means them all.
        return bearers[0] if len(bearers) == 1 else text

    def below_topics(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return topics with all narrower ones."""
        return tuple(sorted(_below(slugs, self._narrower)))

    @cached_property
    def above_topics(self) -> Mapping[str, tuple[str, ...]]:
        """All broader topics of each topic that has any."""
        above: dict[str, list[str]] = {}
        for broad in self._narrower:
            for narrow in _below([broad], self._narrower) - {broad}:
                above.setdefault(narrow, []).append(broad)
        return {narrow: tuple(broad) for narrow, broad in above.items()}

    @cached_property
    def _actors(self) -> Mapping[str, set[str]]:
        """Every actor's slug with the names it is found by."""
        names = {slug: {slug, fold(name)} for slug, name, _, _ in self._actor_rows}
        for slug, folded in self._session.execute(
            sa.select(Actor.slug, ActorName.folded).join(ActorName.actor)
        ):
            names[slug].add(folded)
        return names

    @cached_property
    def _actor_rows(self) -> list[tuple[str, str, ActorKind, str | None]]:
        parent = aliased(Actor)
        rows = self._session.execute(
            sa.select(Actor.slug, Actor.name, Actor.kind, parent.slug).outerjoin(
                parent, parent.id == Actor.parent_id
            )
        )
        return [(slug, name, kind, above) for slug, name, kind, above in rows]

    def _of(self, kind: ActorKind) -> set[str]:
        return {slug for slug, _, found, _ in self._actor_rows if found is kind}

    @cached_property
    def _bodies(self) -> Mapping[str, list[str]]:
        return _grouped((above, slug) for slug, _, _, above in self._actor_rows)

    @cached_property
    def _topic_rows(self) -> list[tuple[str, str, str | None]]:
        parent = aliased(Topic)
        rows = self._session.execute(
            sa.select(Topic.slug, Topic.name, parent.slug).outerjoin(
                parent, parent.id == Topic.parent_id
            )
        )
        return [(slug, name, above) for slug, name, above in rows]

    @cached_property
    def _topics(self) -> Mapping[str, set[str]]:
        return {slug: {slug, fold(name)} for slug, name, _ in self._topic_rows}

    @cached_property
    def _narrower(self) -> Mapping[str, list[str]]:
        return _grouped((above, slug) for slug, _, above in self._topic_rows)

    @cached_property
    def _publishers(self) -> list[str]:
        rows = self._session.scalars(sa.select(Source.publisher).distinct())
        return [name for name in rows if name is not None]


def _tester(asked: Value | Prefix | Wildcard) -> Callable[[str], bool]:
    if isinstance(asked, Value):
        wanted = fold(asked.text)
        return lambda name: name == wanted
    if isinstance(asked, Prefix):
        return value_pattern(Prefix(fold(asked.text))).tester()
    return value_pattern(Wildcard(fold(asked.pattern))).tester()


def _called(names: Mapping[str, set[str]], accepts: Callable[[str], bool]) -> set[str]:
    return {slug for slug, known in names.items() if any(map(accepts, known))}


def _below(slugs: Iterable[str], children: Mapping[str, list[str]]) -> set[str]:
    """Return slugs with all that stands below them."""
    found: set[str] = set()
    waiting = list(slugs)
    while waiting:
        slug = waiting.pop()
        if slug not in found:
            found.add(slug)
            waiting += children.get(slug, [])
    return found


def _grouped(pairs: Iterable[tuple[str | None, str]]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for parent, child in pairs:
        if parent is not None:
            children.setdefault(parent, []).append(child)
    return children
