"""Words that mean a date are read as EDTF, or refused with what was expected."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.date_words import read_date
from models.dates import DateError, parse_edtf

TODAY = date(2022, 7, 20)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("July 2022", "2022-07"),
        ("in July, 2022", "2022-07"),
        ("Sept. 2022", "2022-09"),
        ("2022 July", "2022-07"),
        ("3 March 2025", "2025-03-03"),
        ("3rd of March 2025", "2025-03-03"),
        ("March 3, 2025", "2025-03-03"),
        ("March 3rd, 2025", "2025-03-03"),
        ("on Tuesday, 19 July 2022", "2022-07-19"),
        ("19.07.2022", "2022-07-19"),
        ("03.04.2022", "2022-04-03"),
        ("19/07/2022", "2022-07-19"),
        ("07/19/2022", "2022-07-19"),
        ("05/05/2022", "2022-05-05"),
        ("2022/7/9", "2022-07-09"),
        ("2022-7-9", "2022-07-09"),
        ("9-Jul-2022", "2022-07-09"),
        ("early June 2022", "2022-06-01/2022-06-10"),
        ("mid-June 2022", "2022-06-11/2022-06-20"),
        ("late February 2024", "2024-02-21/2024-02-29"),
        ("the end of June 2022", "2022-06-21/2022-06-30"),
        ("mid-2021", "2021-05/2021-08"),
        ("early in 2021", "2021-01/2021-04"),
        ("late 2021", "2021-09/2021-12"),
        ("spring 2022", "2022-21"),
        ("the fall of 2022", "2022-23"),
        ("winter 2021/22", "2021-12-01/2022-02-28"),
        ("winter 2023-2024", "2023-12-01/2024-02-29"),
        ("in 2022", "2022"),
        ("the year 2022", "2022"),
        ("the 1970s", "197X"),
        ("Q3 2022", "2022-07/2022-09"),
        ("2022-Q1", "2022-01/2022-03"),
        ("the third quarter of 2022", "2022-07/2022-09"),
        ("2nd quarter 2022", "2022-04/2022-06"),
        ("the first half of 2022", "2022-01/2022-06"),
        ("H2 2022", "2022-07/2022-12"),
        ("2022-W29", "2022-07-18/2022-07-24"),
        ("week 29 of 2022", "2022-07-18/2022-07-24"),
        ("3 to 5 March 2022", "2022-03-03/2022-03-05"),
        ("3–5 March 2022", "2022-03-03/2022-03-05"),
        ("March to May 2022", "2022-03/2022-05"),
        ("between 3 March 2022 and May 2022", "2022-03-03/2022-05"),
        ("from 2020 to 2022", "2020/2022"),
        ("by 12 July 2022", "../2022-07-12"),
        ("before 12 July 2022", "../2022-07-11"),
        ("since March 2022", "2022-03/.."),
        ("after March 2022", "2022-04-01/.."),
        ("about 1812", "1812~"),
        ("c. June 1812", "1812-06~"),
        ("today", "2022-07-20"),
        ("yesterday", "2022-07-19"),
        ("next week", "2022-07-25/2022-07-31"),
        ("this week", "2022-07-18/2022-07-24"),
        ("last month", "2022-06"),
        ("last quarter", "2022-04/2022-06"),
        ("next year", "2023"),
        ("8 months ago", "2021-11"),
        ("  JULY   2022 ", "2022-07"),
        ("２０２２年", None),
    ],
)
def test_words_become_edtf_and_are_kept(text: str, edtf: str | None) -> None:
    if edtf is None:
        with pytest.raises(DateError):
            read_date(text, TODAY)
        return
    read = read_date(text, TODAY)
    assert read.date.edtf == edtf
    assert read.as_written == text.strip()
    assert read.date == parse_edtf(edtf)


@pytest.mark.parametrize(
    "text",
    ["2022-07-18", "2022?", "[2022-07-18,2022-07-20]", "{2022-07,2022-09}", "~1812-04",
     "197X", "2022-41", "2022-34", "../2022-07", "2004-06~-11", "2022-21/2022-23",
     "2022-21", "2022-07/", "2022-07-XX", "1401-04-28"],
)  # fmt: skip
def test_edtf_stays_as_it_is(text: str) -> None:
    read = read_date(text)
    assert (read.date.edtf, read.as_written) == (text, None)


def test_a_time_of_day_is_dropped() -> None:
    assert read_date("2022-07-19T15:30:00+03:30").date.edtf == "2022-07-19"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2022", "it may be 2022-04-03 (day first) or 2022-03-04 (month first)"),
        ("winter 2022", "it may be the one of 2021/22 or of 2022/23"),
        ("winter 2022/25", "adjoining years"),
        ("31 June 2022", "the nearest reading is 2022-06-30"),
        ("2022-02-30", "the nearest reading is 2022-02-28"),
        ("Jully 2022", "the nearest reading is 2022-07"),
        ("19 Juli 2022", "the nearest reading is 2022-07-19"),
        ("late sommer 2022", "its words are not ones that are read as a date"),
        ("12 July", "its words are not ones that are read as a date"),
        ("next week", "it depends on the day on which it is read"),
        ("2022-13", "it is not EDTF"),
        ("19575", "it is not EDTF"),
        ("-0044-03-15", "it is not EDTF"),
        ("2022-W60", "no year has that week"),
        ("5 March 2022 to 3 March 2022", "its end is before its start"),
        ("July 2022 OR", "the nearest reading is 2022-07"),
        ("", "it is empty"),
        ("x" * 65, "it is longer than 64 characters"),
    ],
)
def test_what_is_not_read_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(DateError) as caught:
        read_date(text)
    assert said in caught.value.detail
    assert "\n" not in caught.value.detail


def test_a_day_without_a_year_is_not_guessed_but_shown() -> None:
    with pytest.raises(DateError) as caught:
        read_date("12 July", TODAY)
    assert caught.value.nearest == "2022-07-12"


DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))
SHAPES = ["{d} {B} {y}", "{B} {d}, {y}", "{d} {b} {y}", "{d:02}.{m:02}.{y}",
          "{y}-{m}-{d}", "on {d} {B} {y}", "{B} {d} {y}",
          "{y}/{m:02}/{d:02}"]  # fmt: skip


@given(DAYS, st.sampled_from(SHAPES), st.sampled_from([str, str.upper, str.lower]))
def test_a_day_is_read_in_every_order_that_leaves_no_doubt(
    day: date, shape: str, case: type[str]
) -> None:
    text = shape.format(
        d=day.day, m=day.month, y=day.year,
        B=calendar.month_name[day.month], b=calendar.month_abbr[day.month],
    )  # fmt: skip
    found = read_date(case(text)).date
    assert (found.earliest, found.latest) == (day, day)


@given(DAYS)
def test_slashes_are_read_only_where_they_can_mean_one_day(day: date) -> None:
    text = f"{day.day:02}/{day.month:02}/{day.year}"
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(DateError) as caught:
            read_date(text)
        swapped = date(day.year, day.day, day.month)
        assert str(day) in caught.value.detail and str(swapped) in caught.value.detail
    else:
        assert read_date(text).date.earliest == day


UNITS = st.sampled_from(["day", "week", "month", "quarter", "year"])


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), UNITS)
def test_what_is_relative_adjoins_the_day_and_leaves_no_gap(
    today: date, unit: str
) -> None:
    last, this, after = (
        read_date(f"{near} {unit}", today).date for near in ("last", "this", "next")
    )
    assert last.latest and this.earliest and this.latest and after.earliest
    assert this.earliest <= today <= this.latest
    assert last.latest + timedelta(days=1) == this.earliest
    assert this.latest + timedelta(days=1) == after.earliest


WORDS = st.sampled_from(
    ["july", "2022", "3", "31", "early", "mid", "-", "/", ".", "to", "of", "the", "q3",
     "last", "week", "between", "and", "by", "99999", "0000", "winter", "ago", "w29"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=70), st.booleans())
def test_any_words_are_a_date_or_one_sentence(text: str, relative: bool) -> None:
    try:
        read = read_date(text, TODAY if relative else None)
    except DateError as error:
        assert error.detail
    else:
        assert parse_edtf(read.date.edtf) == read.date
