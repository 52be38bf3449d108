"""The stem of a word in a language; whoever calls it folds what comes out."""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from search.analyzer.characters import APOSTROPHES, UNSEEN
from search.analyzer.folding import LONGEST_WORD, folded_word, without_dots
from search.analyzer.korean import korean_stem
from search.analyzer.languages import SNOWBALL
from search.analyzer.lemmas import dictionary_form, persian_lemma
from search.analyzer.semitic import SEATS, arabic_stems, hamza, hebrew_stems

_PLURAL_NUMBER = re.compile(r"(.*\d)s\Z")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_PERSIAN = str.maketrans("يك", "یک")
_UNSEEN = re.compile(f"[{UNSEEN}]")


@lru_cache(maxsize=1 << 16)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Stem a word as it is written, then fold it; the likeliest stem first.

    *language* is one of `search.analyzer.languages.STEMMED`. Folding first would hurt
    the stemmer. There are several where a first letter may be a prefix or the word's.
    """
    if language == "en" and (plural := _PLURAL_NUMBER.match(word)):
        return (folded_word(plural[1]),)  # F-16s, 1990s: the stemmer leaves them
    word = word[: 2 * LONGEST_WORD]
    if not word.isascii():
        word = unicodedata.normalize("NFKC", _UNSEEN.sub("", word))
    if language == "tr":
        word = word.replace("İ", "i").replace("I", "ı")
    plain = without_dots(word.lower())
    if language in SNOWBALL:
        found: tuple[str, ...] = (_stemmer(language).stemWord(plain),)
    elif language == "ar":
        found = arabic_stems(plain)
    elif language == "he":
        found = hebrew_stems(plain)
    elif language == "ko":
        found = (korean_stem(plain),)
    else:
        plain = _APOSTROPHE.sub("'", plain)
        if language == "fa":
            lemma = persian_lemma(plain.translate(_PERSIAN))
            found = (hamza(folded_word(lemma.translate(SEATS))),)
        else:
            found = (dictionary_form(plain, language),)
    return tuple(folded_word(stem) or folded_word(word) for stem in found)


class _Stemmers(threading.local):
    """Each thread's stemmers: they keep state, and none may be pickled or shared."""

    def __init__(self) -> None:
        self.made: dict[str, Stemmer.Stemmer] = {}


_stemmers = _Stemmers()


def _stemmer(language: str) -> Stemmer.Stemmer:
    stemmer = _stemmers.made.get(language)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(SNOWBALL[language], maxCacheSize=0)
        _stemmers.made[language] = stemmer
    return stemmer
