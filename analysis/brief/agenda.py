"""The agenda of a brief, and where each side stands on each item of it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import filterfalse

from analysis.brief.loading import Material
from analysis.brief.notes import Notes
from analysis.brief.shapes import Part, Section, Sentence, Table
from analysis.brief.sides import Side
from analysis.brief.words import after, alike, holder, issues, not_shown, position, when
from queries.meetings import AgendaEntry, MeetingDetail
from queries.stances import StanceItem

MOST_ITEMS = 20
"""How many items of the agenda are shown with positions."""
MOST_PER_ITEM = 6
"""How many stances of one side stand under one item, beside those of this meeting."""
MOST_ROWS = 250
"""How many positions are shown under all items together."""
COLUMNS = ("Side", "Position", "Issue", "Attributed to, when")


class Agenda:
    """Writes the section of a brief about the agenda."""

    def __init__(
        self, material: Material, notes: Notes, miss: Callable[[str], Sentence]
    ) -> None:
        self.material = material
        self.meeting = material.meeting
        self.notes = notes
        self.say = notes.say
        self.miss = miss
        self._rows_left = MOST_ROWS

    def section(self) -> Section | None:
        """The items with the positions on them; None if there is nothing to say."""
        agenda = [one for one in self.meeting.agenda if self.notes.known(one.citations)]
        parts = [self._item(item) for item in agenda[:MOST_ITEMS]]
        visit = self.material.visit()
        mine = {item.text for item in agenda}
        carried = [
            item
            for item in (visit.agenda if visit else ())
            if item.text not in mine and self.notes.known(item.citations)
        ]
        parts += [self._item(item, visit) for item in carried[:MOST_ITEMS]]
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

    def _item(self, item: AgendaEntry, visit: MeetingDetail | None = None) -> Part:
        """Show an item of this meeting, or of the visit to which it belongs."""
        side = f", on the agenda of {item.side.label}" if item.side else ""
        by = f", according to {item.said_by}" if item.said_by else ""
        of = f" for {visit.title}" if visit else ""
        status = self.say(
            f"{item.badge.word.capitalize()}{of}{side}{by}.", item.citations
        )
        sentences = [status]
        rows: list[tuple[Sentence, ...]] = []
        silent: list[str] = []
        aside = 0
        for one in self.material.sides:
            bearing = [each for each in one.stances if self._bears_on(each, item)]
            if not bearing:
                silent.append(one.name)
            # How the sides stand towards each other is said of each pair.
            bearing = [each for each in bearing if not self._between_sides(each)]
            if visit:
                to_the_point = [each for each in bearing if not self._is_aside(each)]
                aside += len(bearing) - len(to_the_point)
                bearing = to_the_point
            rows += self._positions(one, bearing)
        if aside:
            text = not_shown(aside, "positions towards who is no side of this meeting")
            sentences.append(Sentence(text=text))
        if silent:
            self.miss(f"No record of {', '.join(silent)} on “{item.text}”.")
        prefix = "visit-" if visit else ""
        return Part(
            id=f"{prefix}item-{item.position}",
            title=item.text if visit else f"{item.position}. {item.text}",
            sentences=tuple(sentences),
            table=Table(columns=COLUMNS, rows=tuple(rows)) if rows else None,
        )

    def _between_sides(self, stance: StanceItem) -> bool:
        """Whether it is held towards another side, and was not said at this meeting."""
        return self._is_relation(stance) and any(
            stance.target.slug in side.slugs for side in self.material.sides
        )

    def _is_aside(self, stance: StanceItem) -> bool:
        """Whether it is held towards somebody who is no side of this meeting."""
        return self._is_relation(stance) and not self._between_sides(stance)

    def _is_relation(self, stance: StanceItem) -> bool:
        return stance.target_kind == "actor" and not self._said_here(stance)

    def _positions(
        self, side: Side, stances: Sequence[StanceItem]
    ) -> Iterator[tuple[Sentence, ...]]:
        """The rows of a side: what was said here never makes room for anything else."""
        here = list(alike(filter(self._said_here, stances)))
        others = list(alike(filterfalse(self._said_here, stances)))
        room = max(0, self._rows_left - len(here))
        shown = here + others[: min(MOST_PER_ITEM, room)]
        self._rows_left -= len(shown)
        for group in shown:
            yield self._row(side, group)
        if more := len(stances) - sum(map(len, shown)):
            yield (
                Sentence(text=side.name),
                *[Sentence(text="")] * 2,
                Sentence(text=f"{more} more, not shown."),
            )

    def _said_here(self, stance: StanceItem) -> bool:
        return stance.meeting is not None and stance.meeting.slug == self.meeting.slug

    def _bears_on(self, stance: StanceItem, item: AgendaEntry) -> bool:
        if self._said_here(stance) and stance.agenda_item:
            return stance.agenda_item == item.text
        path = (stance.topic_path or "").split("/")
        return item.topic is not None and item.topic.slug in path

    def _also_said(self, items: Sequence[AgendaEntry]) -> Part | None:
        """What was said at this meeting on no item of the agenda."""
        rows = [
            self._row(side, group)
            for side in self.material.sides
            for group in alike(
                stance
                for stance in side.stances
                if self._said_here(stance)
                and not any(self._bears_on(stance, item) for item in items)
            )
        ]
        if not rows:
            return None
        table = Table(columns=COLUMNS, rows=tuple(rows))
        return Part(id="also-said", title="Also said at this meeting", table=table)

    def _row(self, side: Side, group: Sequence[StanceItem]) -> tuple[Sentence, ...]:
        stance = group[0]
        who = stance.said_by or "no record"
        on = f", {when(stance.stated)}" if stance.stated.known else ""
        here = (
            ", at this meeting"
            if self._said_here(stance)
            else after(self.meeting, stance)
        )
        return (
            self.say(holder(side, stance)),
            self.say(position(stance), url=stance.url),
            self.say("; ".join(issues(group)), url=stance.target.url),
            self.say(f"{who}{on}{here}", *(each.citations for each in group)),
        )
