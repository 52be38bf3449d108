"""Parameters: each is declared once, and read, described and offered from there.

A declaration gives the reading of an address, the field of a page's form, the
parameter in OpenAPI and the option of the command line, so none can offer what another
refuses. What a parameter takes is its `Takes`: how a text is read, what is expected in
the words of an error, and a JSON schema of which every instance is read.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from errors import BadRequest
from models.dates import DateError
from models.slugs import LONGEST_SLUG, SLUG, is_slug
from wording import find_unreadable, quoted

#: How long a value may be, in characters.
LONGEST_VALUE = 300
#: How often a parameter may be given. What reads the values is linear in them; fifty
#: topics at once, or fifty actors, are more than anybody compares.
MOST_VALUES = 50
LARGEST_LIMIT = 500
#: Pages end here: an offset costs what it skips.
LARGEST_PAGE = 100_000
LARGEST_PASSAGE = 100_000_000


_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class Takes:
    """What a parameter takes."""

    expected: str
    """In the words of an error: "a slug such as iran"."""
    read: Callable[[str], Any]
    """Turns a text into the value; raises ValueError for what it cannot use."""
    schema: Mapping[str, Any]
    """A JSON schema. `read` takes each of its instances; it may take more, such as the
    closed intervals among dates, which no pattern tells from those that end first."""
    choices: tuple[str, ...] = ()
    """All values that it takes, if they can be listed."""
    longest: int | None = LONGEST_VALUE
    """How many characters a value may have. None where another reader, such as the
    parser of queries, says in its own words what is too long or no text."""
    written: Callable[[str], str] = str
    """How a text that is read stands in links and forms: for a date, in EDTF, so that
    a link made of "last week" still means that week a year later."""
    typed: bool = True
    """Whether people type or choose it in a form. Slugs and numbers come by links."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a page, of its JSON, and of the command that shows the same."""

    name: str
    """The name, that of the view's column where there is one."""
    help: str
    """What it does, in one sentence."""
    takes: Takes
    """What it takes."""
    label: str = ""
    """What a form calls it; by default the name in words."""
    default: str = ""
    """The value unless another is given, if there is one that can be written."""
    repeatable: bool = False
    """Whether it may be given several times; any of its values will do then."""
    required: bool = False
    """Whether nothing is answered without it."""
    kinds: tuple[str, ...] = ()
    """What a slug that it takes may be of: actor, topic and so on."""

    def check(self, text: str) -> Any:
        """Read a value.

        Raises:
            BadRequest: the value cannot be used; it names the parameter and the place.
        """
        if self.takes.longest is not None:
            check_text(self.name, text, self.takes.longest)
        try:
            return self.takes.read(text)
        except DateError as error:
            raise refused(
                self.name, text, f"{self.takes.expected}: {_why(error)}"
            ) from None
        except ValueError:
            raise refused(self.name, text, self.takes.expected) from None


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a request gives of some parameters."""

    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """The values of each parameter that is given, as they were read."""
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same as texts, for links and forms; dates in EDTF."""
    faults: tuple[BadRequest, ...] = ()
    """What cannot be used: one for each such parameter."""

    def strictly(self) -> "Given":
        """Return it, or refuse the request for its first fault.

        Raises:
            BadRequest: something cannot be used.
        """
        if self.faults:
            raise self.faults[0]
        return self

    def one(self, name: str, default: Any = None) -> Any:
        """The value of a parameter that takes one."""
        return self.values[name][0] if name in self.values else default


def read(
    parameters: Iterable[Parameter], args: Mapping[str, Sequence[str] | str]
) -> Given:
    """Read a request's parameters.

    An empty value counts as not given, as forms send them. A value that cannot be used
    is never replaced by a default in silence: there is a fault for it.

    Args:
        parameters: those that are known; every other name is a fault.
        args: the texts by name.
    """
    known = {item.name: item for item in parameters}
    values: dict[str, tuple[Any, ...]] = {}
    written: dict[str, tuple[str, ...]] = {}
    faults: list[BadRequest] = []
    for name, raw in args.items():
        texts = [raw] if isinstance(raw, str) else raw
        texts = tuple(dict.fromkeys(text for text in texts if text))
        try:
            if name not in known:
                raise unknown_parameter(name, known)
            check_number(name, texts, MOST_VALUES if known[name].repeatable else 1)
            if texts:
                values[name] = tuple(map(known[name].check, texts))
                written[name] = tuple(map(known[name].takes.written, texts))
        except BadRequest as fault:
            faults.append(fault)
    faults += (
        BadRequest(f"{item.name} is missing: {item.takes.expected}.", field=name)
        for name, item in known.items()
        if item.required
        and name not in values
        and not any(fault.field == name for fault in faults)
    )
    return Given(values=values, texts=written, faults=tuple(faults))


def check_text(name: str, text: str, longest: int = LONGEST_VALUE) -> None:
    """Refuse what no parameter takes: what is no text, and texts without end."""
    if unreadable := find_unreadable(name, text):
        sentence, position = unreadable
        raise BadRequest(sentence, field=name, position=position)
    if len(text) > longest:
        raise BadRequest(
            f"{name} is {len(text)} characters long, at most {longest} are read.",
            field=name,
            position=longest,
        )


def check_number(name: str, texts: Sequence[str], most: int = MOST_VALUES) -> None:
    """Refuse a parameter that is given more often than it may be."""
    if len(texts) > most:
        raise BadRequest(
            f"{name[:LONGEST_VALUE]} is given {len(texts)} times, at most {most} "
            f"{'is' if most == 1 else 'are'} read.",
            field=name[:LONGEST_VALUE],
            position=0,
        )


def refused(name: str, text: str, expected: str) -> BadRequest:
    """The error for a value that cannot be used: it names both."""
    return BadRequest(
        f"{name} is {quoted(text)}, expected {expected}.", field=name, position=0
    )


def unknown_parameter(name: str, known: Iterable[str]) -> BadRequest:
    """The error for a parameter that nothing reads."""
    names = ", ".join(known)
    remedy = f"known are {names}" if names else "none are known"
    return BadRequest(
        f"{quoted(name)} is not a parameter here; {remedy}.",
        field=name[:LONGEST_VALUE],
        position=0,
    )


def _why(error: DateError) -> str:
    nearest = f"; the nearest reading is {error.nearest}" if error.nearest else ""
    return error.why + nearest


# What parameters take


def text(longest: int = LONGEST_VALUE, expected: str = "some text") -> Takes:
    """Any text up to a length."""
    schema = {"type": "string", "maxLength": longest, "pattern": r"^[^\u0000]*$"}
    return Takes(expected=expected, read=str, schema=schema, longest=longest)


def one_of(choices: Iterable[str], read: Callable[[str], Any] = str) -> Takes:
    """One of a few words."""
    known = tuple(choices)

    def check(text: str) -> Any:
        if text not in known:
            raise ValueError
        return read(text)

    return Takes(
        expected=f"one of {', '.join(known)}",
        read=check,
        schema={"type": "string", "enum": list(map(str, known))},
        choices=known,
    )


def code(values: type[StrEnum]) -> Takes:
    """One of the values of an enum."""
    return one_of(values, values)  # whose labels the forms show


TRUTH = one_of(("true", "false"), lambda text: text == "true")


def whole_number(largest: int, default: int | None = None) -> Takes:
    """A whole number from 1."""

    def check(text: str) -> int:
        number = int(text) if _NUMBER.fullmatch(text) else 0
        if not 1 <= number <= largest:
            raise ValueError
        return number

    schema = {"type": "integer", "minimum": 1, "maximum": largest}
    return Takes(
        expected=f"a whole number from 1 to {largest}",
        read=check,
        schema=schema if default is None else {**schema, "default": default},
        typed=False,
    )


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError
    return text


A_SLUG = Takes(
    expected="a slug such as iran",
    read=_slug,
    schema={
        "type": "string",
        "maxLength": LONGEST_SLUG,
        "pattern": f"^{SLUG.pattern.removesuffix(chr(92) + 'Z')}$",
    },
    typed=False,
)


def _words(text: str) -> list[str]:
    words = text.split()
    if not words:
        raise ValueError
    return words


WORDS = Takes(
    expected="words",
    read=_words,
    schema={
        "type": "string",
        "maxLength": LONGEST_VALUE,
        "pattern": r"^[^\u0000]*[^\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028"
        r"\u2029\u202f\u205f\u3000][^\u0000]*$",
    },
)


# The parameters of every list


def page(help: str = "Which page, from 1.", largest: int = LARGEST_PAGE) -> Parameter:
    """The number of a page."""
    return Parameter(name="page", help=help, takes=whole_number(largest, 1))


def limit(default: int, largest: int = LARGEST_LIMIT) -> Parameter:
    """How many items a page holds."""
    return Parameter(
        name="limit", help="How many on a page.", takes=whole_number(largest, default)
    )


def slugs(name: str, help: str, *kinds: str) -> Parameter:
    """A parameter that takes several slugs."""
    return Parameter(
        name=name, help=help, takes=A_SLUG, repeatable=True, kinds=kinds or (name,)
    )


def slug(name: str, help: str, kind: str) -> Parameter:
    """A parameter that takes one slug."""
    return Parameter(name=name, help=help, takes=A_SLUG, kinds=(kind,))


def choice(name: str, values: type[StrEnum], help: str, default: str = "") -> Parameter:
    """A parameter that takes one of the values of an enum."""
    return Parameter(name=name, help=help, takes=code(values), default=default)
