"""How a brief says a position, a date, a name."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from analysis.brief.sides import Side, is_own
from queries.dates import WrittenDate
from queries.meetings import MeetingDetail, MeetingItem
from queries.stances import StanceItem


def position(stance: StanceItem) -> str:
    """Say where a stance stands, how sure its holder is, and if others report it."""
    return f"{stance.badge.word}{doubts(stance)}"


def doubts(stance: StanceItem) -> str:
    """Say in brackets how sure a holder is, and if others report it."""
    found = []
    if stance.certainty not in ("certain", "unknown"):
        found.append(stance.certainty.label)
    if not is_own(stance):
        found.append(stance.mode.label)
    return f" ({', '.join(found)})" if found else ""


def holder(side: Side, stance: StanceItem) -> str:
    """Name a side, and whose stance it is where that is not the side itself."""
    if stance.holder.label == side.name:
        return side.name
    return f"{side.name} ({stance.holder.label})"


def alike(stances: Iterable[StanceItem]) -> Iterator[list[StanceItem]]:
    """Join a position on a proposition and a relation that say the same.

    To back a government is both: one holder, one span, one position, so one row.
    """
    found: dict[Hashable, list[StanceItem]] = {}
    for stance in stances:
        span = [(one.source.slug, one.start, one.end) for one in stance.citations[:1]]
        key: Hashable = (stance.holder.slug, position(stance), stance.stated, *span)
        group = found.get(key, [])
        if not span or len(group) > 1:
            key = stance.slug
        elif group and group[0].target_kind == stance.target_kind:
            key = stance.slug
        found.setdefault(key, []).append(stance)
    yield from found.values()


def after(meeting: MeetingDetail, stance: StanceItem) -> str:
    """Say that a position was stated when a meeting was over."""
    over, stated = meeting.date.latest, stance.stated.earliest
    return ", after this meeting" if over and stated and stated > over else ""


def issues(stances: Sequence[StanceItem]) -> Iterator[str]:
    """Name what stances are about, to stand in a row; one alone keeps its full stop."""
    for stance in stances:
        towards = "towards " if stance.target_kind == "actor" else ""
        label = f"{towards}{stance.target.label}"
        yield label if len(stances) == 1 else label.removesuffix(".")


def whose(stance: StanceItem) -> str:
    """Say to whom a position is attributed, unless the holder's own."""
    if stance.said_by in (None, stance.holder.label):
        return ""
    return f", according to {stance.said_by}"


def claimant(stance: StanceItem) -> str:
    """Name who claims something, and to whom it is attributed."""
    word = whose(stance).removeprefix(", ")
    return f"{stance.holder.label} ({word})" if word else stance.holder.label


def when(date: WrittenDate) -> str:
    """Say a date, with the words of the source."""
    return f"{date.for_people}{as_written(date)}"


def as_written(date: WrittenDate) -> str:
    """The words of the source for a date, in brackets."""
    return f" (“{date.remark}”)" if date.remark else ""


def ended(text: str) -> str:
    """A text with a mark at its end."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def not_shown(number: int, noun: str) -> str:
    """Say how many things are left out; the noun is plural."""
    if number == 1:
        return f"1 more of the {noun} is not shown."
    return f"{number:,} more of the {noun} are not shown."


def met(item: MeetingItem) -> str:
    """Say what a meeting was, when, and how sure that is and on whose word."""
    on = f", {when(item.date)}" if item.date.known else ""
    by = f", according to {item.status_said_by}" if item.status_said_by else ""
    return f"{item.title}{on}: {item.badge.word}{by}"
