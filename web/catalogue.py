"""What the JSON API offers: each collection, its list, its items, its parameters.

The only such table: the routes and their OpenAPI description are both made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from queries.actors import ACTORS, ActorDetail, ActorItem, find_actors, load_actor
from queries.filters import Listing, ListOf
from queries.meetings import (
    AS_KNOWN_ON,
    MEETINGS,
    MeetingDetail,
    MeetingItem,
    find_meetings,
    load_meeting,
)
from queries.parameters import Parameter, page
from queries.propositions import (
    PROPOSITIONS,
    PropositionDetail,
    PropositionItem,
    find_propositions,
    load_proposition,
)
from queries.shapes import Page
from queries.sources import (
    PAGE,
    PASSAGE,
    SOURCES,
    VERSION,
    SourceDetail,
    SourceItem,
    find_sources,
    load_source,
)
from queries.stances import STANCES, StanceDetail, StanceItem, find_stances, load_stance
from queries.topics import TOPICS, TopicDetail, TopicItem, find_topics, load_topic


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A list with its items, and how to load both."""

    table: ListOf
    find: Callable[[Session, Listing], Page[Any]]
    load: Callable[..., Any]
    item: type
    detail: type
    options: tuple[Parameter, ...] = ()


COLLECTIONS = (
    Collection(
        table=MEETINGS,
        find=find_meetings,
        load=load_meeting,
        item=MeetingItem,
        detail=MeetingDetail,
        options=(
            AS_KNOWN_ON,
            page(
                "Which page of participants, agenda, outcomes and changes of status, "
                "from 1."
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
        options=(VERSION, PAGE, PASSAGE),
    ),
)
