"""Evaluating a query on arrays: every document that matches, exactly.

Each leaf is looked up and gives an ascending array of documents with their scores; the
tree is evaluated on these. Nothing is skipped on the strength of a bound, so totals and
facets come out exact; what makes it fast is that no step runs in Python once per
document.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from search import scoring
from search.days import span
from search.engines.whoosh.arrays import Array
from search.engines.whoosh.counting import Counting
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.sets import NO_DOCS, any_of, positions, summed, within
from search.engines.whoosh.snapshot import Snapshot
from search.fields import BY_KEY, SCORED, Match
from search.patterns import pattern, value_pattern
from search.tree import (
    All,
    And,
    AnyOf,
    Boost,
    Days,
    Favour,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Words,
)


class Found(NamedTuple):
    """Documents, ascending, with their scores; None for all zero."""

    docs: Array
    scores: Array | None = None

    def kept(self, keep: Array | slice) -> "Found":
        """Return some of them."""
        return Found(
            self.docs[keep], None if self.scores is None else self.scores[keep]
        )


def matches(snapshot: Snapshot, node: Node) -> Found:
    """Return the documents that match."""
    found = _found(snapshot, node)
    if snapshot.alive is not None:
        found = found.kept(snapshot.alive.take(found.docs))
    if snapshot.factors is None or found.scores is None:
        return found
    return Found(found.docs, found.scores * snapshot.factors.take(found.docs))


def mask(snapshot: Snapshot, node: Node) -> Array:
    """Tell of each document whether it matches; a deleted one may."""
    found = np.zeros(snapshot.size, bool)
    found[_found(snapshot, node).docs] = True
    return found


def _found(snapshot: Snapshot, node: Node) -> Found:
    """Return the documents that match, deleted ones among them."""
    match node:
        case Prefix() | Wildcard() if (
            node.field and BY_KEY[node.field].match is not Match.WORDS
        ):
            return _like(snapshot, node, node.field)
        case Term() | Phrase() | Fuzzy() | Prefix() | Wildcard():
            return _leaf(snapshot, node)
        case AnyOf(field, values):
            return Found(
                snapshot.over(
                    lambda part: any_of(part.size, part.values(field).holding(values))
                )
            )
        case Days():
            docs = snapshot.all()
            return Found(docs[_overlapping(snapshot, node, docs)])
        case All():
            return Found(snapshot.all())
        case Not(child):
            return Found(np.flatnonzero(~mask(snapshot, child)))
        case Boost(child, factor):
            docs, scores = _found(snapshot, child)
            return Found(docs, None if scores is None else scores * factor)
        case Favour(child, spans):
            docs, scores = _found(snapshot, child)
            if scores is None:
                return Found(docs)
            near = np.zeros(len(docs), bool)
            for day in spans:
                near |= _overlapping(snapshot, day, docs)
            return Found(docs, scores * np.where(near, scoring.FAVOURED, 1.0))
        case Or(below):
            return _union(snapshot.size, [_found(snapshot, part) for part in below])
        case And(below, optional):
            # Days tell of few documents in less time than they find many.
            days = [part for part in below if isinstance(part, Days)]
            others = [part for part in below if part not in days] or below
            size = snapshot.size
            found = _intersection(size, [_found(snapshot, part) for part in others])
            for test in days:
                found = found.kept(_overlapping(snapshot, test, found.docs))
            for part in optional:
                found = _enriched(size, found, _found(snapshot, part))
            return found
    raise TypeError(f"{type(node).__name__} is for search.meaning to resolve")


def _leaf(snapshot: Snapshot, leaf: Words) -> Found:
    fields = (leaf.field,) if leaf.field else SCORED
    scored = set(fields) <= set(SCORED)
    gains = {field: snapshot.gain(field) if scored else None for field in fields}
    rows = pattern(leaf, snapshot.languages).rows
    docs, frequency = Counting(snapshot, gains, leaf).of(rows)
    if not scored:
        return Found(docs)
    rarity = scoring.rarity(snapshot.documents, snapshot.live(docs))
    return Found(docs, scoring.score(rarity, frequency))


def _like(snapshot: Snapshot, leaf: Prefix | Wildcard, field: str) -> Found:
    """Documents of which a coded value passes the test of *leaf*."""
    step = value_pattern(leaf)
    accepts = step.tester()

    def having(segment: Segment) -> Array:
        values = segment.values(BY_KEY[field].reads)
        docs = [
            values.docs(values.of(number))
            for number, value in values.vocabulary.beginning(step.prefix)
            if accepts(value)
        ]
        return any_of(segment.size, docs)

    return Found(snapshot.over(having))


def _overlapping(snapshot: Snapshot, days: Days, docs: Array) -> Array:
    """Tell which of the documents may be of these days."""
    low, high = span(days.first, days.last)
    earliest, latest = (bound.take(docs) for bound in snapshot.days)
    found: Array = (earliest <= high) & (latest >= low) & (earliest <= latest)
    return found


def _union(size: int, parts: Sequence[Found]) -> Found:
    if all(part.scores is None for part in parts):
        return Found(any_of(size, [part.docs for part in parts] or [NO_DOCS]))
    pieces = [
        (docs, np.zeros(len(docs)) if scores is None else scores)
        for docs, scores in parts
    ]
    return Found(*summed(size, pieces))


def _intersection(size: int, parts: Sequence[Found]) -> Found:
    docs = min((part.docs for part in parts), key=len)
    for part in parts:
        if part.docs is not docs:
            docs = docs[within(size, docs, part.docs)]
    scores = None
    for part in parts:
        if part.scores is not None:
            own = part.scores
            if len(part.docs) != len(docs):
                own = own[positions(size, part.docs, docs)]
            scores = own if scores is None else scores + own
    return Found(docs, scores)


def _enriched(size: int, found: Found, more: Found) -> Found:
    """Add the scores of *more* to what is found already."""
    if more.scores is None:
        return found
    shared = within(size, more.docs, found.docs)
    scores = np.zeros(len(found.docs)) if found.scores is None else found.scores.copy()
    scores[positions(size, found.docs, more.docs[shared])] += more.scores[shared]
    return Found(found.docs, scores)
