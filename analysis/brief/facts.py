"""The first section of a brief: what, when, where, and how sure that is."""

from collections.abc import Callable, Iterator

from analysis.brief.loading import MOST_RELATED, Material, Shown
from analysis.brief.notes import Notes
from analysis.brief.shapes import Sentence
from analysis.brief.words import as_written, ended, met, not_shown, when
from queries.meetings import MeetingDetail, MeetingItem


class Facts:
    """Writes the sentences of that section."""

    def __init__(
        self, material: Material, notes: Notes, miss: Callable[[str], Sentence]
    ) -> None:
        self.material = material
        self.meeting = material.meeting
        self.notes = notes
        self.say = notes.say
        self.miss = miss

    def sentences(self) -> Iterator[Sentence]:
        """What it is, when, where, how sure that is, what came of it."""
        meeting = self.meeting
        kind = " ".join(
            part.label for part in (meeting.format, meeting.kind) if part != "unknown"
        )
        medium = "" if meeting.medium == "unknown" else f", {meeting.medium.label}"
        yield self.say(
            f"{meeting.title}: {kind}{medium}.", meeting.citations, url=meeting.url
        )
        if meeting.several:
            yield self.say("The source speaks of an uncounted set of meetings.")
        if meeting.level:
            yield self.say(f"Level: {meeting.level.label}.")
        if meeting.date.known:
            yield self.say(f"Date: {when(meeting.date)}.", meeting.citations)
        else:
            yield self.miss(f"No record of a date{as_written(meeting.date)}.")
        place = [meeting.venue, meeting.city]
        place.append(meeting.country.label if meeting.country else None)
        if any(place):
            where = ", ".join(part for part in place if part)
            yield self.say(f"Place: {where}.", meeting.citations)
        elif meeting.medium not in ("phone", "video", "written"):
            yield self.miss("No record of a place.")
        yield from self._related(meeting)
        events = [
            one for one in meeting.status_events if self.notes.known(one.citations)
        ]
        for event in events:
            on = f", {when(event.date)}" if event.date.known else ""
            by = f", according to {event.said_by}" if event.said_by else ""
            text = f"Status: {event.badge.word}{on}{by}."
            yield self.say(text, event.citations)
        if not events:
            yield self.miss("No record of whether it was announced or took place.")
        for outcome in meeting.outcomes:
            if self.notes.known(outcome.citations):
                text = f"Outcome ({outcome.type.label}): {ended(outcome.text)}"
                yield self.say(text, outcome.citations)

    def _related(self, meeting: MeetingDetail) -> Iterator[Sentence]:
        """Name the visit or summit to which it belongs, and what belongs to that."""
        if meeting.parent and meeting.relation:
            yield self.say(
                f"It belongs to {meeting.parent.label} "
                f"({meeting.relation.meaning.rstrip('.')}).",
                url=meeting.parent.url,
            )
        known = [item for item in meeting.children if self._known(item)]
        shown = known[:MOST_RELATED]
        children = Shown(shown, meeting.total_children if shown else 0)
        for what, related in (
            ("In the same visit or event", self.material.siblings()),
            ("Part of it", children),
        ):
            for item in related.items:
                yield self.say(f"{what}: {met(item)}.", url=item.url)
            if related.more:
                yield Sentence(text=f"{what}: {not_shown(related.more, 'meetings')}")

    def _known(self, item: MeetingItem) -> bool:
        """Whether anything was known of a meeting on the day asked for."""
        return self.material.as_known_on is None or item.status is not None
