"""Folding in SQL: `fold` of a column, so that lists compare as the search does.

SQLite calls `fold` itself, which every connection of ours brings. PostgreSQL has no
such function: there an expression does the same for the scripts that have case or
marks. It is told the capital letters, since `lower` knows A to Z only in a database
made without a locale.

The other way, a folded copy of every title and sentence, would be a column more for
each of them; lists are read far less often than records are compared by name.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.folding import LETTERS, SHADING, fold

_LINES = (("A", "Z"), ("\u0391", "\u03a9"), ("\u0400", "\u042f"), ("\u0531", "\u0556"))
"""The capitals of the scripts that have them: Latin, Greek, Cyrillic, Armenian."""
_SIGNS = ".,;:!?()[]{}“”‘’\"'«»–—-/"
"""What stands between words."""
_KEPT = "\ue000"
"""Stands for the short i, a letter of its own, while marks are taken away."""
_SPACES = str.maketrans(_SIGNS, " " * len(_SIGNS))


class Folded(FunctionElement[str]):
    """The folded form of a text: `models.fold` in SQL."""

    type = sa.String()
    name = "fold"
    inherit_cache = True


class FoldedWords(FunctionElement[str]):
    """A text folded, with spaces for signs and around it, so that words are whole."""

    type = sa.String()
    name = "fold_words"
    inherit_cache = True


@compiles(FoldedWords)
def _call_words(element: Any, compiler: Any, **given: Any) -> str:
    return f"fold_words({compiler.process(element.clauses, **given)})"


@compiles(FoldedWords, "postgresql")
def _express_words(element: Any, compiler: Any, **given: Any) -> str:
    found = f"' ' || {_express(element, compiler, **given)} || ' '"
    return f"translate({found}, {_text(_SIGNS)}, {_text(' ' * len(_SIGNS))})"


@compiles(Folded)
def _call(element: Any, compiler: Any, **given: Any) -> str:
    return f"fold({compiler.process(element.clauses, **given)})"


@compiles(Folded, "postgresql")
def _express(element: Any, compiler: Any, **given: Any) -> str:
    one, several = _tables()
    marks = "".join(f"{first}-{last}" for first, last in SHADING)
    found = f"normalize(({compiler.process(element.clauses, **given)}), NFKD)"
    found = f"translate({found}, {_text(one[0])}, {_text(one[1])})"
    short_i = unicodedata.normalize("NFD", "й")
    found = f"replace({found}, {_text(short_i)}, {_text(_KEPT)})"
    found = f"regexp_replace({found}, {_text(f'[{marks}]')}, '', 'g')"
    found = f"replace({found}, {_text(_KEPT)}, {_text('й')})"
    for letter, letters in several:
        found = f"replace({found}, {_text(letter)}, {_text(letters)})"
    return f"normalize({found}, NFC)"


def _tables() -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """The letters that become one other letter, and those that become several or none.

    `translate` takes away the letters at the end of its first text that have no
    counterpart in the second.
    """
    small = {
        chr(code): chr(code).lower()
        for first, last in _LINES
        for code in range(ord(first), ord(last) + 1)
        if len(chr(code).lower()) == 1
        and unicodedata.normalize("NFKD", chr(code)) == chr(code)
    }
    letters = {chr(code): str(to) for code, to in LETTERS.items()}
    capitals = {
        letter.upper(): to for letter, to in letters.items() if len(letter.upper()) == 1
    }
    letters = {**small, **capitals, **letters, "ς": "σ"}
    one = {letter: to for letter, to in letters.items() if len(to) == 1}
    none = [letter for letter, to in letters.items() if not to]
    several = [(letter, to) for letter, to in letters.items() if len(to) > 1]
    return ("".join([*one, *none]), "".join(one.values())), several


def _text(value: str) -> str:
    """A literal; a percent sign would be read as a parameter's."""
    return "'" + value.replace("'", "''").replace("%", "%%") + "'"


def prepare_connection(connection: Any) -> None:
    """Give a connection of SQLite the functions."""

    def folded_or_none(text: object) -> str | None:
        return None if text is None else fold(str(text))

    def words_or_none(text: object) -> str | None:
        return None if text is None else f" {fold(str(text))} ".translate(_SPACES)

    connection.create_function("fold", 1, folded_or_none, deterministic=True)
    connection.create_function("fold_words", 1, words_or_none, deterministic=True)
