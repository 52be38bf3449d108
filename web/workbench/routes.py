"""The coding page of a source, and its forms."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from editing.forms import (
    FORMS,
    Form,
    Place,
    Reading,
    claims_of,
    find_place,
    nowhere,
    read_day,
)
from editing.saving import Saved
from errors import DragomanError, InputFaults, NotFound
from queries.shapes import address
from queries.sources import PAGE, PASSAGE, VERSION, load_source
from web import opener, save, session
from web.links import here
from web.workbench.marks import coded, pieces
from web.workbench.shown import (
    WORDS,
    answer_form,
    author,
    first_values,
    is_fragment,
    show,
    told,
)
from web.writers import Role, requires
from wording import none_called

workbench = Blueprint("workbench", __name__)

SHORT = {
    "stance": "stance",
    "meeting": "meeting",
    "participant": "participant",
    "agenda": "agenda item",
    "status": "status",
    "outcome": "outcome",
    "office": "office",
    "membership": "membership",
    "name": "name",
    "span": "further span",
}
"""What the links below a passage call the forms."""

MOST_SAVED = 12
"""Parts of what was saved that the address of the next page names."""


workbench.add_app_template_filter(coded, "coded_percent")
workbench.add_app_template_filter(pieces, "pieces")


@workbench.get("/workbench/date")
@requires(Role.EDITOR)
def date() -> Response:
    """What a date in words means, while it is typed: `means` or `expected`."""
    text, source = request.args.get("text", ""), request.args.get("source", "")
    today = find_place(session(), source).today if source else nowhere().today
    try:
        return jsonify(means=read_day(text, today))
    except DragomanError as error:
        return jsonify(expected=error.public)


@workbench.get("/sources/<slug>/code")
@requires(Role.EDITOR)
def page(slug: str) -> str:
    """A source to be coded: its passages, each with its claims and the forms."""
    number, change = request.args.get(PAGE.name), request.args.get("change", "")
    found = load_source(session(), slug, None, PAGE.check(number) if number else 1)
    return render_template(
        "workbench/code.html",
        source=found,
        forms=FORMS.values(),
        short=SHORT,
        saved=saved_before(),
        change=change if change.isdecimal() and len(change) < 12 else None,
        basis=found.basis,
    )


@workbench.get("/sources/<slug>/code/<name>")
@requires(Role.EDITOR)
def form(slug: str, name: str) -> Response:
    """One form, for a passage of the source."""
    asked = _form(name)
    place = _place(slug, request.args)
    values = first_values(asked, place, request.args)
    claims = claims_of(session(), slug) if name == "span" else ()
    return answer_form(
        "workbench/form.html",
        200,
        shown=show(asked, values, claims=claims),
        place=place,
        action=request.path,
    )


@workbench.post("/sources/<slug>/code/<name>")
@requires(Role.EDITOR)
def send(slug: str, name: str) -> Response | Answer:
    """Save what a form says; with a fault nothing changes and the form comes back."""
    asked = _form(name)
    values = request.form.to_dict()
    place = _place(slug, values)
    reading = Reading(session(), asked, values, place)
    status = 422
    changes = reading.changes()
    if changes:
        try:
            return _answer_saved(save(changes, author()), reading, place)
        except InputFaults as error:
            reading.tell(error.faults)
        except DragomanError as error:
            status = error.status
            reading.faults[""] = error.public
    claims = claims_of(session(), slug) if name == "span" else ()
    return answer_form(
        "workbench/form.html",
        status,
        shown=show(asked, values, reading, claims),
        place=place,
        action=request.path,
    )


def _answer_saved(saved: Saved, reading: Reading, place: Place) -> Response | Answer:
    parts = told(saved)
    if is_fragment():
        with opener()() as fresh:  # the request's own session began before the saving
            found = load_source(fresh, place.source, passage=place.position)
        changed = [one for one in found.text if one.position == place.position]
        return jsonify(
            said=render_template(
                "workbench/saved.html", saved=parts, change=saved.change
            ),
            passages={
                one.position: render_template(
                    "workbench/passage.html",
                    passage=one,
                    source=found,
                    forms=FORMS.values(),
                    short=SHORT,
                )
                for one in changed
            },
            span=_anchor(reading),
        )
    query = "&".join(f"saved={kind}:{slug}" for kind, slug in _keys(saved))
    query += f"&change={saved.change}" if saved.change else ""
    page = f"&page={(place.position - 1) // 100 + 1}" if place.position else ""
    back = here(f"{address('source', place.source)}/code?{query}{page}")
    return redirect(f"{back}#{_anchor(reading) or 'saved'}", 303)


def _keys(saved: Saved) -> list[tuple[str, str]]:
    keys: list[tuple[str, str]] = [*saved.slugs, *saved.made]
    return list(dict.fromkeys(keys))[:MOST_SAVED]


def _anchor(reading: Reading) -> str | None:
    found = reading.quoted
    return f"e{found.start}-{found.end}" if found else None


def saved_before() -> list[tuple[str, str, str | None]]:
    """What the page before this one saved, as its address names it."""
    keys = [one.partition(":") for one in request.args.getlist("saved")[:MOST_SAVED]]
    return told_keys([(kind, slug) for kind, _, slug in keys])


def told_keys(keys: list[tuple[str, str]]) -> list[tuple[str, str, str | None]]:
    """The same as `told`, for what stands in an address and may be anything."""
    return [
        (WORDS[kind], slug, None if kind == "office" else address(kind, slug))
        for kind, slug in keys
        if kind in WORDS
    ]


def _form(name: str) -> Form:
    if name not in FORMS:
        raise NotFound(f"{none_called('form', name)}: there are {', '.join(FORMS)}.")
    return FORMS[name]


def _place(slug: str, given: Mapping[str, str]) -> Place:
    position, version = given.get(PASSAGE.name), given.get(VERSION.name)
    return find_place(
        session(),
        slug,
        PASSAGE.check(position) if position else None,
        VERSION.check(version) if version else None,
    )
