"""The network of stances over time: weeks, months or years of the calendar."""

from calendar import monthrange
from datetime import date, timedelta

import numpy as np

from analysis.networks.arithmetic import Votes, count_votes, one_mode, weeks
from analysis.networks.choices import Duplicates, Levels, Weight, Windows
from analysis.networks.graph import Window
from analysis.networks.polarisation import find_camps
from analysis.statements import Days

WINDOWS = 60
"""How many time windows are shown, the latest."""


def rounded(value: float) -> float:
    """Drop what floating point adds: 12 digits after the point are plenty."""
    return round(float(value), 12)


def cut_windows(
    votes: Votes, windows: Windows, duplicates: Duplicates, levels: Levels
) -> tuple[tuple[Window, ...], int]:
    """Cut the votes into consecutive windows, of which empty ones are left out.

    Returns:
        The latest, and how many there are.
    """
    votes = votes.at(~np.isnat(votes.day))
    first = _first_days(votes.day, windows)
    shown = []
    every = np.unique(first)
    for day in every[-WINDOWS:]:
        counts = count_votes(votes.at(first == day), duplicates)
        ties = one_mode(counts, Weight.SUBTRACT, levels=levels)
        camps = find_camps(ties)
        shown.append(
            Window(
                since=day.item(),
                until=_last_day(day.item(), windows),
                statements=int(counts.number.sum()),
                actors=len(counts.actors),
                edges=len(ties),
                congruence=rounded(ties.congruence.sum()),
                conflict=rounded(ties.conflict.sum()),
                polarisation=rounded(camps.polarisation) if camps else None,
                camps=(len(camps.larger), len(camps.smaller)) if camps else None,
            )
        )
    return tuple(shown), len(every)


def _first_days(days: Days, windows: Windows) -> Days:
    if windows == Windows.WEEK:
        return (weeks(days) * 7 - 3).astype("M8[D]")
    unit = "M8[M]" if windows == Windows.MONTH else "M8[Y]"
    return days.astype(unit).astype("M8[D]")


def _last_day(first: date, windows: Windows) -> date:
    if windows == Windows.WEEK:
        # The first Monday is that of the year 1; the last week has no Sunday.
        return first + min(timedelta(days=6), date.max - first)
    if windows == Windows.MONTH:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first.replace(month=12, day=31)
