"""Folding: the form in which names and words are compared.

Two spellings that a reader takes for the same word fold to the same string: case,
marks and look-alike letters go, script by script. Stripping every mark after NFKD
would be simpler and wrong: it turns the kana *ga* into *ka* and leaves the Turkish
dotless i, the Polish barred l or the Persian yeh apart (measured; so the table).
"""

import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    {
        # Latin letters that do not decompose
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ə": "e",
        "ĸ": "k",
        # apostrophe letters that transliterations use for hamza, ayn, soft sign
        "ʻ": "'",
        "ʼ": "'",
        "ʿ": "'",
        "ʾ": "'",
        "ʹ": "'",
        "’": "'",
        "‘": "'",
        "`": "'",
        # Arabic script: one letter, several code points
        "ك": "ک",
        "ي": "ی",
        "ى": "ی",
        "ۀ": "ه",
        "ة": "ه",
        "ٱ": "ا",
        "ـ": "",
        # invisible joiners and marks of direction
        "\u200c": "",
        "\u200d": "",
        "\u200e": "",
        "\u200f": "",
        "\u00ad": "",
        "\ufeff": "",
    }
)
# Combining marks that only shade a letter: Latin, Greek, Cyrillic, Hebrew, Arabic.
# Indic vowel signs, kana voicing and Hangul jamo are letters to their readers.
SHADING = (
    ("\u0300", "\u036f"),
    ("\u0483", "\u0487"),
    ("\u0591", "\u05bd"),
    ("\u05bf", "\u05c7"),
    ("\u0610", "\u061a"),
    ("\u064b", "\u065f"),
    ("\u0670", "\u0670"),
    ("\u06d6", "\u06ed"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
)
_KEEPS_BREVE = {"и": "й", "И": "Й"}  # й is a letter of its own, not и with a breve


def _shades(mark: str) -> bool:
    return any(first <= mark <= last for first, last in SHADING)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return *text* in the form in which names and words are compared.

    >>> fold("Erdoğan"), fold("Türkiye"), fold("Лавров"), fold("تركيا") == fold("ترکیا")
    ('erdogan', 'turkiye', 'лавров', True)
    """
    if text.isascii():
        return text.lower()
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if not _shades(char):
            kept.append(char)
        elif char == "\u0306" and kept and kept[-1] in _KEEPS_BREVE:
            kept[-1] = _KEEPS_BREVE[kept[-1]]
    return unicodedata.normalize("NFC", "".join(kept)).translate(LETTERS)
