"""Keys by which one name is known in another spelling.

Three keys, from exact to coarse:

- `name_key`: letters and digits only, folded: J.F. Berglund, J. F. Berglund;
- `sound_key` of a word: as it would be heard, whatever alphabet it is written in:
  Зеленский, Zelensky, Zelenskyy, Selenskyj; Mohammed, Muhammad;
- `families` of a word: its consonants, by where in the mouth they are made, for
  alphabets that write few vowels and for what other languages make of a name.

The letters are romanised after BGN/PCGN, simplified to what several systems share. A
key that two actors share never decides between them.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz

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
        "a b p t s j ch h kh d dh r z zh s sh s d t z . gh f q k g l m n w h y . . "
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
_GREEK_PAIRS = (("ντ", "d"), ("μπ", "b"), ("γκ", "g"))
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
def romanised(word: str) -> str:
    """Return a folded word in Latin letters."""
    for pair, letter in _GREEK_PAIRS:
        word = word.replace(pair, letter)
    return word.translate(_LATIN)


@lru_cache(maxsize=1 << 16)
def sound_key(word: str) -> str:
    """Return how a folded word of a name sounds, in a few letters.

    >>> sound_key("зеленский") == sound_key("zelenskyy") == sound_key("selenskyj")
    True
    """
    key = romanised(word)
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


#: What each group of letters may stand for: S for all that hisses, K for what is made
#: at the back, P for the lips, T, and L, M, N, R for themselves; vowels for nothing.
#: Several where languages differ: "ch" is Gorbachev's, Chruschtschow's and Macchi's.
_FAMILIES = tuple(
    (pattern, tuple(kinds.split(",")))
    for pattern, kinds in (
        (r"shch|schtsch|chtch|szcz|sjtsj|tsch|tch|tsj|sch|dzh|tzs?|ts", "S"),
        (r"sh|sz|sj|zh|cz|dj|tj", "S"),
        (r"ch", "S,K"),
        (r"kh|[kq]", "K"),
        (r"gh", "K,"),
        (r"g", "K"),
        (r"h", ",K"),
        (r"j", "S,K,"),
        (r"c", "K,S"),
        (r"x", "KS,S"),
        (r"ph|[bpfv]", "P"),
        (r"w", "P"),
        (r"ʷ", "P,"),
        (r"[td]h?", "T"),
        (r"[sz]", "S"),
        (r"l", "L"),
        (r"m", "M"),
        (r"n", "N"),
        (r"r", "R"),
        (r".", ""),
    )
)
_LETTERS = re.compile(
    "|".join(
        f"(?P<_{number}>{pattern})" for number, (pattern, _) in enumerate(_FAMILIES)
    )
)
_ARTICLE = re.compile("ال(?=...)")
#: How many readings of one word are compared: each doubtful letter doubles them.
MOST_READINGS = 256


@lru_cache(maxsize=1 << 16)
def families(word: str) -> frozenset[str]:
    """Return the readings of a folded word of a name as families of consonants.

    >>> families("khrushchev") & families("chruszczow") & families("хрущев")
    frozenset({'KRSP'})
    """
    latin = romanised(word)
    if UNVOWELLED.search(word):  # a letter for a consonant and for a long vowel
        latin = latin.replace("w", "ʷ")
    found = {""}
    for letters in _LETTERS.finditer(latin):
        kinds = _FAMILIES[int((letters.lastgroup or "_0")[1:])][1]
        if len(found) > MOST_READINGS:
            kinds = kinds[:1]
        found = {before + kind for before in found for kind in kinds}
    return frozenset(re.sub(r"(.)\1+", r"\1", reading) for reading in found)


def likeness(asked: tuple[str, ...], name: tuple[str, ...]) -> float:
    """Return how much of what is asked stands in a name, of 100, as it sounds.

    Vowels do not count where an alphabet leaves them out.
    """
    bare = is_unvowelled(asked) or is_unvowelled(name)
    return fuzz.partial_ratio(_sounds(asked, bare), _sounds(name, bare))


@lru_cache(maxsize=1 << 16)
def is_unvowelled(words: tuple[str, ...]) -> bool:
    """Whether some words are in an alphabet that leaves most vowels out."""
    return UNVOWELLED.search("".join(words)) is not None


@lru_cache(maxsize=1 << 16)
def _sounds(words: tuple[str, ...], bare: bool) -> str:
    joined = "".join(map(sound_key, words))
    return re.sub("[aiu]", "", joined) if bare else joined


def without_articles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the Arabic article, a word by itself or written onto one."""
    bare = (
        _ARTICLE.sub("", word, count=1) if _ARTICLE.match(word) else word
        for word in words
    )
    return tuple(word for word in bare if word not in ("al", "el", "ال"))


def fits(asked: tuple[str, ...], name: tuple[str, ...], keys: str = "") -> bool:
    """Whether the words of *asked* are some of a *name*, an initial for its word.

    *keys* may be "sound" or "families", to compare these instead of the letters. One
    word at least must be a word of both; words may be written together. A second
    initial may be one that the name as it is recorded leaves out (V. V. Putin), where
    that has no other word in its place.
    """
    if keys != "sound" and _is_run(asked, name, keys):
        return True
    left = list(name)
    words = initials = missing = 0
    for word in sorted(asked, key=len, reverse=True):
        for place, other in enumerate(left):
            if _alike(word, other, keys):
                words += len(word) > 1 and len(other) > 1
                initials += len(word) == 1
                del left[place]
                break
        else:
            if len(word) > 1 or not initials:
                return False
            missing += 1
    return words > 0 and not (missing and left)


def _is_run(asked: tuple[str, ...], name: tuple[str, ...], keys: str) -> bool:
    """Whether something is some words of a name that stand side by side."""
    joined = "".join(asked)
    return len(joined) > (7 if keys else 3) and any(
        _alike(joined, "".join(name[first:last]), keys)
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
    if keys == "families":
        return not families(word).isdisjoint(families(other))
    return False
