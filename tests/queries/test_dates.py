"""Dates in words."""

import pytest

from models.dates import parse_edtf
from queries.dates import WrittenDate, in_words


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2022-07-12", "12 July 2022"),
        ("2022-07-18/2022-07-24", "week of 18 July 2022"),
        ("2022-06-01/2022-06-10", "early June 2022"),
        ("2022-06-11/2022-06-20", "mid-June 2022"),
        ("2022-06-21/2022-06-30", "late June 2022"),
        ("2022-02-21/2022-02-28", "late February 2022"),
        ("2022-02-01/2022-02-28", "February 2022"),
        ("2022-07-12/2022-07-13", "12 to 13 July 2022"),
        ("2022-07-12/2022-07-12", "12 July 2022"),
        ("2022-06-28/2022-07-02", "28 June to 2 July 2022"),
        ("2021-12-28/2022-01-02", "28 December 2021 to 2 January 2022"),
        ("2022-07", "July 2022"),
        ("2021", "2021"),
        ("2022-06/2022-09", "June to September 2022"),
        ("2021-11/2022-02", "November 2021 to February 2022"),
        ("2021/2022", "2021 to 2022"),
        ("2022-06-28/2022-07", "28 June 2022 to July 2022"),
        ("../2022-07-12", "by 12 July 2022"),
        ("/2022", "by 2022"),
        ("2022-06/..", "since June 2022"),
        ("2022-06~", "about June 2022"),
        ("2022-06-12?", "perhaps 12 June 2022"),
        ("2022%", "perhaps about 2022"),
        ("2022-06~/2022-09", "about June 2022 to September 2022"),
        ("2022-22", "summer 2022"),
        ("2022-07-XX", "July 2022, day unknown"),
        ("2022-XX", "2022, month unknown"),
        ("2022-XX-XX", "2022, month unknown"),
        ("202X", "2020s"),
    ],
)
def test_a_date_is_said_in_words(edtf: str, words: str) -> None:
    parse_edtf(edtf)
    assert in_words(edtf) == words


@pytest.mark.parametrize("edtf", ["{2021,2022}", "20XX", "2022-24-40", "x"])
def test_what_has_no_plain_words_stays_as_it_is_recorded(edtf: str) -> None:
    assert in_words(edtf) == edtf


def test_an_unknown_date_says_so_and_quotes_the_source() -> None:
    assert str(unknown(None)) == "date unknown"
    assert str(unknown("in the coming days")) == "date unknown (“in the coming days”)"


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        (None, None),
        ("July 18", None),
        ("WEEK of 18 July", None),
        ("next week", "next week"),
    ],
)
def test_the_words_of_the_source_are_a_remark_only_if_they_say_more(
    written: str | None, remark: str | None
) -> None:
    found = parse_edtf("2022-07-18/2022-07-24")
    date = WrittenDate(
        edtf=found.edtf,
        earliest=found.earliest,
        latest=found.latest,
        as_written=written,
    )
    assert date.remark == remark
    assert str(date) == "week of 18 July 2022"


def unknown(written: str | None) -> WrittenDate:
    return WrittenDate(edtf=None, earliest=None, latest=None, as_written=written)
