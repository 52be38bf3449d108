"""A form as a page shows it: each field with its value, its fault and its choices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Response, jsonify, make_response, render_template, request

from editing.forms import Choice, Field, Form, Place, Reading
from editing.quoting import Place as Standing
from editing.saving import Saved
from errors import Refused
from exchange.journal import Author
from queries.shapes import address
from web.writers import writer

FRAGMENT = "X-Fragment"
"""The header with which the script asks for a part of a page, in JSON."""

WORDS = {
    "stance": "the stance",
    "meeting": "the meeting",
    "actor": "the actor",
    "proposition": "the proposition",
    "topic": "the topic",
    "office": "the office",
    "source": "the source",
}


@dataclass(frozen=True, kw_only=True)
class ShownField:
    """A field and what was typed into it."""

    field: Field
    value: str
    slug: str
    chosen: str
    """As what a new name is to be made."""
    fault: str | None
    fault_of_new: str | None
    days: str | None
    """Of a date: what it means."""
    is_new: bool
    """Whether the page asks as what the name is to be made."""


@dataclass(frozen=True, kw_only=True)
class ShownForm:
    """A form, ready to be drawn."""

    form: Form
    fields: tuple[ShownField, ...]
    more: tuple[ShownField, ...]
    """What stands under “More”."""
    is_open: bool
    """Whether “More” is open, because something in it was typed or is wrong."""
    fault: str | None
    """What is wrong with the whole."""
    faults: int
    standing: tuple[Standing, ...]
    occurrence: str
    span: tuple[str, str]
    """Where the quote was selected; two empty texts if it was pasted."""


def show(
    form: Form,
    values: Mapping[str, str],
    reading: Reading | None = None,
    claims: tuple[Choice, ...] = (),
) -> ShownForm:
    """Make what a page shows of a form."""
    faults = reading.faults if reading else {}
    new = reading.new if reading else {}

    def shown(field: Field) -> ShownField:
        if field.name == "claim":
            field = replace(field, choices=claims)
        default = field.default if reading is None else ""
        return ShownField(
            field=field,
            value=values.get(field.name, default),
            slug=values.get(f"{field.name}_slug", ""),
            chosen=values.get(f"{field.name}_new", ""),
            fault=faults.get(field.name),
            fault_of_new=faults.get(f"{field.name}_new"),
            days=reading.days.get(field.name) if reading else None,
            is_new=field.name in new or f"{field.name}_new" in faults,
        )

    fields = [shown(field) for field in form.fields]
    more = tuple(one for one in fields if one.field.more)
    told = {one.field.name for one in fields if one.fault or one.fault_of_new}
    return ShownForm(
        form=form,
        fields=tuple(one for one in fields if not one.field.more),
        more=more,
        is_open=any(
            one.field.name in told or one.value not in ("", one.field.default)
            for one in more
        ),
        fault=faults.get(""),
        faults=len(faults),
        standing=reading.standing if reading else (),
        occurrence=values.get("occurrence", ""),
        span=(values.get("start", ""), values.get("end", "")),
    )


def first_values(form: Form, place: Place, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a form shows at first: what follows from its place."""
    names = {field.name for field in form.fields}
    values: dict[str, str] = {}
    if place.speaker:
        values["said_by"] = place.speaker
        if "holder" in names:
            values["holder"] = place.speaker
    if place.published:
        for name in ("stated", "attested"):
            if name in names:
                values[name] = place.published
    return values | {
        name: value
        for name, value in given.items()
        if name in names or name in ("start", "end")
    }


def told(saved: Saved) -> list[tuple[str, str, str | None]]:
    """Say what was saved: a word for it, its slug, and the address of its page."""
    parts = []
    for kind, slug in (*saved.slugs, *saved.made):
        has_page = kind not in ("office", "dataset")
        where = address(kind, slug) if has_page else None
        parts.append((WORDS.get(kind, kind), slug, where))
    return list(dict.fromkeys(parts))


def author() -> Author:
    """Who writes in this request, as the journal names them."""
    found = writer()
    if found is None:
        raise Refused("Nobody is signed in, so nothing was saved.")
    return Author(found.name, found.account_id)


def is_fragment() -> bool:
    """Whether the script asks, which wants a part of a page."""
    return FRAGMENT in request.headers


def answer_form(template: str, status: int, **given: object) -> Response:
    """Answer with a form: a page for people, its HTML in JSON for the script."""
    if is_fragment():
        response = jsonify(form=render_template("workbench/fragment.html", **given))
    else:
        response = make_response(render_template(template, **given))
    response.status_code = status
    response.vary.add(FRAGMENT)
    return response
