"""The JSON API: every list and every thing, as the pages show them.

A list answers `{"items", "total", "next"}`, an item the dataclass that its page
renders, an error `{"error": {"status", "title", "detail", …}}`. A parameter that cannot
be used is refused and never ignored: a program cannot read a notice.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from queries.naming import offer_names, slugs_for_names
from queries.parameters import Parameter, read
from queries.plain import plain
from queries.search.request import strictly
from queries.shapes import Page
from web import find, session, suggest
from web.catalogue import COLLECTIONS, Collection
from web.links import prefixed
from web.openapi import KINDS, TYPED, describe

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """Answer `?q=`; a query that cannot be read is refused with its character."""
    return answer(find(strictly(request.args.to_dict(flat=False))))


@api.get("/suggest")
def suggestions() -> Response:
    """Answer `?q=` with the actors, topics and meetings that it may mean."""
    return answer(suggest(read_options((TYPED,))["q"]))


@api.get("/names")
def names() -> Response:
    """Answer `?q=&kind=` with what a name that is being typed may mean."""
    given = read((TYPED, KINDS), request.args.to_dict(flat=False)).strictly()
    return answer(offer_names(session(), given.values["kind"], given.one("q")))


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of all this."""
    read_options(())
    return answer(describe())


def _serve(collection: Collection) -> None:
    noun = collection.table.noun

    def list_things() -> Response:
        table, args = collection.table, request.args.to_dict(flat=False)
        named = slugs_for_names(session(), table.filters, args)
        asked = table.strictly(named.strictly())
        page = collection.find(session(), asked)
        body = {"items": page.items, "total": page.total, "next": next_page(page)}
        return answer(body)

    def show_thing(slug: str) -> Response:
        given = read_options(collection.options)
        return answer(collection.load(session(), slug, **given))

    api.add_url_rule(f"/{noun}", f"list_{noun}", list_things)
    api.add_url_rule(f"/{noun}/<slug>", f"show_{noun}", show_thing)


for _collection in COLLECTIONS:
    _serve(_collection)


def read_options(options: Iterable[Parameter]) -> dict[str, Any]:
    """Read an item's parameters; refuse those that it does not have."""
    given = read(options, request.args.to_dict(flat=False)).strictly()
    return {name: value for name, (value, *_) in given.values.items()}


def next_page(page: Page[Any]) -> str | None:
    """The address of the page after this one, with all else as it was asked for."""
    if not page.more:
        return None
    arguments = {**request.args.to_dict(flat=False), "page": str(page.page + 1)}
    query = urlencode(arguments, doseq=True)
    return f"{request.path}?{query}"


def answer(body: Any) -> Response:
    """Answer with JSON in UTF-8, keys in the order of the fields."""
    text = json.dumps(prefixed(plain(body)), ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json")
