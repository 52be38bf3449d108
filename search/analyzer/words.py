"""The one analyzer: what counts as a word, and under which terms it is found.

Every engine indexes exactly the terms that stand here, so that a query matches the same
passages everywhere and the words can be marked on the page as exactly as they matched.

**Words** are runs of letters and digits with their marks; ideographs and kana stand
alone, because their scripts write no spaces. Hyphenated designations, numbers with
separators and names with an apostrophe (C-130, 1,200, Sana'a) are *compounds*: found by
each part, and as a whole written together (c130, 1200, sanaa). An elided article
(l'Iran) and a possessive ending (Iran's) belong to no word. Dotted capitals (U.S.) are
one word. A digit is the same in every script: ۲۰۲۲ is found by 2022.

**Terms.** A word is stemmed in the language of its text and folded afterwards; folding
first would hurt the stemmer. At each position stand

- ``negotiation`` and ``negoti~en`` where the stem differs from the folded word,
- ``drone=en`` alone where the word is its own stem (two words in three),
- ``дрон`` alone where the language has no stemmer.

So a word is looked up by its stem in any language, while prefixes, wildcards, fuzzy
words and suggestions see only words, never stems. The mark comes last so that one walk
over the sorted terms meets all forms of a word.
"""

import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from models.folding import fold

#: Raised whenever a text could yield other terms than before: indexes are rebuilt.
ANALYZER_VERSION = 2

#: Longer words are cut, in texts and in queries alike.
LONGEST_WORD = 64

#: Positions left free between two texts of one field, more than any slop may bridge.
TEXT_GAP = 200

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

#: Words that a query may do without, unless they are quoted or all there is. Only words
#: that mean little in every language that writes them: "us" and "who" are countries and
#: organizations here.
STOP_WORDS = frozenset(
    """
    a about after also an and are as at be been before but by did do does for from had
    has have he her his how if in into is it its not of on or our she so than that the
    their them then there these they this those to was we were what when where which
    while whom whose why will with would you your
    au aux ce ces dans de del des du el et la las le les los par pour que qui sur un une
    y das dem den der ein eine im mit und von zu
    а в во для до за и из или к как на не но о об от по при с со то у что это
    از با به در را که و على في من إلى عن
    """.split()
)


def _char_class(categories: str) -> str:
    """The characters of some Unicode categories, for use within brackets."""
    ranges: list[list[int]] = []
    # The marks past this plane are variation selectors, given below.
    for point in range(min(0x20000, sys.maxunicode)):
        if unicodedata.category(chr(point))[0] in categories:
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Ideographs and kana. Escaped: an editor that normalises would change the ranges.
_ALONE = (
    r"\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Marks, and what may stand unseen within a word: soft hyphen, joiner, word joiner.
_WITHIN = _char_class("M") + "\U000e0100-\U000e01ef\u00ad\u200d\u2060"
_LETTER = rf"[^\W_{_ALONE}]"
_SINGLE = rf"[^\W\d_{_ALONE}]"
_DOTTED = rf"{_SINGLE}(?:\.{_SINGLE})+(?!{_LETTER})\.?(?!{_LETTER})"
_PLAIN = rf"{_LETTER}(?:{_LETTER}|[{_WITHIN}])*"
_PART = rf"(?:{_DOTTED}|{_PLAIN})"
_APOSTROPHES = "'’‘`＇"
_JOINER = rf"(?:[-‐‑\u200c{_APOSTROPHES}]|(?<=\d)[.,٫٬](?=\d))"
# Most words are plain and stand before a space: seen so in half the time.
_COMMON = r"[A-Za-z0-9]++(?=\s|[.,;:)]\s|\Z)"
_WORDS = re.compile(
    rf"{_COMMON}|[{_ALONE}][{_WITHIN}]*|{_PART}(?P<more>(?:{_JOINER}{_PART})+)?"
)
_SPELLINGS = re.compile(_WORDS.pattern.replace("?P<more>", "?:"))
_PARTS = re.compile(_PART)
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_ELIDED = frozenset(
    """
    all c coll d dall dell j jusqu l lorsqu m n nell puisqu qu quell quest quoiqu s sull
    t
    """.split()
)
_ENDINGS = frozenset(["s", "ll", "re", "ve", "m"])
# Done here and not in `models.folding`: the names that the database keeps folded would
# have to be folded anew.
_DIGITS = {
    point: str(unicodedata.decimal(chr(point)))
    for point in range(0x80, 0x10000)
    if chr(point).isdecimal()
}
_SEPARATORS = str.maketrans("٫٬", ".,")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_PLURAL_NUMBER = re.compile(r"(.*\d)s\Z")


class Token(NamedTuple):
    """A word of a text: where it stands and under which terms it is found."""

    position: int
    """Its number among the words; a compound's whole shares that of its first part."""
    start: int
    """Where it begins in the text, in code points."""
    end: int
    """Where it ends (half-open)."""
    word: str
    """The word itself, folded."""
    terms: tuple[str, ...]
    """The terms of the index at this position."""
    whole: bool = False
    """Whether it is a compound written together, beside its parts."""


def tokens(text: str, language: str | None = None) -> Iterator[Token]:
    """Yield the words of *text*, written in *language* (BCP 47, None for unknown).

    >>> [(t.word, t.position) for t in tokens("UN-brokered talks", "en")]
    [('un', 0), ('unbrokered', 0), ('brokered', 1), ('talks', 2)]
    """
    tongue = stemmed_language(language)
    position = 0
    for found in _WORDS.finditer(text):
        start, end = found.span()
        if found["more"] is None:
            parts = [(start, end)]
        else:
            parts = _split(text, start, end)
        for number, (first, last) in enumerate(parts):
            word, terms = _word_and_terms(text[first:last], tongue)
            if not word:  # nothing but marks
                continue
            yield Token(position, first, last, word, terms)
            if number == 0 and len(parts) > 1:
                whole = _whole(text[first : parts[-1][1]])
                if whole is not None:
                    word, terms = _word_and_terms(whole, tongue)
                    yield Token(position, first, parts[-1][1], word, terms, True)
            position += 1


def postings(
    texts: Iterable[tuple[str, str | None]],
) -> tuple[dict[str, list[int]], int]:
    """Return the positions of each term in some texts of one field, and their length.

    The length counts words; a compound counts as its parts.
    """
    found: dict[str, list[int]] = {}
    length = offset = 0
    for text, language in texts:
        position = -1
        for position, _, _, _, terms, whole in tokens(text, language):
            length += not whole
            for term in terms:
                places = found.get(term)
                if places is None:
                    found[term] = [position + offset]
                elif places[-1] != position + offset:
                    places.append(position + offset)
        offset += position + 1 + TEXT_GAP
    return found, length


class Entry(NamedTuple):
    """What a word or compound puts into an index, wherever it stands."""

    length: int
    """How many positions it takes."""
    terms: tuple[tuple[int, str], ...]
    """Its terms, with their positions from its first; in order, none twice."""
    wholes: tuple[str, ...]
    """Those of them that are the whole compound, written together."""


def spellings(text: str) -> list[str]:
    """Return the words and compounds of *text* in order, as they are written."""
    found: list[str] = _SPELLINGS.findall(text)
    return found


def entry(spelling: str, language: str | None) -> Entry:
    """Return what one of `spellings` puts into an index.

    So much depends on the spelling alone: whoever indexes many texts asks once for each
    spelling, not once for each word.
    """
    parts = list(tokens(spelling, language))
    terms = {(token.position, term): None for token in parts for term in token.terms}
    wholes = [term for token in parts if token.whole for term in token.terms]
    length = sum(not token.whole for token in parts)
    return Entry(length, tuple(sorted(terms)), tuple(wholes))


def stemmed_language(language: str | None) -> str | None:
    """The part of a language tag that chooses the stemmer, None if there is none."""
    if not language:
        return None
    primary = language.partition("-")[0].lower()
    return primary if primary in _ALGORITHMS else None


def terms_of_word(word: str, languages: Iterable[str]) -> frozenset[str]:
    """Every term under which a text in any of *languages* may hold the word *word*.

    *languages* are what `stemmed_language` returns.
    """
    folded = _folded(word)
    terms = {folded}
    for language in languages:
        stem = _stem(word, language)
        terms.update(
            (f"{folded}={language}", f"{stem}={language}", f"{stem}~{language}")
        )
    return frozenset(terms)


def word_of_term(term: str) -> str | None:
    """The word that a term stands for; None when it is only a stem."""
    if "~" in term:
        return None
    return term.partition("=")[0]


def folded_pattern(pattern: str) -> str:
    """Fold the letters of a prefix or wildcard; joiners go, as in a whole compound."""
    folded = fold(pattern).translate(_DIGITS)
    return _DOT.sub("", re.sub(r"[^\w*?.]|_", "", folded))


def is_stop_word(word: str) -> bool:
    """Tell whether a query may do without *word*."""
    return word in STOP_WORDS or fold(word) in STOP_WORDS


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a compound into its parts, without elided articles and endings."""
    spans = [match.span() for match in _PARTS.finditer(text, start, end)]
    if len(spans) > 1 and _APOSTROPHE.match(text[spans[0][1]]):
        if fold(text[slice(*spans[0])]) in _ELIDED:
            del spans[0]
    if len(spans) > 1 and _APOSTROPHE.match(text[spans[-1][0] - 1]):
        if fold(text[slice(*spans[-1])]) in _ENDINGS:
            del spans[-1]
    return spans


def _whole(compound: str) -> str | None:
    """Write a compound together; None where that makes no word (10-12, 2022-07-12)."""
    if any(char.isalpha() for char in compound):
        return "".join(_PARTS.findall(compound))
    compound = compound.translate(_SEPARATORS)
    if re.search(rf"[^\d.,{_WITHIN}]", compound):
        return None
    return _THOUSANDS.sub("", compound).replace(",", ".")


@lru_cache(maxsize=1 << 18)
def _word_and_terms(surface: str, language: str | None) -> tuple[str, tuple[str, ...]]:
    word = _folded(surface)
    if language is None:
        return word, (word,)
    stem = _stem(surface, language)
    if stem == word:
        return word, (f"{word}={language}",)
    return word, (word, f"{stem}~{language}")


def _folded(word: str) -> str:
    """Fold a word; apostrophes go, and dots other than a number's."""
    folded = fold(word).replace("'", "").translate(_DIGITS)
    if "." in folded:
        folded = _DOT.sub("", folded)
    return folded[:LONGEST_WORD]


@lru_cache(maxsize=1 << 16)
def _stem(word: str, language: str) -> str:
    """Stem a word as it is written, then fold it."""
    if language == "en" and (plural := _PLURAL_NUMBER.match(word)):
        return _folded(plural[1])  # F-16s, 1990s: the stemmer leaves them
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)
    if language == "tr":
        word = word.replace("İ", "i").replace("I", "ı")
    plain = _DOT.sub("", word.lower())
    return _folded(_stemmer(language).stemWord(plain)) or _folded(word)


class _Stemmers(threading.local):
    """Each thread's stemmers: they keep state, and none may be pickled or shared."""

    def __init__(self) -> None:
        self.made: dict[str, Stemmer.Stemmer] = {}


_stemmers = _Stemmers()


def _stemmer(language: str) -> Stemmer.Stemmer:
    stemmer = _stemmers.made.get(language)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(_ALGORITHMS[language], maxCacheSize=0)
        _stemmers.made[language] = stemmer
    return stemmer
