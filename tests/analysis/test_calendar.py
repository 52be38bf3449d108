"""The month that a calendar opens on."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from analysis.calendar import opening_month
from tests import factories as make


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((), "2026-11-01"),
        ((None,), "2026-11-01"),
        (("2022-06-01", "2022-09", None), "2022-09-01"),
        (("2022-09", "2030-01-05"), "2022-09-01"),
        (("2030-02", "2030-01-05"), "2030-01-01"),
        (("2022-09", "2026-11-30", "2027"), "2026-11-01"),
        (("2022-09", "2026-06/2026-12"), "2026-11-01"),
        (("../2022-07-12",), "2022-07-01"),
        (("0001-01-01",), "0001-01-01"),
        (("9999-12-31",), "9999-12-01"),
    ],
)
def test_a_calendar_opens_on_the_last_month_that_has_meetings(
    session: Session, dates: tuple[str | None, ...], expected: str
) -> None:
    for day in dates:
        make.meeting(session, date=day)
    assert opening_month(session, date(2026, 11, 28)).isoformat() == expected


def test_a_calendar_opens_in_the_first_and_the_last_of_all_months(
    session: Session,
) -> None:
    make.meeting(session, date="2022-07")
    assert opening_month(session, date.min) == opening_month(session, date.max)
