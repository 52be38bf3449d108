"""`…/cite`: how to cite a source, a passage, a stance, a meeting or a brief."""

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from formats.references import FILES, apa, chicago
from queries.parameters import Given, Parameter, one_of, read
from queries.references import (
    Reference,
    meeting_reference,
    passage_reference,
    source_reference,
    stance_reference,
)
from queries.sources import PASSAGE
from web import session

citing = Blueprint("citing", __name__)

FORMAT = Parameter(name="format", help="The file to answer with.", takes=one_of(FILES))


@citing.get("/sources/<slug>/cite")
def source(slug: str) -> ResponseReturnValue:
    """A source, or with `passage=3` one of its passages."""
    position = _given().one("passage")
    if position is not None:
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


def _given() -> Given:
    return read((PASSAGE, FORMAT), request.args.to_dict(flat=False)).strictly()


def _page(reference: Reference) -> ResponseReturnValue:
    site = request.url_root.rstrip("/")
    form = _given().one("format")
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
    write, mimetype = FILES[form]
    response = Response(
        write([reference], site), content_type=f"{mimetype}; charset=utf-8"
    )
    name = f"{reference.key}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
