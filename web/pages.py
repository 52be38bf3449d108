"""The pages of the record: lists, and one page for each thing.

A view reads the address, loads one dataclass and renders it. All of them answer GET
only, so that every page is an address that can be kept, sent and printed.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from analysis.company import load_company
from analysis.places import load_encounters
from errors import Rebuilding, Unavailable
from formats.pictures.map import draw_map
from formats.pictures.strip import draw_company, draw_strip
from queries.actors import ACTORS, find_actors, load_actor
from queries.filters import Listing, ListOf, Remark
from queries.home import load_home
from queries.meetings import (
    AS_KNOWN_ON,
    MEETINGS,
    find_meetings,
    load_family,
    load_meeting,
)
from queries.naming import not_called_so
from queries.parameters import Parameter
from queries.propositions import PROPOSITIONS, find_propositions, load_proposition
from queries.search.page import SearchPage
from queries.search.request import FILTERS, PARAMETERS, read
from queries.shapes import Page, Ref
from queries.sources import (
    PAGE,
    PASSAGE,
    SOURCES,
    VERSION,
    find_sources,
    load_passage,
    load_source,
)
from queries.stances import STANCES, explain, find_stances, load_stance
from queries.topics import TOPICS, find_topics, load_topic
from web import find, listing, session, suggest
from web.errors import answer
from web.holdings import holdings

pages = Blueprint("pages", __name__)

LEADS = {
    "meetings": "Meetings that took place or are planned, each with its sources.",
    "actors": "Persons, states, bodies and groups, under every name they are known by.",
    "topics": "What propositions and agendas are filed under.",
    "propositions": "The sentences on which actors take a stand.",
    "stances": "Positions of actors on propositions and on each other, attributed.",
    "sources": "The documents, their passages, and what they are evidence for.",
}

NO_INDEX = "The search index is being rebuilt"
#: Of a damaged index: a server does not throw away by itself what may be worth a look.
BAD_INDEX = "The search cannot answer now"
SOON = "A running server does so by itself: try again in a moment."
MEANWHILE = "The lists of meetings, actors and stances work meanwhile."

PASSIVE: Mapping[str, str] = {
    "supersedes": "superseded by",
    "retracts": "retracted by",
    "denies": "denied by",
    "contradicts": "contradicted by",
    "clarifies": "clarified by",
    "repeats": "repeated by",
}


@pages.app_context_processor
def foot() -> dict[str, Any]:
    """What the whole record rests on, for pages that are about no single thing."""
    return {"holdings": lambda: holdings(session())}


@pages.get("/")
def home() -> str:
    """What this is, the meetings to come or the last ones, where and between whom."""
    today = datetime.now(UTC).date()
    found = load_home(session(), today)
    encounters = load_encounters(session())
    return render_template(
        "home.html",
        home=found,
        strip=draw_strip(found.line, today),
        encounters=encounters,
        map=draw_map(encounters.places),
    )


@pages.get("/search")
def search() -> ResponseReturnValue:
    """What is found; a query that cannot be read is searched for its words.

    Without an index that can be trusted there is no answer: part of the results would
    look like all of them.
    """
    if address := listing.tidied(PARAMETERS, session()):
        return redirect(address)
    asked, faults = read(request.args.to_dict(flat=False))
    try:
        found = find(asked, lenient=True)
    except Unavailable as error:
        soon = isinstance(error, Rebuilding)
        sentences = [error.public, *([SOON] if soon else []), MEANWHILE]
        return answer(503, " ".join(sentences), NO_INDEX if soon else BAD_INDEX)
    notices = [
        *(fault.detail for fault in faults),
        *not_called_so(session(), FILTERS, request.args.to_dict(flat=False)),
        *found.notices,
    ]
    return render_template(
        "search.html", page=found, notices=notices, named=_called(asked.query, found)
    )


def _called(query: str, found: SearchPage) -> dict[str, list[Ref]]:
    """The pages above the results: whom the query names, then what is called so."""
    if found.page > 1:
        return {}
    called = suggest(query)
    groups = {
        "Actors": [one for one in found.named if one.kind == "actor"],
        "Topics": [one for one in found.named if one.kind == "topic"],
        "Meetings": list[Ref](called.meetings),
    }
    for name, more in (("Actors", called.actors), ("Topics", called.topics)):
        known = {one.slug for one in more}
        # A suggestion says under which other name it was found.
        groups[name] = [
            *(one for one in groups[name] if one.slug not in known),
            *more,
        ]
    return {name: pages for name, pages in groups.items() if pages}


@pages.get("/help/search")
def search_help() -> str:
    """How to search, from the table that the parser reads."""
    return render_template("help.html")


@pages.get("/meetings")
def meetings() -> ResponseReturnValue:
    """The list of meetings."""
    return _list(MEETINGS, find_meetings)


@pages.get("/meetings/<slug>")
def meeting(slug: str) -> str:
    """A meeting: who, when, where, agenda, outcomes."""
    day = _given(AS_KNOWN_ON)
    found = load_meeting(session(), slug, day, _given(PAGE) or 1)
    # What was known on a day says nothing of other meetings, which may be later.
    family = () if day else load_family(session(), slug)
    strip = draw_strip(family, datetime.now(UTC).date())
    return _one("meetings", meeting=found, known_on=day, family=family, strip=strip)


@pages.get("/actors")
def actors() -> ResponseReturnValue:
    """The list of actors."""
    return _list(ACTORS, find_actors)


@pages.get("/actors/<slug>")
def actor(slug: str) -> str:
    """An actor: names, offices, meetings, stances, passages."""
    found = load_actor(session(), slug)
    company = load_company(session(), slug, found.kind)
    picture = draw_company(company, datetime.now(UTC).date())
    return _one("actors", actor=found, company=company, picture=picture)


@pages.get("/topics")
def topics() -> ResponseReturnValue:
    """The tree of topics."""
    return _list(TOPICS, find_topics)


@pages.get("/topics/<slug>")
def topic(slug: str) -> str:
    """A topic: what is filed under it or below it."""
    return _one("topics", topic=load_topic(session(), slug))


@pages.get("/propositions")
def propositions() -> ResponseReturnValue:
    """The list of propositions."""
    return _list(PROPOSITIONS, find_propositions)


@pages.get("/propositions/<slug>")
def proposition(slug: str) -> str:
    """A proposition: the positions on it."""
    return _one("propositions", proposition=load_proposition(session(), slug))


@pages.get("/stances")
def stances() -> ResponseReturnValue:
    """The list of stances."""
    return _list(STANCES, find_stances, explain)


@pages.get("/stances/<slug>")
def stance(slug: str) -> ResponseReturnValue:
    """A stance: attribution, evidence, relations to other stances."""
    found = load_stance(session(), slug)
    if found.slug != slug:  # it was coded wrongly, and is corrected
        return redirect(url_for(".stance", slug=found.slug), 308)
    return _one("stances", stance=found, passive=PASSIVE)


@pages.get("/sources")
def sources() -> ResponseReturnValue:
    """The list of sources."""
    return _list(SOURCES, find_sources)


@pages.get("/sources/<slug>")
def source(slug: str) -> ResponseReturnValue:
    """A source: a page of its text with the evidence marked in it."""
    version, passage = _given(VERSION), _given(PASSAGE)
    found = load_source(session(), slug, version, _given(PAGE) or 1, passage)
    if passage is not None:
        page = found.page if found.page > 1 else None
        anchor = f"p{passage}"
        return redirect(
            url_for(".source", slug=slug, version=version, page=page, _anchor=anchor)
        )
    return _one("sources", source=found)


@pages.get("/sources/<slug>/passage")
def passage(slug: str) -> str:
    """A passage in full, part by part."""
    position, version = _given(PASSAGE) or 1, _given(VERSION)
    part = load_passage(session(), slug, position, version, _given(PAGE) or 1)
    return render_template("sources/passage.html", passage=part, basis=part.basis)


def _given(parameter: Parameter) -> Any:
    """The value of a parameter of one thing's page; None if it is not given."""
    text = request.args.get(parameter.name)
    return parameter.check(text) if text else None


def _list(
    table: ListOf,
    find: Callable[[Session, Listing], Page[Any]],
    explain: Callable[[Session, Listing], tuple[Remark, ...]] = lambda *_: (),
) -> ResponseReturnValue:
    if address := listing.tidied(table.filters, session()):
        return redirect(address)
    asked, controls = listing.read(table, session())
    found = find(session(), asked)
    return render_template(
        f"{table.noun}/list.html",
        heading=table.noun.capitalize(),
        lead=LEADS[table.noun],
        noun=table.noun.removesuffix("s"),
        controls=controls,
        page=found,
        remarks=explain(session(), asked),
        offers=[] if found.total else listing.offers(table, session(), find, asked),
    )


def _one(folder: str, **things: Any) -> str:
    """Render a thing's page, with what it rests on at its foot."""
    basis = next(thing.basis for thing in things.values() if hasattr(thing, "basis"))
    return render_template(f"{folder}/one.html", **things, basis=basis)
