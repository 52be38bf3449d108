"""What a meeting's record says against itself: read as it stands, and said.

The day of a status event and the day of the meeting come from different passages, and
both may be right as they are written: a coder must look, and nothing is refused.
"""

from collections.abc import Iterator
from datetime import date

from exchange.records import MeetingRecord
from exchange.suspects import Suspect
from models.dates import parse_edtf
from models.enums import Phase


def contradictions(meeting: MeetingRecord) -> Iterator[Suspect]:
    """Yield the status events whose day cannot go with the meeting's own.

    A meeting has not taken place before its first day, and after its last nobody
    foresees or announces it any more. Open sides and unknown days contradict nothing.
    """
    if meeting.date is None:
        return
    own = parse_edtf(meeting.date.edtf)
    for number, event in enumerate(meeting.status):
        if event.date is None:
            continue
        day = parse_edtf(event.date.edtf)
        happened = event.status.phase in (Phase.HAPPENED, Phase.ENDED)
        expected = None
        if happened and _before(day.latest, own.earliest):
            expected = "a day not before the meeting's first"
        elif event.status.phase is Phase.PLANNED and _before(own.latest, day.earliest):
            expected = "a day not after the meeting's last"
        if expected:
            value = f"{event.status.value} {event.date.edtf}"
            yield (
                ("status", number, "date"),
                value,
                f"{expected} ({meeting.date.edtf}), or another date of the meeting",
            )


def _before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other
