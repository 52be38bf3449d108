"""Names in the script of the reader, with the name's own script once.

A record may call a ministry by its name in Chinese; who reads a brief aloud needs the
name that English has for it. Only names that the record itself gives are put in the
place of others: nothing is transliterated here, and who has no name in Latin letters
keeps the one there is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.brief.shapes import NumberedCitation, Part, Section, Sentence, Table
from analysis.contested import ContestedProposition
from models import Actor, ActorName
from models.enums import NameKind
from queries.meetings import Participant
from queries.stances import StanceItem

P = TypeVar("P", bound=Part)

_BEST = (NameKind.OFFICIAL, NameKind.SHORT, NameKind.TRANSLITERATION, NameKind.ALIAS)
MOST_NAMES = 2000
"""How many names of these actors are looked at."""


def is_latin(text: str) -> bool:
    """Whether all letters of a text are Latin."""
    return all(
        "LATIN" in unicodedata.name(letter, "LATIN")
        for letter in text
        if letter.isalpha()
    )


def named_in(
    participants: Iterable[Participant],
    stances: Iterable[StanceItem],
    claims: Iterable[ContestedProposition],
) -> dict[str, str]:
    """The names of all actors of a brief that are not in Latin letters, by slug."""
    refs = [ref for one in participants for ref in (one.person, one.represents)]
    contested = (
        each for claim in claims for side in claim.sides for each in side.stances
    )
    speakers: dict[str, str] = {}
    for stance in (*stances, *contested):
        refs += [stance.holder, stance.represents, stance.target]
        speakers |= {one.slug: one.name for one in stance.chain if one.kind == "actor"}
    actors = (ref for ref in refs if ref and ref.kind == "actor")
    found = speakers | {ref.slug: ref.label for ref in actors}
    return {slug: label for slug, label in found.items() if not is_latin(label)}


def load_latin(session: Session, named: Mapping[str, str]) -> dict[str, str]:
    """Load the name in Latin letters of each of these actors, by the name it bears."""
    if not named:
        return {}
    rows = session.execute(
        select(Actor.slug, ActorName.name, ActorName.language, ActorName.kind)
        .join(Actor, Actor.id == ActorName.actor_id)
        .where(Actor.slug.in_(named), ActorName.kind.in_(_BEST))
        .order_by(ActorName.id)
        .limit(MOST_NAMES)
    )
    best: dict[str, tuple[tuple[bool, int], str]] = {}
    for slug, name, language, kind in rows:
        rank = (not language.startswith("en"), _BEST.index(kind))
        if is_latin(name) and (slug not in best or rank < best[slug][0]):
            best[slug] = (rank, name)
    return {named[slug]: name for slug, (_, name) in best.items()}


class InLatin:
    """Puts names in Latin letters into a brief, in the order of reading."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._said: set[str] = set()
        longest = sorted(names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest))) if names else None

    def sections(self, sections: Iterable[Section]) -> Iterator[Section]:
        """The sections with these names, each once with its own script beside it."""
        for section in sections:
            made = self._part(section)
            yield replace(made, parts=tuple(map(self._part, section.parts)))

    def citations(
        self, citations: Iterable[NumberedCitation]
    ) -> Iterator[NumberedCitation]:
        """The citations with these names in the chains of speakers."""
        for each in citations:
            chain = tuple(
                replace(one, name=self._names.get(one.name, one.name))
                for one in each.citation.chain
            )
            yield replace(each, citation=replace(each.citation, chain=chain))

    def _part(self, part: P) -> P:
        title = self._text(part.title)
        sentences = tuple(map(self._sentence, part.sentences))
        return replace(
            part, title=title, sentences=sentences, table=self._table(part.table)
        )

    def _table(self, table: Table | None) -> Table | None:
        if table is None:
            return None
        rows = tuple(tuple(map(self._sentence, row)) for row in table.rows)
        return replace(table, rows=rows)

    def _sentence(self, sentence: Sentence) -> Sentence:
        return replace(sentence, text=self._text(sentence.text))

    def _text(self, text: str) -> str:
        return self._pattern.sub(self._name, text) if self._pattern else text

    def _name(self, found: re.Match[str]) -> str:
        name, own = self._names[found[0]], found[0]
        if own in self._said:
            return name
        self._said.add(own)
        return f"{name} ({own})"
