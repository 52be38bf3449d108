"""Meetings out of journeys and visits of the Office of the Historian.

A file becomes one source, with a passage for each entry, and each entry a meeting of
the kind `visit`: who travelled, for which state, and the state that was host. Whom they
met stands in prose. Those that it names with a title are participants under that name,
as it is printed, with the sentence that says so; who they were, a coder tells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from errors import Fault
from exchange.importers.making.base import (
    MOST_EXAMPLES,
    Loader,
    make,
    plain_values,
    stored_records,
)
from exchange.importers.making.merging import merged
from exchange.importers.making.names import Names
from exchange.importers.making.rows import slug_for
from exchange.passages import join
from exchange.records import Kind
from exchange.report import Report
from models.slugs import slugify
from wording import counted

READER = "historian 1"
_HOME = ("United States", "United States of America", "USA")
_PUBLISHER = "Office of the Historian, U.S. Department of State"

Data = dict[str, Any]

_TITLES = (
    "Vice President|Deputy President|President-elect|President|"
    "Deputy Prime Minister|Prime Minister|"
    "Premier|Chancellor|Foreign Minister|Foreign Secretary|Defense Minister|"
    "Finance Minister|Minister|Secretary of State|Secretary[- ]General|"
    "General Secretary|First Secretary|Secretary|Party Chairman|Chairman|Crown Prince|"
    "Prince|Princess|King|Queen|Emperor|Empress|Sultan|Shah|Amir|Emir|Sheikh?|Pope|"
    "Cardinal|Archbishop|Generalissimo|General|Marshal|Admiral|Colonel|Governor[- ]"
    "General|Governor|Ambassador|High Representative|Senator|Mayor|Taoiseach"
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|"
    "December"
)
_PARTICLES = "al|bin|ben|ibn|de|del|da|dos|du|von|van|der|el|ould|la|le|abu|und"
_TITLED = re.compile(
    rf"\b(?:{_TITLES})(?: (?:{_TITLES}))*"
    rf"(?: (?!(?:{_MONTHS}|{_TITLES})\b)(?:(?:{_PARTICLES})\b[ -]?)*"
    r"[^\W\d_a-z][\w'’.-]*(?: [IVX]+\b)?)+"
)
_MET = re.compile(
    r"\b(?:met|meetings?|conferred|conferences?|talks|conversations?|consult\w*|"
    r"discuss\w*|received|audiences?|dined|lunche\w*)\b.*?\b(?:with|by)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<!\b[A-Z])(?<!St)[.;](?:\s+|$)")


def counterparts(prose: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield whom a prose says that the traveller met, and where it says so.

    >>> [name for name, _ in counterparts("Official visit; met with King Baudouin I.")]
    ['King Baudouin I']
    """
    start = 0
    seen: set[str] = set()
    ends = [*(found.start() for found in _SENTENCE.finditer(prose)), len(prose)]
    for end in ends:
        sentence = prose[start:end]
        met = _MET.search(sentence)
        if met is not None:
            for found in _TITLED.finditer(sentence, met.end()):
                name = found[0].rstrip(".,'’-")
                if name not in seen:
                    seen.add(name)
                    begin = start + len(sentence) - len(sentence.lstrip(" .;"))
                    yield name, (begin, end)
        start = end


@dataclass
class JourneyMaker:
    """Makes the records of one file."""

    place: str
    stem: str
    sha256: str
    names: Names
    loader: Loader
    report: Report
    url: str | None
    examples: list[Data] = field(default_factory=list)
    _met: int = 0

    def run(self, entries: list[Data]) -> None:
        """Make the source, what its entries name, and a meeting of each."""
        entries = self._without_twins(entries)
        paragraphs = [_paragraph(entry) for entry in entries]
        text, _ = join(paragraphs)
        source = f"historian-{slugify(self.stem)}"[:100]
        kind = "Journeys" if entries[0]["entry"] == "trip" else "Visits"
        self._add(
            "source",
            {
                "slug": source,
                "kind": "official_document",
                "title": f"{kind} of the Office of the Historian: {self.stem}",
                "publisher": _PUBLISHER,
                "language": "en",
                "text": text,
                "file": {"sha256": self.sha256, "reader": READER},
            },
            1,
        )
        made: list[tuple[int, Data]] = []
        at = 0
        for number, (entry, paragraph) in enumerate(
            zip(entries, paragraphs, strict=True), 1
        ):
            meeting = self._meeting(entry, source, at, paragraph, number)
            if meeting is not None:
                made.append((number, meeting))
            at += len(paragraph) + 2
        held = stored_records(self.url, "meeting", (data["slug"] for _, data in made))
        for number, data in made:
            self._add("meeting", merged(held.get(data["slug"]), data), number)
        if not self._met:
            return
        self.report.note(
            f"{self.stem}: {counted(self._met, 'counterpart')} named in prose became "
            "participants under the name that is printed; who they were is not told"
        )

    def _without_twins(self, entries: list[Data]) -> list[Data]:
        kept: dict[tuple[tuple[str, str], ...], Data] = {}
        for entry in entries:
            told = tuple(sorted((k, v) for k, v in entry.items() if k != "id"))
            kept.setdefault(told, entry)
        if twins := len(entries) - len(kept):
            self.report.note(
                f"{counted(twins, 'entry', 'entries')} that another says word for word "
                "under another number: left out"
            )
        return list(kept.values())

    def _add(self, kind: Kind, data: Data, number: int) -> None:
        located, faults = make(kind, data, self.place, number, {})
        if located is None:
            self.report.refuse(kind, faults[:1])
            return
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(plain_values(located))
        self.loader.add(located, len(data.get("text", "")) + 2_000)

    def _state(self, *names: str) -> str:
        """Return the state of one of these names, made if there is none."""
        for name in names:
            if found := self.names.find("actor", name):
                return found
        slug = slug_for(names[0])
        if self.names.knows("actor", slug):
            slug = f"{slug}-state"
        self._add("actor", {"slug": slug, "name": names[0], "kind": "state"}, 1)
        self.names.add("actor", slug, list(names))
        return slug

    def _traveller(self, entry: Data) -> Data:
        """Return who travelled: a person by name, or office and name as printed."""
        if entry["entry"] == "visit":
            return {"label": entry["visitor"]}
        slug = self.names.find("actor", entry["name"])
        if slug is None:
            slug = slug_for(entry["name"])
            if self.names.knows("actor", slug):
                slug = f"{slug}-traveller"
            self._add(
                "actor", {"slug": slug, "name": entry["name"], "kind": "person"}, 1
            )
            self.names.add("actor", slug, [entry["name"]])
        return {"person": slug}

    def _meeting(
        self, entry: Data, source: str, at: int, paragraph: str, number: int
    ) -> Data | None:
        is_trip = entry["entry"] == "trip"
        lacks = [
            name
            for name in ("id", "start-date", *(("name",) if is_trip else ("visitor",)))
            if name not in entry
        ]
        if lacks:
            fault = Fault(self.place, None, f"entry {number}", None, f"a {lacks[0]}")
            self.report.refuse("meeting", [fault])
            return None
        abroad = entry.get("country") if is_trip else entry.get("from")
        other = self._state(abroad) if abroad else None
        home = self._state(*_HOME)
        guest, host = (home, other) if is_trip else (other, home)

        def said(start: int, end: int) -> list[Data]:
            words = paragraph[start:end]
            return [{"source": source, "quote": words, "start": at + start,
                     "end": at + end}]  # fmt: skip

        head = said(0, len(paragraph.split("\n", 1)[0]))
        who = entry["name"] if is_trip else entry["visitor"]
        where = abroad if is_trip else "the United States"
        participants = [
            _without_none(
                self._traveller(entry)
                | {"represents": guest, "role": "visitor", "presence": "attended"}
            )
            | {"evidence": head}
        ]
        if host is not None:
            participants.append({"represents": host, "role": "host", "evidence": head})
        begin = paragraph.find("\n") + 1
        for name, (start, end) in counterparts(paragraph[begin:] if begin else ""):
            self._met += 1
            participants.append(
                {"label": name, "role": "delegate", "presence": "attended",
                 "evidence": said(begin + start, begin + end)}
            )  # fmt: skip
        first, last = entry["start-date"], entry.get("end-date", entry["start-date"])
        date = first if first == last else f"{first}/{last}"
        return _without_none(
            {
                "slug": slug_for(who, where, first, entry["id"]),
                "title": f"{who} in {where}" if where else f"{who} abroad",
                "kind": "visit",
                "medium": "in_person",
                "date": date,
                "city": entry.get("locale"),
                "country": host,
                "evidence": head,
                "status": [{"status": "held", "date": date, "evidence": head}],
                "participants": participants,
            }
        )


def _paragraph(entry: Data) -> str:
    """Return an entry as a paragraph: a line of what it says in fields, then prose."""
    if entry["entry"] == "trip":
        who = ", ".join(filter(None, (entry.get("name"), entry.get("role"))))
        where = ", ".join(filter(None, (entry.get("locale"), entry.get("country"))))
        prose = entry.get("remarks")
    else:
        who, where = entry.get("visitor", ""), f"from {entry.get('from', 'unknown')}"
        prose = entry.get("description")
    days = " to ".join(
        dict.fromkeys(
            entry[name] for name in ("start-date", "end-date") if name in entry
        )
    )
    head = "; ".join(filter(None, (who, where, days, f"no. {entry.get('id', '')}")))
    return f"{head}.\n{prose}" if prose else f"{head}."


def _without_none(data: Data) -> Data:
    return {key: value for key, value in data.items() if value is not None}
