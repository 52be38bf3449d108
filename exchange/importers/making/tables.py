"""Records out of the rows of a table: actors, sources, stances, meetings and others.

A table of stances is gone through twice: first for the holders, propositions and
sources that it makes, then for the stances. What is stored already keeps what the row
does not speak of: a table adds to the record, it never empties it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from errors import Fault
from exchange.importers.making import rows as makers
from exchange.importers.making.base import (
    MOST_EXAMPLES,
    Loader,
    make,
    plain_values,
    stored_records,
)
from exchange.importers.making.fields import KIND_OF, REFERENCES, Field, named
from exchange.importers.making.mapping import Placed
from exchange.importers.making.merging import merged
from exchange.importers.making.names import Names
from exchange.importers.making.rows import Missing, digest_of, quotes_as_text
from exchange.importers.rows import Row, Table, column_name
from exchange.records import Kind
from exchange.report import Report
from models import Source, SourceText, open_session
from wording import counted

QUOTES = "quotes 1"
"""The reader of a text that is only the quotes of a table."""
_LISTS = "list"
_AT_ONCE = 500

Data = dict[str, Any]


@dataclass
class TableMaker:
    """Makes the records of one table and hands them to the loader."""

    table: Table
    placed: Placed
    place: str
    sha256: str
    names: Names
    loader: Loader
    report: Report
    url: str | None
    examples: list[Data] = field(default_factory=list)
    _columns: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, tuple[int, str]] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    """The texts of quotes of the sources that this table makes."""
    _of_quotes: dict[str, bool] = field(default_factory=dict)
    _pending: list[tuple[int, Data]] = field(default_factory=list)
    _meetings: dict[str, tuple[int, list[Data]]] = field(default_factory=dict)

    def run(self) -> None:
        """Make all records; what is wrong with a row is one fault of the report."""
        self._columns = {
            each.name: column_name(at)
            for at, each in enumerate(self.placed.fields)
            if each is not None
        }
        if self.placed.kind in ("stances", "meetings", "participations"):
            self._make_what_rows_name()
        for row in self.table.rows():
            self._take(row)
        self._flush()
        self._flush_meetings()

    # From cells to values

    def _texts_of(self, row: Row) -> dict[str, str]:
        """Return the texts of a row by field: fixed values, cells, words put right."""
        found = dict(self.placed.mapping.fixed)
        for each, cell in zip(self.placed.fields, row.cells, strict=False):
            if each is not None and cell.strip():
                found[each.name] = cell if each.name in _VERBATIM else cell.strip()
        for name, words in self.placed.mapping.values.items():
            if name in found:
                found[name] = words.get(found[name], found[name])
        return {name: text for name, text in found.items() if text}

    def _values(self, row: Row) -> tuple[Data | None, Fault | None]:
        """Return a row's values, or its first fault; neither if names are missing."""
        fault = self._fault_of(row)
        if fault is not None:
            return None, fault
        values: Data = {}
        missed = False
        for name, text in self._texts_of(row).items():
            each = _field(self.placed.kind, name)
            if each.reads == "number":
                try:
                    values[name] = int(text)
                except ValueError:
                    return None, self._fault(row, name, text, "a whole number")
            elif each.reads == _LISTS:
                values[name] = _listed(text)
            elif each.reads == "actors":
                found = [
                    self._refer(row, name, "actor", part) for part in _listed(text)
                ]
                missed |= None in found
                values[name] = [_as_participant(self.names, slug) for slug in found]
            elif each.reads in REFERENCES and not (
                name == "represents" and text.lower() == makers.NOBODY
            ):
                values[name] = self._refer(row, name, each.reads, text)
                missed |= values[name] is None
            elif each.reads == "text" and name in _CODED:
                values[name] = text.lower().replace(" ", "_")
            else:
                values[name] = text.lower() if name == "represents" else text
        return (None if missed else values), None

    def _refer(self, row: Row, name: str, kind: str, text: str) -> str | None:
        slug = self.names.find(kind, text)
        if slug is None:
            column = self._columns.get(name)
            place = f"{column}{row.number}" if column else f"row {row.number}"
            self.names.miss(kind, text, place)
        return slug

    def _fault_of(self, row: Row) -> Fault | None:
        if row.fault is not None:
            return Fault(self.place, row.number, None, None, row.fault)
        for at, expected in row.bad.items():
            each = self.placed.fields[at] if at < len(self.placed.fields) else None
            if each is not None:
                return self._fault(row, each.name, row.cells[at] or None, expected)
        return None

    def _fault(
        self, row: Row, name: str | None, value: str | None, expected: str
    ) -> Fault:
        column = self._columns.get(name or "")
        cell = f"{column}{row.number} ({name})" if column else name
        return Fault(self.place, row.number, cell, value, expected)

    # What rows name and nothing has

    def _make_what_rows_name(self) -> None:
        made: dict[tuple[Kind, str], tuple[int, Data]] = {}
        quotes: dict[str, dict[str, None]] = {}
        for row in self.table.rows():
            if row.fault or row.bad:
                continue
            texts = self._texts_of(row)
            for kind, name, data in _new(texts):
                if self.names.find(kind, texts[name]) is None:
                    made[kind, data["slug"]] = (row.number, data)
                    self.names.add(kind, data["slug"], [texts[name]])
            if "source" in texts and "quote" in texts:
                slug = self.names.find("source", texts["source"])
                if slug and (("source", slug) in made or self._is_of_quotes(slug)):
                    quotes.setdefault(slug, {})[texts["quote"]] = None
        stored = stored_records(
            self.url, "source", (s for s in quotes if ("source", s) not in made)
        )
        for slug, said in quotes.items():
            number, data = made.pop(("source", slug), (1, stored.get(slug, {})))
            before = data.get("text", "")
            text = quotes_as_text(said, before)
            self._texts[slug] = text
            if text != before:
                data = {key: data[key] for key in data if key not in ("passages",)}
                data |= {
                    "text": text, "file": {"sha256": self.sha256, "reader": QUOTES},
                }  # fmt: skip
                made["source", slug] = (number, data)
        for (kind, _), (number, data) in sorted(
            made.items(), key=lambda each: each[1][0]
        ):
            self._add(kind, number, data)

    def _is_of_quotes(self, slug: str) -> bool:
        if slug not in self._of_quotes:
            with open_session(self.url, history=True) as session:
                reader = session.scalar(
                    sa.select(SourceText.reader)
                    .join(Source)
                    .where(Source.slug == slug)
                    .order_by(SourceText.version.desc())
                    .limit(1)
                )
            self._of_quotes[slug] = reader == QUOTES
        return self._of_quotes[slug]

    # From values to records

    def _take(self, row: Row) -> None:
        kind = KIND_OF[self.placed.kind]
        values, fault = self._values(row)
        if values is None:
            self.report.refuse(kind, [fault] if fault else [])
            return
        try:
            data = makers.MAKERS[self.placed.kind](values)
        except Missing as error:
            name, expected = error.args
            self.report.refuse(kind, [self._fault(row, name, None, expected)])
            return
        self._locate(data)
        if self.placed.kind == "participations":
            self._take_participant(row, values, data)
        elif self._is_first(row, data):
            self._pending.append((row.number, data))
            if len(self._pending) >= _AT_ONCE:
                self._flush()

    def _locate(self, data: Data) -> None:
        """Say where a quote stands in a text that is made of quotes."""
        for item in data.get("evidence", ()):
            text = self._texts.get(item["source"])
            if text is not None:
                item["start"] = text.find(item["quote"])
                item["end"] = item["start"] + len(item["quote"])

    def _is_first(self, row: Row, data: Data) -> bool:
        """Tell whether no row before said the same; give another of its name a slug."""
        told = digest_of(data)
        number, before = self._seen.setdefault(data["slug"], (row.number, told))
        if number == row.number:
            return True
        kind = KIND_OF[self.placed.kind]
        if before == told:
            self.report.count(kind).unchanged += 1
            return False
        if "slug" in self._columns:
            expected = f"a slug of its own (row {number:,} has it, with other content)"
            fault = self._fault(row, "slug", data["slug"], expected)
            self.report.refuse(kind, [fault])
            return False
        data["slug"] = f"{data['slug']}-{told}"
        return self._is_first(row, data)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        kind = KIND_OF[self.placed.kind]
        held: dict[str, Data] = {}
        if kind != "stance":
            held = stored_records(self.url, kind, (data["slug"] for _, data in pending))
        for number, data in pending:
            self._add(kind, number, merged(held.get(data["slug"]), data))

    def _add(self, kind: Kind, number: int, data: Data) -> None:
        located, faults = make(kind, data, self.place, number, self._columns)
        if located is None:
            self.report.refuse(kind, faults[:1])
            return
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(plain_values(located))
        if (name := _CALLED.get(kind)) is not None:
            self.names.add(kind, data["slug"], [data[name], *_aliases(data)])
        self.loader.add(located, len(str(data)))

    # Participants go into the meetings that there are

    def _take_participant(self, row: Row, values: Data, data: Data) -> None:
        slug = values.get("meeting")
        if slug is None:
            fault = self._fault(row, "meeting", None, "the slug or title of a meeting")
            self.report.refuse("meeting", [fault])
            return
        data.setdefault("role", "delegate")
        self._meetings.setdefault(slug, (row.number, []))[1].append(data)

    def _flush_meetings(self) -> None:
        held = stored_records(self.url, "meeting", self._meetings)
        for slug, (number, people) in self._meetings.items():
            if slug in held:
                data = merged(held[slug], {"participants": people})
                self._add("meeting", number, data)
            else:  # in a dry run, of a meeting that another file would bring
                self.report.count("meeting").updated += 1


_CALLED: dict[Kind, str] = {
    "actor": "name",
    "source": "title",
    "proposition": "text",
    "meeting": "title",
}
"""What the records are called that other rows and files may name."""
_VERBATIM = ("quote", "prefix", "suffix", "text")
"""Fields whose white space counts."""
_CODED = (
    "kind", "holder_kind", "proposition_kind", "source_kind", "position", "mode",
    "certainty", "format", "medium", "level", "relation", "status", "role", "presence",
    "agenda_status", "verb", "derivation",
)  # fmt: skip


def _new(texts: Mapping[str, str]) -> Iterator[tuple[Kind, str, Data]]:
    """Yield what a row makes if nothing is called so: kind, field and record."""
    if {"holder", "holder_kind"} <= texts.keys():
        kind = texts["holder_kind"].lower().replace(" ", "_")
        data = makers.actor({"name": texts["holder"], "kind": kind})
        yield "actor", "holder", data
    if {"proposition", "proposition_kind"} <= texts.keys():
        kind = texts["proposition_kind"].lower().replace(" ", "_")
        yield (
            "proposition", "proposition",
            makers.proposition({"text": texts["proposition"], "kind": kind}),
        )  # fmt: skip
    if {"source", "source_kind", "quote"} <= texts.keys():
        told = {name: texts[name] for name in _OF_SOURCES if name in texts}
        told["kind"] = texts["source_kind"].lower().replace(" ", "_")
        told["title"] = texts.get("source_title", texts["source"])
        yield (
            "source",
            "source",
            makers.source(told | {"slug": makers.slug_for(texts["source"])}),
        )


_OF_SOURCES = ("publisher", "published", "url", "language", "licence")


def _aliases(data: Data) -> list[str]:
    return [each["name"] for each in data.get("names", ())]


def _listed(text: str) -> list[str]:
    return [part for part in (each.strip() for each in text.split(";")) if part]


def _as_participant(names: Names, slug: str | None) -> Data:
    if slug is None:
        return {}
    return {"person" if names.is_person(slug) else "represents": slug}


def _field(kind: str, name: str) -> Field:
    found = named(kind, name)
    if found is None:
        raise LookupError(f"{kind} has no field {name}")
    return found


def left_out(placed: Placed) -> str | None:
    """Return a sentence on the columns that are left out; None if none is."""
    if not placed.left_out:
        return None
    listed = ", ".join(placed.left_out)
    return f"left out: {counted(len(placed.left_out), 'column')} ({listed})"
