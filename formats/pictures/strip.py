"""Meetings on lines of time, one below the other, as wide as the page.

Everything stands at shares of the width in percent, so that the same picture fits a
desk and a phone: a line stretches, and its marks keep their size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from analysis.company import Company, Encounter
from formats.pictures.scale import Scale, Tick
from queries.meetings import MeetingItem

ACROSS, EDGE = 100.0, 3.0
TICKS = 5
"""As many as a phone has room for."""
FIRST = 9.0
"""Labels nearer than this to either end would be cut on a phone."""
POINT = 1.0
"""A date that covers less of the width than this is a point."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A meeting on a line: where it stands, and from when to when it may have been."""

    at: float
    left: float
    right: float
    wide: bool
    """Whether its date is too imprecise for a point."""
    open: bool
    """Whether nobody knows where one side of its date ends."""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Lines below one scale, one for each meeting; None where there is no date."""

    ticks: tuple[Tick, ...]
    today: float | None
    """Where today is, if the scale has it."""
    moments: tuple[Moment | None, ...]


def draw_strip(meetings: Sequence[MeetingItem], today: date) -> Strip | None:
    """Place meetings on a common scale; None if none of them has a date."""
    return place([meeting.date for meeting in meetings], today)


@dataclass(frozen=True, kw_only=True)
class CompanyPicture:
    """A line for each counterpart, below one scale."""

    strip: Strip
    lines: tuple[tuple[tuple[Moment, Encounter], ...], ...]
    """The dated meetings with each counterpart, in the order of the counterparts."""


def draw_company(company: Company, today: date) -> CompanyPicture | None:
    """Place an actor's meetings with its counterparts; None if none has a date."""
    met = [one for other in company.counterparts for one in other.encounters]
    strip = place(met, today)
    if strip is None:
        return None
    moments = iter(strip.moments)
    lines = []
    for other in company.counterparts:
        pairs = [(next(moments), one) for one in other.encounters]
        lines.append(tuple((at, one) for at, one in pairs if at is not None))
    return CompanyPicture(strip=strip, lines=tuple(lines))


class Dated(Protocol):
    """What has a date, from a first to a last day, either of which may be unknown."""

    @property
    def earliest(self) -> date | None: ...
    @property
    def latest(self) -> date | None: ...


def place(dates: Sequence[Dated], today: date) -> Strip | None:
    """Place dates on a common scale; None if nothing is known of any."""
    days = [day for one in dates for day in (one.earliest, one.latest) if day]
    if not days:
        return None
    scale = Scale(min(days), max(days), ACROSS, EDGE)
    shown = scale.first <= today <= scale.last
    return Strip(
        ticks=tuple(_ticks(scale)),
        today=scale.at(today) if shown else None,
        moments=tuple(_moment(one, scale) for one in dates),
    )


def _ticks(scale: Scale) -> Iterator[Tick]:
    """The days whose labels the line has room for; the first one says its year."""
    fit = [tick for tick in scale.ticks(TICKS) if FIRST <= tick.x <= ACROSS - FIRST]
    for at, tick in enumerate(fit):
        year = str(tick.day.year)
        if at == 0 and not tick.label.endswith(year):
            yield replace(tick, label=f"{tick.label} {year}")
        else:
            yield tick


def _moment(one: Dated, scale: Scale) -> Moment | None:
    if not one.earliest and not one.latest:
        return None
    left = scale.at(one.earliest) if one.earliest else scale.left
    right = scale.at(one.latest) if one.latest else scale.right
    middle = (left + right) / 2
    # The mark of an open date stands at the end that is known.
    at = right if not one.earliest else left if not one.latest else middle
    return Moment(
        at=round(at, 1),
        left=left,
        right=right,
        wide=right - left >= POINT,
        open=not one.earliest or not one.latest,
    )
