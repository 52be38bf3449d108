"""Whom and what a table means by a name: by slug, or by the whole of any name.

A name that fits only in part, or by its sound, is never taken: what is recorded for
good is not guessed. It is offered, once for each name, with the rows that have it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from models import Actor, ActorName, Office, Source, open_session
from models.enums import ActorKind
from models.folding import fold
from models.titles import TITLES
from wording import counted, quoted

MOST_PLACES = 3
MOST_NEAR = 3
MOST_UNRESOLVED = 1_000
_BUT_NAMES = ("source", "meeting")
"""What has too many titles to look for the nearest."""
_PEOPLE = (ActorKind.PERSON, ActorKind.UNNAMED_GROUP)


class Found(Protocol):
    """What a look-up answers: one, or those that it may be."""

    @property
    def slug(self) -> str | None: ...
    @property
    def near(self) -> tuple[str, ...]: ...


LookUp = Callable[[str, Iterable[tuple[str, str]]], Found]
"""Finds what a name may mean among pairs of a slug and a name."""


def no_look_up(asked: str, names: Iterable[tuple[str, str]]) -> Found:
    """Offer nothing."""
    return _Nothing()


class _Nothing:
    slug = None
    near: tuple[str, ...] = ()


@dataclass
class Unresolved:
    """A name that nothing has, or that several have."""

    kind: str
    name: str
    near: tuple[str, ...]
    rows: int = 0
    places: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return one line: the name, where it stands, and what is like it."""
        where = ", ".join(self.places)
        if self.rows > len(self.places):
            where += f" and {self.rows - len(self.places):,} more"
        near = f"; the nearest: {', '.join(self.near)}" if self.near else ""
        return (
            f"{quoted(self.name)} is the name of no {self.kind}, or of several "
            f"({counted(self.rows, 'row')}: {where}){near}"
        )


class Names:
    """The names of what is stored, and of what is being made along with the rows."""

    def __init__(
        self, url: str | None, look_up: LookUp, given: Mapping[str, str]
    ) -> None:
        self.url = url
        self.look_up = look_up
        self.given = {fold(name): slug for name, slug in given.items()}
        self.unresolved: dict[tuple[str, str], Unresolved] = {}
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        self._by_name: dict[str, dict[str, set[str]]] = {}
        self._slugs: dict[str, set[str]] = {}
        self._people: set[str] = set()

    def find(self, kind: str, text: str) -> str | None:
        """Return the slug of what a text means; None if it means nothing for sure."""
        self._load(kind)
        text = " ".join(text.split())
        if text in self._slugs[kind]:
            return text
        if kind == "actor" and fold(text) in self.given:
            return self.given[fold(text)]
        bearers = self.bearers(kind, text)
        return next(iter(bearers)) if len(bearers) == 1 else None

    def bearers(self, kind: str, name: str) -> set[str]:
        """Return the slugs of all that have a name."""
        self._load(kind)
        return self._by_name[kind].get(fold(" ".join(name.split())), set())

    def add(self, kind: str, slug: str, names: Sequence[str]) -> None:
        """Know something that is being made."""
        self._load(kind)
        self._slugs[kind].add(slug)
        for name in names:
            if slug in self._by_name[kind][fold(" ".join(name.split()))]:
                continue
            self._pairs[kind].append((slug, name))
            self._by_name[kind][fold(" ".join(name.split()))].add(slug)

    def forget(self) -> None:
        """Read the names again next time: more may be stored by then."""
        self._pairs.clear()

    def put_right(self, given: Mapping[str, str]) -> None:
        """Take the slugs that a mapping gives for names of actors."""
        self.given |= {fold(name): slug for name, slug in given.items()}

    def knows(self, kind: str, slug: str) -> bool:
        """Tell whether a slug is taken."""
        self._load(kind)
        return slug in self._slugs[kind]

    def is_person(self, slug: str) -> bool:
        """Tell whether an actor is a person, or people without a name."""
        self._load("actor")
        return slug in self._people

    def miss(self, kind: str, text: str, place: str) -> None:
        """Note that a name stands for nothing, and where."""
        text = " ".join(text.split())
        entry = self.unresolved.get((kind, text))
        if entry is None:
            if len(self.unresolved) >= MOST_UNRESOLVED:
                return
            entry = Unresolved(kind, text, self._near(kind, text))
            self.unresolved[kind, text] = entry
        entry.rows += 1
        if len(entry.places) < MOST_PLACES:
            entry.places.append(place)

    def _near(self, kind: str, text: str) -> tuple[str, ...]:
        bearers = self._by_name[kind].get(fold(text), set())
        if kind in _BUT_NAMES or bearers:
            return tuple(sorted(bearers))[:MOST_NEAR]
        found = self.look_up(text, self._pairs[kind])
        slugs = (found.slug, *found.near) if found.slug else found.near
        return slugs[:MOST_NEAR]

    def _load(self, kind: str) -> None:
        if kind in self._pairs:
            return
        slug, label = TITLES.get(kind, (Office.slug, Office.title))
        with open_session(self.url, history=True) as session:
            rows = session.execute(sa.select(slug, label)).all()
            pairs = [(key, name) for key, name in rows]
            if kind == "actor":
                others = sa.select(Actor.slug, ActorName.name).join(ActorName.actor)
                pairs += [(key, name) for key, name in session.execute(others)]
                people = sa.select(Actor.slug).where(Actor.kind.in_(_PEOPLE))
                self._people = set(session.scalars(people))
            elif kind == "source":
                urls = sa.select(Source.slug, Source.url).where(Source.url.is_not(None))
                pairs += [(key, url) for key, url in session.execute(urls) if url]
        self._pairs[kind] = pairs
        self._slugs[kind] = {key for key, _ in rows}
        by_name: dict[str, set[str]] = defaultdict(set)
        for key, name in pairs:
            by_name[fold(" ".join(name.split()))].add(key)
        self._by_name[kind] = by_name
