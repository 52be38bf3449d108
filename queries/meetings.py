"""Meetings: who met whom, what was on the table, what came of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.sql.base import ExecutableOption

from errors import NotFound, quoted
from models import (
    Actor,
    AgendaItem,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Source,
    SourceText,
    Stance,
)
from models.dates import parse_edtf
from models.enums import (
    AgendaStatus,
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    OutcomeType,
    Phase,
    Presence,
    Role,
)
from queries.badges import agenda_badge, firmness, presence_badge, status_badge
from queries.dates import WrittenDate
from queries.evidence import (
    Citations,
    basis_of,
    cite,
    participant_name,
    said_by,
)
from queries.filters import (
    Filter,
    Listing,
    ListOf,
    Rows,
    by_code,
    by_days,
    by_slug,
    by_topic,
    by_truth,
    by_words,
    check_slug,
    count,
    no_such,
    run,
)
from queries.parameters import A_DATE, LAST_DAY, Parameter
from queries.passages import passages_of
from queries.refs import (
    actor_ref,
    maybe,
    meeting_ref,
    topic_ref,
    written,
)
from queries.shapes import (
    Badge,
    Basis,
    Citation,
    Page,
    PassageItem,
    Ref,
    address,
    spread,
)
from queries.stances import StanceItem
from queries.stances import load_items as load_stances
from queries.trees import topics_under


@dataclass(frozen=True, kw_only=True)
class MeetingItem:
    """A meeting as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    title: str
    """What it is called."""
    kind: MeetingKind
    """What sort of encounter it is."""
    format: MeetingFormat
    """How many sides sit at the table."""
    medium: Medium
    """How the sides were in touch."""
    level: Level | None
    """The highest level present, if known."""
    status: MeetingStatus | None
    """The latest status as known on the day asked for (today, unless said)."""
    ended: MeetingStatus | None
    """How what was held ended, as far as that was known: `stalled`."""
    badge: Badge
    """The status as a word and a class."""
    status_said_by: str | None
    """On whose word the status is recorded."""
    date: WrittenDate
    """When it was, is or should be."""
    several: bool
    """True when the source speaks of an uncounted set of meetings."""
    venue: str | None
    """The building or the hall."""
    city: str | None
    """The city."""
    country: Ref | None
    """The state in which it takes place."""
    parent: Ref | None
    """The meeting to which it belongs."""
    relation: MeetingRelation | None
    """How it belongs to its parent."""
    series: str | None
    """The series of which it is one."""
    who: tuple[str, ...]
    """Who takes part, in short: person, or else the body represented, or a label; the
    first 12."""
    more: int
    """How many more take part."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("meeting", self.slug))

    @property
    def named(self) -> str:
        """Who takes part, in a line."""
        more = f" and {self.more:,} more" if self.more else ""
        return ", ".join(self.who) + more


@dataclass(frozen=True, kw_only=True)
class StatusEvent:
    """A change of a meeting's status, as somebody reports it."""

    status: MeetingStatus
    """What is said of the meeting."""
    badge: Badge
    """The status as a word and a class."""
    date: WrittenDate
    """From when the status holds."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who takes part in a meeting."""

    name: str
    """The person's name, or else the label, or else the body represented."""
    person: Ref | None
    """The person, if known."""
    label: str | None
    """The words of the source where no person is named ("delegations")."""
    represents: Ref | None
    """The actor spoken for."""
    office: str | None
    """The office as recorded at the time."""
    role: Role
    """The part that they play."""
    presence: Presence
    """Whether they were there."""
    badge: Badge
    """The presence as a word and a class."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """An item on a meeting's agenda."""

    position: int
    """Its place on the agenda, from 1."""
    text: str
    """What it says."""
    topic: Ref | None
    """Its topic."""
    side: Ref | None
    """Whose agenda it is, where the sides' differ."""
    status: AgendaStatus
    """How firmly it stands on the table."""
    badge: Badge
    """The status as a word and a class."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class OutcomeEntry:
    """What came of a meeting."""

    position: int
    """Its place among the outcomes, from 1."""
    type: OutcomeType
    """What sort of outcome it is."""
    text: str
    """What it says."""
    said_by: str | None
    """Who says so: the speaker nearest the claim."""
    citations: tuple[Citation, ...]
    """The evidence."""


@dataclass(frozen=True, kw_only=True)
class MeetingDetail(MeetingItem):
    """A meeting with everything that is recorded about it."""

    citations: tuple[Citation, ...]
    """The evidence for the meeting itself."""
    status_events: tuple[StatusEvent, ...]
    """How its status changed, the first first."""
    participants: tuple[Participant, ...]
    """Who took, takes or should take part."""
    agenda: tuple[AgendaEntry, ...]
    """What is on the table."""
    outcomes: tuple[OutcomeEntry, ...]
    """What came of it."""
    page: int
    """Which page of the four this is, from 1; a page holds 100 of each."""
    pages: int
    """How many pages the longest of the four has; at least 1."""
    total_participants: int
    """How many participants there are on all pages."""
    children: tuple[MeetingItem, ...]
    """The meetings that belong to it; each says by which relation. The first 50."""
    total_children: int
    """How many belong to it; `/meetings?parent=…` lists them all."""
    stances: tuple[StanceItem, ...]
    """The stances taken at it, the first 50."""
    total_stances: int
    """How many were taken at it; `/stances?meeting=…` lists them all."""
    passages: tuple[PassageItem, ...]
    """The passages cited for what is shown, with those spans marked; the first 25."""
    basis: Basis
    """What is shown here rests on."""


# The select and its filters

_ENDED = MeetingStatus.of(Phase.ENDED)
STATUS = case(
    *((MeetingStatusEvent.status == one, one.implied) for one in _ENDED),
    else_=MeetingStatusEvent.status,
)
"""The status of a meeting that `select_meetings` finds, as SQL: the one that the event
that tells it implies. In Python it is `event.status.implied`."""


def _known_since(event: Any) -> Any:
    """The day on which the first source that reports a status event was out."""
    return (
        select(func.min(Source.published_latest))
        .join(SourceText, SourceText.source_id == Source.id)
        .join(Evidence, Evidence.source_text_id == SourceText.id)
        .where(Evidence.status_event_id == event.id)
        .correlate(event)
        .scalar_subquery()
    )


def select_meetings(as_known_on: date | None = None) -> Rows:
    """Select meetings with the status event that tells their status, and how it ended.

    That is the event with the latest effective day, as in the view `meetings`; an event
    without a date counts from the day on which it was known. One that says how a
    meeting ended tells its status only where there is no other (`STATUS`); it is the
    third column, the status of the latest such event or None. `as_known_on` leaves out
    the events that no source had reported by then.
    """
    chosen = MeetingStatusEvent.id == _latest_event(as_known_on).scalar_subquery()
    ended = _latest_event(as_known_on, ended=True)
    how = ended.scalar_subquery().label("ended")
    columns = select(Meeting, MeetingStatusEvent, how).select_from(Meeting)
    return columns.outerjoin(MeetingStatusEvent, chosen)


def _latest_event(as_known_on: date | None, ended: bool = False) -> Any:
    """The event that tells a meeting's status, by id; or the status that ended it."""
    event = aliased(MeetingStatusEvent)
    known = _known_since(event)
    effective = func.coalesce(event.latest, event.earliest)
    day = func.coalesce(effective, known)
    latest = (
        select(event.status if ended else event.id)
        .where(event.meeting_id == Meeting.id)
        .order_by(
            case((event.status.in_(_ENDED), 1), else_=0),
            case((day.is_(None), 1), else_=0),
            day.desc(),
            case((known.is_(None), 1), else_=0),
            known.desc(),
            event.position.desc(),
        )
        .limit(1)
        .correlate(Meeting)
    )
    if as_known_on is not None:
        latest = latest.where(known <= as_known_on)
    return latest.where(event.status.in_(_ENDED)) if ended else latest


def attended_by(slug: str) -> ColumnElement[bool]:
    """True of the meetings in which an actor takes part, itself or represented."""
    return exists().where(
        Participation.meeting_id == Meeting.id,
        or_(
            Participation.person_id == Actor.id,
            Participation.represented_id == Actor.id,
        ),
        Actor.slug == slug,
    )


def about_topic(*slugs: str) -> ColumnElement[bool]:
    """True of the meetings that have one of the topics, or one below, on the agenda."""
    return exists().where(
        AgendaItem.meeting_id == Meeting.id,
        AgendaItem.topic_id.in_(topics_under(*slugs)),
    )


_parent = aliased(Meeting)


def _with(column: Any, slug: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column == (
        select(Actor.id).where(Actor.slug == slug).scalar_subquery()
    )
    return condition


def _child_of(slug: str) -> ColumnElement[bool]:
    parent = select(_parent.id).where(_parent.slug == slug).scalar_subquery()
    return Meeting.parent_id == parent


MEETINGS = ListOf(
    noun="meetings",
    filters=(
        by_words(
            "Words of the title, the place or the series.",
            Meeting.title,
            Meeting.venue,
            Meeting.city,
            Meeting.series,
        ),
        by_code("kind", MeetingKind, "Only this kind of encounter.", Meeting.kind),
        by_code(
            "format",
            MeetingFormat,
            "Only meetings with this many sides.",
            Meeting.format,
        ),
        by_code("medium", Medium, "Only meetings by this means.", Meeting.medium),
        by_code("level", Level, "Only meetings at this level.", Meeting.level),
        by_code(
            "status",
            MeetingStatus,
            "Only meetings with this status.",
            STATUS,
        ),
        by_slug(
            "actor",
            "Only meetings in which this actor takes part, itself or represented.",
            attended_by,
        ),
        by_topic(
            "topic",
            "Only meetings with this topic, or one below it, on the agenda.",
            about_topic,
        ),
        by_slug(
            "country",
            "Only meetings in this state.",
            lambda slug: _with(Meeting.country_id, slug),
        ),
        by_slug(
            "parent", "Only meetings that belong to this one.", _child_of, "meeting"
        ),
        by_code(
            "relation",
            MeetingRelation,
            "Only meetings that belong to another in this way.",
            Meeting.relation,
        ),
        by_truth(
            "several",
            "Only records of an uncounted set of meetings, or only of single ones.",
            Meeting.several.is_,
        ),
        *by_days(Meeting.earliest, Meeting.latest, "meetings"),
        Filter(
            name="as_known_on",
            label="As known on",
            help="The status as it was known on this day, not as it is known today.",
            takes=A_DATE,
            where=lambda _: true(),
            repeatable=False,
        ),
    ),
    sorts={
        "date": (Meeting.earliest,),
        "title": (Meeting.title,),
        "status": (STATUS,),
    },
    default_sort="-date",
    tie=Meeting.slug,
)


#: The day from which a meeting's page looks back.
AS_KNOWN_ON = Parameter(
    name="as_known_on",
    help="The status as it was known on this day.",
    takes=LAST_DAY,
)


# Loading


def find_meetings(
    session: Session, listing: Listing | None = None
) -> Page[MeetingItem]:
    """Load one page of the meetings."""
    listing = listing or Listing()
    days = [parse_edtf(text) for text in listing.values.get("as_known_on", ())]
    statement = select_meetings(days[-1].latest if days else None)
    return run(session, MEETINGS, statement, listing, load_items)


def load_items(session: Session, statement: Rows) -> tuple[MeetingItem, ...]:
    """Load the meetings that a select finds, in its order, in four statements.

    The select is made from `select_meetings`.
    """
    rows = session.execute(statement.options(*_WITH)).all()
    events = [event.id for _, event, _ in rows if event is not None]
    citations = cite(session, {"status_event": events})
    who = _who(session, [meeting.id for meeting, _, _ in rows])
    return tuple(
        _item(meeting, event, ended, citations, who[meeting.id])
        for meeting, event, ended in rows
    )


NAMED = 12
"""How many participants a list names of each meeting."""
ON_A_PAGE = 100
"""How many participants, items, outcomes and changes of status a page holds."""
SHORT_LIST = 50
"""How many stances, and meetings that belong to it, a meeting's own page shows."""


@dataclass
class _Who:
    """The participants that a list names, and how many more there are."""

    names: list[str] = field(default_factory=list)
    more: int = 0


def _who(session: Session, meetings: Sequence[int]) -> Mapping[int, _Who]:
    found: defaultdict[int, _Who] = defaultdict(_Who)
    if not meetings:
        return found
    ranked = (
        select(
            Participation.id,
            func.row_number()
            .over(
                partition_by=Participation.meeting_id,
                order_by=(Participation.position, Participation.id),
            )
            .label("rank"),
            func.count().over(partition_by=Participation.meeting_id).label("number"),
        )
        .where(Participation.meeting_id.in_(meetings))
        .subquery()
    )
    statement = (
        select(Participation, ranked.c.number)
        .join(ranked, ranked.c.id == Participation.id)
        .where(ranked.c.rank <= NAMED)
        .options(
            joinedload(Participation.person), joinedload(Participation.represented)
        )
        .order_by(Participation.meeting_id, ranked.c.rank)
    )
    for part, number in session.execute(statement):
        who = found[part.meeting_id]
        who.names.append(participant_name(part))
        who.more = max(0, number - NAMED)
    return found


def load_meeting(
    session: Session, slug: str, as_known_on: date | None = None, page: int = 1
) -> MeetingDetail:
    """Load a meeting with what is recorded about it.

    Args:
        session: an open session.
        slug: the meeting.
        as_known_on: show the status as it was known on this day.
        page: which page of its participants, agenda, outcomes and changes of status,
            from 1.

    Raises:
        NotFound: there is no such meeting, or it has no such page.
    """
    check_slug("meeting", slug)
    chosen = select_meetings(as_known_on)
    items = load_items(session, chosen.where(Meeting.slug == slug))
    if not items:
        raise no_such("meeting", slug)
    meeting_id = session.scalars(select(Meeting.id).where(Meeting.slug == slug)).one()
    totals = _totals(session, meeting_id)
    pages = max(1, -(-max(totals.values()) // ON_A_PAGE))
    if page > pages:
        many = "1 page" if pages == 1 else f"{pages:,} pages"
        raise NotFound(f"The meeting {quoted(slug)} has {many}.")
    events = _part(session, MeetingStatusEvent, meeting_id, page)
    parts = _part(session, Participation, meeting_id, page)
    agenda = _part(session, AgendaItem, meeting_id, page)
    outcomes = _part(session, Outcome, meeting_id, page)
    claims = {
        "meeting": [meeting_id],
        "status_event": [event.id for event in events],
        "participation": [part.id for part in parts],
        "agenda_item": [entry.id for entry in agenda],
        "outcome": [outcome.id for outcome in outcomes],
    }
    citations = cite(session, claims)
    at_it = select(Stance).where(Stance.meeting_id == meeting_id)
    taken = at_it.order_by(Stance.stated_earliest, Stance.slug).limit(SHORT_LIST)
    stances = load_stances(session, taken)
    shown = [item for found in citations.values() for item in found]
    shown += [item for stance in stances for item in stance.citations]
    children = chosen.where(Meeting.parent_id == meeting_id)
    cited = or_(
        *(getattr(Evidence, f"{kind}_id").in_(ids) for kind, ids in claims.items()),
        Evidence.stance_id.in_(
            select(Stance.id).where(Stance.slug.in_([one.slug for one in stances]))
        ),
    )
    return MeetingDetail(
        **spread(items[0]),
        citations=citations["meeting", meeting_id],
        status_events=read_status_events(events, citations),
        participants=read_participants(parts, citations),
        agenda=_agenda(agenda, citations),
        outcomes=_outcomes(outcomes, citations),
        page=page,
        pages=pages,
        total_participants=totals["participation"],
        children=load_items(
            session,
            children.order_by(Meeting.earliest, Meeting.slug).limit(SHORT_LIST),
        ),
        total_children=count(session, children, Meeting.id),
        stances=stances,
        total_stances=count(session, at_it, Stance.id),
        passages=passages_of(session, cited),
        basis=basis_of(session, shown),
    )


_PARTS: dict[Any, tuple[ExecutableOption, ...]] = {
    MeetingStatusEvent: (),
    Participation: (
        joinedload(Participation.person),
        joinedload(Participation.represented),
        joinedload(Participation.office),
    ),
    AgendaItem: (joinedload(AgendaItem.topic), joinedload(AgendaItem.side)),
    Outcome: (),
}
"""The parts of a meeting that are paged, with what each is shown with."""


def _totals(session: Session, meeting_id: int) -> dict[str, int]:
    numbers = (
        select(func.count())
        .where(kind.meeting_id == meeting_id)
        .scalar_subquery()
        .label(kind.__tablename__)
        for kind in _PARTS
    )
    return dict(session.execute(select(*numbers)).one()._mapping)


def _part(session: Session, kind: Any, meeting_id: int, page: int) -> Sequence[Any]:
    """One page of a part of a meeting, in the order of the record."""
    statement = select(kind).where(kind.meeting_id == meeting_id)
    return session.scalars(
        statement.options(*_PARTS[kind])
        .order_by(kind.position, kind.id)
        .offset((page - 1) * ON_A_PAGE)
        .limit(ON_A_PAGE)
    ).all()


_WITH = (joinedload(Meeting.country), joinedload(Meeting.parent))


def _item(
    meeting: Meeting,
    event: MeetingStatusEvent | None,
    ended: MeetingStatus | None,
    citations: Citations,
    who: _Who,
) -> MeetingItem:
    found = citations["status_event", event.id] if event else ()
    status = event.status.implied if event else None
    return MeetingItem(
        slug=meeting.slug,
        title=meeting.title,
        kind=meeting.kind,
        format=meeting.format,
        medium=meeting.medium,
        level=meeting.level,
        status=status,
        badge=status_badge(status, firmness(found), ended),
        ended=ended,
        status_said_by=said_by(found),
        date=written(meeting, "date"),
        several=meeting.several,
        venue=meeting.venue,
        city=meeting.city,
        country=maybe(actor_ref, meeting.country),
        parent=maybe(meeting_ref, meeting.parent),
        relation=meeting.relation,
        series=meeting.series,
        who=tuple(who.names),
        more=who.more,
    )


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


def _agenda(
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


def _outcomes(
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
