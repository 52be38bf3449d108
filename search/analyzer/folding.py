"""The form in which the words of texts and queries are compared.

What `models.folding` does for names, and more: names are kept folded in the database
and would all have to be folded anew.
"""

import re
import unicodedata

from models.folding import fold
from search.analyzer.characters import APOSTROPHES, GERSHAYIM, SILENT, UNSEEN
from search.analyzer.ideographs import SIMPLIFIED

#: Longer words are cut, in texts and in queries alike.
LONGEST_WORD = 64

_DIGITS = {
    point: str(unicodedata.decimal(chr(point)))
    for point in range(0x80, 0x10000)
    if chr(point).isdecimal()
}
_UNSEEN = re.compile(f"[{UNSEEN}{APOSTROPHES}{GERSHAYIM}{SILENT}]")
_MORE = {**_DIGITS, **SIMPLIFIED}
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")


def folded_word(word: str) -> str:
    """Fold a word; apostrophes go, and dots other than a number's."""
    if word.isascii():
        folded = word[: 4 * LONGEST_WORD].lower().replace("'", "").replace('"', "")
    else:
        word = _UNSEEN.sub("", word[: 4 * LONGEST_WORD])
        folded = fold(word).replace("'", "").translate(_MORE)
    if " " in folded:  # spaced initials
        folded = folded.replace(" ", "")
    if "." in folded:
        folded = _DOT.sub("", folded)
    return folded[:LONGEST_WORD]


def folded_pattern(pattern: str) -> str:
    """Fold the letters of a prefix or wildcard; joiners go, as in a whole compound."""
    folded = fold(_UNSEEN.sub("", pattern)).translate(_MORE)
    return _DOT.sub("", re.sub(r"[^\w*?.]|_", "", folded))


def without_dots(word: str) -> str:
    """Drop the dots of an abbreviation, keep those of a number."""
    return _DOT.sub("", word)
