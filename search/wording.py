"""A plain word of a query read as what texts may have for it.

The analyzer says what a word is; here stands what somebody who types one, unquoted,
means by it. Quoted, a word is taken as it is written.

- A hyphenated word is all of its parts, wherever they stand, or the whole in one piece:
  who asks for Nixon-Dobrynin talks wants "talks between Nixon and Dobrynin" as well.
- A run of ideographs is all of its neighbouring pairs; a run in a script that spells
  without spaces, all of its neighbouring threes. Such runs hold several words, and a
  text that has the words need not have them in that order.
"""

import re

from search.analyzer import is_stop_word, spellings, tokens
from search.analyzer.characters import CLUSTER, IDEOGRAPHS, SPELT
from search.tree import And, Node, Or, Phrase, Term

#: A longer run is looked for as it is written.
LONGEST_RUN = 40

_RUNS = re.compile(
    rf"(?P<ideographs>[{IDEOGRAPHS}]+)|(?P<kana>[\u3041-\u3096\u309d-\u309f]+)"
    rf"|(?P<spelt>(?:{CLUSTER})+)|[^{IDEOGRAPHS}{SPELT}\u3041-\u3096\u309d-\u309f]+"
)
_PARTICLES = frozenset("back down off out over through under up".split())
_CLUSTER = re.compile(CLUSTER)
_UNSPACED = re.compile(rf"[{IDEOGRAPHS}{SPELT}]")
_HYPHENS = re.compile("[-\u2010\u2011]")


def read_word(word: Term) -> Node:
    """Return what a text must have to have an unquoted word of a query."""
    if _UNSPACED.search(word.text):
        return _of_runs(word)
    if _HYPHENS.search(word.text) and len(spellings(word.text)) == 1:
        return _of_parts(word)
    return word


def _of_parts(word: Term) -> Node:
    parts = [part for part in _HYPHENS.split(word.text) if part]
    if len(parts) < 2 or any(_holds_together(part) for part in parts):
        return word
    every = And(tuple(Term(part, word.field) for part in parts))
    return Or((every, Term("".join(parts), word.field)))


def _holds_together(part: str) -> bool:
    """Whether a part says too little by itself: C-130, follow-up, Jean-P."""
    if len(part) < 2 or not part.isalpha() or is_stop_word(part):
        return True
    return part.lower() in _PARTICLES


def _of_runs(word: Term) -> Node:
    found: list[Node] = []
    for run in _RUNS.finditer(word.text):
        text = run[0]
        if run["ideographs"]:
            pieces = [text[place : place + 2] for place in range(len(text) - 1)]
        elif run["spelt"]:
            letters = _CLUSTER.findall(text)
            pieces = [
                "".join(letters[place : place + 3]) for place in range(len(letters) - 2)
            ]
        elif run["kana"]:
            if len(text) < 3:
                continue  # particles and endings between the words
            pieces = []
        else:
            pieces = []
        if not 1 < len(pieces) <= LONGEST_RUN:
            pieces = [text]
        found += [
            Phrase(piece, 0, word.field) for piece in pieces if any(tokens(piece))
        ]
    if not found:
        return word
    unique = tuple(dict.fromkeys(found))
    return unique[0] if len(unique) == 1 else And(unique)
