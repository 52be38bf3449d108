"""Every route with every parameter: given none, once, often, wrong, empty and huge.

The routes are those of the application, the parameters those that are declared for
them: whoever adds either is tried here without another line.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from errors import BadRequest
from models import ChangeRecord, open_session
from models.database import shared_engine
from queries.changes import A_RECORD, CHANGES, RECORDS_PAGE
from queries.parameters import LONGEST_VALUE, MOST_VALUES, Parameter, slug
from queries.search.request import PARAMETERS
from queries.sources import PAGE, PASSAGE, VERSION
from search.engines import open_engine
from search.sync import rebuild
from settings import Settings
from tests import factories as make
from tests.queries.world import add_more, make_world
from web.analysis.questions import QUESTIONS
from web.catalogue import COLLECTIONS
from web.citing import FORMAT
from web.console import QUERY
from web.feeds import MONTH
from web.limits import LONGEST_QUERY_STRING
from web.openapi import KINDS, TYPED

THINGS = {
    "meetings": "aden-meeting",
    "actors": "king",
    "topics": "trade",
    "propositions": "sell-salt",
    "stances": "king-yes",
    "sources": "report",
}
#: Several values of each kind of slug, some of which something has.
SLUGS = {"actor": "aden", "topic": "salt", "meeting": "aden-meeting"}
UNKNOWN = slug("colour", "No route has it.", "colour")
HUGE = "x" * (LONGEST_VALUE + 1)


def declared(rule: str) -> tuple[Parameter, ...]:
    """The parameters of a route; none of one that takes none."""
    path = rule.removeprefix("/api/v1")
    for collection in COLLECTIONS:
        filters = collection.table.filters
        noun = collection.table.noun
        if path == f"/{noun}":
            return collection.table.parameters
        if path == f"/{noun}/<slug>":
            return collection.options
        if path in (f"/{noun}.ics", f"/feeds/{noun}.atom"):
            return filters
        if noun == "meetings" and path == "/feeds/status.atom":
            return filters
    for question in QUESTIONS:
        if path == question.path:
            return question.options
    return {
        "/changes": CHANGES.parameters,
        "/changes/<number>": (RECORDS_PAGE,),
        "/feeds/changes.atom": CHANGES.filters,
        "/search": PARAMETERS,
        "/search.atom": PARAMETERS,
        "/suggest": (TYPED,),
        "/names": (TYPED, KINDS),
        "/sql": (QUERY,),
        "/meetings/calendar": (MONTH,),
        "/sources/<slug>/cite": (PASSAGE, FORMAT),
        "/sources/<slug>/passage": (PASSAGE, VERSION, PAGE),
        "/stances/<slug>/cite": (PASSAGE, FORMAT),
        "/meetings/<slug>/cite": (PASSAGE, FORMAT),
        "/meetings/<slug>/brief/cite": (PASSAGE, FORMAT),
    }.get(path, ())


def example(item: Parameter, number: int = 0) -> str:
    """A value that a parameter takes; others for other numbers, where there are any."""
    if item.takes.choices:
        return item.takes.choices[number % len(item.takes.choices)]
    if item.takes is A_RECORD:
        return f"actor/{SLUGS['actor']}" if not number else f"actor/no-{number}"
    if item.kinds:
        return SLUGS.get(item.kinds[0], "report") if not number else f"no-{number}"
    if item.takes.schema["type"] == "integer":
        return str(1 + number)
    for text in (f"{1980 + number}", f"{1980 + number}-07", f"select {number}"):
        if not item.name.endswith("query") or text.startswith("select"):
            try:
                item.check(text)
            except BadRequest:
                continue
            return text
    raise AssertionError(f"no example for {item}")


def variants(item: Parameter) -> Iterator[tuple[str, list[str], bool | None]]:
    """What to give a parameter: a word for it, the values, whether they are good.

    None where that depends on the values of other parameters, or on the route.
    """
    several = [example(item, number) for number in range(MOST_VALUES + 1)]
    yield "once", several[:1], None
    yield "twice", several[:2], None
    yield "fifty times", several[:MOST_VALUES], None
    yield "fifty-one times", ["a"] * (MOST_VALUES + 1), False
    yield "NUL", ["a\0b"], None
    yield "empty", [""], None
    yield "wrong", ["‮💥 ' -- <b>"], None
    yield "huge", [HUGE], None
    yield "enormous", ["x" * LONGEST_QUERY_STRING], False


def requests_of(rule: str) -> Iterator[tuple[list[tuple[str, str]], bool | None]]:
    """What to give a route: each parameter by itself, each way.

    A page costs ten times what its JSON costs, and reads its parameters with the same
    reader: it is given one parameter often, and all of them at once every other way.
    """
    items = (*declared(rule), UNKNOWN)
    starts_a_process = rule.endswith("/sql")
    together: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        for word, values, good in variants(item):
            given = [(item.name, value) for value in values]
            if starts_a_process and word in ("once", "empty"):
                continue  # the console's own tests try those
            if rule.startswith("/api/") or good is False or word == "fifty times":
                yield given, good
            else:
                together[word] = together.get(word, []) + given
    yield from ((given, None) for given in together.values())


def routes(app: Flask) -> list[str]:
    """Every route that answers GET, but for the static files."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    )


def address(rule: str) -> str:
    """An address of a route: something that there is."""
    noun = rule.removeprefix("/api/v1").split("/")[1]
    given = {"<slug>": THINGS.get(noun, ""), "<name>": "stances.csv", "<number>": "1"}
    for part, value in given.items():
        rule = rule.replace(part, value)
    return rule


@pytest.fixture
def settings_with_more(sqlite_settings: Settings) -> Settings:
    """An instance with a small record of every kind, indexed."""
    with open_session(sqlite_settings.database_url, write=True) as session:
        world = make_world(session)
        add_more(session, world, 3)
        change = make.change(session)
        state = {"slug": "king", "name": "King"}
        for before in (None, state):
            make.add(session, ChangeRecord(
                change=change, kind="actor", slug="king" if before else "aden",
                action="updated" if before else "added",
                before=before, after=before and {**before, "name": "The King"},
            ))  # fmt: skip
        session.commit()
    engine = open_engine(
        sqlite_settings.search_engine,
        sqlite_settings.index_dir,
        sqlite_settings.database_url,
    )
    rebuild(engine, sqlite_settings.database_url)
    return sqlite_settings


@pytest.fixture
def site(settings_with_more: Settings) -> Flask:
    return create_app(settings_with_more)


def test_every_route_answers_or_names_what_it_cannot_use(site: Flask) -> None:
    client = site.test_client()
    tried = 0
    for rule in routes(site):
        check(client, address(rule), [])
        for given, good in requests_of(rule):
            status = check(client, address(rule), given)
            tried += 1
            if good is not None:
                assert (status < 400) == good, (rule, given[:2], len(given))
    assert tried > 500


def check(client: FlaskClient, path: str, given: list[tuple[str, str]]) -> int:
    """Ask, and see that the answer is one, or names the field and the place."""
    response = client.get(f"{path}?{urlencode(given)}" if given else path)
    shown = (path, given[:2], len(given))
    assert response.status_code < 500, shown
    assert len(response.data) < 2_000_000, shown
    if response.status_code == 400 and path.startswith("/api/"):
        assert response.json is not None
        error = response.json["error"]
        assert error["position"] >= 0, shown
        assert error["field"] in {name for name, _ in given} | {
            item.name for item in declared(path) if item.required
        }, shown
    return response.status_code


def test_what_is_declared_is_what_openapi_says(site: Flask) -> None:
    paths: Any = site.test_client().get("/api/v1/openapi.json").json
    for rule in routes(site):
        if rule.startswith("/api/v1/"):
            path = re.sub("<(.*?)>", r"{\1}", rule.removeprefix("/api/v1"))
            described = {
                item["name"]: item
                for item in paths["paths"][path]["get"]["parameters"]
                if item["in"] == "query"
            }
            assert list(described) == [item.name for item in declared(rule)]
            for item in declared(rule):
                schema = described[item.name]["schema"]
                several = schema["type"] == "array"
                assert several == item.repeatable
                one = schema["items"] if several else schema
                assert set(one) & {"enum", "pattern", "minimum"}, (rule, item.name)


@dataclass(slots=True)
class Cost:
    """What a request asks of the database."""

    statements: int = 0
    rows: int = 0


@contextmanager
def cost_of(settings: Settings) -> Iterator[Cost]:
    """Count the statements and the rows that SQLite hands over meanwhile."""
    engine, cost = shared_engine(settings.database_url), Cost()

    def statement(*_: object) -> None:
        cost.statements += 1

    def row(_cursor: object, values: tuple[object, ...]) -> tuple[object, ...]:
        cost.rows += 1
        return values

    def connected(connection: Any, *_: object) -> None:
        connection.row_factory = row

    engine.dispose()
    event.listen(engine, "connect", connected)
    event.listen(engine, "before_cursor_execute", statement)
    try:
        yield cost
    finally:
        event.remove(engine, "connect", connected)
        event.remove(engine, "before_cursor_execute", statement)
        engine.dispose()


MOST_STATEMENTS, MOST_ROWS, MOST_BYTES = 60, 5_000, 2_000_000


def test_no_page_costs_more_than_its_share(
    settings_with_more: Settings, subtests: pytest.Subtests
) -> None:
    with open_session(settings_with_more.database_url, write=True) as session:
        topic = make.topic(session)
        for _ in range(400):
            proposition = make.proposition(session, topic=topic)
            make.stance(session, proposition=proposition)
            make.participation(session, meeting=make.meeting(session))
            make.source(session)
        session.commit()
    site = create_app(settings_with_more)
    client = site.test_client()
    for rule in routes(site):
        if rule.startswith("/export") or rule.endswith("/sql"):
            continue  # whole by design; and a process with limits of its own
        with subtests.test(rule=rule), cost_of(settings_with_more) as cost:
            response = client.get(address(rule))
            assert response.status_code < 500
            assert cost.statements <= MOST_STATEMENTS
            assert cost.rows <= MOST_ROWS
            assert len(response.data) <= MOST_BYTES
