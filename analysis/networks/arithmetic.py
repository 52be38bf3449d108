"""The weights of a network of stances, without a database.

The arithmetic is that of discourse network analysis: Philip Leifeld,
“Discourse Network Analysis: Policy Debates as Dynamic Networks”, in Victor, Montgomery
and Lubell (eds), *The Oxford Handbook of Political Networks*, 2017, chapter 12; and the
program Discourse Network Analyzer (DNA, version 3, class `Exporter`). Let *n(a, c, k)*
be how often actor *a* took level *k* on proposition *c* after duplicates are dropped.

One-mode weights of *a* and *b*, summed over propositions *c* and levels *k*, *l*:

=========== ============================================================================
congruence  Σ n(a, c, k) · n(b, c, l) · (1 − |k − l| / range)
conflict    Σ n(a, c, k) · n(b, c, l) · |k − l| / range
subtract    congruence − conflict
ignore      Σ over c of (Σ over k of n(a, c, k)) · (Σ over k of n(b, c, k))
=========== ============================================================================

Levels are signs, −1 and 1 (range 2: like signs agree wholly, unlike ones conflict
wholly), or strengths, −2 to 2 (range 4). DNA takes the range from the data; here it is
fixed, so that a filter does not change what agreement means. With signs, neutral
stances are left out; positions without a score (mixed, no comment, does not know,
unclear) are left out of everything but *ignore*, which asks only who spoke of the
same thing.

Normalisations, with *N(a)* = Σ n(a, c, k), all statements of *a*:

=========== ============================================================================
none        the weight
average     weight / ((N(a) + N(b)) / 2)
jaccard     weight / (m10 + m01 + m11), where m10 sums n(a, c, k) over the (c, k) that b
            has not, m01 the other way round, and m11 sums n(a, c, k) · n(b, c, k)
cosine      weight / (√Σ n(a, c, k)² · √Σ n(b, c, k)²)
=========== ============================================================================

Of the cosine DNA 3 computes √(N(a)²) · √(N(b)²), which is N(a) · N(b); the definition
of the cosine is kept here, and the two differ wherever an actor has two statements.

Duplicates are equal statements: the same actor, proposition and level. They count all,
or once for each source, day, ISO week, month or year, or once at all. A statement's day
is the last on which it may have been stated; its source is the one shown first.

Two-mode weights join actors and propositions: *subtract* Σ k · n(a, c, k), *ignore*
Σ n(a, c, k). Their normalisations are those of DNA 3:

=========== ============================================================================
none        the weight
activity    weight / N(a), all statements of the actor: how much of what it says
prominence  weight / N(c) = Σ over a, k of n(a, c, k): how much of what is said of it
=========== ============================================================================
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.networks.choices import Duplicates, Levels, Normalisation, Weight
from analysis.statements import Columns, Days, Floats, Ints, runs

RANGES = {Levels.SIGN: 2, Levels.STRENGTH: 4}
UNSIDED = 10
"""From here on levels stand for positions without polarity, for *ignore* only."""


@dataclass(frozen=True)
class Votes(Columns):
    """Statements as the arithmetic sees them: a row of each array is one of them."""

    actor: Ints
    proposition: Ints
    level: Ints
    """What can be compared, or `UNSIDED` and more."""
    day: Days
    """NaT if there is none."""
    source: Ints


@dataclass(frozen=True)
class Counts:
    """How often each actor took each level on each proposition: a row each.

    Actors and propositions are places in the lists of their ids.
    """

    actors: Ints
    propositions: Ints
    actor: Ints
    proposition: Ints
    level: Ints
    number: Ints

    @property
    def total(self) -> Ints:
        """How many statements each actor made."""
        return sums(self.actor, self.number, len(self.actors))

    def after(self, first: int) -> "Counts":
        """The same without the actors before a place."""
        kept = self.actor >= first
        return replace(
            self,
            actors=self.actors[first:],
            actor=self.actor[kept] - first,
            proposition=self.proposition[kept],
            level=self.level[kept],
            number=self.number[kept],
        )


def sums(place: Ints, number: Ints, size: int) -> Ints:
    """Add up numbers by place; exact, as whole numbers are to 2 to the 53."""
    return np.bincount(place, number, size).astype(np.int64)


def count_votes(votes: Votes, duplicates: Duplicates) -> Counts:
    """Count the votes of each actor, equal ones as `duplicates` says."""
    bucket = _bucket(votes, duplicates)
    order = np.lexsort((bucket, votes.level, votes.proposition, votes.actor))
    votes, bucket = votes.at(order), bucket[order]
    if duplicates != Duplicates.ALL:
        votes = votes.at(runs(votes.actor, votes.proposition, votes.level, bucket))
    starts = runs(votes.actor, votes.proposition, votes.level)
    actors, actor = np.unique(votes.actor[starts], return_inverse=True)
    propositions, place = np.unique(votes.proposition[starts], return_inverse=True)
    return Counts(
        actors=actors,
        propositions=propositions,
        actor=actor,
        proposition=place,
        level=votes.level[starts],
        number=np.diff(starts, append=len(votes)),
    )


def _bucket(votes: Votes, duplicates: Duplicates) -> Ints:
    """What equal statements must share to count once; undated ones share that."""
    if duplicates == Duplicates.SOURCE:
        return votes.source
    if duplicates in (Duplicates.ALL, Duplicates.ONCE):
        return np.zeros(len(votes), np.int64)
    if duplicates == Duplicates.WEEK:
        return weeks(votes.day)
    unit = {"day": "M8[D]", "month": "M8[M]", "year": "M8[Y]"}[duplicates.value]
    return votes.day.astype(unit).astype(np.int64)


def weeks(days: Days) -> Ints:
    """The number of the ISO week: 1 January 1970 was a Thursday."""
    return (days.astype("M8[D]").astype(np.int64) + 3) // 7


@dataclass(frozen=True)
class Ties(Columns):
    """Edges: a row of each array is one of them, and what its weight was made of."""

    a: Ints
    b: Ints
    value: Floats
    congruence: Floats
    conflict: Floats
    shared: Ints


ACTORS, PROPOSITIONS = 256, 1024
"""How many are compared at a time, so that memory stays bounded."""


def one_mode(
    counts: Counts,
    weight: Weight,
    normalisation: Normalisation = Normalisation.NONE,
    levels: Levels = Levels.SIGN,
) -> Ties:
    """Compute the edges between actors: each pair once, where there is anything.

    Sums of products over propositions are products of matrices. All numbers are whole,
    or quarters, so that nothing is rounded before the division.

    Returns:
        Of *subtract*, pairs that agree as much as they differ are there, with the
        weight 0.
    """
    found = [
        _block(counts.after(at), weight, normalisation, RANGES[levels])
        for at in range(0, max(1, len(counts.actors)), ACTORS)
    ]
    return Ties.joined(found)


def _block(
    counts: Counts, weight: Weight, normalisation: Normalisation, reach: int
) -> Ties:
    """Compute the edges of the first of the actors with those that come after them."""
    rows = slice(ACTORS)
    levels = np.unique(counts.level)
    size = len(counts.actors[rows]), len(counts.actors)
    congruence, both, shared, same, one, other = np.zeros((6, *size))
    for at in range(0, len(counts.propositions), PROPOSITIONS):
        cube = _cube(counts, levels, at)
        spoken = cube.sum(0)
        both += _products(spoken[rows], spoken)
        spoken = np.minimum(spoken, 1)
        shared += _products(spoken[rows], spoken)
        for level, taken in zip(levels, cube, strict=True):
            if weight != Weight.IGNORE:
                nearness = 1 - abs(levels - level) / reach
                near = np.einsum("l,lap->ap", nearness, cube)
                congruence += _products(taken[rows], near)
            if normalisation == Normalisation.JACCARD:
                has = np.minimum(taken, 1)
                same += _products(taken[rows], taken)
                one += _products(taken[rows], has)
                other += _products(has[rows], taken)
    conflict = both - congruence
    value: Floats = {
        Weight.CONGRUENCE: congruence,
        Weight.CONFLICT: conflict,
        Weight.SUBTRACT: congruence - conflict,
        Weight.IGNORE: both,
    }[weight]
    total = counts.total
    if normalisation == Normalisation.AVERAGE:
        value = value / ((total[rows, None] + total) / 2)
    elif normalisation == Normalisation.COSINE:
        squares = sums(counts.actor, counts.number**2, len(counts.actors))
        value = value / (np.sqrt(squares[rows, None]) * np.sqrt(squares))
    elif normalisation == Normalisation.JACCARD:
        apart = (total[rows, None] - one) + (total - other)
        value = np.divide(value, apart + same, where=shared > 0, out=np.zeros(size))
    joined = (value != 0) | ((weight == Weight.SUBTRACT) & (shared > 0))
    a, b = np.nonzero(np.triu(joined, 1))
    if weight == Weight.IGNORE:
        congruence = conflict = np.zeros(size)
    return Ties(
        a=counts.actors[rows][a],
        b=counts.actors[b],
        value=value[a, b],
        congruence=congruence[a, b],
        conflict=conflict[a, b],
        shared=shared[a, b].astype(np.int64),
    )


def _products(some: Floats, every: Floats) -> Floats:
    """The sums of products of each row with each row.

    `some @ every.T` would start threads that wait for each other: three times as fast
    on an idle machine, but on a busy one a page took 340 ms instead of 90.
    """
    found: Floats = np.vecdot(some[:, None], every[None])
    return found


def _cube(counts: Counts, levels: Ints, first: int) -> Floats:
    """Levels × actors × propositions, from one proposition on."""
    last = min(first + PROPOSITIONS, len(counts.propositions))
    here = (counts.proposition >= first) & (counts.proposition < last)
    cube = np.zeros((len(levels), len(counts.actors), last - first))
    place = np.searchsorted(levels, counts.level[here])
    cube[place, counts.actor[here], counts.proposition[here] - first] = counts.number[
        here
    ]
    return cube


def two_mode(
    counts: Counts,
    weight: Weight,
    normalisation: Normalisation = Normalisation.NONE,
) -> Ties:
    """Compute the edges from actors to propositions, for *subtract* and *ignore*."""
    starts = runs(counts.actor, counts.proposition)
    place = np.repeat(
        np.arange(len(starts)), np.diff(starts, append=len(counts.number))
    )
    strength = np.where(counts.level < UNSIDED, counts.level, 0) * counts.number
    positive = sums(place, np.maximum(strength, 0), len(starts))
    negative = sums(place, np.maximum(-strength, 0), len(starts))
    spoken = sums(place, counts.number, len(starts))
    whole = spoken if weight == Weight.IGNORE else positive - negative
    value: Floats = whole.astype(np.float64)
    if normalisation == Normalisation.ACTIVITY:
        value = value / counts.total[counts.actor[starts]]
    elif normalisation == Normalisation.PROMINENCE:
        said = sums(counts.proposition, counts.number, len(counts.propositions))
        value = value / said[counts.proposition[starts]]
    return Ties(
        a=counts.actors[counts.actor[starts]],
        b=counts.propositions[counts.proposition[starts]],
        value=value,
        congruence=positive.astype(np.float64),
        conflict=negative.astype(np.float64),
        shared=np.ones(len(starts), np.int64),
    )
