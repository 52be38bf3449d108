"""Find the actors that a passage names.

A name counts as whole words, whatever their case and marks, and the longest name
wins: "South Korea" is no mention of "Korea". Three decisions, each with its cost:

* A metonym ("Moscow") is never found by name: only a coder knows when it stands for a
  state. The cost is that somebody must code it.
* A name that two actors bear marks neither: a wrong mention is worse than a missing
  one, and `Names.ambiguous` lets the load say so.
* A name of up to three capitals ("US", "WHO") counts only in capitals, or every "us"
  would be the United States. Longer ones do not need it: British papers write "Nato".
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from models.folding import fold

Key = TypeVar("Key", bound=Hashable)

_MARKS = "".join(
    chr(code)
    for code in range(0x300, 0x10000)
    if unicodedata.category(chr(code))[0] == "M"
)
_JOINERS = "\u00ad\u200c-\u200f\ufeff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_UNUSUAL = re.compile(f"[{_MARKS}{_JOINERS}{_UNSPACED}]")
# A word, or one other sign. Where marks, joiners or scripts without spaces occur, words
# hold the former, and each character of the latter is one; most texts need not pay.
_PLAIN = re.compile(r"\w+|[^\w\s]")
_TOKEN = re.compile(
    rf"[{_UNSPACED}]|(?:[^\W{_UNSPACED}]|[{_MARKS}{_JOINERS}])+|[^\w\s]"
)
_COMMON_SIGNS = "“”‘’–—…\u00a0"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_SHOUTED = 3
_FEW = 50
_VOCABULARY = 400_000

Tokens = tuple[str, ...]


class _Folded(dict[str, str]):
    """Folded tokens; texts repeat their words, so each is folded about once."""

    def __missing__(self, token: str) -> str:
        folded = fold(token).translate(_DASHES)
        if len(self) < _VOCABULARY:
            self[token] = folded
        return folded


_folded = _Folded()


class Names(Generic[Key]):
    """A set of names, each of an actor, ready to be looked for in texts."""

    def __init__(self, names: Iterable[tuple[str, Key]]) -> None:
        """Take `(name, actor)` pairs; the same pair may come twice."""
        bearers: dict[Tokens, set[Key]] = defaultdict(set)
        written: dict[Tokens, set[Tokens]] = defaultdict(set)
        for name, actor in names:
            tokens, keys = _tokens(name)
            if keys:
                bearers[keys].add(actor)
                written[keys].add(tokens)
        self._by_first: dict[str, list[tuple[Tokens, Tokens | None, Key | None]]] = {}
        self.ambiguous: list[str] = []
        """Names that more than one actor bears, folded; they mark nobody."""
        for keys in sorted(bearers, key=len, reverse=True):
            bearer = next(iter(bearers[keys])) if len(bearers[keys]) == 1 else None
            if bearer is None:
                self.ambiguous.append(" ".join(keys))
            shouted = next(iter(written[keys])) if len(written[keys]) == 1 else None
            exact = shouted if shouted and _is_shouted(shouted) else None
            self._by_first.setdefault(keys[0], []).append((keys, exact, bearer))

    def __bool__(self) -> bool:
        return bool(self._by_first)

    def may_name(self, text: str) -> bool:
        """Tell cheaply whether a long text may hold a name; never wrongly no.

        With few names, most texts can be passed over five times as fast as by `find`.
        """
        firsts = self._by_first.keys()
        if len(firsts) > _FEW or not all(map(str.isalnum, firsts)):
            return True
        plain = text.lower()
        for sign in _COMMON_SIGNS:
            plain = plain.replace(sign, " ")
        return not plain.isascii() or any(first in plain for first in firsts)

    def find(self, text: str) -> set[Key]:
        """Return the actors that `text` names."""
        found: set[Key] = set()
        if not self._by_first:
            return found
        tokens = _split(text)
        keys = [_folded[token] for token in tokens]
        if self._by_first.keys().isdisjoint(keys):
            return found
        if "" in keys:  # lone joiners and marks of direction
            tokens = [token for token, key in zip(tokens, keys, strict=True) if key]
            keys = [key for key in keys if key]
        at, count = 0, len(keys)
        while at < count:
            step = 1
            for name, exact, actor in self._by_first.get(keys[at], ()):
                end = at + len(name)
                if tuple(keys[at:end]) == name and (
                    exact is None or tuple(tokens[at:end]) == exact
                ):
                    if actor is not None:
                        found.add(actor)
                    step = len(name)
                    break
            at += step
        return found


def _split(text: str) -> list[str]:
    unusual = not text.isascii() and _UNUSUAL.search(text)
    return (_TOKEN if unusual else _PLAIN).findall(text)


def _tokens(text: str) -> tuple[Tokens, Tokens]:
    """Return the tokens as written and as folded, without those that fold away."""
    pairs = [(token, _folded[token]) for token in _split(text)]
    kept = [(token, key) for token, key in pairs if key]
    return tuple(token for token, _ in kept), tuple(key for _, key in kept)


def _is_shouted(tokens: Tokens) -> bool:
    return len(tokens) == 1 and len(tokens[0]) <= _SHOUTED and tokens[0].isupper()
