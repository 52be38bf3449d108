"""Votes of the UN General Assembly, out of the table of the UN Digital Library.

Of each resolution a vote record is made (a source), a proposition, and a stance of each
state that voted yes, no or abstained. The text of the vote record is ours, and says so:
one line for each state, which is the evidence. Who did not vote holds no stance, and is
counted. States are known by code, else by name, else made; stances go through the bulk
writer, a hundred resolutions at a time, so that memory stays bounded.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from errors import Fault
from exchange.batches import BatchLoader
from exchange.importers.making.base import MOST_EXAMPLES, Loader, make, plain_values
from exchange.importers.making.names import Names
from exchange.importers.making.rows import slug_for
from exchange.importers.making.vote_texts import (
    VOTES,
    filled,
    name_of_state,
    proposition_of,
    text_of_vote,
)
from exchange.importers.rows import Row, Table
from exchange.journal import Journal
from exchange.reading import Located
from exchange.records import Kind
from exchange.report import Report
from exchange.writing.bulk import (
    SourceOfMany,
    insert_stances,
    journal_rows,
    known_stances,
    source_of_many,
)
from models import Actor, ActorIdentifier, open_session
from models.enums import ActorKind
from models.slugs import slugify
from wording import counted

COLUMNS = ("undl_id", "ms_code", "ms_name", "ms_vote", "date", "title")
"""Those that must be there; what else the table has is used where it is."""
READER = "un-votes 1"
CODES = "un-member-state-code"
_SCHEMES = (CODES, "iso3166-1-alpha3")
_TOTALS = {"Y": "total_yes", "N": "total_no", "A": "total_abstentions",
           "X": "total_non_voting"}  # fmt: skip
_MOST_STATES = 1_000
_AT_ONCE = 100

Data = dict[str, Any]


@dataclass
class _Vote:
    """One resolution on its way: its records, and the stances that rest on them."""

    source: Located
    proposition: Located
    stances: list[Located] = field(default_factory=list)


@dataclass
class VoteMaker:
    """Makes the records of one table of votes."""

    table: Table
    place: str
    sha256: str
    names: Names
    loader: Loader
    report: Report
    url: str | None
    examples: list[Data] = field(default_factory=list)
    _states: dict[str, str] = field(default_factory=dict)
    """The slug of each state by its code."""
    _done: set[str] = field(default_factory=set)
    _silent: int = 0

    def run(self) -> None:
        """Make all records; a row that cannot be read is one fault of the report."""
        missing = [name for name in COLUMNS if name not in self.table.columns]
        if missing:
            expected = f"the columns {', '.join(missing)} too"
            self.report.refuse("table", [Fault(self.place, 1, None, None, expected)])
            return
        self._make_states()
        waiting: list[_Vote] = []
        for undl_id, rows in groupby(self._rows(), key=lambda each: each[1]["undl_id"]):
            vote = self._vote(undl_id, list(rows))
            if vote is not None:
                waiting.append(vote)
            if len(waiting) >= _AT_ONCE:
                self._write(waiting)
                waiting = []
        self._write(waiting)
        if self._silent:
            self.report.note(
                f"{counted(self._silent, 'state')} did not vote: no stance"
            )

    def _rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in self.table.rows():
            if row.fault is not None:
                self._refuse(row.number, None, None, row.fault)
                continue
            yield row.number, self._values(row)

    def _values(self, row: Row) -> dict[str, str]:
        cells = zip(self.table.columns, row.cells, strict=False)
        return {name: cell.strip() for name, cell in cells}

    def _refuse(
        self, number: int, name: str | None, value: str | None, expected: str
    ) -> None:
        fault = Fault(self.place, number, name, value, expected)
        self.report.refuse("stance", [fault])

    # The states

    def _make_states(self) -> None:
        """Find the states of the table, or make them, with the names they voted by."""
        names: dict[str, dict[str, str]] = {}
        for _, values in self._rows_quietly():
            code, name = values["ms_code"], values["ms_name"]
            if code:
                last = names.setdefault(code, {})
                last[name] = max(last.get(name, ""), values["date"])
        known = self._known_by_code(names)
        states = self._state_slugs()
        for code, dated in sorted(names.items()):
            listed = sorted(dated, key=lambda name: dated[name], reverse=True)
            found = known.get(code) or next(
                (
                    slug
                    for name in listed
                    if (slug := self.names.find("actor", name)) in states
                ),
                None,
            )
            self._states[code] = found or self._make_state(code, listed)

    def _rows_quietly(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in self.table.rows():
            if row.fault is None:
                yield row.number, self._values(row)

    def _known_by_code(self, codes: dict[str, dict[str, str]]) -> dict[str, str]:
        statement = (
            sa.select(ActorIdentifier.value, Actor.slug)
            .join(Actor)
            .where(ActorIdentifier.scheme.in_(_SCHEMES))
        )
        with open_session(self.url, history=True) as session:
            return {code: slug for code, slug in session.execute(statement)}

    def _state_slugs(self) -> set[str | None]:
        with open_session(self.url, history=True) as session:
            states = sa.select(Actor.slug).where(Actor.kind == ActorKind.STATE)
            return set(session.scalars(states))

    def _make_state(self, code: str, names: list[str]) -> str:
        name = names[0] or code
        slug = slug_for(name)
        if self.names.knows("actor", slug):
            slug = f"{slug}-{slugify(code)}"
        data = {
            "slug": slug,
            "name": name_of_state(name),
            "kind": "state",
            "names": [
                {"name": name_of_state(each), "kind": "historical"}
                for each in names[1:]
            ],
            "identifiers": {CODES: code},
        }
        located = self._located("actor", data, 1)
        if located is not None:
            self.names.add("actor", slug, names)
            self.loader.add(located, 500)
        return slug

    # One resolution

    def _vote(self, undl_id: str, rows: list[tuple[int, Data]]) -> _Vote | None:
        number, first = rows[0]
        called = first.get("resolution") or first.get("draft") or undl_id
        if not undl_id or undl_id in self._done or len(rows) > _MOST_STATES:
            expected = (
                "the rows of a resolution one after the other, each with its undl_id "
                f"and at most {_MOST_STATES:,} of them (sort the table by undl_id)"
            )
            for at, _ in rows:
                self._refuse(at, "undl_id", undl_id or None, expected)
            return None
        self._done.add(undl_id)
        lines: list[tuple[int, Data, str]] = []
        seen: set[str] = set()
        for at, values in rows:
            code, vote = values["ms_code"], values["ms_vote"].upper()
            if vote not in VOTES:
                self._refuse(at, "ms_vote", values["ms_vote"], "Y, N, A or X")
            elif not code or code in seen:
                self._refuse(
                    at, "ms_code", code or None, "a code that no other row has"
                )
            else:
                seen.add(code)
                lines.append((at, values, f"{values['ms_name']} {VOTES[vote][0]}."))
        self._compare_totals(number, first, lines)
        base = slugify(f"un {called}")[:90]
        slug = base if base.endswith(undl_id) else f"{base}-{slugify(undl_id)}"
        text, starts = text_of_vote(first, called, lines)
        source = self._located(
            "source", self._source(slug, called, first, text), number
        )
        proposition = self._located(
            "proposition", proposition_of(slug, called, first), number
        )
        if source is None or proposition is None:
            return None
        made = _Vote(source, proposition)
        for (at, values, line), start in zip(lines, starts, strict=True):
            said = {"quote": line, "start": start, "end": start + len(line)}
            stance = self._stance(slug, values, at, said)
            if stance is not None:
                made.stances.append(stance)
        return made

    def _compare_totals(
        self, number: int, first: Data, lines: list[tuple[int, Data, str]]
    ) -> None:
        votes = Counter(values["ms_vote"].upper() for _, values, _ in lines)
        for vote, name in _TOTALS.items():
            said = first.get(name, "").removesuffix(".0")
            if said.isdigit() and int(said) != votes[vote]:
                expected = f"{votes[vote]:,} (so many rows have {vote})"
                self.report.warn([Fault(self.place, number, name, said, expected)])

    def _source(self, slug: str, called: str, first: Data, text: str) -> Data:
        subjects = dict.fromkeys(
            part.strip()[:500] for part in first.get("subjects", "").split("|")
        )
        return filled(
            {
                "slug": slug,
                "kind": "vote_record",
                "title": f"Vote on {called}: {first['title']}"[:2_000],
                "publisher": "UN Digital Library",
                "published": first["date"],
                "url": first.get("undl_link"),
                "language": "en",
                "subjects": {"topics": [each for each in subjects if each]},
                "text": text,
                "file": {"sha256": self.sha256, "reader": READER},
            }
        )

    def _stance(
        self, slug: str, values: Data, number: int, said: Data
    ) -> Located | None:
        _, position, polarity = VOTES[values["ms_vote"].upper()]
        if position is None:
            self._silent += 1
            return None
        holder = self._states[values["ms_code"]]
        data = filled(
            {
                "slug": f"{slug}-{slugify(values['ms_code'])}",
                "holder": holder,
                "proposition": slug,
                "position": position,
                "polarity": polarity,
                "mode": "voted",
                "stated": values["date"],
                "note": values.get("vote_note"),
                "evidence": [{"source": slug} | said],
            }
        )
        return self._located("stance", data, number)

    def _located(self, kind: Kind, data: Data, number: int) -> Located | None:
        located, faults = make(kind, data, self.place, number, {})
        if located is None:
            self.report.refuse(kind, faults[:1])
        elif len(self.examples) < MOST_EXAMPLES and kind != "actor":
            self.examples.append(plain_values(located))
        return located

    # Writing

    def _write(self, votes: list[_Vote]) -> None:
        for vote in votes:
            self.loader.add(vote.source, 20_000)
            self.loader.add(vote.proposition, 500)
        stances = [each for vote in votes for each in vote.stances]
        if not isinstance(self.loader, BatchLoader):
            self._count(stances)
            return
        self.loader.flush()
        report = Report(self.report.name)
        with open_session(self.url, write=True) as session:
            new = self._new(known_stances(session, [s.slug for s in stances]), stances)
            sources: dict[str, SourceOfMany] = {}
            for vote in votes:
                found = source_of_many(session, vote.source.slug)
                if found is not None:
                    sources[vote.source.slug] = found
            new = [each for each in new if _source_of(each) in sources]
            if new:
                rows = insert_stances(session, new, sources)
                report.count("stance").added += len(new)
                report.evidence_added += len(new)
                run = self.loader.run(session, report)
                change = Journal(session).open("import", self.loader.author, run.id)
                journal_rows(session, change, rows)
                report.note_change(change)
                session.commit()
        self.report.add(report)

    def _new(
        self, known: dict[str, str | None], stances: list[Located]
    ) -> list[Located]:
        """Return the stances that are not stored; say which are otherwise."""
        new = []
        for each in stances:
            if each.slug not in known:
                new.append(each)
            elif known[each.slug] == each.digest:
                self.report.count("stance").unchanged += 1
            else:
                expected = (
                    "the vote as it is recorded (a stance is never edited; code the "
                    "correction as one that corrects it)"
                )
                fault = each.fault((), each.slug, expected)
                self.report.refuse("stance", [fault])
        return new

    def _count(self, stances: list[Located]) -> None:
        with open_session(self.url, history=True) as session:
            new = self._new(known_stances(session, [s.slug for s in stances]), stances)
        self.report.count("stance").added += len(new)


def _source_of(stance: Located) -> str:
    for _, item in stance.record.evidence_items():
        return item.source
    raise LookupError(stance.slug)
