"""The error for a query that cannot be understood; what a query may have at most."""

from errors import BadRequest

LONGEST_QUERY = 2_000
DEEPEST_QUERY = 50
MOST_PARTS = 100
MOST_SHAPES = 20
WIDEST_SLOP = 100
MOST_EDITS = 2
STRONGEST_BOOST = 1_000
WEAKEST_BOOST = 0.001


class QueryError(BadRequest):
    """A query that cannot be understood; says where, and what would be."""

    def __init__(
        self, detail: str, *, position: int | None = None, field: str = "q"
    ) -> None:
        super().__init__(detail, field=field, position=position)


def too_deep() -> str:
    """Say that brackets or operators nest too deep."""
    return f"The query nests more than {DEEPEST_QUERY} levels deep."
