"""Keys by which one name is known in another spelling.

Three keys, from exact to coarse:

- `name_key`: letters and digits only, folded: J.F. Berglund, J. F. Berglund;
- `sound_key` of a word: as it would be heard, whatever alphabet it is written in:
  Зеленский, Zelensky, Zelenskyy, Selenskyj; Mohammed, Muhammad;
- `skeleton` of a word: its consonants, for alphabets that write few vowels.

The letters are romanised after BGN/PCGN, simplified to what several systems share. A
key that two actors share never decides between them.
"""

import re
from functools import lru_cache

from search.analyzer import folded_pattern

_CYRILLIC = dict(
    zip(
        "абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюя",
        "a b v g g d e e e zh z i i i i k l m n o p r s t u u f kh ts ch sh sh . i . e "
        "yu ya".split(),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t i f kh ps o".split(),
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءؤئ",
        "a b p t s j ch h kh d z r z zh s sh s d t z . gh f q k g l m n w h y . . "
        ".".split(),
        strict=True,
    )
)
_HEBREW = dict(
    zip(
        "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
        "a b g d h v z h t y k k l m m n n s . f f ts ts k r sh t".split(),
        strict=True,
    )
)
_LATIN = {
    ord(letter): latin.replace(".", "")
    for table in (_CYRILLIC, _GREEK, _ARABIC, _HEBREW)
    for letter, latin in table.items()
}
#: Alphabets that leave most vowels out.
UNVOWELLED = re.compile("[\u0590-\u05ff\u0600-\u06ff]")

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"tsch|tch|tj", "c"),
        (r"shch|sch|sh", "x"),
        (r"zh|dzh|dj", "j"),
        (r"ch", "c"),
        (r"kh|ḫ", "h"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"ck", "k"),
        (r"ks", "z"),
        (r"ou|oo", "u"),
        (r"ee|iy|yi|ij|jj|yj", "i"),
        (r"(?<=[aeou])h(?![aeiou])", ""),
        (r"q", "k"),
        (r"[wf]", "v"),
        (r"z", "s"),
        (r"ts", "s"),
        (r"[yj](?=[aeou])", "i"),
        (r"y", "i"),
        (r"ia|ie|io|iu", "i"),
        (r"[ae]", "a"),
        (r"[ou]", "u"),
        (r"(.)\1+", r"\1"),
        (r"(?<=...)a\Z", ""),
    )
)


@lru_cache(maxsize=1 << 16)
def name_key(name: str) -> str:
    """Return the letters and digits of a name, folded.

    >>> name_key("J. F. Berglund") == name_key("j.f. BERGLUND")
    True
    """
    return re.sub(r"[*?.]", "", folded_pattern(name))


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded; initials one by one, dotted or not."""
    words = re.split(r"[\s,;/()\u2010\u2011-]+", name)
    found: list[str] = []
    for word in words:
        letters = [letter for letter in word.split(".") if letter]
        if len(letters) > 1 and all(len(letter) == 1 for letter in letters):
            found += map(name_key, letters)
        elif key := name_key(word):
            found.append(key)
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def sound_key(word: str) -> str:
    """Return how a folded word of a name sounds, in a few letters.

    >>> sound_key("зеленский") == sound_key("zelenskyy") == sound_key("selenskyj")
    True
    """
    key = word.translate(_LATIN)
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


def skeleton(word: str) -> str:
    """Return the consonants of a folded word of a name, as they sound."""
    return re.sub(r"[aiuhv]", "", sound_key(word))


def fits(asked: tuple[str, ...], name: tuple[str, ...], keys: str = "") -> bool:
    """Whether the words of *asked* are some of a *name*, an initial for its word.

    *keys* may be "sound" or "skeleton", to compare these instead of the letters. One
    word at least must be a word of both; words may be written together.
    """
    if not keys and _is_run("".join(asked), name):
        return True
    left = list(name)
    words = 0
    for word in sorted(asked, key=len, reverse=True):
        for place, other in enumerate(left):
            if _alike(word, other, keys):
                words += len(word) > 1 and len(other) > 1
                del left[place]
                break
        else:
            return False
    return words > 0


def _is_run(joined: str, name: tuple[str, ...]) -> bool:
    """Whether something is some words of a name that stand side by side."""
    return len(joined) > 3 and any(
        joined == "".join(name[first:last])
        for first in range(len(name))
        for last in range(first + 2, len(name) + 1)
    )


def _alike(word: str, other: str, keys: str) -> bool:
    if word == other:
        return True
    if len(word) == 1 or len(other) == 1:
        if keys:
            word, other = sound_key(word) or word, sound_key(other) or other
        return word[0] == other[0]
    if keys == "sound":
        return sound_key(word) == sound_key(other)
    if keys == "skeleton":
        bare = skeleton(word)
        one_is_bare = bool(UNVOWELLED.search(word)) != bool(UNVOWELLED.search(other))
        return one_is_bare and len(bare) > 1 and bare == skeleton(other)
    return False
