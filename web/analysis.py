"""Questions over the record, as pages, JSON and files to take away.

One table of questions makes the routes of the pages, those of the JSON API and their
description. A parameter that cannot be used is refused by name, on a page too: half a
network, or a matrix of other days than were asked for, looks like an answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from analysis.statements import Period
from queries.filters import (
    a_slug,
    check_number,
    check_text,
    check_texts,
    refused,
    unknown_parameter,
    whole_number,
)
from web import session
from web.api import answer
from web.files import offered
from web.jinja import in_words, may_repeat, with_arguments
from web.listing import Chip, FormField, whole_chips
from web.questions import QUESTIONS, Question

blueprint = Blueprint("analysis", __name__)
api = Blueprint("analysis_api", __name__, url_prefix="/api/v1")


def read(question: Question, args: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read a request's parameters; refuse what the question does not take."""
    known = {option.name: option for option in question.options}
    given: dict[str, Any] = {}
    for name, texts in args.items():
        check_texts(name, texts)
        texts = [text.strip() for text in texts if text.strip()]
        if name not in known:
            raise unknown_parameter(name, known)
        if not texts:
            continue
        if known[name].many:
            values = [value for text in texts for value in text.split()]
            check_number(name, values)
            given[name] = tuple(known[name].read(name, value) for value in values)
        else:
            given[name] = known[name].read(name, texts[-1])
    if "from" in known:
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


LABELS = {
    "from": "From",
    "to": "To, or as of",
    "fold": "Counts for",
    "by": "Rows",
    "kind": "Kind",
    "actor_kind": "Actors",
    "sort": "Order",
    "differ": "Differ",
    "levels": "Compare",
}


def label(name: str) -> str:
    """What a parameter is called in the form."""
    return LABELS.get(name, in_words(name).capitalize())


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
            label(option.name),
            request.args.get(option.name) or option.default,
            tuple(
                (value, WORDS.get((option.name, value), in_words(value)))
                for value in option.choices
            ),
            option.help,
            optional=not option.default,
        )
        for option in question.options
        if option.read not in (a_slug, whole_number)
    ]


def hidden(question: Question) -> list[tuple[str, str]]:
    """The slugs in force, which stay in the form and stand above it as chips."""
    return [
        (option.name, slug)
        for option in question.options
        if option.read is a_slug
        for text in request.args.getlist(option.name)
        for slug in text.split()
    ]


def chips(question: Question) -> list[Chip]:
    """The slugs in force, each with the address without it."""
    found = hidden(question)
    if not may_repeat():
        return whole_chips(Counter(name for name, _ in found))
    return [
        Chip(
            f"{LABELS.get(name, in_words(name).capitalize())}: {slug}",
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


@blueprint.get("/questions")
def questions() -> str:
    """The questions that the record can be asked as a whole."""
    return render_template("analysis/questions.html")


for _question in QUESTIONS:
    serve(_question)
