"""The fields of the query language: one table for everybody.

The parser, the engines, the help page, `docs/query-language.md` and the tests read it;
a field that is not here does not exist.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from models.enums import MeetingFormat, MeetingStatus, Position


class Kind(StrEnum):
    """What a search finds."""

    PASSAGE = "passage"
    MEETING = "meeting"
    ACTOR = "actor"
    STANCE = "stance"
    PROPOSITION = "proposition"


class Match(StrEnum):
    """How a field's values are compared with the query's."""

    WORDS = "words"
    NAME = "name"
    SLUG = "slug"
    CODE = "code"
    DATE = "date"


#: How each way of matching is explained to people.
EXPLANATIONS = {
    Match.WORDS: "by its words, in any of their forms",
    Match.NAME: "by its slug or any of its names, whatever the case and the accents",
    Match.SLUG: "by its slug",
    Match.CODE: "by one of the listed values",
    Match.DATE: "by days: whatever may have been within the dates asked for",
}

#: Polarities from "strongly against" to "strongly for"; also values of `position`.
POLARITIES = ("-2", "-1", "0", "1", "2")


@dataclass(frozen=True)
class Field:
    """One field: `key:value` in a query."""

    key: str
    """What stands before the colon."""
    label: str
    """Its name on the page."""
    match: Match
    """How its values are compared."""
    help: str
    """One sentence for the help page."""
    says: str
    """How the query is said: a clause with `{}` for the value."""
    example: str
    """A query that uses it."""
    codes: tuple[str, ...] = ()
    """The values there are, for a coded field."""
    column: str = ""
    """The field of the documents that it reads, if that has another name."""

    @property
    def reads(self) -> str:
        """The field of the documents that holds its values."""
        return self.column or self.key

    @property
    def scored(self) -> bool:
        """Whether its words count for the ranking; the others only filter."""
        return self.key in SCORED


#: The fields that a word without a field is looked for in, and that give the score.
SCORED = ("text", "title")

FIELDS = (
    Field(
        "text",
        "Text",
        Match.WORDS,
        "Words of the passage, or of what is recorded of a meeting, an actor or a "
        "stance.",
        "with {} in the text",
        'text:"peace talks"',
    ),
    Field(
        "title",
        "Title",
        Match.WORDS,
        "Words of the title: the source's for a passage, the record's own otherwise.",
        "with {} in the title",
        "title:tehran",
    ),
    Field(
        "actor",
        "Actor",
        Match.NAME,
        "Whatever mentions the actor, is cited for a claim about it, or comes from a "
        "source about it.",
        "that concern {}",
        'actor:"islamic republic of iran"',
    ),
    Field(
        "person",
        "Person",
        Match.NAME,
        "The same as actor, among persons only.",
        "that concern {}",
        "person:raisi",
        column="actor",
    ),
    Field(
        "state",
        "State",
        Match.NAME,
        "The same as actor for a state together with its bodies: ministries, armed "
        "forces and the like.",
        "that concern {} or its bodies",
        "state:turkey",
        column="actor",
    ),
    Field(
        "holder",
        "Holder",
        Match.NAME,
        "Stances that this actor takes, or that are spoken for it: by whoever "
        "represents it, by its bodies, by whoever held an office of theirs on the "
        "day; and the passages cited for them.",
        "on a stance held by or spoken for {}",
        "holder:russia",
    ),
    Field(
        "topic",
        "Topic",
        Match.NAME,
        "The topic or any narrower one.",
        "on {}",
        "topic:arms",
    ),
    Field(
        "proposition",
        "Proposition",
        Match.SLUG,
        "Stances on this proposition, and the passages cited for them.",
        "on the proposition {}",
        "proposition:sweden-and-finland-in-nato",
    ),
    Field(
        "meeting",
        "Meeting",
        Match.SLUG,
        "The meeting, and the passages cited for it.",
        "about the meeting {}",
        "meeting:tehran-trilateral-2022-07",
    ),
    Field(
        "source",
        "Source",
        Match.SLUG,
        "Passages of this source, and what they are cited for.",
        "from the source {}",
        "source:article-2022-07-12-summary",
    ),
    Field(
        "publisher",
        "Publisher",
        Match.NAME,
        "Passages of sources of this publisher.",
        "published by {}",
        "publisher:dragoman",
    ),
    Field(
        "subject",
        "Subject",
        Match.WORDS,
        "Passages of sources whose publisher gives this subject, as the label is "
        "written there.",
        "whose publisher gives the subject {}",
        'subject:"foreign policy"',
    ),
    Field(
        "kind",
        "Kind",
        Match.CODE,
        "What is found.",
        "that are a {}",
        "kind:meeting",
        codes=tuple(Kind),
    ),
    Field(
        "status",
        "Status",
        Match.CODE,
        "Meetings with this status today, and the passages cited for them.",
        "about a meeting that is {}",
        "status:expected",
        codes=tuple(MeetingStatus),
    ),
    Field(
        "format",
        "Format",
        Match.CODE,
        "Meetings of this format, and the passages cited for them.",
        "about a {} meeting",
        "format:trilateral",
        codes=tuple(MeetingFormat),
    ),
    Field(
        "position",
        "Position",
        Match.CODE,
        "Stances with this position, by its word or its polarity from -2 (strongly "
        "against) to 2 (strongly for), and the passages cited for them.",
        "with the position {}",
        "position:against",
        codes=(*Position, *POLARITIES),
    ),
    Field(
        "date",
        "Date",
        Match.DATE,
        "When a source was published, a meeting was, or a stance was stated: a date in "
        "EDTF or a range of two.",
        "{}",
        "date:[2022-06 TO 2022-09]",
    ),
)

BY_KEY = {field.key: field for field in FIELDS}

#: What documents hold besides words and days: the fields that the others read.
VALUE_FIELDS = tuple(
    dict.fromkeys(
        field.reads for field in FIELDS if field.match not in (Match.WORDS, Match.DATE)
    )
)

#: The fields whose values are counted beside the results.
FACETS = ("kind", "actor", "topic", "meeting", "source", "publisher", "year")

#: How results may be ordered, and what that is called.
SORTS = {
    "relevance": "best match first",
    "date": "oldest first",
    "-date": "newest first",
}


def known_fields() -> str:
    """The keys of all fields, in one line."""
    return ", ".join(field.key for field in FIELDS)


def one_of(values: Iterable[str]) -> str:
    """Say a list of values: "a, b or c"."""
    *most, last = values
    return f"{', '.join(most)} or {last}" if most else last
