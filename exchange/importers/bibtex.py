"""Read references in BibTeX and biblatex, as Zotero and our own exports write them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from exchange.importers.charsets import decode
from exchange.importers.document import Given
from exchange.importers.references import Entry, answer, day_of, name_of

_ENTRY = re.compile(r"@\s*(\w+)\s*([{(])")
_NAME = re.compile(r"\s*,?\s*([\w:.+/-]+)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}()\"=]+")
_PASSED = ("comment", "preamble")
_TYPES = {"report": "official_document", "techreport": "official_document",
          "dataset": "dataset"}  # fmt: skip
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1
    )
}
_TEXTS = {"title": "title", "url": "url", "language": "language", "langid": "language",
          "location": "place", "address": "place", "rights": "licence"}  # fmt: skip
_PUBLISHERS = ("publisher", "institution", "organization", "school", "journal",
               "journaltitle", "booktitle")  # fmt: skip
_DATES = ("date", "year", "month", "day")
_SILENT = ("note", "langid", "shorttitle", "copyright")

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308",
    "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
    "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_SIGNS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "ss": "ß",
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "textquoteright": "’",
    "textquoteleft": "‘", "textendash": "–", "textemdash": "—",
}  # fmt: skip
_COMMAND = re.compile(
    r"\\(?:"
    r"(?P<accent>[`'^~\"=.]|[uvHckrdb](?![A-Za-z]))\s*"
    r"(?:\{\\?(?P<in>\w?)\}|\\?(?P<on>[A-Za-z]))"
    r"|(?P<sign>[A-Za-z]+)(?:\{\}|\s+)?"
    r"|(?P<char>[^A-Za-z]))"
)


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the entries of a list.

    Raises:
        Unreadable: it has none, or is in an encoding that can only be guessed.
    """
    text, _ = decode(content, given.encoding)
    left_out: Counter[str] = Counter()
    return answer(list(_entries(text, left_out)), left_out)


def _entries(text: str, left_out: Counter[str]) -> Iterator[Entry]:
    strings: dict[str, str] = dict(_MONTHS)
    at = line = 0
    last = 0
    while found := _ENTRY.search(text, at):
        line += text.count("\n", last, found.start())
        last = found.start()
        kind = found[1].lower()
        if kind in _PASSED:
            at = _end_of_braces(text, found.end() - 1)
            continue
        if kind == "string":
            fields, at = _fields(text, found.end(), strings)
            strings |= {name: value for name, value in fields}
            continue
        key = re.compile(r"\s*([^\s,{}()\"]*)\s*,").match(text, found.end())
        entry = Entry(line + 1, kind=_TYPES.get(kind))
        if key is None:
            entry.bad = "an entry with a key and fields, parted by commas"
            yield entry
            at = found.end()
            continue
        entry.key = key[1]
        fields, at = _fields(text, key.end(), strings)
        _fill(entry, fields, left_out)
        yield entry


def _fields(
    text: str, at: int, strings: dict[str, str]
) -> tuple[list[tuple[str, str]], int]:
    """Return the fields that stand from a place on, and where they end."""
    found: list[tuple[str, str]] = []
    while name := _NAME.match(text, at):
        at = name.end()
        parts = []
        while at < len(text):
            part, at = _value(text, at, strings)
            parts.append(part)
            more = re.compile(r"\s*#\s*").match(text, at)
            if more is None:
                break
            at = more.end()
        found.append((name[1].lower(), "".join(parts)))
    return found, at


def _value(text: str, at: int, strings: dict[str, str]) -> tuple[str, int]:
    if text[at] == "{":
        end = _end_of_braces(text, at)
        return text[at + 1 : end - 1], end
    if text[at] == '"':
        depth, end = 0, at + 1
        while end < len(text) and (text[end] != '"' or depth):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 2 if text[end] == "\\" else 1
        return text[at + 1 : end], min(end + 1, len(text))
    word = _WORD.match(text, at)
    if word is None:
        return "", at + 1
    return strings.get(word[0].lower(), word[0]), word.end()


def _end_of_braces(text: str, at: int) -> int:
    """Return where the braces that open at a place are closed, or the text's end."""
    depth = 0
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, at):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth <= 0:
            return found.end()
    return len(text)


def _fill(entry: Entry, fields: list[tuple[str, str]], left_out: Counter[str]) -> None:
    dates: dict[str, str] = {}
    for name, raw in fields:
        value = _verbatim(raw) if name in ("url", "date") else plain(raw)
        if not value:
            continue
        if name in _TEXTS:
            if getattr(entry, _TEXTS[name]) is None:
                setattr(entry, _TEXTS[name], value)
        elif name in _PUBLISHERS:
            entry.publisher = entry.publisher or value
        elif name in ("author", "editor"):
            if name == "author" or not entry.contributors:
                entry.contributors = _names(raw)
        elif name in _DATES:
            dates[name] = value
        elif name == "keywords":
            if not entry.call(value):
                entry.topics = [part.strip() for part in value.split(",")]
        elif name == "type":
            if not entry.call(value):
                left_out[name] += 1
        elif name == "file":
            entry.files = _files(raw)
        elif name not in _SILENT:
            left_out[name] += 1
    month = dates.get("month", "")
    month = _MONTHS.get(month[:3].lower(), month)
    entry.published = dates.get("date") or day_of(
        dates.get("year", ""), month, dates.get("day", "")
    )


def _names(raw: str) -> list[str]:
    """Part names at `and`, but not inside of braces, which keep a body's name whole."""
    names, depth, start = [], 0, 0
    for found in re.compile(r"\\.|[{}]|\s+and\s+", re.DOTALL).finditer(raw):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0 and found[0][0] != "\\":
            names.append(raw[start : found.start()])
            start = found.end()
    made = []
    for name in (*names, raw[start:]):
        whole = name.strip().startswith("{")
        made.append(plain(name) if whole else name_of(plain(name)))
    return [name for name in made if name and name != "others"]


def _files(raw: str) -> list[str]:
    """Return paths: Zotero writes `Title:files/1/a.pdf:application/pdf;…`."""
    paths = []
    for part in re.split(r"(?<!\\);", raw):
        parts = re.split(r"(?<!\\):", part)
        path = parts[1] if len(parts) >= 3 else parts[0]
        paths.append(re.sub(r"\\(.)", r"\1", path.strip()))
    return [path for path in paths if path]


def _verbatim(raw: str) -> str:
    """Return an address or a date: a tilde in it is no space."""
    text = " ".join(raw.split())
    while text.startswith("{") and _end_of_braces(text, 0) == len(text):
        text = text[1:-1].strip() if text.endswith("}") else text[1:]
    return re.sub(r"\\([_%&#~])", r"\1", text)


def plain(raw: str) -> str:
    """Return the words of a value: accents composed, signs as they are, no braces."""
    text = _COMMAND.sub(_char, raw)
    text = text.replace("{", "").replace("}", "").replace("~", " ")
    for sign, mark in _GUARDED.items():
        text = text.replace(mark, sign)
    return " ".join(text.split())


_GUARDED = {"{": "\ue000", "}": "\ue001", "~": "\ue002"}
"""Signs that are meant, while those of LaTeX are taken out."""


def _char(found: re.Match[str]) -> str:
    if found["accent"]:
        letter = found["in"] or found["on"] or ""
        letter = {"ı": "i", "ȷ": "j"}.get(letter, letter)
        return unicodedata.normalize("NFC", letter + _ACCENTS[found["accent"]])
    made = _SIGNS.get(found["sign"], found[0]) if found["sign"] else found["char"]
    return _GUARDED.get(made, made)
