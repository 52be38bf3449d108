"""The small shapes that every page, JSON answer and command shares.

A loader returns frozen dataclasses, never ORM objects: a template cannot load lazily
behind our back, and the JSON cannot drift from the page. Every field is documented by
the attribute docstring below it; `web/openapi.py` publishes those words as the
schema's descriptions.

Addresses (`url`) are paths within the site, ready for an `href`.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote as percent_encode
from uuid import NAMESPACE_URL, UUID, uuid5

from models.enums import Certainty, EvidenceRole, Verb
from queries.dates import WrittenDate

T = TypeVar("T")

#: Where the page of each kind of thing lives.
FOLDERS = {
    "actor": "actors",
    "meeting": "meetings",
    "proposition": "propositions",
    "source": "sources",
    "stance": "stances",
    "topic": "topics",
}


def address(kind: str, slug: str) -> str:
    """The path of the page of a thing: `address("actor", "iran")` is `/actors/iran`."""
    return f"/{FOLDERS[kind]}/{percent_encode(slug, safe='')}"


def identity(kind: str, key: str) -> UUID:
    """Return the identity of a thing for feeds and calendars.

    Made of its kind and key alone, so that it is the same on every installation and
    after every reload.
    """
    return uuid5(NAMESPACE_URL, f"dragoman:{kind}:{key}")


@dataclass(frozen=True, kw_only=True)
class Ref:
    """A named thing that has a page of its own."""

    kind: str
    """What it is: actor, meeting, proposition, source, stance or topic."""
    slug: str
    """Its stable key."""
    label: str
    """Its name, title or sentence."""
    url: str = field(init=False)
    """The path of its page."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address(self.kind, self.slug))


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A coded value as a word for people and a class for the stylesheet.

    `kind` is what tells planned, reported, held, denied and unverified apart; `word`
    says it in text, so that colour never carries the meaning alone.
    """

    word: str
    """The word that the badge shows."""
    kind: str
    """Its class: see `queries/badges.py` for the values."""
    meaning: str
    """One sentence that explains the word."""
    sign: str = ""
    """For positions: a sign such as + or − that stands beside the word."""


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """One link of the chain to which a claim is attributed."""

    name: str
    """Who speaks: an actor's name or a source's title."""
    kind: str
    """actor or source."""
    slug: str
    """The actor's or the source's slug."""
    verb: Verb
    """How the next in the chain passes it on."""
    certainty: Certainty
    """The certainty that this speaker adds."""
    url: str = field(init=False)
    """The path of the speaker's page."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address(self.kind, self.slug))


@dataclass(frozen=True, kw_only=True)
class Citation:
    """The exact span that supports a claim, and to whom it is attributed."""

    source: Ref
    """The source that holds the span; its label is the title."""
    original: str | None = None
    """The slug of the source that this one summarises, translates or copies, if any:
    a derived text, not an independent source."""
    published: WrittenDate
    """When the source was published."""
    dated: WrittenDate
    """The day from which it counts: when the source was published, or the original if
    this source is derived from another."""
    quote: str | None
    """The words of the span; null while the source's text is withheld."""
    passage: int | None
    """The position of the passage in which the span begins, from 1."""
    last_passage: int | None
    """The position of the passage in which the span ends."""
    page: int | None = None
    """The page of the document on which the first passage begins, if it has pages."""
    last_page: int | None = None
    """The page on which the last passage begins."""
    start: int
    """Where the span begins in the source's text, in Unicode code points."""
    end: int
    """Where it ends (half-open)."""
    role: EvidenceRole
    """Whether the span supports the claim, contradicts it or gives context."""
    note: str | None
    """How the coder reads the span, if that needs saying."""
    chain: tuple[Speaker, ...]
    """The speaker nearest the claim first, the source last."""
    url: str
    """The span, marked in its source: `/sources/x#e10-40`."""
    more: int = 0
    """How many further spans of the same claim are not shown; on the last that is."""


@dataclass(frozen=True, kw_only=True)
class ClaimRef:
    """A claim that rests on a span of a source."""

    kind: str
    """meeting, status_event, participation, agenda_item, outcome, stance, tenure or
    membership."""
    label: str
    """What is claimed, in a few words."""
    url: str
    """The page on which the claim stands."""
    role: EvidenceRole
    """Whether the span supports the claim, contradicts it or gives context."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A run of a passage's text under the same evidence marks.

    Spans may overlap, and elements in HTML may not; so a passage is cut wherever a
    span begins or ends, and each piece names the spans that cover it.
    """

    text: str
    """The words."""
    start: int
    """Where the piece begins in the source's text, in code points."""
    end: int
    """Where it ends (half-open)."""
    anchors: tuple[str, ...]
    """The anchors of all spans that cover it; none when it is not evidence."""
    begins: tuple[str, ...]
    """Those anchors whose span begins in this passage here: they become ids."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An evidence span within a passage, and the claims that rest on it."""

    anchor: str
    """The span's anchor on the source's page: `e<start>-<end>`."""
    start: int
    """Where the span begins in the source's text."""
    end: int
    """Where it ends (half-open)."""
    claims: tuple[ClaimRef, ...]
    """What is claimed on the strength of it."""
    more: int = 0
    """How many further claims rest on the same span and are not shown."""


@dataclass(frozen=True, kw_only=True)
class PassageItem:
    """A passage of a source, with its evidence marked where it was asked for."""

    source: Ref
    """The source; its label is the title."""
    published: WrittenDate
    """When the source was published."""
    position: int
    """Its place in the source, from 1."""
    page: int | None = None
    """The page of the document on which it begins, if it has pages."""
    start: int
    """Where it begins in the source's text, in code points."""
    end: int
    """Where it ends (half-open)."""
    speaker: Ref | None
    """Whose turn it is, in a transcript."""
    text: str | None
    """Its words; null while the text is withheld."""
    cut: int = 0
    """How many characters at its end are not shown, because it is very long."""
    segments: tuple[Segment, ...]
    """The same words cut at the marks; empty while the text is withheld."""
    marks: tuple[Mark, ...]
    """The spans of evidence in it: all of them on a source's page, only those that
    concern the meeting on a meeting's page."""
    url: str
    """Where it stands: `/sources/x#p7`, or `/sources/x?page=2#p107`."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a page rests on; it stands at the foot of the page."""

    sources: int
    """How many sources are cited."""
    derived: int = 0
    """How many of them are made from another of them: they are no witnesses of their
    own."""
    passages: int
    """How many of their passages are cited."""
    changed: datetime | None
    """When the record was last changed by a load, an import or an attached text, in
    UTC."""


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    """The things on this page."""
    total: int
    """How many there are on all pages."""
    page: int
    """Which page this is, from 1."""
    limit: int
    """How many items a page holds at most."""
    pages: int = field(init=False)
    """How many pages there are; at least 1."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pages", max(1, -(-self.total // self.limit)))

    @property
    def more(self) -> bool:
        """Whether a page follows this one."""
        return self.page < self.pages


def field_values(item: Any) -> dict[str, Any]:
    """The fields of a dataclass as arguments, to make a fuller one of it."""
    return {part.name: getattr(item, part.name) for part in fields(item) if part.init}
