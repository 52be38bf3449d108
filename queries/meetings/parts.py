"""Changes of status, participants, agenda and outcomes, as pages show them."""

from collections.abc import Sequence

from models import AgendaItem, MeetingStatusEvent, Outcome, Participation
from queries.badges import agenda_badge, firmness, presence_badge, status_badge
from queries.evidence import Citations, participant_name, said_by
from queries.meetings.shapes import AgendaEntry, OutcomeEntry, Participant, StatusEvent
from queries.refs import actor_ref, maybe, topic_ref, written


def read_status_events(
    events: Sequence[MeetingStatusEvent], citations: Citations
) -> tuple[StatusEvent, ...]:
    """The status events as pages show them, in the order of their rows."""
    return tuple(
        StatusEvent(
            status=event.status,
            badge=status_badge(event.status, firmness(found)),
            date=written(event, "date"),
            said_by=said_by(found),
            citations=found,
        )
        for event in events
        for found in (citations["status_event", event.id],)
    )


def read_participants(
    parts: Sequence[Participation], citations: Citations
) -> tuple[Participant, ...]:
    """The participants as pages show them, in the order of their rows."""
    return tuple(
        Participant(
            name=participant_name(part),
            person=maybe(actor_ref, part.person),
            label=part.label,
            represents=maybe(actor_ref, part.represented),
            office=part.office.title if part.office else None,
            role=part.role,
            presence=part.presence,
            badge=presence_badge(part.presence, firmness(found)),
            said_by=said_by(found),
            citations=found,
        )
        for part in parts
        for found in (citations["participation", part.id],)
    )


def read_agenda(
    entries: Sequence[AgendaItem], citations: Citations
) -> tuple[AgendaEntry, ...]:
    return tuple(
        AgendaEntry(
            position=entry.position,
            text=entry.text,
            topic=maybe(topic_ref, entry.topic),
            side=maybe(actor_ref, entry.side),
            status=entry.status,
            badge=agenda_badge(entry.status, firmness(found)),
            said_by=said_by(found),
            citations=found,
        )
        for entry in entries
        for found in (citations["agenda_item", entry.id],)
    )


def read_outcomes(
    outcomes: Sequence[Outcome], citations: Citations
) -> tuple[OutcomeEntry, ...]:
    return tuple(
        OutcomeEntry(
            position=outcome.position,
            type=outcome.type,
            text=outcome.text,
            said_by=said_by(found),
            citations=found,
        )
        for outcome in outcomes
        for found in (citations["outcome", outcome.id],)
    )
