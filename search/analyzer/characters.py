"""Which characters make words: the classes that the segmenting is written with."""

import sys
import unicodedata


def char_class(categories: str) -> str:
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


# Escaped throughout: an editor that normalises would change the ranges.

#: What stands unseen within a word: soft hyphen, zero width, direction, joiners. The
#: zero-width non-joiner is not among them: in Persian it parts a word from its endings.
UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
)
#: Marks belong to the letter before them; so does the voicing of half-width kana.
WITHIN = char_class("M") + "\U000e0100-\U000e01ef\uff9e\uff9f" + UNSEEN
#: Digits that point at a note, glued to the word before them: they are no part of it.
NOTE_MARKS = (
    "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2460-\u24ff\u2776-\u2793\u3251-\u325f"
    "\u32b1-\u32bf"
)
#: Ideographs.
IDEOGRAPHS = (
    r"\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
#: Kana, both widths.
KANA = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9d"
#: Scripts that write no spaces, each of their characters a word by itself.
ALONE = IDEOGRAPHS + KANA
#: Scripts that write no spaces and spell: Thai, Lao, Burmese, Khmer.
SPELT = r"\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
SPELT += r"\u0edc-\u0edf\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3\uaa60-\uaa7a"
#: A cluster of theirs: a vowel written first, a letter with its marks, what is stacked
#: under it, and in Burmese the letters after it that are silenced.
CLUSTER = (
    rf"[{SPELT}](?:(?<=[\u0e40-\u0e44\u0ec0-\u0ec4])[{SPELT}])?[{WITHIN}]*"
    rf"(?:(?<=[\u1039\u17d2])[{SPELT}][{WITHIN}]*)*"
    rf"(?:[\u1000-\u102a]\u103a[{WITHIN}]*)*"
)
LETTER = rf"[^\W_{ALONE}{SPELT}{NOTE_MARKS}]"
SINGLE = rf"[^\W\d_{ALONE}{SPELT}{NOTE_MARKS}][{WITHIN}]*"

#: Apostrophes, and what transliterations and keyboards put in their place.
APOSTROPHES = "'\u2019\u2018`\uff07\u00b4\u201b\u2032\u055a\u05f3"
#: Quotation marks that stand in Hebrew abbreviations before the last letter.
GERSHAYIM = '"\u201c\u201d\u201e\u201f\u2033\u05f4'
HEBREW = "\u05d0-\u05ea"
CYRILLIC = "\u0400-\u052f"
#: Spaces that group the digits of a number.
THIN_SPACES = " \u00a0\u2007\u2009\u202f"
#: Characters that modify the letter before them and say nothing a reader would type.
SILENT = "\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u02ee\ua78b\ua78c"
