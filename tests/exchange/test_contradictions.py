"""Days of a meeting and its status that cannot both be right: said, not refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.contradictions import contradictions
from exchange.folder import read_folder
from exchange.records import MeetingRecord
from models.enums import MeetingStatus
from settings import CHECKOUT

FIRST = date(2022, 7, 18)
EVIDENCE = [{"source": "report", "start": 0, "end": 5}]
HAPPENED = {"held", "under_way", "stalled"}
PLANNED = {"expected", "announced"}


def meeting(day: str | None, status: str, on: str | None) -> MeetingRecord:
    data: dict[str, Any] = {
        "slug": "talks",
        "title": "Talks",
        "kind": "meeting",
        "date": day,
        "evidence": EVIDENCE,
        "status": [{"status": status, "date": on, "evidence": EVIDENCE}],
    }
    return MeetingRecord.model_validate(data)


def interval(start: int, length: int) -> str:
    since = FIRST + timedelta(days=start)
    return f"{since}/{since + timedelta(days=length)}"


@settings(max_examples=80)
@given(
    st.sampled_from([each.value for each in MeetingStatus]),
    st.integers(0, 3),
    st.integers(-9, 9),
    st.integers(0, 3),
)
def test_what_happened_before_or_is_planned_after_the_meeting_is_said(
    status: str, length: int, start: int, duration: int
) -> None:
    found = list(
        contradictions(meeting(interval(0, length), status, interval(start, duration)))
    )
    early = status in HAPPENED and start + duration < 0
    late = status in PLANNED and start > length
    assert bool(found) is (early or late)
    for keys, value, expected in found:
        assert keys == ("status", 0, "date")
        assert value.startswith(status)
        assert ("first" in expected) is early


@pytest.mark.parametrize(
    ("day", "on"),
    [
        (None, "2022-01-01"),
        ("2022-07-18", None),
        ("../2022-07-18", "2021"),
        ("2022", "2022-01"),
    ],
)
def test_what_is_open_or_not_known_contradicts_nothing(
    day: str | None, on: str | None
) -> None:
    assert not list(contradictions(meeting(day, "held", on)))


def test_it_is_warned_of_with_file_and_line_and_the_record_is_read(tmp_path) -> None:
    (tmp_path / "dataset.yaml").write_text("slug: x\ntitle: X\n")
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "talks.yaml").write_text(
        "slug: talks\ntitle: Talks\nkind: meeting\ndate: 2022-07-18\n"
        "evidence: [{source: report, start: 0, end: 5}]\n"
        "status:\n- status: held\n  date: 2022-07-01\n"
        "  evidence: [{source: report, start: 0, end: 5}]\n"
    )
    folder = read_folder(tmp_path)
    (warning,) = (each for each in folder.warnings if "status" in str(each.field))
    assert "meetings/talks.yaml" in str(warning)
    assert "line 8" in str(warning)
    assert "2022-07-18" in str(warning)
    assert [one.slug for one in folder.records if one.kind == "meeting"] == ["talks"]


@pytest.mark.parametrize("name", ["tehran-2022", "velm-strait"])
def test_the_bundled_datasets_contradict_themselves_nowhere(name: str) -> None:
    records = [one.record for one in read_folder(CHECKOUT / "data" / name).records]
    meetings = [each for each in records if isinstance(each, MeetingRecord)]
    assert meetings
    assert not [
        list(contradictions(each)) for each in meetings if list(contradictions(each))
    ]
