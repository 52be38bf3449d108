"""Which languages are stemmed, by what, and which of them a word is read in.

=====================  ==============================================================
snowball               PyStemmer's algorithms: suffixes by rule, no memory to speak of
dictionary             simplemma's tables of forms (MIT), read when the language is met
rules                  our own, in `search.analyzer.semitic` and `.korean`
=====================  ==============================================================

A text's tag says its language, and a word's script whether that can be: a Russian word
in an English text, or in one whose tag is wrong, is stemmed as Russian.
"""

from collections.abc import Collection
from functools import lru_cache

SNOWBALL = {
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
    "yi": "yiddish",
}
DICTIONARY = frozenset(["fa", "tr", "uk"])
RULES = frozenset(["ar", "he", "ko"])
STEMMED = DICTIONARY | RULES | SNOWBALL.keys()

#: Codes of before, and what a macrolanguage is mostly written in.
_SAME = {"iw": "he", "prs": "fa", "arb": "ar", "in": "id", "ji": "yi"}

#: The letters in which an article or pronoun loses its vowel before another one.
ELIDING = frozenset(["ca", "co", "fr", "ht", "it", "oc"])

# The first and the last character of each script, and what is read where the text's own
# language is not written in it.
_SCRIPTS = (
    ("Latin", "\0", "\u024f", "en"),
    ("Greek", "\u0370", "\u03ff", "el"),
    ("Cyrillic", "\u0400", "\u052f", "ru"),
    ("Armenian", "\u0531", "\u058f", "hy"),
    ("Hebrew", "\u0590", "\u05ff", "he"),
    ("Arabic", "\u0600", "\u077f", "ar"),
    ("Devanagari", "\u0900", "\u097f", "hi"),
    ("Tamil", "\u0b80", "\u0bff", "ta"),
    ("Hangul", "\u1100", "\u11ff", "ko"),
    ("Latin", "\u1e00", "\u1eff", "en"),
    ("Hangul", "\uac00", "\ud7a3", "ko"),
    ("Arabic", "\ufb50", "\ufeff", "ar"),
)
_WRITES = {
    "Greek": frozenset(["el"]),
    "Cyrillic": frozenset(["ru", "sr", "uk"]),
    "Armenian": frozenset(["hy"]),
    "Hebrew": frozenset(["he", "yi"]),
    "Arabic": frozenset(["ar", "fa"]),
    "Devanagari": frozenset(["hi", "ne"]),
    "Tamil": frozenset(["ta"]),
    "Hangul": frozenset(["ko"]),
}
_NOT_LATIN = frozenset().union(*_WRITES.values()) - {"sr"}


@lru_cache(maxsize=1 << 10)
def stemmed_language(language: str | None) -> str | None:
    """The part of a language tag that chooses the stemmer, None if there is none."""
    if not language:
        return None
    primary = language.partition("-")[0].lower()
    primary = _SAME.get(primary, primary)
    return primary if primary in STEMMED else None


def read_in(word: str, language: str) -> str | None:
    """The stemmed language that *word* is read in within a text in *language*.

    *word* is folded. None for one in a script of which no language is stemmed.
    """
    first = word[:1]
    for script, low, high, usual in _SCRIPTS:
        if low <= first <= high:
            if script == "Latin":
                return usual if language in _NOT_LATIN else language
            return language if language in _WRITES[script] else usual
    return None


def marks_of(languages: Collection[str]) -> frozenset[str]:
    """The languages that mark the terms of texts in *languages*.

    A word in another script than its text's is read in the usual language of that
    script: of an English name in a Ukrainian text the mark is English.
    """
    usual = {usual for *_, usual in _SCRIPTS if usual} if languages else set()
    return frozenset({*languages, *usual})
