"""The form above an answer, and what stays in force of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from flask import request

from queries.parameters import Parameter
from web.analysis.questions import Question
from web.jinja import in_words, may_repeat, with_arguments
from web.listing import Chip, FormField, label, whole_chips

Args: TypeAlias = Mapping[str, Sequence[str]]

UNOFFERED = {("differ", "false")}
"""What a form leaves out because it says the same as the empty field."""

WORDS = {
    ("by", "actor"): "actors (relations)",
    ("contrary", "on"): "counted as against",
    ("contrary", "off"): "not counted",
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
            _value(option),
            tuple(
                (value, WORDS.get((option.name, value), in_words(value)))
                for value in option.takes.choices
                if (option.name, value) not in UNOFFERED
            ),
            option.help,
            optional=not option.default,
            kinds=option.kinds,
        )
        for option in question.options
        if option.takes.typed or _takes_names(option)
    ]


MOST_TRIED = 4
"""How many filters of an empty answer are tried without: each asks the whole again."""


def offers(question: Question, count: Callable[[Args], int]) -> list[Chip]:
    """What to look at where an answer holds nothing: the same with a filter fewer.

    Args:
        question: what was asked.
        count: how much the answer holds for other arguments.
    """
    given = request.args.to_dict(flat=False)
    narrowing = [
        item for item in question.options if item.name in given and _narrows(item)
    ]
    found = []
    for item in narrowing[:MOST_TRIED]:
        rest = {name: texts for name, texts in given.items() if name != item.name}
        if number := count(rest):
            words = f"Without {label(item).lower()}: {number:,}"
            found.append(Chip(words, with_arguments(**{item.name: None})))
    if not found and len(narrowing) > 1:
        away = {item.name for item in narrowing}
        rest = {name: texts for name, texts in given.items() if name not in away}
        if number := count(rest):
            words = f"Without these filters: {number:,}"
            found.append(Chip(words, with_arguments(**dict.fromkeys(away))))
    return found


NARROWING = frozenset(
    {"actor_kind", "differ", "from", "how", "kind", "meeting_format", "status", "to"}
)
"""What chooses among what is recorded, beside names; the rest says how it is shown."""


def _narrows(option: Parameter) -> bool:
    return bool(option.kinds) or option.name in NARROWING


def _takes_names(option: Parameter) -> bool:
    """Whether a form has a field for it; orders and sources come by links."""
    return option.name in ("actor", "topic", "proposition", "towards")


def _value(option: Parameter) -> str:
    """What stands in a field; what may be given several times is a chip instead."""
    given = request.args.get(option.name)
    if not given or (option.kinds and option.repeatable):
        return option.default
    return given if option.kinds else option.takes.written(given)


def hidden(question: Question) -> list[tuple[str, str]]:
    """The slugs in force, which stand as chips below the form."""
    return [
        (option.name, slug)
        for option in question.options
        if option.kinds
        for text in request.args.getlist(option.name)
        for slug in text.split()
    ]


def kept(question: Question) -> list[tuple[str, str]]:
    """Those of them that have no field of their own in the form."""
    fields = {
        option.name
        for option in question.options
        if _takes_names(option) and not option.repeatable
    }
    return [(name, slug) for name, slug in hidden(question) if name not in fields]


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
