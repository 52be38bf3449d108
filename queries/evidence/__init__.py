"""Evidence: the citations behind claims.

Two directions of the same rows: `cite` goes from claims to the spans they rest on,
`spans_where` from texts to the claims that rest on them.
"""

from queries.evidence.basis import basis_of, last_changed
from queries.evidence.citations import (
    MOST_CITED,
    NEWEST_VERSION,
    Citations,
    cite,
    said_by,
)
from queries.evidence.places import PASSAGES_ON_A_PAGE, anchor, in_source, page_of
from queries.evidence.spans import MOST_SPANS, Span, spans_where
from queries.evidence.wording import participant_name, stance_label

__all__ = [
    "Citations",
    "MOST_CITED",
    "MOST_SPANS",
    "NEWEST_VERSION",
    "PASSAGES_ON_A_PAGE",
    "Span",
    "anchor",
    "basis_of",
    "cite",
    "in_source",
    "last_changed",
    "page_of",
    "participant_name",
    "said_by",
    "spans_where",
    "stance_label",
]
