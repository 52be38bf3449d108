"""Meetings: their status, who takes part, what is on the agenda, what came of them."""

from queries.meetings.detail import load_meeting
from queries.meetings.family import load_family
from queries.meetings.filters import AS_KNOWN_ON, MEETINGS, about_topic, attended_by
from queries.meetings.items import find_meetings, load_items, rank_participations
from queries.meetings.parts import read_participants, read_status_events
from queries.meetings.shapes import (
    AgendaEntry,
    MeetingDetail,
    MeetingItem,
    Participant,
    StatusEvent,
)
from queries.meetings.status import STATUS, select_meetings

__all__ = [
    "AS_KNOWN_ON",
    "AgendaEntry",
    "MEETINGS",
    "MeetingDetail",
    "MeetingItem",
    "Participant",
    "STATUS",
    "StatusEvent",
    "about_topic",
    "attended_by",
    "find_meetings",
    "load_family",
    "load_items",
    "rank_participations",
    "load_meeting",
    "read_participants",
    "read_status_events",
    "select_meetings",
]
