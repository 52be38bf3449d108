"""Which actor a name means: the part of a query's meaning that only the database knows.

The index holds slugs. `actor:mbs` becomes the slugs of all actors called so, when the
query is read; so a new alias finds at once what was indexed long ago. What is nobody's
whole name may be part of one, or one in another spelling (`search.lookup`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Actor, ActorName, Source, Topic, fold
from models.enums import ActorKind, NameKind
from models.titles import TITLES
from search.analyzer import is_stop_word
from search.fields import BY_KEY, Field, Match, one_of
from search.lookup import look_up
from search.namekeys import name_key, name_words
from search.patterns import value_pattern
from search.tree import Named, Prefix, Value, Wildcard
from wording import none_called

#: Under how many other names a recognised actor is searched for.
MOST_NAMES = 64

#: How many of the actors that a name may mean are listed.
MOST_CANDIDATES = 5

#: Short names that are words as well, which texts fold alike.
_WORDS = frozenset(["us", "may", "it"])

#: For how many levels above it a topic is counted beside the results.
MOST_LEVELS = 50


class DatabaseNames:
    """Looks names up in a database; reads each kind of them once."""

    def __init__(self, session: Session, *, recognise: bool = True) -> None:
        self._session = session
        self._recognises = recognise
        self._offered = False  # whether the last name may mean somebody
        self._recognised: dict[tuple[str, ...], Named | None] = {}
        self.unknown: list[str] = []
        """A sentence for each name that stands for nobody or for somebody else's, as
        they come."""
        self.named: dict[Named, str] = {}
        """The actor, by its main name, whose name was recognised among plain words."""

    def find(self, field: Field, asked: Value | Prefix | Wildcard) -> tuple[str, ...]:
        """Return the values of `field.reads` that the name stands for; maybe none."""
        accepts = _tester(asked)
        self._offered = False
        match field.key:
            case "publisher":
                found = {name for name in self._publishers if accepts(fold(name))}
            case "topic":
                found = _below(_called(self._topics, accepts), self._narrower)
            case "state":
                kind = self._of(ActorKind.STATE)
                states = self._bearers_of(asked, accepts, kind)
                found = _below(states, self._bodies)
            case "person":
                found = self._bearers_of(asked, accepts, self._of(ActorKind.PERSON))
            case _:
                found = self._bearers_of(asked, accepts, None)
        if not found and not self._offered:
            what = "actor" if field.key == "holder" else field.key
            shown = asked.text if isinstance(asked, Value) else str(asked)
            self.unknown.append(f"{none_called(what, shown)}.")
        return tuple(sorted(found))

    def _bearers_of(
        self,
        asked: Value | Prefix | Wildcard,
        accepts: Callable[[str], bool],
        among: set[str] | None,
    ) -> set[str]:
        """Return the actors that a name means; by part of it only if that is one."""
        found = _called(self._actors, accepts)
        if among is not None:
            found &= among
        if found or not isinstance(asked, Value):
            return found
        names = (
            (slug, name)
            for slug, name, _ in self._names
            if among is None or slug in among
        )
        looked = look_up(asked.text, names)
        if looked.slug is not None and not looked.exact:
            called = self._main_names[looked.slug]
            self.unknown.append(f"“{asked.text}” is read as {called}.")
        if looked.slug is None and looked.near:
            near = [(slug, self._main_names[slug]) for slug in looked.near]
            self.unknown.append(_candidates(asked, near))
            self._offered = True
        return set() if looked.slug is None else {looked.slug}

    def recognise(self, words: tuple[str, ...]) -> Named | None:
        """Return the words under all names of the one actor whose name they are.

        Metonyms are no names here, and a name that several bear names nobody.
        """
        if not self._recognises:
            return None
        if words not in self._recognised:
            self._recognised[words] = self._named(words)
        return self._recognised[words]

    def _named(self, words: tuple[str, ...]) -> Named | None:
        text = " ".join(words)
        bearers = self._bearers.get(name_key(text), ())
        if len(bearers) != 1 or all(map(is_stop_word, words)):
            return None
        [slug] = bearers
        others = self._other_names(slug, name_key(text))
        if not others:
            return None
        if len(others) > MOST_NAMES:
            self.unknown.append(
                f"{self._main_names[slug]} has {len(others):,} other names; the "
                f"{MOST_NAMES} shortest were searched for."
            )
        named = Named(text, names=tuple(others[:MOST_NAMES]))
        self.named[named] = self._main_names[slug]
        return named

    def _other_names(self, slug: str, key: str) -> list[str]:
        """The names of an actor that are nobody else's and no word of their own."""
        seen = {key: ""}
        for name in self._names_by_actor[slug]:
            other = name_key(name)
            lone = len(name_words(name)) == 1
            if lone and (len(other) < 2 or is_stop_word(other) or other in _WORDS):
                continue
            if len(self._bearers.get(other, ())) == 1:
                seen.setdefault(other, name)
        return sorted(filter(None, seen.values()), key=lambda name: (len(name), name))

    @cached_property
    def _bearers(self) -> Mapping[str, set[str]]:
        """Whose each name is, by its key; without metonyms."""
        found: dict[str, set[str]] = {}
        for slug, name, kind in self._names:
            if kind is not NameKind.METONYM and (key := name_key(name)):
                found.setdefault(key, set()).add(slug)
        return found

    @cached_property
    def _names_by_actor(self) -> Mapping[str, list[str]]:
        return _grouped(
            (slug, name)
            for slug, name, kind in self._names
            if kind is not NameKind.METONYM
        )

    @cached_property
    def _main_names(self) -> Mapping[str, str]:
        return {slug: name for slug, name, *_ in self._actor_rows}

    @cached_property
    def _names(self) -> list[tuple[str, str, NameKind | None]]:
        """Every name with its actor's slug and its kind, None for the main one."""
        rows: list[tuple[str, str, NameKind | None]] = [
            (slug, name, None) for slug, name, *_ in self._actor_rows
        ]
        others = sa.select(Actor.slug, ActorName.name, ActorName.kind).join(
            ActorName.actor
        )
        for slug, name, kind in self._session.execute(others):
            rows.append((slug, name, kind))
        return rows

    def call(self, key: str, text: str) -> str:
        """Return what a value of a field is called; as it was typed if nothing is."""
        field = BY_KEY[key]
        if key in ("meeting", "source", "proposition"):
            slug, title = TITLES[key]
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

    def called(self, text: str) -> list[tuple[str, str]]:
        """Return who and what is called so, as pairs of kind and slug.

        By a whole name; a single word may also be the last of one person's name.
        """
        key = name_key(text)
        actors = self._bearers.get(key, set())
        topics = _called(self._topics, fold(text).__eq__)
        if not actors and not topics and " " not in text:
            last = self._last_words.get(key, set())
            actors = last if len(last) == 1 else set()
        return [
            *(("actor", slug) for slug in sorted(actors)),
            *(("topic", slug) for slug in sorted(topics)),
        ]

    def asked_for(self, asked: Value) -> list[tuple[str, str]]:
        """Return whom or what `actor:`, `holder:`, `topic:` … name by a whole name."""
        accepts = _tester(asked)
        if asked.field == "topic":
            return [("topic", slug) for slug in sorted(_called(self._topics, accepts))]
        if BY_KEY[asked.field].match is not Match.NAME or asked.field == "publisher":
            return []
        return [("actor", slug) for slug in sorted(_called(self._actors, accepts))]

    def label(self, kind: str, slug: str) -> str:
        """Return the main name of an actor or a topic."""
        if kind == "actor":
            return self._main_names[slug]
        return next(name for found, name, _ in self._topic_rows if found == slug)

    @cached_property
    def _last_words(self) -> Mapping[str, set[str]]:
        """The persons whose names end in each word, by its key."""
        persons = self._of(ActorKind.PERSON)
        found: dict[str, set[str]] = {}
        for slug, name, kind in self._names:
            if slug in persons and kind is not NameKind.METONYM:
                if words := name_words(name):
                    found.setdefault(words[-1], set()).add(slug)
        return found

    def below_topics(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return topics with all narrower ones."""
        return tuple(sorted(_below(slugs, self._narrower)))

    @cached_property
    def above_topics(self) -> Mapping[str, tuple[str, ...]]:
        """The broader topics of each topic that has any, the nearest first.

        At most `MOST_LEVELS` of them: a chain of 5,000 topics would make twelve million
        pairs for each search. A filter or `topic:` finds what is below at any depth.
        """
        parents = {slug: parent for slug, _, parent in self._topic_rows}
        above: dict[str, tuple[str, ...]] = {}
        for slug in parents:
            chain: list[str] = []
            broad = parents[slug]
            while broad is not None and len(chain) < MOST_LEVELS:
                chain.append(broad)
                broad = parents.get(broad)
            if chain:
                above[slug] = tuple(chain)
        return above

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


def _candidates(asked: Value, near: Sequence[tuple[str, str]]) -> str:
    """Say which actors a name may mean, so that the reader can choose."""
    shown = [f"{name} ({asked.field}:{slug})" for slug, name in near[:MOST_CANDIDATES]]
    more = len(near) - len(shown)
    if more:
        shown.append(f"{more:,} more")
    several = "one of" if len(near) > 1 else ""
    listed = one_of(shown)
    return f"“{asked.text}” may be {several} {listed}; choose one.".replace("  ", " ")


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
