"""`…/cite`: how to cite a source, a passage, a stance, a meeting or a brief."""

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from errors import BadRequest, quoted
from formats.references import FILES, apa, chicago
from queries.filters import refused, whole_number
from queries.references import (
    Reference,
    meeting_reference,
    passage_reference,
    source_reference,
    stance_reference,
)
from web import session

citing = Blueprint("citing", __name__)

#: The parameters of these pages, and which take the passage.
_KNOWN = ("passage", "format")


@citing.get("/sources/<slug>/cite")
def source(slug: str) -> ResponseReturnValue:
    """A source, or with `passage=3` one of its passages."""
    number = request.args.get("passage")
    if number:
        position = whole_number("passage", number)
        return _page(passage_reference(session(), slug, position))
    return _page(source_reference(session(), slug))


@citing.get("/stances/<slug>/cite")
def stance(slug: str) -> ResponseReturnValue:
    """A stance, as an entry of this database."""
    return _page(stance_reference(session(), slug))


@citing.get("/meetings/<slug>/cite")
def meeting(slug: str) -> ResponseReturnValue:
    """A meeting, as an entry of this database."""
    return _page(meeting_reference(session(), slug))


@citing.get("/meetings/<slug>/brief/cite")
def brief(slug: str) -> ResponseReturnValue:
    """The brief of a meeting, as an entry of this database."""
    return _page(meeting_reference(session(), slug, brief=True))


def _page(reference: Reference) -> ResponseReturnValue:
    for name in request.args:
        if name not in _KNOWN:
            raise BadRequest(
                f"{quoted(name)} is not a parameter here; known are"
                f" {', '.join(_KNOWN)}.",
                field=name,
            )
    site = request.url_root.rstrip("/")
    form = request.args.get("format")
    if not form:
        today = datetime.now(UTC).date()
        return render_template(
            "cite.html",
            reference=reference,
            permalink=f"{site}{reference.path}",
            notes={
                "Chicago": chicago(reference, site, today),
                "APA": apa(reference, site, today),
            },
            texts={
                name: "".join(write([reference], site))
                for name, (write, _mimetype) in FILES.items()
            },
        )
    if form not in FILES:
        raise refused("format", form, f"one of {', '.join(FILES)}")
    write, mimetype = FILES[form]
    response = Response(
        write([reference], site), content_type=f"{mimetype}; charset=utf-8"
    )
    name = f"{reference.key}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
