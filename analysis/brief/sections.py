"""The sections of a brief, each made of sentences by fixed patterns."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from analysis.brief.facts import Facts
from analysis.brief.loading import Change, Material
from analysis.brief.notes import Notes
from analysis.brief.pairs import compare_sides
from analysis.brief.shapes import Part, Section, Sentence, Table
from analysis.brief.sides import Side
from analysis.brief.words import (
    claimant,
    ended,
    holder,
    issue,
    met,
    not_shown,
    position,
    when,
    whose,
)
from analysis.contested import ContestedProposition
from models.enums import StanceLink
from queries.meetings import AgendaEntry, MeetingItem
from queries.stances import StanceItem

MOST_PARTICIPANTS = 40
"""How many participants are listed, the first recorded."""
MOST_ITEMS = 20
"""How many items of the agenda are shown with positions."""
MOST_PER_ITEM = 6
"""How many stances of one side stand under one item, beside those of this meeting."""
MOST_ROWS = 250
"""How many positions are shown under all items together."""
MOST_UNKNOWN = 40
"""How many sentences say what is not known."""

COLUMNS = ("Side", "Position", "Issue", "Attributed to, when")


def _ordered(one: MeetingItem, other: MeetingItem) -> bool:
    """Whether the dates of two meetings tell which was first."""
    days = (one.date.earliest, one.date.latest, other.date.earliest, other.date.latest)
    first, last, since, until = (day or date.min for day in days)
    return None in days or last < since or until < first


class Writer:
    """Writes one brief, section by section."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.meeting = material.meeting
        self.notes = Notes(material.as_known_on)
        self.say = self.notes.say
        self.unknown: list[Sentence] = []
        self.empty: list[str] = []
        self._rows_left = MOST_ROWS

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
            self._agenda(),
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
            held = offices.get(one.person.slug, []) if one.person else []
            mine = [office for office in held if office.title == one.office] or held
            office = one.office or ", ".join(each.title for each in mine)
            since = [each.since for each in mine if each.since]
            cites = [each.citations for each in mine]
            face = one.person or one.represents
            rows.append(
                (
                    self.say(one.name, url=face.url if face else None),
                    self.say(one.represents.label if one.represents else ""),
                    self.say(office, *cites) if office else Sentence(text="no record"),
                    self.say("; ".join(since) or ("no record" if office else "")),
                    self.say(one.role.label),
                    self.say(one.badge.word, one.citations),
                )
            )
            if one.person and not office:
                self.miss(f"No record of an office of {one.name}.")
            if one.presence == "unknown":
                self.miss(f"No record of whether {one.name} was to be there.")
        more = self.meeting.total_participants - len(rows)
        columns = ("Participant", "Represents", "Office", "Since", "Role", "Presence")
        return Section(
            id="who",
            title="Participants",
            sentences=(Sentence(text=not_shown(more, "participants")),) if more else (),
            table=Table(columns=columns, rows=tuple(rows)),
        )

    # Agenda, with positions

    def _agenda(self) -> Section | None:
        agenda = [one for one in self.meeting.agenda if self.notes.known(one.citations)]
        parts = [self._item(item) for item in agenda[:MOST_ITEMS]]
        carried = [
            item
            for item in self.material.items_of_the_visit()
            if self.notes.known(item.citations)
        ]
        parts += [self._item(item, carried=True) for item in carried[:MOST_ITEMS]]
        also = self._also_said(agenda + carried)
        parts += [also] if also else []
        if not agenda:
            self.miss("No record of an agenda.")
        if not parts:
            return None
        lead = []
        more = len(agenda[MOST_ITEMS:]) + len(carried[MOST_ITEMS:])
        if more:
            lead.append(Sentence(text=not_shown(more, "items")))
        if self.material.more_sides:
            lead.append(
                Sentence(text=not_shown(self.material.more_sides, "sides’ positions"))
            )
        if self.material.total > sum(len(side.stances) for side in self.material.sides):
            text = (
                "Not all stances of these sides are read: those of this meeting first, "
                f"then their own and the latest, of {self.material.total:,} in all."
            )
            lead.append(Sentence(text=text))
        return Section(
            id="agenda",
            title="Agenda, and where each side stands",
            sentences=tuple(lead),
            parts=tuple(parts),
        )

    def _item(self, item: AgendaEntry, carried: bool = False) -> Part:
        side = f", on the agenda of {item.side.label}" if item.side else ""
        by = f", according to {item.said_by}" if item.said_by else ""
        of = (
            f" for {self.meeting.parent.label}"
            if carried and self.meeting.parent
            else ""
        )
        status = self.say(
            f"{item.badge.word.capitalize()}{of}{side}{by}.", item.citations
        )
        rows: list[tuple[Sentence, ...]] = []
        silent: list[str] = []
        for one in self.material.sides:
            bearing = [each for each in one.stances if self._bears_on(each, item)]
            if not bearing:
                silent.append(one.name)
            rows += self._positions(one, bearing)
        if silent:
            self.miss(f"No record of {', '.join(silent)} on “{item.text}”.")
        prefix = "visit-" if carried else ""
        return Part(
            id=f"{prefix}item-{item.position}",
            title=f"{item.position}. {item.text}" if not carried else item.text,
            sentences=(status,),
            table=Table(columns=COLUMNS, rows=tuple(rows)) if rows else None,
        )

    def _positions(
        self, side: Side, stances: Sequence[StanceItem]
    ) -> Iterator[tuple[Sentence, ...]]:
        """The rows of a side: what was said here never makes room for anything else."""
        here = [one for one in stances if self._said_here(one)]
        others = [one for one in stances if not self._said_here(one)]
        room = max(0, self._rows_left - len(here))
        shown = here + others[: min(MOST_PER_ITEM, room)]
        self._rows_left -= len(shown)
        for stance in shown:
            yield self._row(side, stance)
        if more := len(stances) - len(shown):
            yield (
                Sentence(text=side.name),
                *[Sentence(text="")] * 2,
                Sentence(text=f"{more} more, not shown."),
            )

    def _said_here(self, stance: StanceItem) -> bool:
        return stance.meeting is not None and stance.meeting.slug == self.meeting.slug

    def _later(self, stance: StanceItem) -> str:
        """Say that a position was stated when this meeting was over."""
        over, stated = self.meeting.date.latest, stance.stated.earliest
        return ", after this meeting" if over and stated and stated > over else ""

    def _bears_on(self, stance: StanceItem, item: AgendaEntry) -> bool:
        if self._said_here(stance) and stance.agenda_item:
            return stance.agenda_item == item.text
        path = (stance.topic_path or "").split("/")
        return item.topic is not None and item.topic.slug in path

    def _also_said(self, items: Sequence[AgendaEntry]) -> Part | None:
        """What was said at this meeting on no item of the agenda."""
        rows = [
            self._row(side, stance)
            for side in self.material.sides
            for stance in side.stances
            if self._said_here(stance)
            and not any(self._bears_on(stance, item) for item in items)
        ]
        if not rows:
            return None
        table = Table(columns=COLUMNS, rows=tuple(rows))
        return Part(id="also-said", title="Also said at this meeting", table=table)

    def _row(self, side: Side, stance: StanceItem) -> tuple[Sentence, ...]:
        who = stance.said_by or "no record"
        on = f", {when(stance.stated)}" if stance.stated.known else ""
        here = ", at this meeting" if self._said_here(stance) else self._later(stance)
        return (
            self.say(holder(side, stance)),
            self.say(position(stance), url=stance.url),
            self.say(issue(stance), url=stance.target.url),
            self.say(f"{who}{on}{here}", stance.citations),
        )

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
        claims, total = self.material.contested()
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
        sentences = [self._change(change) for change in changes.items]
        if changes.more:
            sentences.append(Sentence(text=not_shown(changes.more, "changes")))
        return Section(
            id="changes", title="Changes of position", sentences=tuple(sentences)
        )

    def _change(self, change: Change) -> Sentence:
        new, old = change.new, change.old
        since = f" ({when(old.stated)})" if old.stated.known else ""
        now = f" ({when(new.stated)})" if new.stated.known else ""
        before = f"{whose(old)}," if whose(old) else ""
        first, then = "moved from", " to"
        if change.relation is StanceLink.RETRACTS:
            first, then = "took back", " and is now recorded as"
        text = (
            f"{new.holder.label} {first} “{position(old)}”{since}{before}{then} "
            f"“{position(new)}”{now}{whose(new)}{self._later(new)}: "
            f"{ended(new.target.label)}"
        )
        return self.say(text, new.citations, old.citations, url=new.url)

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
