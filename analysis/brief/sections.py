"""The sections of a brief, each made of sentences by fixed patterns."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from analysis.brief.agenda import Agenda
from analysis.brief.facts import Facts
from analysis.brief.loading import Change, HeldOffice, Material
from analysis.brief.notes import Notes
from analysis.brief.pairs import compare_sides
from analysis.brief.shapes import Section, Sentence, Table
from analysis.brief.words import (
    after,
    claimant,
    ended,
    issues,
    met,
    not_shown,
    position,
    when,
    whose,
)
from analysis.contested import ContestedProposition
from models.enums import Position, StanceLink
from queries.meetings import MeetingItem, Participant
from queries.shapes import Citation

MOST_PARTICIPANTS = 40
"""How many participants are listed, the first recorded."""
MOST_UNKNOWN = 40
"""How many sentences say what is not known."""


def _ordered(one: MeetingItem, other: MeetingItem) -> bool:
    """Whether the dates of two meetings tell which was first."""
    days = (one.date.earliest, one.date.latest, other.date.earliest, other.date.latest)
    first, last, since, until = (day or date.min for day in days)
    return None in days or last < since or until < first


def _cited(change: Change) -> Iterator[tuple[Citation, ...]]:
    yield change.new.citations
    yield change.old.citations


class Writer:
    """Writes one brief, section by section."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.meeting = material.meeting
        self.notes = Notes(material.as_known_on)
        self.say = self.notes.say
        self.unknown: list[Sentence] = []
        self.empty: list[str] = []

    def miss(self, text: str) -> Sentence:
        """Make a sentence about what is not recorded, for the last section too."""
        sentence = Sentence(text=text)
        self.unknown.append(sentence)
        return sentence

    def sections(self) -> Iterator[Section]:
        """Write the sections that say something, in the order of reading."""
        for section in (
            self._what(),
            self._participants(),
            Agenda(self.material, self.notes, self.miss).section(),
            self._pairs(),
            self._contested(),
            self._changes(),
            self._earlier(),
        ):
            if section is not None:
                yield section
        yield self._unknown()

    # What, when, where, how sure

    def _what(self) -> Section:
        return Section(
            id="what",
            title="What, when, where",
            sentences=tuple(Facts(self.material, self.notes, self.miss).sentences()),
        )

    # Participants

    def _participants(self) -> Section | None:
        everyone = [
            one
            for one in self.meeting.participants
            if self.notes.known(one.citations) or not one.citations
        ]
        if not everyone:
            self.miss("No record of participants.")
            return None
        offices = self.material.offices()
        rows = []
        for one in everyone[:MOST_PARTICIPANTS]:
            face = one.represents.label if one.represents else ""
            page = one.person or one.represents
            rows.append(
                (
                    self.say(one.name, url=page.url if page else None),
                    self.say("" if face == one.name else face),
                    self._office(one, offices),
                    self.say(one.role.label),
                    self.say(one.badge.word, one.citations),
                )
            )
            if one.presence == "unknown":
                self.miss(f"No record of whether {one.name} was to be there.")
        more = self.meeting.total_participants - len(rows)
        columns = ("Participant", "Represents", "Office", "Role", "Presence")
        return Section(
            id="who",
            title="Participants",
            sentences=(Sentence(text=not_shown(more, "participants")),) if more else (),
            table=Table(columns=columns, rows=tuple(rows)),
        )

    def _office(
        self, one: Participant, offices: Mapping[str, list[HeldOffice]]
    ) -> Sentence:
        """Name the office of a participant, and since or on what day it is known."""
        if one.person is None:
            return Sentence(text=one.office or "")
        held = offices.get(one.person.slug, [])
        mine = [office for office in held if office.title == one.office] or held
        office = one.office or ", ".join(each.title for each in mine)
        if not office:
            self.miss(f"No record of an office of {one.name}.")
            return Sentence(text="no record")
        since = "; ".join(each.since for each in mine if each.since)
        cites = [each.citations for each in mine]
        return self.say(f"{office} ({since or 'since when: no record'})", *cites)

    # Differences, contested claims, changes, other meetings

    def _pairs(self) -> Section | None:
        parts, silent = compare_sides(
            self.material.sides, self.say, self.material.contrary()
        )
        if silent:
            self.miss(
                "No record of a proposition on which both take a side: "
                f"{'; '.join(silent)}."
            )
        if not parts:
            return None
        return Section(
            id="pairs",
            title="Differences and shared ground, pair by pair",
            parts=tuple(parts),
        )

    def _contested(self) -> Section | None:
        claims, total = self.material.contested
        if not claims:
            self.empty.append("contested claims")
            return None
        sentences = [self._contest(claim) for claim in claims]
        if more := total - len(claims):
            sentences.append(Sentence(text=not_shown(more, "contested claims")))
        return Section(
            id="contested", title="Contested claims", sentences=tuple(sentences)
        )

    def _contest(self, claim: ContestedProposition) -> Sentence:
        sides = "; ".join(
            f"{', '.join(dict.fromkeys(claimant(each) for each in side.stances))}: "
            f"{side.badge.word}"
            for side in claim.sides
        )
        return self.say(
            f"{ended(claim.proposition.label)} {sides}.",
            *(each.citations for side in claim.sides for each in side.stances),
            url=claim.proposition.url,
        )

    def _changes(self) -> Section | None:
        changes = self.material.changes()
        if not changes.items:
            self.empty.append("changes of position of these participants")
            return None
        told: dict[str, list[Change]] = {}
        for change in changes.items:
            told.setdefault(self._change(change), []).append(change)
        sentences = [
            self.say(
                f"{how}: {ended('; '.join(issues([each.new for each in of])))}",
                *(cited for each in of for cited in _cited(each)),
                url=of[0].new.url,
            )
            for how, of in told.items()
        ]
        if changes.more:
            sentences.append(Sentence(text=not_shown(changes.more, "changes")))
        return Section(
            id="changes", title="Changes of position", sentences=tuple(sentences)
        )

    def _change(self, change: Change) -> str:
        """Say who moved from where to where, without on what."""
        new, old = change.new, change.old
        who = new.holder.label
        since = f" ({when(old.stated)})" if old.stated.known else ""
        before = f"“{position(old)}”{since}{whose(old)}"
        if new.position is Position.UNCLEAR:
            return f"{who} is no longer {before}; the position now is not recorded"
        first, then = "moved from", " to"
        if change.relation is StanceLink.RETRACTS:
            first, then = "took back", " and is now recorded as"
        comma = "," if whose(old) else ""
        now = f" ({when(new.stated)})" if new.stated.known else ""
        return (
            f"{who} {first} {before}{comma}{then} “{position(new)}”{now}{whose(new)}"
            f"{after(self.meeting, new)}"
        )

    def _earlier(self) -> Section | None:
        earlier = self.material.earlier()
        unsure = self.material.about_the_same_time()
        items = [*earlier.items, *unsure.items]
        if not items:
            self.empty.append("an earlier meeting of two or more of these sides")
            return None
        citations = self.material.cite_meetings(items)
        sentences = [
            self.say(f"{met(item)}.", citations.get(item.slug, ()), url=item.url)
            for item in earlier.items
        ]
        if earlier.more:
            sentences.append(Sentence(text=not_shown(earlier.more, "earlier meetings")))
        sentences += [
            self.say(
                f"{met(item)}. Whether it was before or after this meeting is not "
                "known.",
                citations.get(item.slug, ()),
                url=item.url,
            )
            for item in unsure.items
        ]
        sentences += [
            Sentence(
                text=f"Which was first, {one.title} or {other.title}, is not known."
            )
            for one, other in pairwise(earlier.items)
            if not _ordered(one, other)
        ]
        return Section(
            id="earlier",
            title="Earlier meetings of these participants",
            sentences=tuple(sentences),
        )

    # Not known

    def _unknown(self) -> Section:
        sentences = list(dict.fromkeys(self.unknown))
        shown = sentences[:MOST_UNKNOWN]
        if more := len(sentences) - len(shown):
            shown.append(Sentence(text=not_shown(more, "gaps")))
        if self.empty:
            shown.append(Sentence(text=f"No record of {', nor of '.join(self.empty)}."))
        none = Sentence(text="Of what a brief looks for, nothing is missing.")
        return Section(
            id="unknown", title="What is not known", sentences=tuple(shown or [none])
        )
