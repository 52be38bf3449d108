"""The description of the JSON API, in OpenAPI 3.1.

Made from what answers: the collections, their filters, and the dataclasses. What stands
here by hand is only what those do not know: the errors, the search and the SQL.
"""

from functools import cache
from typing import Any

from queries.change_shapes import ChangeDetail, ChangeItem
from queries.changes import CHANGES, RECORDS_PAGE
from queries.naming import KINDS_NAMED, Names
from queries.parameters import A_SLUG, MOST_VALUES, Parameter, one_of, text
from queries.search.page import SearchPage
from queries.search.request import PARAMETERS
from queries.suggestions import Suggestions
from web.analysis.questions import QUESTIONS
from web.catalogue import COLLECTIONS
from web.console import QUERY
from web.schemas import Schema, Schemas, descriptions

VERSION = "1"

TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of an account, from `/account` or `dragoman account "
    "token`. Reading needs one only where the site has DRAGOMAN_READERS=accounts.",
}
ABOUT = """\
Meetings, agendas and positions, to whom each is attributed, and in which
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

#: Of what the names are.
KINDS = Parameter(
    name="kind",
    help="Of what the name is.",
    takes=one_of(KINDS_NAMED),
    repeatable=True,
    required=True,
)
#: The parameter of the suggestions.
TYPED = Parameter(
    name="q",
    help="What has been typed so far, in plain words; each begins a word of a name.",
    takes=text(expected="what has been typed so far"),
    required=True,
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
            list(map(_parameter, collection.table.parameters)),
            _list_of(schemas.of(collection.item)),
            "400",
            "503",
        )
        paths[f"/{noun}/{{slug}}"] = _get(
            noun,
            f"show_{noun}",
            descriptions(collection.detail)[""],
            [
                _path(f"The slug of the {one}."),
                *map(_parameter, collection.options),
            ],
            schemas.of(collection.detail),
            "400",
            "404",
            "503",
        )
    for question in QUESTIONS:
        noun, _, rest = question.path[1:].partition("/<slug>")
        slug = [_path(f"The slug of the {noun.removesuffix('s')}.")]
        paths[question.path.replace("<slug>", "{slug}")] = _get(
            "analysis",
            question.name,
            descriptions(question.answer)[""],
            [*(slug if rest else []), *map(_parameter, question.options)],
            schemas.of(question.answer),
            *("400", "404", "503"),
        )
    paths["/changes"] = _get(
        "changes",
        "list_changes",
        "List the changes of the record, the last first",
        list(map(_parameter, CHANGES.parameters)),
        _list_of(schemas.of(ChangeItem)),
        *("400", "503"),
    )
    paths["/changes/{number}"] = _get(
        "changes",
        "show_change",
        descriptions(ChangeDetail)[""],
        [
            {
                "name": "number",
                "in": "path",
                "required": True,
                "description": "The number of the change.",
                "schema": {"type": "string", "pattern": "^[0-9]{1,9}$"},
            },
            _parameter(RECORDS_PAGE),
        ],
        schemas.of(ChangeDetail),
        *("400", "404", "503"),
    )
    paths["/search"] = _get(
        "search",
        "search",
        "Search passages, meetings, actors, stances and propositions",
        list(map(_parameter, PARAMETERS)),
        schemas.of(SearchPage),
        *("400", "503"),
    )
    paths["/suggest"] = _get(
        "search",
        "suggest",
        "Suggest actors, topics and meetings for what is being typed",
        [_parameter(TYPED)],
        schemas.of(Suggestions),
        *("400", "503"),
    )
    paths["/names"] = _get(
        "search",
        "names",
        "Offer what may be meant by a name that is being typed where a slug is asked "
        "for",
        [_parameter(TYPED), _parameter(KINDS)],
        schemas.of(Names),
        *("400", "503"),
    )
    paths["/sql"] = _get(
        "sql",
        "run_sql",
        "Run one read-only query over the views; docs/sql.md describes them",
        [_parameter(QUERY)],
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
        "security": [{}, {"token": []}],
        "components": {
            "securitySchemes": {"token": TOKEN},
            "schemas": schemas.named | {"Error": ERROR},
            "responses": {
                f"Error{status}": _answer(
                    reason, {"$ref": "#/components/schemas/Error"}
                )
                for status, reason in _REASONS.items()
            },
        },
    }


def _parameter(item: Parameter) -> Schema:
    """A parameter; one that takes several values is given several times."""
    value = dict(item.takes.schema)
    if item.default:
        value["default"] = item.default
    described: Schema = {
        "name": item.name,
        "in": "query",
        "required": item.required,
        "description": item.help,
        "schema": value,
    }
    if item.repeatable:
        several = {"type": "array", "items": value, "maxItems": MOST_VALUES}
        described |= {
            "description": f"{item.help} Several values: any of them.",
            "schema": several,
            "style": "form",
            "explode": True,
        }
    return described


def _path(help: str) -> Schema:
    """The slug in a path."""
    return {
        "name": "slug",
        "in": "path",
        "required": True,
        "description": help,
        "schema": dict(A_SLUG.schema),
    }


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
