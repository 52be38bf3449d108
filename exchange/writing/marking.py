"""Keep mentions and subjects in step with the names that are known.

Names are read from the database, so a text that is loaded is marked with all of them.
When names come or go, the stored passages that hold one are marked anew, and only
those.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.mentions import Names
from exchange.stored import insert_rows
from models import (
    Actor,
    ActorIdentifier,
    ActorName,
    Mention,
    Passage,
    SourceSubject,
    SourceText,
    Topic,
)
from models.enums import ActorKind, MentionMethod, NameKind, SubjectKind
from models.folding import fold
from models.parts import in_parts

_RESOLVES_TO: dict[SubjectKind, set[ActorKind]] = {
    SubjectKind.PERSON: {ActorKind.PERSON},
    SubjectKind.COUNTRY: {
        ActorKind.STATE,
        ActorKind.BLOC,
        ActorKind.INTERNATIONAL_ORGANIZATION,
    },
}
_COUNTRY_CODES = ("iso3166-1-alpha2", "iso3166-1-alpha3")
_TEXTS_AT_ONCE = 100

KnownName = tuple[str, int, ActorKind]
Referent = tuple[int | None, int | None]
"""An actor's id, a topic's id; at most one of the two."""


class Marker:
    """The names of a database at one moment, and what they mark."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def known(self) -> frozenset[KnownName]:
        """All names by which an actor can be found, read when first needed."""
        return frozenset(self._read(None))

    def names_of(self, actors: Iterable[str]) -> frozenset[KnownName]:
        """Return the names by which some actors, by slug, can be found now."""
        return frozenset(
            name
            for slugs in in_parts(sorted(actors))
            for name in self._read(Actor.slug.in_(slugs))
        )

    def _read(self, which: sa.ColumnElement[bool] | None) -> list[KnownName]:
        """Read the names by which actors can be found.

        Only a coder can tell whom a metonym means. What an unnamed group is called
        ("analysts") describes it in one source and names nobody in another.
        """
        findable = Actor.kind != ActorKind.UNNAMED_GROUP
        if which is not None:
            findable &= which
        rows = self.session.execute(
            sa.select(Actor.name, Actor.id, Actor.kind)
            .where(findable)
            .union(
                sa.select(ActorName.name, Actor.id, Actor.kind)
                .join(Actor)
                .where(findable, ActorName.kind != NameKind.METONYM)
            )
        )
        return [(name, actor, kind) for name, actor, kind in rows]

    @cached_property
    def names(self) -> Names[int]:
        """The names, ready to be looked for."""
        return Names((name, actor) for name, actor, _ in self.known)

    def mark_again(self, changed: Collection[str]) -> int:
        """Mark anew the passages that hold one of the names that came or went.

        Returns how many mentions were added.
        """
        if not changed:
            return 0
        finder = Names((name, name) for name in changed)
        added = 0
        query = sa.select(SourceText.id).where(SourceText.text.is_not(None))
        for ids in in_parts(self.session.scalars(query).all(), _TEXTS_AT_ONCE):
            added += self._mark_texts(ids, finder)
        return added

    def _mark_texts(self, ids: Sequence[int], finder: Names[str]) -> int:
        texts = self.session.execute(
            sa.select(SourceText.id, SourceText.text).where(SourceText.id.in_(ids))
        )
        touched = {
            id_: text
            for id_, text in texts
            if text and finder.may_name(text) and finder.find(text)
        }
        passages = self.session.execute(
            sa.select(
                Passage.id, Passage.source_text_id, Passage.start_char, Passage.end_char
            ).where(Passage.source_text_id.in_(touched))
        )
        wanted: dict[int, set[int]] = {}
        for id_, text_id, start, end in passages:
            words = touched[text_id][start:end]
            if finder.find(words):
                wanted[id_] = self.names.find(words)
        return sum(self._mark_all(chunk, wanted) for chunk in in_parts(wanted))

    def _mark_all(self, passages: Sequence[int], wanted: dict[int, set[int]]) -> int:
        """Make the mentions of passages those that are wanted; a coder's stay."""
        rows = self.session.execute(
            sa.select(
                Mention.id, Mention.passage_id, Mention.actor_id, Mention.method
            ).where(Mention.passage_id.in_(passages))
        )
        held: dict[int, set[int]] = defaultdict(set)
        stale: list[int] = []
        for id_, passage, actor, method in rows:
            held[passage].add(actor)
            if method is MentionMethod.NAME and actor not in wanted[passage]:
                stale.append(id_)
        if stale:
            self.session.execute(sa.delete(Mention).where(Mention.id.in_(stale)))
        new = [
            mention(passage, actor)
            for passage in passages
            for actor in sorted(wanted[passage] - held[passage])
        ]
        if new:
            insert_rows(self.session, Mention, new)
        return len(new)

    # What publishers' labels stand for

    def resolve(self, kind: SubjectKind, label: str, code: str | None) -> Referent:
        """Return what a label stands for, where that is one thing for certain."""
        if kind is SubjectKind.TOPIC:
            return None, _only(self._topics.get(fold(label), set()))
        if code is not None and (actor := self._by_code.get(code)) is not None:
            return actor, None
        bearers: set[int] = set()
        for name in _readings(kind, label):
            bearers |= self._bearers.get((kind, fold(name)), set())
        return _only(bearers), None

    @cached_property
    def _bearers(self) -> dict[tuple[SubjectKind, str], set[int]]:
        bearers: dict[tuple[SubjectKind, str], set[int]] = defaultdict(set)
        for name, actor, actor_kind in self.known:
            for kind, kinds in _RESOLVES_TO.items():
                if actor_kind in kinds:
                    bearers[kind, fold(name)].add(actor)
        return dict(bearers)

    @cached_property
    def _topics(self) -> dict[str, set[int]]:
        topics: dict[str, set[int]] = defaultdict(set)
        for id_, name in self.session.execute(sa.select(Topic.id, Topic.name)):
            topics[fold(name)].add(id_)
        return dict(topics)

    @cached_property
    def _by_code(self) -> dict[str, int]:
        rows = self.session.execute(
            sa.select(ActorIdentifier.value, ActorIdentifier.actor_id).where(
                ActorIdentifier.scheme.in_(_COUNTRY_CODES)
            )
        )
        return {value: actor for value, actor in rows}

    def resolve_subjects(self) -> None:
        """Resolve labels that nothing was known for when they were loaded."""
        labels = self.session.execute(
            sa.select(SourceSubject.kind, SourceSubject.label)
            .where(SourceSubject.actor_id.is_(None), SourceSubject.topic_id.is_(None))
            .distinct()
        ).all()
        for kind, label in labels:
            actor, topic = self.resolve(kind, label, None)
            if actor is None and topic is None:
                continue
            self.session.execute(
                sa.update(SourceSubject)
                .where(
                    SourceSubject.kind == kind,
                    SourceSubject.label == label,
                    SourceSubject.actor_id.is_(None),
                    SourceSubject.topic_id.is_(None),
                )
                .values(actor_id=actor, topic_id=topic)
            )


def mention(
    passage: int, actor: int, method: MentionMethod = MentionMethod.NAME
) -> dict[str, object]:
    """Return a row of the table of mentions."""
    return {"passage_id": passage, "actor_id": actor, "method": method}


def _readings(kind: SubjectKind, label: str) -> set[str]:
    """Return the names a label may be: publishers put a person's surname first."""
    readings = {label}
    if kind is SubjectKind.PERSON:
        surname, _, rest = label.replace(",", " ").strip().partition(" ")
        readings.add(f"{rest.strip()} {surname}".strip())
    return readings


def _only(ids: set[int]) -> int | None:
    return next(iter(ids)) if len(ids) == 1 else None
