"""The forms of a meeting and of what hangs on one."""

from typing import Any

from editing.forms.fields import (
    MEETINGS,
    TOPICS,
    Field,
    Form,
    actor,
    choices,
)
from editing.forms.reading import Reading
from editing.saving import Addition, Change, New
from exchange.records import Kind
from models import Actor
from models.enums import (
    ActorKind,
    AgendaStatus,
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingStatus,
    OutcomeType,
    Phase,
    Presence,
    Role,
)

ROWS = 4
"""Participants that the form of a meeting asks for; more are added one by one."""
_PEOPLE = (ActorKind.PERSON, ActorKind.UNNAMED_GROUP)


def _participant(reading: Reading, number: str, presence: str) -> dict[str, Any] | None:
    """Return a participant: a person, or else the actor that was represented."""
    who = reading.slug(f"who{number}")
    if who is None:
        return None
    if isinstance(who, New):
        is_person = who.data["kind"] in _PEOPLE
    else:
        found = reading.session.query(Actor.kind).filter(Actor.slug == who).scalar()
        is_person = found in _PEOPLE
    item: dict[str, Any] = {"person" if is_person else "represents": who}
    if is_person and (behalf := reading.slug(f"behalf{number}")) is not None:
        item["represents"] = behalf
    item["role"] = reading.choice(f"role{number}") or Role.DELEGATE.value
    if not number:  # the form of a meeting does not ask for it: it follows
        presence = reading.choice("presence") or presence
    item["presence"] = presence
    item["evidence"] = reading.evidence()
    return item


def _presence(status: str | None) -> str:
    """Return the presence that follows from what is said of the meeting."""
    phase = MeetingStatus(status).phase if status else Phase.UNKNOWN
    if phase is Phase.PLANNED:
        return Presence.EXPECTED.value
    happened = phase in (Phase.HAPPENED, Phase.ENDED)
    return Presence.ATTENDED.value if happened else Presence.UNKNOWN.value


def _meeting(reading: Reading) -> list[Change]:
    evidence, status = reading.evidence(), reading.choice("status")
    date = reading.date("date")
    title = reading.text("title") or ""
    data: dict[str, Any] = {
        "title": title,
        "kind": reading.choice("kind"),
        "date": date,
        "format": reading.choice("format"),
        "medium": reading.choice("medium"),
        "level": reading.choice("level"),
        "city": reading.text("city"),
        "country": reading.slug("country"),
        "venue": reading.text("venue"),
        "evidence": evidence,
    }
    if status is not None:
        event: dict[str, Any] = {"status": status, "evidence": evidence}
        if date is not None:
            event["date"] = date
        data["status"] = [event]
    rows = (
        _participant(reading, f"_{number}", _presence(status))
        for number in range(1, ROWS + 1)
    )
    data["participants"] = [row for row in rows if row is not None]
    given = {name: value for name, value in data.items() if value not in (None, [])}
    return [New(kind="meeting", data=given, called=title)]


def _row(number: int) -> tuple[Field, ...]:
    more = number > 2
    return (
        actor(f"who_{number}", f"Participant {number}", more=more),
        actor(f"behalf_{number}", f"For whom {number}", more=True),
        Field(
            name=f"role_{number}",
            label=f"Role of {number}",
            control="choice",
            choices=choices(Role),
            default=Role.DELEGATE.value,
            more=more,
        ),
    )


MEETING = Form(
    name="meeting",
    title="A meeting",
    key="m",
    own=(
        Field(
            name="title",
            label="Title",
            help="As the source calls it, with the place.",
            required=True,
        ),
        Field(
            name="kind",
            label="Kind",
            control="choice",
            choices=choices(MeetingKind),
            default=MeetingKind.MEETING.value,
            required=True,
        ),
        Field(
            name="date",
            label="When",
            control="date",
            help="In words: 3 May 2021, early June 2022, next week.",
        ),
        Field(
            name="status",
            label="What is said of it",
            control="choice",
            choices=choices(MeetingStatus),
        ),
        *(field for number in range(1, ROWS + 1) for field in _row(number)),
        Field(name="city", label="City"),
        Field(
            name="format",
            label="Sides",
            control="choice",
            choices=choices(MeetingFormat),
            default=MeetingFormat.UNKNOWN.value,
            more=True,
        ),
        Field(
            name="medium",
            label="In touch",
            control="choice",
            choices=choices(Medium),
            default=Medium.UNKNOWN.value,
            more=True,
        ),
        Field(
            name="level",
            label="Highest rank",
            control="choice",
            choices=choices(Level),
            more=True,
        ),
        actor("country", "Country", more=True),
        Field(name="venue", label="Venue", more=True),
    ),
    build=_meeting,
)


def _at(reading: Reading, field: str, entry: dict[str, Any]) -> list[Change]:
    """Add an entry to the meeting that the form names, be it made with it."""
    meeting = reading.slug("meeting")
    kind: Kind = "meeting"
    given = {name: value for name, value in entry.items() if value is not None}
    if isinstance(meeting, New):
        data = {**meeting.data, field: [given]}
        return [New(kind=kind, data=data, called=meeting.called, place="meeting")]
    if meeting is None:
        return []
    return [Addition(kind=kind, slug=meeting, path=(field,), entry=given)]


def _participation(reading: Reading) -> list[Change]:
    item = _participant(reading, "", Presence.UNKNOWN.value)
    return [] if item is None else _at(reading, "participants", item)


def _agenda(reading: Reading) -> list[Change]:
    entry = {
        "text": reading.text("text"),
        "topic": reading.slug("topic"),
        "side": reading.slug("side"),
        "status": reading.choice("status"),
        "evidence": reading.evidence(),
    }
    return _at(reading, "agenda", entry)


def _status(reading: Reading) -> list[Change]:
    entry = {
        "status": reading.choice("status"),
        "date": reading.date("date"),
        "evidence": reading.evidence(),
    }
    return _at(reading, "status", entry)


def _outcome(reading: Reading) -> list[Change]:
    entry = {
        "type": reading.choice("type"),
        "text": reading.text("text"),
        "evidence": reading.evidence(),
    }
    return _at(reading, "outcomes", entry)


_MEETING = Field(
    name="meeting",
    label="Of the meeting",
    control="name",
    kinds=("meeting",),
    makes=(MEETINGS,),
    required=True,
)

MEETING_FORMS = (
    MEETING,
    Form(
        name="participant",
        title="A participant",
        key="p",
        own=(
            _MEETING,
            actor("who", "Who", required=True),
            actor("behalf", "For whom"),
            Field(
                name="role",
                label="Role",
                control="choice",
                choices=choices(Role),
                default=Role.DELEGATE.value,
                required=True,
            ),
            Field(
                name="presence",
                label="Presence",
                control="choice",
                choices=choices(Presence),
                default=Presence.UNKNOWN.value,
                required=True,
            ),
        ),
        build=_participation,
        aliases=(("person", "who"), ("represents", "behalf")),
    ),
    Form(
        name="agenda",
        title="An agenda item",
        key="a",
        own=(
            _MEETING,
            Field(name="text", label="Item", required=True),
            Field(
                name="topic",
                label="Topic",
                control="name",
                kinds=("topic",),
                makes=(TOPICS,),
            ),
            Field(
                name="status",
                label="How firmly",
                control="choice",
                choices=choices(AgendaStatus),
                default=AgendaStatus.DISCUSSED.value,
                required=True,
            ),
            actor("side", "Whose agenda", more=True),
        ),
        build=_agenda,
    ),
    Form(
        name="status",
        title="What is said of a meeting",
        key="t",
        own=(
            _MEETING,
            Field(
                name="status",
                label="Status",
                control="choice",
                choices=choices(MeetingStatus),
                required=True,
            ),
            Field(name="date", label="From which day", control="date"),
        ),
        build=_status,
    ),
    Form(
        name="outcome",
        title="An outcome",
        key="u",
        own=(
            _MEETING,
            Field(
                name="type",
                label="Kind",
                control="choice",
                choices=choices(OutcomeType),
                required=True,
            ),
            Field(name="text", label="What came of it", required=True),
        ),
        build=_outcome,
    ),
)
