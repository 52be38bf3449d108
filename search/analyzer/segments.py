"""Where the words of a text begin and end, whatever is glued to them or parts them.

A *spelling* is what stands between spaces and punctuation: a word, or a compound of
several. What it is read as depends on it alone and on the language, so that an index
asks once for each spelling. It is read as units, each of which takes a position:

- hyphens part a compound (UN-brokered), and so does the change from letters to digits
  (COP27, S400, G20), but not an ordinal's or plural's ending (19th, 1990s);
- digits in groups (1,200 · 1.200.000 · 1 200 000 · 1'200) are a unit each, and the
  number; only the number's reading tells thousands from decimals;
- an apostrophe parts a compound in Latin script (Sana'a), and is a letter in Cyrillic
  and Hebrew (зв'язок, ג'ורג'), as is the quotation mark of a Hebrew abbreviation;
- an elided article (l'Iran) is dropped where the language elides and a vowel follows,
  as is an English possessive ending;
- a word broken at a line's end is one unit, its halves beside it;
- capitals with dots are one unit, with spaces between or without (U.S., J. F.), their
  letters beside it.

Besides its units a compound has its *whole*, written together, where that makes sense.
"""

import re
from typing import NamedTuple

from models.folding import fold
from search.analyzer.characters import (
    ALONE,
    APOSTROPHES,
    CLUSTER,
    CYRILLIC,
    GERSHAYIM,
    HEBREW,
    LETTER,
    SINGLE,
    THIN_SPACES,
    WITHIN,
)
from search.analyzer.languages import ELIDING

_INITIALS = (
    rf"{SINGLE}\.(?:[{THIN_SPACES}]?{SINGLE}\.)+(?:{SINGLE}(?!{LETTER}))?"
    rf"|{SINGLE}\.{SINGLE}(?!{LETTER})"
)
_PLAIN = rf"{LETTER}(?:{LETTER}|[{WITHIN}])*"
_PART = rf"(?:{_INITIALS}|{_PLAIN})"
_BROKEN = r"(?:[-\u2010\u2011\u00ac]|(?<=\u00ad))[ \t]*\r?\n[ \t]*"
_JOINER = (
    rf"(?:[-\u2010\u2011\u200c{APOSTROPHES}](?!\s)|{_BROKEN}(?=[^\W\d_])"
    rf"|(?<=[{HEBREW}])['{GERSHAYIM}]{{1,2}}(?=[{HEBREW}])"
    rf"|(?<=\d)[.,·\u02d9\u066b\u066c](?=\d)|(?<=\d)[{THIN_SPACES}](?=\d{{3}}(?!\d)))"
)
# Most words are plain and stand before a space: seen so in half the time. A single
# letter before a dot may be an initial, a number before a space part of a longer one.
_COMMON = (
    r"[A-Za-z]{2,}+(?=\s|[.,;:)]\s|\Z)|[A-Za-z](?=\s)"
    r"|[0-9]++(?=[.,;:)]?(?:\s(?!\d{3})|\Z))"
)
_WORDS = re.compile(
    rf"{_COMMON}|[{ALONE}][{WITHIN}]*|{_PART}(?P<more>(?:{_JOINER}{_PART})+)?|{CLUSTER}"
)
# What begins at a space is no word: passed over, it is not held against each of them.
_SPELLINGS = re.compile(f" *+({_WORDS.pattern.replace('?P<more>', '?:')})")
_PARTS = re.compile(_PART)
#: A vowel of Azeri that others write as e, and names in other languages as a.
_SCHWA = str.maketrans("əƏ", "aA")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_LETTER_MARK = re.compile(f"[{APOSTROPHES}{GERSHAYIM}]+")
_BREAK = re.compile(_BROKEN)
_MARKED_SCRIPTS = re.compile(f"[{HEBREW}{CYRILLIC}]")
_GROUP_SPACE = re.compile(rf"\d[{THIN_SPACES}]\d")
_ELIDED = frozenset(
    """
    all c coll d dall dell j jusqu l lorsqu m n nell puisqu qu quell quest quoiqu s sull
    t
    """.split()
)
_VOWELS = frozenset("aeiouyh")
_PERSIAN_ENDINGS = frozenset("ها های هایی هایم هایش هایشان ای ام ات اش تر ترین".split())
_ENDINGS = frozenset(["s", "ll", "re", "ve", "m"])

_DIGITS_OR_NOT = re.compile(rf"\d[\d{WITHIN}]*|\D+")
_ORDINAL = re.compile(
    r"\d+(?:s|st|nd|rd|th|e|er|re|eme|ème|º|ª|o|a|й|я|е|го|х|ми|му|м|ый|ая|ой)\Z",
    re.IGNORECASE,
)
#: Codes that change from letters to digits more often are no designations.
_MOST_CHANGES = 4

_SEPARATORS = str.maketrans("٫٬", ".,")
_GROUPED = re.compile(
    rf"\d{{1,3}}([.,·˙{APOSTROPHES}{THIN_SPACES}])\d{{3}}(?:\1\d{{3}})*"
)
_GROUPED_BY_TWO = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_DECIMAL = re.compile(r"(.*\d)([.,])(\d+)")


def is_plain(surface: str) -> bool:
    """Whether a spelling that is no compound is one unit with nothing beside it."""
    return surface.isalpha() and "ə" not in surface and "Ə" not in surface


class Unit(NamedTuple):
    """What stands at one position."""

    start: int
    """Where it begins in the text, in code points."""
    end: int
    """Where it ends (half-open)."""
    surface: str
    """The word as it is to be stemmed and folded."""
    beside: tuple[str, ...] = ()
    """What else is found there: letters of initials, halves of a broken word."""


def spellings(text: str) -> list[str]:
    """Return the words and compounds of *text* in order, as they are written."""
    found: list[str] = _SPELLINGS.findall(text)
    return found


def spans(text: str) -> list[tuple[int, int, bool]]:
    """Return where each of the `spellings` begins and ends, and if it is a compound."""
    return [
        (*found.span(), found["more"] is not None) for found in _WORDS.finditer(text)
    ]


def units(text: str, start: int, end: int, language: str | None) -> list[Unit]:
    """Read the compound that stands between *start* and *end*.

    *language* is the primary part of a language tag.
    """
    return [
        divided
        for unit in _trimmed(text, _parts(text, start, end), language)
        for divided in divide(unit)
    ]


def divide(unit: Unit) -> list[Unit]:
    """Part a word where it changes between letters and digits; read initials."""
    surface = unit.surface
    if "ə" in surface or "Ə" in surface:
        return [unit._replace(beside=(*unit.beside, surface.translate(_SCHWA)))]
    if "." in surface:
        letters = tuple(char for char in surface if char.isalpha())
        return [unit._replace(beside=letters)] if len(letters) > 1 else [unit]
    if surface.isalpha() or surface.isdigit() or _ORDINAL.match(surface):
        return [unit]
    if len(surface) != unit.end - unit.start:
        return [unit]  # a broken word
    pieces = [found.span() for found in _DIGITS_OR_NOT.finditer(surface)]
    if not 1 < len(pieces) <= _MOST_CHANGES:
        return [unit]
    return [
        Unit(unit.start + first, unit.start + last, surface[first:last])
        for first, last in pieces
    ]


def wholes(text: str, parts: list[Unit]) -> list[str]:
    """Write a compound together; nothing where that makes no word (10-12)."""
    compound = text[parts[0].start : parts[-1].end]
    if any(char.isalpha() for char in compound):
        # Between elements that were one number the separators went with its groups.
        return ["".join(part.surface for part in parts)]
    return _numbers(compound.translate(_SEPARATORS))


def _numbers(compound: str) -> list[str]:
    """Return the numbers that digits with separators may mean, 1200 first."""
    found = []
    if _GROUPED.fullmatch(compound) or _GROUPED_BY_TWO.fullmatch(compound):
        found.append(re.sub(r"\D", "", compound))
    if re.fullmatch(r"[\d.]+", compound):
        if compound.count(".") == 1 or not found:
            found.append(compound)
    elif decimal := _DECIMAL.fullmatch(compound):
        before = decimal[1]
        if before.isdigit() and not found:
            found.append(f"{before}.{decimal[3]}")
        elif _GROUPED.fullmatch(before) and decimal[2] not in before:
            found.append(re.sub(r"\D", "", before) + "." + decimal[3])
    return found


def _parts(text: str, start: int, end: int) -> list[Unit]:
    """Cut a compound at what joins it, unless that is a letter or a line's end."""
    found: list[Unit] = []
    for match in _PARTS.finditer(text, start, end):
        first, last = match.span()
        part = Unit(first, last, match[0])
        if found:
            before = found[-1]
            joiner = text[before.end : first]
            if (
                _LETTER_MARK.fullmatch(joiner)
                and _MARKED_SCRIPTS.match(before.surface[-1])
                and _MARKED_SCRIPTS.match(part.surface)
            ):
                found[-1] = Unit(before.start, last, before.surface + joiner + match[0])
                continue
            if _BREAK.fullmatch(text, before.end, first) and match[0][0].islower():
                halves = (*(before.beside or (before.surface,)), part.surface)
                joined = before.surface + part.surface
                found[-1] = Unit(before.start, last, joined, halves)
                continue
        found.append(part)
    return found


def _trimmed(text: str, parts: list[Unit], language: str | None) -> list[Unit]:
    """Drop an elided article and a possessive ending."""
    if len(parts) > 1 and (language is None or language in ELIDING):
        article, word = parts[0], parts[1]
        if (
            _APOSTROPHE.match(text[article.end])
            and fold(article.surface) in _ELIDED
            and fold(word.surface)[:1] in _VOWELS
        ):
            parts = parts[1:]
    if len(parts) > 1:
        owner, ending = parts[-2], parts[-1]
        if (
            _APOSTROPHE.match(text[ending.start - 1])
            and fold(ending.surface) in _ENDINGS
        ):
            last = owner
            if ending.surface == "s" and len(owner.surface) <= 3:
                last = owner._replace(beside=(owner.surface + "s",))  # Ra's al-Ayn
            parts = [*parts[:-2], last]
    return _without_persian_endings(text, parts)


def _without_persian_endings(text: str, parts: list[Unit]) -> list[Unit]:
    """Drop the endings that a zero-width non-joiner parts from a Persian noun."""
    whole = text[parts[0].start : parts[-1].end] if parts else ""
    kept = parts
    while (
        len(kept) > 1
        and text[kept[-1].start - 1] == "\u200c"
        and kept[-1].surface in _PERSIAN_ENDINGS
    ):
        kept = kept[:-1]
    if len(kept) == len(parts):
        return parts
    end = parts[-1].end
    return [*kept[:-1], kept[-1]._replace(end=end, beside=(whole,))]
