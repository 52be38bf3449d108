"""The values of the facets, with what to call each."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from models.titles import TITLES
from queries.dates import in_words
from queries.refs import find_labels
from queries.search.page import FacetValue
from search.engine import Count
from search.fields import Kind

PLURALS = {
    Kind.PASSAGE: "Passages",
    Kind.MEETING: "Meetings",
    Kind.ACTOR: "Actors",
    Kind.STANCE: "Stances",
    Kind.PROPOSITION: "Propositions",
}


def load_facets(
    session: Session,
    counted: Mapping[str, Sequence[Count]],
    filters: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[FacetValue, ...]]:
    """Name the values of each facet; a selected one is there although nothing has it.

    Args:
        session: an open session.
        counted: the most frequent values of each facet, as the engine counted them.
        filters: the values of each facet that the results are narrowed to.
    """
    return {
        name: _values(session, name, counts, filters.get(name, ()))
        for name, counts in counted.items()
    }


def _values(
    session: Session, name: str, counts: Sequence[Count], chosen: Iterable[str]
) -> tuple[FacetValue, ...]:
    selected = dict.fromkeys(chosen, 0)
    found = {count.value: count.count for count in counts}
    shown = found | {value: 0 for value in selected if value not in found}
    labels = _labels(session, name, list(shown))
    return tuple(
        FacetValue(
            value=value,
            label=labels.get(value, value),
            count=count,
            selected=value in selected,
        )
        for value, count in shown.items()
    )


def _labels(session: Session, facet: str, values: list[str]) -> Mapping[str, str]:
    if facet == "kind":
        return {kind.value: plural for kind, plural in PLURALS.items()}
    if facet == "month":
        return {month: in_words(month) for month in values}
    if facet not in TITLES or not values:
        return {}
    return find_labels(session, facet, values)
