"""The description of the JSON API, in OpenAPI 3.1.

Made from what answers: the collections, their filters, and the dataclasses. What stands
here by hand is only what those do not know: the errors, the search and the SQL.
"""

from functools import cache
from typing import Any

from queries.filters import LARGEST_LIMIT, LARGEST_PAGE, LONGEST_VALUE, Filter, ListOf
from queries.search.page import SearchPage
from queries.search.request import DEFAULT_LIMIT
from queries.suggestions import Suggestions
from web.catalogue import COLLECTIONS, Option
from web.questions import QUESTIONS
from web.schemas import Schema, Schemas, descriptions

VERSION = "1"

ABOUT = """\
Who met whom, what was on the table, who stands where, on whose word, and in which
passage does it say so. Read only. Every answer is JSON in UTF-8; every error is an
`Error`. A parameter that is unknown, or has a value that cannot be used, is an error
400 that names it. Addresses in answers (`url`, `next`) are paths on this server. Dates
are EDTF (ISO 8601-2) with their first and last day."""

ERROR: Schema = {
    "type": "object",
    "description": "What was wrong.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "title", "detail"],
            "properties": {
                "status": {"type": "integer", "description": "The HTTP status."},
                "title": {"type": "string", "description": "The sort of error."},
                "detail": {
                    "type": "string",
                    "description": "What was wrong, in a sentence, and the remedy.",
                },
                "field": {
                    "type": "string",
                    "description": "The parameter, or field of a query, at fault.",
                },
                "position": {
                    "type": "integer",
                    "description": "The character of the parameter's value, from 0.",
                },
            },
        }
    },
}

#: The parameters of the search; docs/query-language.md is about `q`.
SEARCH_WORDS = {
    "q": "The query, in the query language; empty for everything.",
    "match": "all words must be found, or any will do. If it is not said: all, or any "
    "where nothing has all of them.",
    "sort": "relevance, date (oldest first) or -date (newest first).",
    "names": "off: a name among the words is searched for as it is typed; otherwise "
    "under all names of the actor whose whole name it is.",
    "spread": "off: the first page holds however many passages of a source; otherwise "
    "two at most, by relevance and where the search names no source.",
}
SEARCH_FACETS = {
    "kind": "Only these kinds: passage, meeting, actor, stance, proposition.",
    "actor": "Only what concerns this actor, by slug.",
    "topic": "Only what is under this topic or below it, by slug.",
    "meeting": "Only what concerns this meeting, by slug.",
    "source": "Only what is in, or rests on, this source, by slug.",
    "publisher": "Only what this publisher published, as its name is written.",
    "year": "Only what may have been in this year.",
}

#: The parameter of the suggestions.
TYPED = Option(
    name="q",
    help="What has been typed so far, in plain words; each begins a word of a name.",
    read=lambda _name, text: text,
)

SQL_ANSWER: Schema = {
    "type": "object",
    "required": ["columns", "rows", "row_count", "truncated", "seconds"],
    "properties": {
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The names of the columns; two may be the same.",
        },
        "rows": {
            "type": "array",
            "items": {"type": "array"},
            "description": "The rows, each with a value for every column.",
        },
        "row_count": {"type": "integer", "description": "How many rows there are."},
        "truncated": {
            "type": ["string", "null"],
            "description": "Why these are not all the rows, in a sentence.",
        },
        "seconds": {"type": "number", "description": "How long it took."},
    },
}

_REASONS = {
    "400": "A parameter cannot be used.",
    "403": "It is switched off.",
    "404": "There is no such thing.",
    "422": "The query ran into a limit.",
    "503": "The database or the index is not there; the sentence names the remedy.",
}


@cache
def describe() -> Schema:
    """Return the whole description."""
    schemas = Schemas()
    paths: dict[str, Any] = {}
    for collection in COLLECTIONS:
        noun, one = collection.table.noun, collection.table.noun.removesuffix("s")
        paths[f"/{noun}"] = _get(
            noun,
            f"list_{noun}",
            f"List the {noun}",
            list_parameters(collection.table),
            _list_of(schemas.of(collection.item)),
            "400",
            "503",
        )
        paths[f"/{noun}/{{slug}}"] = _get(
            noun,
            f"show_{noun}",
            descriptions(collection.detail)[""],
            [
                _parameter("slug", f"The slug of the {one}.", "path"),
                *(_parameter(item.name, item.help) for item in collection.options),
            ],
            schemas.of(collection.detail),
            "400",
            "404",
            "503",
        )
    for question in QUESTIONS:
        noun, _, rest = question.path[1:].partition("/<slug>")
        slug = [
            _parameter("slug", f"The slug of the {noun.removesuffix('s')}.", "path")
        ]
        paths[question.path.replace("<slug>", "{slug}")] = _get(
            "analysis",
            question.name,
            descriptions(question.answer)[""],
            (slug if rest else []) + [_option(item) for item in question.options],
            schemas.of(question.answer),
            *("400", "404", "503"),
        )
    paths["/search"] = _get(
        "search",
        "search",
        "Search passages, meetings, actors, stances and propositions",
        [
            *(_repeated(name, help) for name, help in SEARCH_FACETS.items()),
            *(_parameter(name, help) for name, help in SEARCH_WORDS.items()),
            _number("page", "Which page, from 1.", 1, LARGEST_PAGE),
            _number("limit", "How many results.", DEFAULT_LIMIT, LARGEST_LIMIT),
        ],
        schemas.of(SearchPage),
        *("400", "503"),
    )
    paths["/suggest"] = _get(
        "search",
        "suggest",
        "Suggest actors, topics and meetings for what is being typed",
        [_option(TYPED) | {"required": True}],
        schemas.of(Suggestions),
        *("400", "503"),
    )
    paths["/sql"] = _get(
        "sql",
        "run_sql",
        "Run one read-only query over the views; docs/sql.md describes them",
        [_parameter("query", "One SELECT.", required=True)],
        SQL_ANSWER,
        *("400", "403", "422", "503"),
    )
    paths["/openapi.json"] = _get(
        "openapi", "openapi", "This description", [], {"type": "object"}, "400"
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dragoman", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": schemas.named | {"Error": ERROR},
            "responses": {
                f"Error{status}": _answer(
                    reason, {"$ref": "#/components/schemas/Error"}
                )
                for status, reason in _REASONS.items()
            },
        },
    }


def list_parameters(table: ListOf) -> list[Schema]:
    """The parameters of a list: its filters, its orders, its pages."""
    sorts = [name for sort in table.sorts for name in (sort, f"-{sort}")]
    return [
        *(_filter(item) for item in table.filters),
        _parameter(
            "sort",
            f"The order; with - in front, reversed. By default {table.default_sort}.",
            enum=sorts,
        ),
        _number("page", "Which page, from 1.", 1, LARGEST_PAGE),
        _number("limit", "How many items.", table.limit, LARGEST_LIMIT),
    ]


def _option(item: Option) -> Schema:
    """A parameter of a question; one that takes several is given several times."""
    one = _parameter(item.name, item.help, enum=list(item.choices) or None)
    if item.default:
        one["schema"]["default"] = item.default
    if item.many:
        one["schema"] = {"type": "array", "items": one["schema"]}
        one |= {"style": "form", "explode": True}
    return one


def _filter(item: Filter) -> Schema:
    """A filter; given several times, any of its values will do."""
    value: Schema = {"type": "string", "maxLength": LONGEST_VALUE}
    if item.choices:
        value = {"type": "string", "enum": list(item.choices)}
    return _repeated(item.name, item.help, value)


def _repeated(name: str, help: str, value: Schema | None = None) -> Schema:
    value = value or {"type": "string", "maxLength": LONGEST_VALUE}
    return {
        "name": name,
        "in": "query",
        "description": f"{help} Several values: any of them.",
        "schema": {"type": "array", "items": value},
        "style": "form",
        "explode": True,
    }


def _parameter(
    name: str,
    help: str,
    where: str = "query",
    enum: list[str] | None = None,
    required: bool = False,
) -> Schema:
    value: Schema = {"type": "string"} | ({"enum": enum} if enum else {})
    return {
        "name": name,
        "in": where,
        "required": required or where == "path",
        "description": help,
        "schema": value,
    }


def _number(name: str, help: str, default: int, largest: int) -> Schema:
    parameter = _parameter(name, help)
    parameter["schema"] = {
        "type": "integer",
        "minimum": 1,
        "maximum": largest,
        "default": default,
    }
    return parameter


def _list_of(item: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["items", "total", "next"],
        "properties": {
            "items": {"type": "array", "items": item},
            "total": {"type": "integer", "description": "How many on all pages."},
            "next": {
                "type": ["string", "null"],
                "description": "The address of the page after this one.",
            },
        },
    }


def _get(
    tag: str,
    operation: str,
    summary: str,
    parameters: list[Schema],
    schema: Schema,
    *errors: str,
) -> Schema:
    responses = {"200": _answer("The answer.", schema)}
    responses |= {
        status: {"$ref": f"#/components/responses/Error{status}"} for status in errors
    }
    return {
        "get": {
            "tags": [tag],
            "operationId": operation,
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        }
    }


def _answer(description: str, schema: Schema) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }
