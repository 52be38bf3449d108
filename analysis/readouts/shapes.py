"""Two readouts side by side, as pages, JSON and files show them."""

from dataclasses import dataclass

from queries.shapes import Basis, ClaimRef, Ref
from queries.sources import SourceItem


@dataclass(frozen=True, kw_only=True)
class Witness:
    """A source that is cited for the meeting, and whose side it gives."""

    source: SourceItem
    """The source."""
    side: str
    """Who issued it: the state, the issuer, or the publisher; empty if nobody knows."""
    side_actor: Ref | None
    """The same as an actor, if it is one."""


@dataclass(frozen=True, kw_only=True)
class TypicalWord:
    """A word that one text uses more than the other."""

    word: str
    """Its most frequent form."""
    z: float
    """The weighted log-odds ratio, in standard deviations."""
    here: int
    """How often it stands in this text."""
    there: int
    """How often it stands in the other."""


@dataclass(frozen=True, kw_only=True)
class SourceSentence:
    """A sentence of a source."""

    text: str
    """Its words."""
    passage: int
    """The passage in which it stands."""
    url: str
    """The passage in its source."""


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """Two sentences that correspond."""

    left: SourceSentence
    """The sentence of the one."""
    right: SourceSentence
    """The sentence of the other."""
    likeness: float
    """The cosine of their words, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class CitedClaim:
    """A claim that rests on a source."""

    claim: ClaimRef
    """The claim."""
    url: str
    """The first span on which it rests, marked in the source."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """What one source says of the meeting."""

    witness: Witness
    """The source and its side."""
    topics: tuple[Ref, ...]
    """The topics that it mentions and the other does not: by its publisher's subjects,
    and by the agenda items and stances that are cited from it."""
    labels: tuple[str, ...]
    """Its publisher's topics that resolve to none of ours, and the other has not."""
    agenda: tuple[CitedClaim, ...]
    """The agenda items that rest on it, the first 100."""
    stances: tuple[CitedClaim, ...]
    """The stances that rest on it, the first 100."""
    words: tuple[TypicalWord, ...]
    """The words typical of it, the most typical first."""
    length: int
    """How many words it has, without stop words."""
    alone: tuple[SourceSentence, ...]
    """The sentences that correspond to none of the other's; those of this page."""
    total_alone: int
    """How many these are on all pages."""
    passages_read: int
    """How many of its passages are compared, from the first."""
    passages: int
    """How many passages it has."""


@dataclass(frozen=True, kw_only=True)
class Readouts:
    """What two sources say of the same meeting."""

    meeting: Ref
    """The meeting."""
    witnesses: tuple[Witness, ...]
    """The sources that are cited for it, with their sides; the first 100."""
    total_witnesses: int
    """How many sources are cited for it."""
    sides: tuple[str, ...]
    """The sides that issued them."""
    left: Account | None
    """The one; null if there are no two to compare."""
    right: Account | None
    """The other."""
    missing: str | None
    """What keeps them from being compared, in a sentence."""
    common_topics: tuple[Ref, ...]
    """The topics that both mention."""
    correspondences: tuple[Correspondence, ...]
    """The sentences that correspond, in the order of the one; those of this page."""
    total_correspondences: int
    """How many correspond on all pages."""
    page: int
    """Which page of sentences this is, from 1."""
    pages: int
    """On how many pages the sentences stand; at least 1."""
    basis: Basis
    """What the page rests on: the two sources, or those cited for the meeting."""
