"""How a brief says a position, a date, a name."""

from analysis.brief.sides import Side, is_own
from queries.dates import WrittenDate
from queries.meetings import MeetingItem
from queries.stances import StanceItem


def position(stance: StanceItem) -> str:
    """Say where a stance stands, how sure its holder is, and if others report it."""
    doubts = []
    if stance.certainty not in ("certain", "unknown"):
        doubts.append(stance.certainty.label)
    if not is_own(stance):
        doubts.append(stance.mode.label)
    return f"{stance.badge.word} ({', '.join(doubts)})" if doubts else stance.badge.word


def holder(side: Side, stance: StanceItem) -> str:
    """Name a side, and whose stance it is where that is not the side itself."""
    if stance.holder.label == side.name:
        return side.name
    return f"{side.name} ({stance.holder.label})"


def issue(stance: StanceItem) -> str:
    """Name what a stance is about."""
    towards = "towards " if stance.target_kind == "actor" else ""
    return f"{towards}{stance.target.label}"


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
    """Say what a meeting was, when, and how sure that is."""
    on = f", {when(item.date)}" if item.date.known else ""
    return f"{item.title}{on}: {item.badge.word}"
