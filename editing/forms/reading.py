"""From what was typed into a form to the values of records, with a fault per field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from editing.forms.fields import Field, Form
from editing.forms.places import Place
from editing.naming import NotNamed, label_of, meant
from editing.quoting import NotQuoted, Quoted, take, take_at
from editing.quoting import Place as Standing
from editing.saving import Change, New
from errors import Fault
from models import fold
from models.date_words import read_date
from models.dates import DateError
from models.enums import Certainty, EvidenceRole, Verb

MAIN = "form"
"""What faults call the record that the form is about."""
LONGEST_POSITION = 12
"""Digits of a number in a form; more is no place in any text."""


def read_day(text: str, today: date | None) -> str:
    """Say what a date in words means: its EDTF and the days that it may cover.

    Raises:
        DateError: it is none.
    """
    found = read_date(text, today).date
    first, last = found.earliest or "…", found.latest or "…"
    days = f"{first}" if first == last else f"{first} to {last}"
    is_plain = found.edtf in (days, f"{first}/{last}")
    return found.edtf if is_plain else f"{found.edtf} ({days})"


class Reading:
    """One form as it was sent: its values, and what is wrong with them."""

    def __init__(
        self,
        session: Session,
        form: Form,
        values: Mapping[str, str],
        place: Place,
        recorded: Mapping[str, Any] | None = None,
    ) -> None:
        self.session = session
        self.form = form
        self.values = values
        self.place = place
        self.recorded = recorded or {}
        """The record that is corrected: its dates stay, unless others are typed."""
        self.faults: dict[str, str] = {}
        """What is wrong, in a sentence, by field; "" is the whole form."""
        self.new: dict[str, str] = {}
        """The fields whose name is nobody's, so that it may be made."""
        self.days: dict[str, str] = {}
        """What each date means."""
        self.standing: tuple[Standing, ...] = ()
        """Where the quote stands, if it stands several times."""
        self.quoted: Quoted | None = None
        """What was taken of the source."""
        self._made: dict[tuple[str, str], New] = {}
        self._fields = {field.name: field for field in form.fields}

    def changes(self) -> list[Change]:
        """Return what the form says is to be written; nothing if there are faults."""
        for field in self.form.fields:
            if field.required and self.text(field.name) is None:
                self.fault(field.name, "this: it cannot be left empty")
        made = self.form.build(self)
        if self.faults:
            return []
        return [each if each.place else replace(each, place=MAIN) for each in made]

    def fault(self, name: str, expected: str) -> None:
        """Note what was expected of a field; the first counts."""
        self.faults.setdefault(name, f"Expected {expected}.")

    def tell(self, faults: Sequence[Fault]) -> None:
        """Note faults of the records at the fields that they come from."""
        aliases = dict(self.form.aliases)
        for one in faults:
            name = (one.field or "").partition("[")[0].partition(".")[0]
            if one.place in self._fields:
                is_choice = name == "kind" and f"{one.place}_new" in self.values
                name = f"{one.place}_new" if is_choice else one.place
            elif (one.field or "").startswith("evidence"):
                name = "said_by" if "said_by" in (one.field or "") else "quote"
            name = aliases.get(name, name)
            if name not in self._fields and not name.endswith("_new"):
                name = ""
            said = "" if name else f"{one.field}: " if one.field else ""
            self.faults.setdefault(name, f"{said}Expected {one.expected}.")

    # Values

    def text(self, name: str) -> str | None:
        """Return what was typed, without white space around it; None if nothing."""
        value = self.values.get(name, "").replace("\r\n", "\n").strip()
        return value or None

    def checked(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return self.text(name) is not None

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        value = self.text(name)
        if value is None:
            return None
        if value.isascii() and value.isdecimal() and len(value) <= LONGEST_POSITION:
            return int(value)
        self.fault(name, "a whole number")
        return None

    def choice(self, name: str) -> str | None:
        """Return the answer that was chosen; what is no choice is a fault."""
        value = self.text(name)
        known = [one.value for one in self._fields[name].choices]
        if value is not None and value not in known:
            self.fault(name, f"one of {', '.join(known)}")
            return None
        return value

    def date(self, name: str) -> dict[str, str] | None:
        """Return a date with its words, which may be relative to the source's day."""
        value = self.text(name)
        if value is None:
            return None
        known = self.recorded.get(name)
        if known and value == (known.get("as_written") or known["edtf"]):
            self.days[name] = known["edtf"]  # its words may mean it in its source only
            return dict(known)
        try:
            read = read_date(value, self.place.today)
        except DateError as error:
            self.fault(name, f"{error.expected} ({error.why})")
            return None
        self.days[name] = read_day(value, self.place.today)
        words = {"as_written": read.as_written} if read.as_written else {}
        return {"edtf": read.date.edtf, **words}

    def named(self, name: str) -> tuple[str, str | New, str] | None:
        """Return what a name means: its kind, its slug or new record, and its label."""
        value, field = self.text(name), self._fields[name]
        if value is None:
            return None
        given = self.text(f"{name}_slug")
        for kind in field.kinds if given else ():
            label = label_of(self.session, kind, given or "")
            if label is not None and fold(label) == fold(value):
                return kind, given or "", label
        try:
            found = meant(self.session, field.kinds, value)
        except NotNamed as error:
            if error.is_new and (new := self._make(field, value)):
                return new.kind, new, value
            more = "; or choose below what it is, to make it" if field.makes else ""
            self.fault(name, f"{error}{more if error.is_new else ''}")
            if error.is_new and field.makes:
                self.new[name] = value
            return None
        return found.kind, found.slug, found.label

    def slug(self, name: str) -> str | New | None:
        """Return the slug of what a name means, or the new record that has none yet."""
        found = self.named(name)
        return found[1] if found else None

    def label(self, name: str) -> str:
        """Return what the thing is called, for the slug of another."""
        return self.text(name) or ""

    def _make(self, field: Field, value: str) -> New | None:
        chosen = self.text(f"{field.name}_new")
        for kind, kinds in field.makes:
            if chosen in [one.value for one in kinds]:
                self.new[field.name] = value
                key = (kind, fold(value))
                if key not in self._made:
                    self._made[key] = self._new(field.name, kind, value, str(chosen))
                return self._made[key]
        return None

    def _new(self, place: str, kind: str, value: str, chosen: str) -> New:
        told: dict[str, Any]
        if kind == "topic":
            return New(kind="topic", data={"name": value}, called=value, place=place)
        if kind == "proposition":
            told = {"text": value, "kind": chosen}
            if f"{place}_topic" in self._fields:
                told["topic"] = self.slug(f"{place}_topic")
            return New(kind="proposition", data=told, called=value, place=place)
        if kind == "meeting":
            told = {"title": value, "kind": chosen, "evidence": self.evidence()}
            return New(kind="meeting", data=told, called=value, place=place)
        told = {"name": value, "kind": chosen}
        return New(kind="actor", data=told, called=value, place=place)

    # Evidence

    def evidence(self) -> list[dict[str, Any]]:
        """Return the evidence that the form's quote is; empty if it is none."""
        is_needed = self.form.needs_quote or self.text("quote") is not None
        if self.quoted is None and is_needed and "quote" not in self.faults:
            try:
                self.quoted = self._take()
            except NotQuoted as error:
                self.fault("quote", str(error))
                self.standing = error.places
        if self.quoted is None:
            return []
        span = {"start": self.quoted.start, "end": self.quoted.end}
        item: dict[str, Any] = {"source": self.place.source, **span}
        if self.place.text is not None:
            item["quote"] = self.quoted.words
        if self.place.version is not None:
            item["version"] = self.place.version
        if (role := self.choice("evidence_role")) not in (None, EvidenceRole.SUPPORTS):
            item["role"] = role
        if note := self.text("evidence_note"):
            item["note"] = note
        if chain := self._chain():
            item["said_by"] = chain
        return [item]

    def _take(self) -> Quoted:
        place = self.place
        if place.text is None:
            raise NotQuoted(
                "a source whose text is here (this one’s is withheld or was never "
                "recorded: attach it first)"
            )
        quote = self.values.get("quote", "")
        chosen = self.number("occurrence")
        if chosen is not None:
            try:
                return take_at(place.text, place.start, quote, chosen)
            except NotQuoted:
                pass  # the quote was changed after the place had been chosen
        start, end = self.number("start"), self.number("end")
        at = None if start is None or end is None else (start, end)
        return take(place.text, place.start, quote, at)

    def _chain(self) -> list[dict[str, Any]]:
        chain = []
        for number, verb in (("", Verb.QUOTED), ("_2", Verb.PARAPHRASED)):
            speaker = self.slug(f"said_by{number}")
            if speaker is None:
                continue
            link: dict[str, Any] = {"speaker": speaker}
            link["verb"] = self.choice(f"said_verb{number}") or verb.value
            certainty = None if number else self.choice("said_certainty")
            if certainty not in (None, Certainty.CERTAIN):
                link["certainty"] = certainty
            chain.append(link)
        return chain
