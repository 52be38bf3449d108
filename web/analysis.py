"""Questions over the record, as pages, JSON and files to take away.

One table of questions makes the routes of the pages, those of the JSON API and their
description. A parameter that cannot be used is refused by name, on a page too: half a
network, or a matrix of other days than were asked for, looks like an answer.
"""

from collections import Counter
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
from queries.parameters import check_text, refused
from web import session
from web.api import answer
from web.files import offered
from web.jinja import in_words, may_repeat, with_arguments
from web.listing import Chip, FormField, label, whole_chips
from web.questions import QUESTIONS, Question

blueprint = Blueprint("analysis", __name__)
api = Blueprint("analysis_api", __name__, url_prefix="/api/v1")


def read(question: Question, args: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read a request's parameters; refuse what the question does not take.

    Several slugs may also stand in one value, with spaces between them.
    """
    several = {item.name for item in question.options if item.repeatable}
    split = {
        name: [
            part.strip()
            for text in texts
            for part in (text.split() if name in several else [text])
        ]
        for name, texts in args.items()
    }
    found = parameters.read(question.options, split).strictly()
    given: dict[str, Any] = {
        name: values if name in several else values[0]
        for name, values in found.values.items()
    }
    if any(item.name == "from" for item in question.options):
        given["period"] = Period(
            since=given.pop("from", None), until=given.pop("to", None)
        )
    return {_argument(name): value for name, value in given.items()}


def _argument(name: str) -> str:
    return {"proposition": "propositions", "actor": "actors"}.get(name, name)


# Pages, files, JSON


def ask(question: Question, path: dict[str, str], whole: bool = False) -> Any:
    """Answer a question for the page, the JSON or, as a whole, for a file."""
    args = {
        name: texts
        for name, texts in request.args.to_dict(flat=False).items()
        if name != "format" or request.path.startswith("/api/")
    }
    given = {**path, **read(question, args), **(question.whole if whole else {})}
    return question.load(session(), **given)


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
        found = ask(question, path)
        shown = question.show(found)
        return make_response(
            render_template(
                question.template,
                standalone=False,
                question=question,
                answer=found,
                fields=form_fields(question),
                hidden=hidden(question),
                chips=chips(question),
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


UNOFFERED = {("differ", "false")}
"""What a form leaves out because it says the same as the empty field."""

WORDS = {
    ("fold", "office"): "the state, also by office",
    ("fold", "represented"): "the state, where recorded",
    ("fold", "none"): "the holder alone",
    ("differ", "true"): "only where actors differ",
    ("sort", "record"): "longest record first",
    ("sort", "disagreement"): "most disagreement first",
    ("nodes", "affiliation"): "actors and propositions",
    ("weight", "subtract"): "agreement less conflict",
    ("weight", "congruence"): "agreement (congruence)",
    ("weight", "ignore"): "speaking of the same (ignore)",
    ("levels", "sign"): "for or against",
    ("levels", "strength"): "how strongly, −2 to 2",
    ("duplicates", "source"): "once a source",
    ("duplicates", "day"): "once a day",
    ("duplicates", "week"): "once a week",
    ("duplicates", "month"): "once a month",
    ("duplicates", "year"): "once a year",
    ("duplicates", "once"): "once in all",
}


def form_fields(question: Question) -> list[FormField]:
    """The form above an answer."""
    return [
        FormField(
            option.name,
            label(option),
            request.args.get(option.name) or option.default,
            tuple(
                (value, WORDS.get((option.name, value), in_words(value)))
                for value in option.takes.choices
                if (option.name, value) not in UNOFFERED
            ),
            option.help,
            optional=not option.default,
        )
        for option in question.options
        if option.takes.typed
    ]


def hidden(question: Question) -> list[tuple[str, str]]:
    """The slugs in force, which stay in the form and stand above it as chips."""
    return [
        (option.name, slug)
        for option in question.options
        if option.kinds
        for text in request.args.getlist(option.name)
        for slug in text.split()
    ]


def chips(question: Question) -> list[Chip]:
    """The slugs in force, each with the address without it."""
    found = hidden(question)
    if not may_repeat():
        return whole_chips(question.options, Counter(name for name, _ in found))
    named = {option.name: option for option in question.options}
    return [
        Chip(
            f"{label(named[name])}: {slug}",
            with_arguments(
                **{
                    name: [
                        other for key, other in found if key == name and other != slug
                    ]
                }
            ),
        )
        for name, slug in found
    ]


@blueprint.get("/analysis")
def overview() -> str:
    """What the record can be asked as a whole."""
    return render_template("analysis/questions.html")


@blueprint.get("/questions")
def questions() -> ResponseReturnValue:
    """Where the analysis was until November 2026: old links lead on, query and all."""
    query = request.args.to_dict(flat=False)
    return redirect(
        f"{url_for('.overview')}?{urlencode(query, doseq=True)}".rstrip("?"), 301
    )


for _question in QUESTIONS:
    serve(_question)
