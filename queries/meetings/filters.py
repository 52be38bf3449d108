"""What a list of meetings can be asked for."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import aliased

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
)
from models.enums import (
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
)
from queries.date_parameters import A_DATE, LAST_DAY
from queries.filters import (
    Filter,
    ListOf,
    actors_called,
    by_code,
    by_days,
    by_slug,
    by_topic,
    by_truth,
    by_words,
    has,
)
from queries.meetings.status import STATUS
from queries.parameters import Parameter
from queries.trees import topics_under


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


def _with_actor(word: str) -> ColumnElement[bool]:
    called = actors_called(word)
    part = select(Participation.meeting_id).where(
        or_(
            Participation.person_id.in_(called),
            Participation.represented_id.in_(called),
        )
    )
    return or_(Meeting.id.in_(part), Meeting.country_id.in_(called))


def _with_label(word: str) -> ColumnElement[bool]:
    return Meeting.id.in_(
        select(Participation.meeting_id).where(has(Participation.label, word))
    )


def _with_item(word: str) -> ColumnElement[bool]:
    return Meeting.id.in_(
        select(AgendaItem.meeting_id).where(has(AgendaItem.text, word))
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


def _in_source(slug: str) -> ColumnElement[bool]:
    """True of the meetings of which a source says anything."""
    parts = (MeetingStatusEvent, Participation, AgendaItem, Outcome)
    cited = [
        select(Evidence.meeting_id),
        *(select(part.meeting_id).join(part.evidence) for part in parts),
    ]
    return or_(
        *(
            Meeting.id.in_(
                of.join(SourceText, SourceText.id == Evidence.source_text_id)
                .join(Source, Source.id == SourceText.source_id)
                .where(Source.slug == slug, Evidence.id.is_not(None))
            )
            for of in cited
        )
    )


MEETINGS = ListOf(
    noun="meetings",
    filters=(
        by_words(
            "Words of the title, the place, the series, the agenda, and all names of "
            "who takes part.",
            Meeting.title,
            Meeting.venue,
            Meeting.city,
            Meeting.series,
            others=[_with_actor, _with_label, _with_item],
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
            "source",
            "Only meetings of which this source says anything.",
            _in_source,
            "source",
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
