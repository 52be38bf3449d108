"""What a brief consists of: sections of sentences and tables, with their citations."""

from dataclasses import dataclass
from datetime import date

from queries.meetings import MeetingDetail
from queries.shapes import Basis, Citation


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Words made from rows, with the numbers of the citations they rest on."""

    text: str
    """The words."""
    refs: tuple[int, ...] = ()
    """The citations, by their numbers at the end of the brief."""
    url: str | None = None
    """The page of what it is about, if it has one."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows that are read down as well as across."""

    columns: tuple[str, ...]
    """What stands in each column."""
    rows: tuple[tuple[Sentence, ...], ...]
    """The cells."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a section: an item of the agenda, or a pair of sides."""

    id: str
    """Its anchor."""
    title: str
    """Its heading."""
    sentences: tuple[Sentence, ...] = ()
    """What it says, one sentence each."""
    table: Table | None = None
    """The table below them."""


@dataclass(frozen=True, kw_only=True)
class Section(Part):
    """A section of the brief."""

    parts: tuple[Part, ...] = ()
    """Its parts."""


@dataclass(frozen=True, kw_only=True)
class NumberedCitation:
    """A citation with the number by which the brief refers to it."""

    number: int
    """Its number, from 1, in the order of first use."""
    citation: Citation
    """The span, its words if they may be shown, and to whom it is attributed."""
    also: tuple[Citation, ...] = ()
    """Further spans of the same source whose words are withheld as well: all of them
    share a number, for there is nothing to read in any."""
    tells: tuple[Citation, ...] = ()
    """The withheld spans of the original that a derived text tells in these words: it
    is those that the claim rests on."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A meeting as it concerns those who prepare for it."""

    slug: str
    """The meeting's slug."""
    title: str
    """The meeting's title."""
    url: str
    """The path of the brief's own page."""
    meeting: MeetingDetail
    """The meeting."""
    as_known_on: date | None
    """The day of which it knows nothing later, if it was asked for one."""
    sections: tuple[Section, ...]
    """What there is to know, and what is not known."""
    citations: tuple[NumberedCitation, ...]
    """What the sentences rest on."""
    basis: Basis
    """What the brief as a whole rests on."""
