"""What the JSON API offers: each collection, its list, its items, its parameters.

The only such table: the routes and their OpenAPI description are both made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from queries.actors import ACTORS, ActorDetail, ActorItem, find_actors, load_actor
from queries.filters import Listing, ListOf, last_day, whole_number
from queries.meetings import (
    MEETINGS,
    MeetingDetail,
    MeetingItem,
    find_meetings,
    load_meeting,
)
from queries.propositions import (
    PROPOSITIONS,
    PropositionDetail,
    PropositionItem,
    find_propositions,
    load_proposition,
)
from queries.shapes import Page
from queries.sources import SOURCES, SourceDetail, SourceItem, find_sources, load_source
from queries.stances import STANCES, StanceDetail, StanceItem, find_stances, load_stance
from queries.topics import TOPICS, TopicDetail, TopicItem, find_topics, load_topic


@dataclass(frozen=True, kw_only=True)
class Option:
    """A parameter of an item or of a question."""

    name: str
    help: str
    read: Callable[[str, str], Any]
    choices: tuple[str, ...] = ()
    default: str = ""
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A list with its items, and how to load both."""

    table: ListOf
    find: Callable[[Session, Listing], Page[Any]]
    load: Callable[..., Any]
    item: type
    detail: type
    options: tuple[Option, ...] = ()


COLLECTIONS = (
    Collection(
        table=MEETINGS,
        find=find_meetings,
        load=load_meeting,
        item=MeetingItem,
        detail=MeetingDetail,
        options=(
            Option(
                name="as_known_on",
                help="The status as it was known on this day.",
                read=last_day,
            ),
            Option(
                name="page",
                help="Which page of participants, agenda, outcomes and changes of "
                "status, from 1.",
                read=whole_number,
            ),
        ),
    ),
    Collection(
        table=ACTORS,
        find=find_actors,
        load=load_actor,
        item=ActorItem,
        detail=ActorDetail,
    ),
    Collection(
        table=TOPICS,
        find=find_topics,
        load=load_topic,
        item=TopicItem,
        detail=TopicDetail,
    ),
    Collection(
        table=PROPOSITIONS,
        find=find_propositions,
        load=load_proposition,
        item=PropositionItem,
        detail=PropositionDetail,
    ),
    Collection(
        table=STANCES,
        find=find_stances,
        load=load_stance,
        item=StanceItem,
        detail=StanceDetail,
    ),
    Collection(
        table=SOURCES,
        find=find_sources,
        load=load_source,
        item=SourceItem,
        detail=SourceDetail,
        options=(
            Option(
                name="version",
                help="Which wording of the text; the newest unless said.",
                read=whole_number,
            ),
            Option(
                name="page", help="Which page of passages, from 1.", read=whole_number
            ),
            Option(
                name="passage",
                help="The page that holds this passage.",
                read=whole_number,
            ),
        ),
    ),
)
