"""EDTF dates are read, bounded by days, and refused in a sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import DateError, Meeting, Stance, parse_edtf
from models.base import EDTF, Base
from models.dates import date_columns, keep_day


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022-07-12", date(2022, 7, 12), date(2022, 7, 12)),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2022-06-01/2022-06-10", date(2022, 6, 1), date(2022, 6, 10)),
        ("2022-07/2022-09", date(2022, 7, 1), date(2022, 9, 30)),
        ("../2022-07-12", None, date(2022, 7, 12)),
        ("2022-03/..", date(2022, 3, 1), None),
        ("2014/", date(2014, 1, 1), None),
        ("2022-06~", date(2022, 6, 1), date(2022, 6, 30)),
        ("2022-06-12?", date(2022, 6, 12), date(2022, 6, 12)),
        ("2022-06~/2022-07", date(2022, 6, 1), date(2022, 7, 31)),
        ("202X", date(2020, 1, 1), date(2029, 12, 31)),
        ("2022-06-XX", date(2022, 6, 1), date(2022, 6, 30)),
        ("2022-21", date(2022, 3, 1), date(2022, 5, 31)),
        ("{2022-01,2022-03}", date(2022, 1, 1), date(2022, 3, 31)),
    ],
)
def test_a_date_is_bounded_by_its_earliest_and_latest_day(text, earliest, latest):
    parsed = parse_edtf(text)
    assert (parsed.edtf, parsed.earliest, parsed.latest) == (text, earliest, latest)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" 2022", "spaces"),
        ("/", "both"),
        ("../..", "both"),
        ("2022-13", "not EDTF"),
        ("2022-02-29", "no calendar"),
        ("2022-02-29~", "no calendar"),
        ("0000", "no calendar"),
        ("2022-07/2022-06", "end is before"),
        ("2022/2023/2024", "one “/”"),
        ("Y1E999999999", "four digits"),
        ("2022-07-12T10:00:00", "time"),
        ("early June", "not EDTF"),
        ("１２３４", "characters"),
        ("2022-06?~", "not EDTF"),
        ("{" + ",".join(str(year) for year in range(1000, 2000)) + "}", "longer"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason_and_an_example(text, why):
    with pytest.raises(DateError) as refused:
        parse_edtf(text)
    assert why in refused.value.detail
    assert "2022-07-12" in refused.value.detail


@given(st.text(max_size=80))
def test_no_text_does_anything_but_parse_or_be_refused(text):
    try:
        parsed = parse_edtf(text)
    except DateError:
        return
    assert parsed.earliest or parsed.latest


@given(st.dates(), st.dates())
def test_an_interval_of_days_has_those_days_as_bounds(one, other):
    start, end = sorted([one, other])
    parsed = parse_edtf(f"{start.isoformat()}/{end.isoformat()}")
    assert (parsed.earliest, parsed.latest) == (start, end)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1969-01-20T10:00:00", "1969-01-20"),
        ("1969-01-20T10:00:00Z", "1969-01-20"),
        ("1969-01-20T10:00:00+02:00", "1969-01-20"),
        ("1969-01-20", "1969-01-20"),
        ("1969-01", "1969-01"),
    ],
)
def test_a_time_of_day_is_dropped_and_the_day_kept(text, day):
    assert keep_day(text) == day


def test_setting_a_date_sets_its_bounds_too():
    meeting = Meeting(slug="m", date="2022-07-18/2022-07-24")
    assert (meeting.earliest, meeting.latest) == (date(2022, 7, 18), date(2022, 7, 24))
    meeting.date = None
    assert (meeting.earliest, meeting.latest) == (None, None)
    assert Stance(valid_to="2022-07").valid_to_latest == date(2022, 7, 31)


def test_setting_what_is_no_date_is_refused():
    with pytest.raises(DateError):
        Meeting(date="next week")


def test_every_date_of_the_record_is_kept_in_the_columns_that_the_rule_names() -> None:
    found = 0
    for mapper in Base.registry.mappers:
        columns = mapper.columns
        dates = [key for key, column in columns.items() if column.info.get(EDTF)]
        assert all(name in columns for date in dates for name in date_columns(date))
        worded = {name for name in columns.keys() if name.endswith("_as_written")}
        assert worded == {date_columns(date).as_written for date in dates}
        found += len(dates)
    assert found
