"""Lines of time: every date has its place, and labels have room."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from formats.pictures.labels import text_width
from formats.pictures.scale import Scale
from formats.pictures.strip import place
from queries.dates import WrittenDate

TODAY = date(2022, 7, 12)
DAYS = st.none() | st.dates()


def between(earliest: date | None, latest: date | None) -> WrittenDate:
    if earliest and latest and latest < earliest:
        earliest, latest = latest, earliest
    known = "2022" if earliest or latest else None
    return WrittenDate(edtf=known, earliest=earliest, latest=latest, as_written=None)


@given(st.lists(st.builds(between, DAYS, DAYS), max_size=12))
def test_every_date_of_years_1_to_9999_has_a_place(dates: list[WrittenDate]) -> None:
    found = place(dates, TODAY)
    if found is None:
        assert not any(one.earliest or one.latest for one in dates)
        return
    assert len(found.moments) == len(dates)
    for one, moment in zip(dates, found.moments, strict=True):
        assert (moment is not None) == bool(one.earliest or one.latest)
        if moment:
            assert 0 <= moment.left <= moment.at <= moment.right <= 100
            assert moment.open == (not one.earliest or not one.latest)


@given(st.dates(), st.dates())
def test_the_labels_of_the_days_have_room_on_a_phone(one: date, other: date) -> None:
    found = place([between(one, one), between(other, other)], TODAY)
    assert found
    assert len(found.ticks) <= 6
    ends = [
        (tick.x * 3.2 - width / 2, tick.x * 3.2 + width / 2)
        for tick in found.ticks
        for width in (text_width(tick.label, 10.5),)
    ]
    assert all(left > -8 and right < 328 for left, right in ends)
    assert all(a[1] < b[0] for a, b in zip(ends, ends[1:], strict=False))


@given(st.dates(), st.dates(), st.integers(2, 14))
def test_a_scale_has_at_most_so_many_days_in_order(
    one: date, other: date, most: int
) -> None:
    ticks = list(Scale(min(one, other), max(one, other)).ticks(most))
    assert len(ticks) <= most + 1
    assert ticks == sorted(ticks, key=lambda tick: tick.day)


def test_the_first_day_that_is_written_says_its_year() -> None:
    found = place([between(date(2022, 6, 1), date(2022, 9, 30))], TODAY)
    assert found
    assert [tick.label for tick in found.ticks] == ["Jul 2022", "Aug", "Sep"]
    assert found.today


def test_a_record_without_dates_has_no_line() -> None:
    assert place([], TODAY) is None
    assert place([between(None, None)], TODAY) is None
