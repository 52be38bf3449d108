"""The JSON API: every list and every thing, as the pages show them.

A list answers `{"items", "total", "next"}`, an item the dataclass that its page
renders, an error `{"error": {"status", "title", "detail", …}}`. A parameter that cannot
be used is refused and never ignored: a program cannot read a notice. `COLLECTIONS` is
the only list of what there is; the routes and their OpenAPI description are made of
it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from queries.actors import ACTORS, ActorDetail, ActorItem, find_actors, load_actor
from queries.filters import (
    Listing,
    ListOf,
    check_text,
    last_day,
    unknown_parameter,
    whole_number,
)
from queries.meetings import (
    MEETINGS,
    MeetingDetail,
    MeetingItem,
    find_meetings,
    load_meeting,
)
from queries.plain import plain
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
from web import session

api = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, kw_only=True)
class Option:
    """A parameter of an item."""

    name: str
    help: str
    read: Callable[[str, str], Any]


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
        ),
    ),
)


def _serve(collection: Collection) -> None:
    noun = collection.table.noun

    def list_things() -> Response:
        asked = collection.table.strictly(request.args.to_dict(flat=False))
        page = collection.find(session(), asked)
        body = {"items": page.items, "total": page.total, "next": next_page(page)}
        return answer(body)

    def show_thing(slug: str) -> Response:
        check_text("slug", slug)
        given = read_options(collection.options)
        return answer(collection.load(session(), slug, **given))

    api.add_url_rule(f"/{noun}", f"list_{noun}", list_things)
    api.add_url_rule(f"/{noun}/<slug>", f"show_{noun}", show_thing)


for _collection in COLLECTIONS:
    _serve(_collection)


def read_options(options: Iterable[Option]) -> dict[str, Any]:
    """Read an item's parameters; refuse those that it does not have."""
    known = {option.name: option for option in options}
    given: dict[str, Any] = {}
    for name, text in request.args.items():
        check_text(name, text)
        if name not in known:
            raise unknown_parameter(name, known)
        if text:
            given[name] = known[name].read(name, text)
    return given


def next_page(page: Page[Any]) -> str | None:
    """The address of the page after this one, with all else as it was asked for."""
    if not page.more:
        return None
    arguments = {**request.args.to_dict(flat=False), "page": str(page.page + 1)}
    query = urlencode(arguments, doseq=True)
    return f"{request.script_root}{request.path}?{query}"


def answer(body: Any) -> Response:
    """Answer with JSON in UTF-8, keys in the order of the fields.

    The entity tag lets a client ask again without being sent the same answer.
    """
    text = json.dumps(plain(body), ensure_ascii=False, separators=(",", ":"))
    response = Response(text, mimetype="application/json")
    response.add_etag()
    response.make_conditional(request)
    return response
