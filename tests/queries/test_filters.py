"""Filters, orders and pages: what is refused, and how it is named."""

import pytest
from sqlalchemy.orm import Session

from errors import BadRequest
from queries.meetings import MEETINGS, find_meetings
from queries.parameters import LARGEST_LIMIT, LONGEST_VALUE
from tests import factories as make
from tests.queries.world import statements


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "-1"),
        ("limit", "0"),
        ("limit", str(LARGEST_LIMIT + 1)),
        ("limit", "٣"),
        ("page", "abc"),
        ("page", "1e3"),
        ("page", "9" * 200),
        ("date", "2022-13"),
        ("date", "soon"),
        ("from", "2022-02-30"),
        ("as_known_on", "x"),
        ("kind", "party"),
        ("several", "yes"),
        ("actor", "No Slug"),
        ("sort", "colour"),
        ("colour", "red"),
        ("q", "a\0b"),
        ("q", "x" * (LONGEST_VALUE + 1)),
        ("q", "   "),
        ("title\0", "x"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadRequest) as error:
        MEETINGS.strictly({name: value})
    assert error.value.field == name
    assert "\0" not in error.value.detail


def test_a_nul_byte_is_named_with_its_place() -> None:
    with pytest.raises(BadRequest) as error:
        MEETINGS.strictly({"q": "a\0b"})
    assert error.value.position == 1


def test_a_page_reads_what_can_be_used_and_names_the_rest() -> None:
    listing, faults = MEETINGS.read(
        {"kind": ["summit", "party"], "page": "2", "limit": "x", "format": "bilateral"}
    )
    assert listing.page == 2
    assert list(listing.values) == ["format"]
    assert [fault.field for fault in faults] == ["kind", "limit"]


def test_an_empty_value_counts_as_not_given() -> None:
    listing, faults = MEETINGS.read({"kind": "", "page": "", "sort": "", "q": [""]})
    assert not faults
    assert not listing.values and not listing.conditions


@pytest.mark.usefixtures("world")
def test_a_filter_given_twice_takes_either(session: Session) -> None:
    page = find_meetings(session, MEETINGS.strictly({"kind": ["meeting", "talks"]}))
    assert page.total == 2


def test_pages_follow_each_other_without_gap_or_overlap(session: Session) -> None:
    made = {make.meeting(session, date="2022").slug for _ in range(7)}
    found = []
    for number in (1, 2, 3):
        listing = MEETINGS.strictly({"limit": "3", "page": str(number)})
        page = find_meetings(session, listing)
        assert (page.total, page.pages) == (7, 3)
        assert page.more == (number < 3)
        found += [item.slug for item in page.items]
    assert len(found) == 7
    assert set(found) == made


def test_a_page_past_the_end_is_empty_and_keeps_the_total(session: Session) -> None:
    make.meeting(session)
    page = find_meetings(session, MEETINGS.strictly({"page": "9"}))
    assert page.items == ()
    assert page.total == 1


@pytest.mark.parametrize("sort", ["date", "-date"])
def test_what_has_no_value_comes_last_whichever_way(
    session: Session, sort: str
) -> None:
    undated = make.meeting(session)
    make.meeting(session, date="2021")
    make.meeting(session, date="2022")
    page = find_meetings(session, MEETINGS.strictly({"sort": sort}))
    assert page.items[-1].slug == undated.slug
    dates = [item.date.edtf for item in page.items[:2]]
    assert dates == (["2021", "2022"] if sort == "date" else ["2022", "2021"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"date": "2022-07"}, True),
        ({"date": "2022-07-20"}, True),
        ({"date": "2022-08"}, False),
        ({"from": "2022-07-24"}, True),
        ({"from": "2022-07-25"}, False),
        ({"to": "2022-07-18"}, True),
        ({"to": "2022-07-17"}, False),
        ({"from": "2022-07-01", "to": "2022-07-31"}, True),
        ({"date": "../2022-07-17"}, False),
        ({"date": "2022-07-19/.."}, True),
    ],
)
def test_a_date_finds_what_may_fall_within_it(
    session: Session, asked: dict[str, str], found: bool
) -> None:
    make.meeting(session, date="2022-07-18/2022-07-24")
    make.meeting(session)
    assert find_meetings(session, MEETINGS.strictly(asked)).total == int(found)


def test_percent_and_underscore_are_only_characters(session: Session) -> None:
    make.meeting(session, title="All of it")
    exact = make.meeting(session, title="100% of_it")
    for text in ("0%", "F_I"):
        page = find_meetings(session, MEETINGS.strictly({"q": text}))
        assert [item.slug for item in page.items] == [exact.slug]


def test_markup_and_sql_in_a_value_find_nothing(session: Session) -> None:
    make.meeting(session)
    for text in ("<script>alert(1)</script>", "' OR 1=1 --"):
        assert find_meetings(session, MEETINGS.strictly({"q": text})).total == 0


def test_a_bad_request_costs_no_statement(session: Session) -> None:
    with statements(session) as found, pytest.raises(BadRequest):
        find_meetings(session, MEETINGS.strictly({"page": "abc"}))
    assert not found
