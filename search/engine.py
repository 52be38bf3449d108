"""What a search engine is to Dragoman: the port, in our own vocabulary.

A tree goes in; an exact total, ranked ids and facet counts come out. Documents go in;
after `Engine.write` returns they are on disk. An engine holds slugs and terms, never a
name or a text: it can be thrown away and built again from the database.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Protocol, Self, TypeAlias

from errors import Rebuilding, Unavailable
from search.days import UNDATED, span
from search.fields import Kind
from search.tree import Node

#: Raised whenever the same rows yield other documents: indexes are then rebuilt.
DOCUMENTS_VERSION = 4

#: A text with the language that it is written in (BCP 47), if known.
Text: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A thing that searches find, as the index takes it."""

    id: str
    """Its key in the index: the kind and the slug, `passage/<source>/<position>`."""
    owner: str
    """The aggregate root that it belongs to, and goes with: `source/<slug>`."""
    kind: Kind
    """What it is."""
    title: tuple[Text, ...] = ()
    """Texts searched as its title."""
    text: tuple[Text, ...] = ()
    """Texts searched as its text."""
    subjects: tuple[str, ...] = ()
    """The publisher's labels, as written."""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of the other fields, by field: sorted, without repeats."""
    dated: bool = False
    """Whether anything is known of its date."""
    earliest: date | None = None
    """The first day that its date may cover; None for an open side."""
    latest: date | None = None
    """The last day that its date may cover; None for an open side."""

    def days(self) -> tuple[int, int]:
        """Return its date as two numbers of days (see `search.days`)."""
        return span(self.earliest, self.latest) if self.dated else UNDATED

    def digest(self) -> bytes:
        """Return eight bytes that differ, in practice, where the content does."""
        content: Any = [
            self.owner,
            self.kind,
            self.title,
            self.text,
            self.subjects,
            sorted((key, value) for key, value in self.values.items() if value),
            self.dated and [str(self.earliest), str(self.latest)],
        ]
        packed = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(packed.encode("ascii"), digest_size=8).digest()


@dataclass(frozen=True)
class Changes:
    """What to do to an index, all at once.

    A document replaces the one with its id; no id may come twice.
    """

    documents: Iterable[Document] = ()
    """The documents to add or replace; read once, as a stream."""
    ids: frozenset[str] = frozenset()
    """The ids of documents that are no more."""
    owners: frozenset[str] = frozenset()
    """The roots all of whose documents go, other than those given anew."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A question to an engine."""

    query: Node
    """What to find; resolved (see `search.meaning`)."""
    filters: tuple[tuple[str, Node], ...] = ()
    """What else must match, by facet; a facet is counted without its own filter."""
    facets: tuple[str, ...] = ()
    """Which facets to count."""
    broader: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """For facets with a hierarchy: what each value also counts for."""
    most_values: int = 20
    """How many values of a facet to return, the most frequent first."""
    month_years: tuple[int, int] = (MINYEAR, MAXYEAR)
    """From which year to which the facet `month` is counted: there may be many."""
    sort: str = "relevance"
    """One of `search.fields.SORTS`."""
    offset: int = 0
    """How many of the ranked documents to leave out."""
    limit: int = 10
    """How many to return."""


@dataclass(frozen=True)
class Hit:
    """A document that was found."""

    id: str
    score: float


@dataclass(frozen=True)
class Count:
    """How many of the found documents have a value."""

    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """An engine's answer."""

    total: int
    """How many documents match, exactly."""
    hits: tuple[Hit, ...]
    """The ones asked for, in order; equal ones in the order of their ids."""
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    """The counts of each facet asked for, exact."""


class NoIndex(Rebuilding):
    """There is no index that this version can read; building it is what helps."""

    @classmethod
    def yet(cls) -> Self:
        """There is none at all."""
        return cls("There is no search index yet. `dragoman reindex` builds it.")

    @classmethod
    def of_this_version(cls) -> Self:
        """There is one, with a layout or content that this version does not read."""
        return cls(
            "The search index was written by another version of Dragoman. "
            "`dragoman reindex` builds it anew."
        )


class Locked(Unavailable):
    """Somebody else is writing the index."""

    def __init__(self) -> None:
        super().__init__(
            "The search index is being written by somebody else. What changed "
            "meanwhile is queued and will be indexed afterwards."
        )


def damaged(said: object) -> Unavailable:
    """Return the error for an index that cannot be read, with what the reader said."""
    return Unavailable(
        f"The search index is damaged ({said}). `dragoman reindex` builds it anew.",
        public="The search index is damaged. `dragoman reindex` builds it anew.",
    )


class Engine(Protocol):
    """A search engine. Every method may raise `Unavailable`."""

    def search(self, request: Request) -> Result:
        """Answer a question from the last commit.

        Raises:
            BadRequest: a wildcard that stands for too many words.
        """
        ...

    def languages(self) -> frozenset[str]:
        """The stemmed languages that its documents are written in."""
        ...

    def similar(self, word: str, limit: int = 5) -> tuple[str, ...]:
        """Words of its texts that *word*, folded, may have been meant for.

        At most two changes away, the nearest first and then the most frequent.
        """
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Hold this while you read the database and write the index.

        Raises:
            Locked: another thread or process holds it.
        """
        ...

    def token(self) -> str | None:
        """Return the token of the last commit; None if it was given none.

        Raises:
            NoIndex: there is no index.
        """
        ...

    def write(self, changes: Changes, token: str | None = None) -> None:
        """Make the changes in one commit; they are on disk when this returns.

        *token* says which state of the database the commit belongs to (`search.tie`).
        Call it under the lock. On an error the index stays as it was.
        """
        ...

    def rebuild(self, documents: Iterable[Document], token: str | None = None) -> None:
        """Build the index anew beside the one in use, then swap it in.

        Call it under the lock. On an error the index in use stays as it was.
        """
        ...

    def check(self) -> None:
        """Raise `Unavailable` if the index is missing, damaged or another version's."""
        ...

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield the id and the digest of each document, in no order.

        Damage is found wherever it is: all of the index is read.
        """
        ...
