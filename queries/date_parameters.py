"""What parameters that are dates take: EDTF, or words such as “July 2022”."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.date_words import read_date
from models.dates import EdtfDate
from queries.parameters import Takes

EXPECTED_DATE = (
    "a date such as 2022-07-12, 12 July 2022, July 2022, 2022 or 2022-06-01/2022-06-10"
)

_YEAR = r"(?!0000)[0-9]{4}"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR = rf"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
_DAY = (
    rf"(?:{_YEAR}(?:-(?:0[1-9]|1[0-2])"
    r"|-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|-02-(?:0[1-9]|1[0-9]|2[0-8]))?"
    rf"|{_LEAP_YEAR}-02-29)"
)


def _a_year(text: str) -> int:
    if not re.fullmatch(_YEAR, text, re.ASCII):
        raise ValueError
    return int(text)


A_YEAR = Takes(
    expected="a year such as 2022",
    read=_a_year,
    schema={"type": "string", "pattern": f"^{_YEAR}$"},
)


def _a_month(text: str) -> date:
    if not re.fullmatch(rf"{_YEAR}-(?:0[1-9]|1[0-2])", text, re.ASCII):
        raise ValueError
    return date(int(text[:4]), int(text[5:]), 1)


A_MONTH = Takes(
    expected="a month such as 2022-07",
    read=_a_month,
    schema={"type": "string", "pattern": f"^{_YEAR}-(?:0[1-9]|1[0-2])$"},
)


def _edtf(text: str) -> EdtfDate:
    return read_date(text, date.today()).date


def _in_edtf(text: str) -> str:
    return _edtf(text).edtf


def _dates(pattern: str) -> Mapping[str, Any]:
    return {"type": "string", "maxLength": 64, "pattern": f"^{pattern}$"}


def _bounded(last: bool) -> Callable[[str], date]:
    def read(text: str) -> date:
        parsed = _edtf(text)
        day = parsed.latest if last else parsed.earliest
        if day is None:
            raise ValueError
        return day

    return read


A_DATE = Takes(
    expected=EXPECTED_DATE,
    read=_edtf,
    schema=_dates(rf"(?:{_DAY}(?:/\.\.)?|\.\./{_DAY})"),
    written=_in_edtf,
)
LAST_DAY = Takes(
    expected=EXPECTED_DATE,
    read=lambda text: _edtf(text).latest,
    schema=A_DATE.schema,
    written=_in_edtf,
)
"""A date of which the last day counts, None where it is open."""
KNOWN_FIRST_DAY = Takes(
    expected=f"{EXPECTED_DATE}, a date that is not open on its first side",
    read=_bounded(last=False),
    schema=_dates(rf"{_DAY}(?:/\.\.)?"),
    written=_in_edtf,
)
KNOWN_LAST_DAY = Takes(
    expected=f"{EXPECTED_DATE}, a date that is not open on its last side",
    read=_bounded(last=True),
    schema=_dates(rf"(?:\.\./)?{_DAY}"),
    written=_in_edtf,
)
