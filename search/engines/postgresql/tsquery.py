"""The parts of SQL that a query becomes: tsqueries, shapes for LIKE, alternatives."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from search.engines.postgresql.known import Sql
from search.engines.postgresql.store import quoted


def any_of(terms: Iterable[str], weight: str = "") -> str:
    """Write a tsquery for any of some terms, in parts of a vector with a weight."""
    mark = f":{weight}" if weight else ""
    return "(" + " | ".join(quoted(term) + mark for term in sorted(terms)) + ")"


def phrase(steps: Sequence[str], slop: int) -> str:
    """Write the ways to place at most *slop* words between steps."""
    ways = []
    for cut in combinations(range(slop + len(steps) - 1), len(steps) - 1):
        gaps = [after - before for before, after in pairwise((-1, *cut))]
        followed = (
            f" <{gap}> {step}" for gap, step in zip(gaps, steps[1:], strict=True)
        )
        ways.append(f"({steps[0]}{''.join(followed)})")
    return " | ".join(ways)


def either(conditions: Iterable[Sql]) -> Sql:
    """Write that one of some conditions holds; none of none does."""
    return f"({' OR '.join(conditions) or 'false'})"


def like_shape(shape: str) -> str:
    """Write a wildcard for LIKE."""
    escaped = re.sub(r"([\\%_])", r"\\\1", shape)
    return escaped.replace("*", "%").replace("?", "_")
