"""The analyses of the record, as pages, JSON and downloads.

One table of questions makes the routes of the pages, those of the JSON API and their
description. A parameter that cannot be used is refused by name, on a page too: half a
network, or a matrix of other days than were asked for, looks like an answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from analysis.statements import Period
from queries import parameters
from queries.naming import slugs_for_names
from queries.parameters import check_text, refused
from web import session
from web.analysis.forms import Args, chips, form_fields, kept, offers
from web.analysis.questions import QUESTIONS, Question
from web.api import answer
from web.files import offered
from web.listing import Chip, tidied

blueprint = Blueprint("analysis", __name__)
api = Blueprint("analysis_api", __name__, url_prefix="/api/v1")


def read(question: Question, args: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read a request's parameters; refuse what the question does not take.

    Several slugs may also stand in one value, with spaces between them.
    """
    several = {item.name for item in question.options if item.repeatable}
    given = {name: [text.strip() for text in texts] for name, texts in args.items()}
    named = slugs_for_names(session(), question.options, given)
    found = parameters.read(question.options, named.strictly()).strictly()
    asked: dict[str, Any] = {
        name: values if name in several else values[0]
        for name, values in found.values.items()
    }
    if any(item.name == "from" for item in question.options):
        asked["period"] = Period(
            since=asked.pop("from", None), until=asked.pop("to", None)
        )
    return {_argument(name): value for name, value in asked.items()}


def _argument(name: str) -> str:
    return {"proposition": "propositions", "actor": "actors"}.get(name, name)


def ask(question: Question, path: dict[str, str], whole: bool = False) -> Any:
    """Answer a question for the page, the JSON or, as a whole, for a file."""
    args = {
        name: texts
        for name, texts in request.args.to_dict(flat=False).items()
        if name != "format" or request.path.startswith("/api/")
    }
    given = {**path, **read(question, args), **(question.whole if whole else {})}
    return question.load(session(), **given)


def _offers(question: Question, path: dict[str, str], found: Any) -> list[Chip]:
    """What to look at instead of an answer that holds nothing."""
    holds = question.holds
    if holds is None or getattr(found, holds):
        return []

    def count(args: Args) -> int:
        wider = question.load(session(), **path, **read(question, args))
        return int(getattr(wider, holds))

    return offers(question, count)


def serve(question: Question) -> None:
    """Add the routes of a question."""

    def page(**path: str) -> Response:
        for name, text in path.items():
            check_text(name, text)
        form = request.args.get("format", "html")
        if form not in ("html", *question.downloads):
            known = ", ".join(["html", *question.downloads])
            raise refused("format", form, f"one of {known}")
        if form != "html":
            file = question.downloads[form]
            return file.make(ask(question, path, file.whole))
        if address := tidied(question.options, session()):
            return make_response(redirect(address))
        found = ask(question, path)
        shown = question.show(found)
        return make_response(
            render_template(
                question.template,
                standalone=False,
                question=question,
                answer=found,
                fields=form_fields(question),
                hidden=kept(question),
                chips=chips(question),
                offers=_offers(question, path, found),
                **({} if found.basis is None else {"basis": found.basis}),
                files=offered(question.downloads, shown),
                **shown,
            )
        )

    def data(**path: str) -> Response:
        for name, text in path.items():
            check_text(name, text)
        return answer(ask(question, path))

    blueprint.add_url_rule(question.path, question.name, page)
    api.add_url_rule(question.path, question.name, data)


@blueprint.get("/analysis")
def overview() -> str:
    """What the record can be asked as a whole."""
    return render_template("analysis/overview.html")


@blueprint.get("/questions")
def questions() -> ResponseReturnValue:
    """Where the analysis was until November 2026: old links lead on, query and all."""
    query = request.args.to_dict(flat=False)
    return redirect(
        f"{url_for('.overview')}?{urlencode(query, doseq=True)}".rstrip("?"), 301
    )


for _question in QUESTIONS:
    serve(_question)
