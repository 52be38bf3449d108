"""The types of single fields: slugs, texts with their limits, dates, offsets.

Every text and every list has a length that it may not exceed. The limits stand in the
published JSON Schema; they are far above what people write, and low enough for a page
and an index to bear the longest. Who meets one has put a text where a name belongs.
"""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from models.date_words import ReadDate, read_date
from models.dates import LONGEST_DATE, DateError
from models.slugs import LONGEST_SLUG

LONGEST_TEXT = 64_000_000
"""Code points of one source's text at most."""


def _as_text(value: object) -> object:
    """Take a bare year, a number to YAML, for its text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _edtf(value: str) -> str:
    return read_words(value).date.edtf


def read_words(value: str) -> ReadDate:
    """Read a date of a record.

    A record says the same whenever it is read, so that no day is given to which "last
    week" could be relative.
    """
    try:
        return read_date(value)
    except DateError as error:
        raise ValueError(f"{error.expected} ({error.why})") from error


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("text without NUL characters")
    return value


SLUG_PATTERN = "^[a-z0-9][a-z0-9-]*$"
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=LONGEST_SLUG)]


def _line(longest: int) -> StringConstraints:
    """Return what a text without white space at its ends must satisfy."""
    return StringConstraints(min_length=1, max_length=longest, strip_whitespace=True)


_NO_NUL = AfterValidator(_without_nul)
Word = Annotated[str, _line(200), _NO_NUL]
"""A code, a tag, a licence, an identifier, the words of a date."""
Name = Annotated[str, _line(500), _NO_NUL]
Title = Annotated[str, _line(2_000), _NO_NUL]
"""Also an address: browsers take about as much."""
Sentence = Annotated[str, _line(5_000), _NO_NUL]
Note = Annotated[str, _line(20_000), _NO_NUL]
Context = Annotated[str, StringConstraints(min_length=1, max_length=2_000), _NO_NUL]
Quote = Annotated[str, StringConstraints(min_length=1, max_length=200_000), _NO_NUL]
Body = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), _NO_NUL]

FEW = Field(max_length=200)
MANY = Field(max_length=5_000)
CROWD = Field(max_length=20_000)
MASS = Field(max_length=500_000)
"""Passages, paragraphs and mentions."""

GivenDate = Annotated[str, Field(max_length=LONGEST_DATE)] | int
"""What a date is given as: a bare year is a number to YAML."""
Edtf = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=GivenDate),
    AfterValidator(_edtf),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Offset = Annotated[int, Field(ge=0, le=2_000_000_000, strict=True)]
Ordinal = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
"""A place in an order, from 1; what has no bound here meets that of the database."""
