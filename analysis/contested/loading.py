"""One page of what is claimed and denied."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from analysis.contested.meetings import load_contested_meetings
from analysis.contested.propositions import (
    find_contested,
    load_exclusions,
    load_propositions,
)
from analysis.contested.shapes import (
    Contested,
    ContestedMeeting,
    ContestedProposition,
    Exclusion,
    How,
)
from analysis.statements import Period, find_topic, load_statements
from models import Stance
from models.enums import PropositionKind
from queries.evidence import basis_of
from queries.shapes import Citation
from queries.stances import CURRENT, under_topic

ON_A_PAGE = 10
"""How many propositions stand on a page."""


def load_contested(
    session: Session,
    *,
    how: How | None = None,
    kind: PropositionKind | None = None,
    topic: str | None = None,
    period: Period | None = None,
    page: int = 1,
) -> Contested:
    """Load the contested claims.

    Args:
        session: an open session.
        how: only propositions that are contested in this way.
        kind: only propositions of this kind.
        topic: only propositions under this topic or below it.
        period: only by stances that may have been stated in these days.
        page: which page of propositions.

    Raises:
        NotFound: there is no such topic.
    """
    period = period or Period()
    confined = find_topic(session, topic) if topic else None
    conditions = [CURRENT, period.touches()]
    if topic:
        conditions.append(under_topic(topic))
    items = load_statements(session, Stance.proposition_id.is_not(None), *conditions)
    found = find_contested(session, items, how, kind)
    shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    propositions = load_propositions(session, shown, items)
    exclusions = load_exclusions(session, conditions, kind) if page == 1 else ()
    meetings: tuple[ContestedMeeting, ...] = ()
    if page == 1 and not (how or kind or topic or not period.open):
        meetings = load_contested_meetings(session)
    return Contested(
        period=period,
        topic=confined,
        propositions=propositions,
        total=len(found),
        page=page,
        pages=max(1, -(-len(found) // ON_A_PAGE)),
        exclusions=exclusions,
        meetings=meetings,
        basis=basis_of(session, _cited(propositions, exclusions, meetings)),
    )


def _cited(
    propositions: Iterable[ContestedProposition],
    exclusions: Iterable[Exclusion],
    meetings: Iterable[ContestedMeeting],
) -> Iterator[Citation]:
    """Everything that the page cites."""
    for contested in propositions:
        for side in contested.sides:
            for stance in side.stances:
                yield from stance.citations
    for pair in exclusions:
        yield from pair.one.citations + pair.other.citations
    for meeting in meetings:
        for event in meeting.affirmed + meeting.denied:
            yield from event.citations
        for one in meeting.attendance:
            for part in one.affirmed + one.denied:
                yield from part.citations
