"""The sentences of two texts that correspond.

**Sentences correspond** when each is the other's nearest: by the cosine of their words,
weighted by tf-idf over the sentences of both texts (Manning, Raghavan and Schütze,
*Introduction to Information Retrieval*, 2008, chapter 6), from 0.25 on. It finds the
same words, not the same thoughts: what is left over on one side may be said in others.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from analysis.readouts.shapes import Correspondence, SourceSentence
from queries.shapes import PassageItem
from queries.sources import SourceDetail
from queries.words import words_of

NEAR = 0.25
"""From which likeness on two sentences may correspond."""
SENTENCES = 800
"""How many sentences of a text are compared, the first."""


_END = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=[\"“‘«(\[]*[^\W\d_a-zа-я])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Col|Lt|Sen|Rep|vs|etc)|\b[A-Z])\.\Z"
)


def split_sentences(text: str) -> list[str]:
    """Cut a passage into sentences; an abbreviation does not end one."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.start()]
        if _ABBREVIATED.search(piece):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [" ".join(piece.split()) for piece in found if piece]


def sentences_of(source: SourceDetail) -> list[SourceSentence]:
    return [
        SourceSentence(text=text, passage=passage.position, url=passage.url)
        for passage in source.text
        for text in _of(passage)
    ][:SENTENCES]


def _of(passage: PassageItem) -> list[str]:
    return split_sentences(passage.text or "")


def align(
    left: Sequence[SourceSentence],
    right: Sequence[SourceSentence],
    language: str | None = None,
) -> tuple[tuple[Correspondence, ...], list[tuple[SourceSentence, ...]]]:
    """Find the sentences that correspond, and those of each side that are left over."""
    vectors = _vectors([one.text for one in (*left, *right)], language)
    lefts, rights = vectors[: len(left)], vectors[len(left) :]
    where: dict[str, list[int]] = defaultdict(list)
    for at, vector in enumerate(rights):
        for stem in vector:
            where[stem].append(at)
    likeness: dict[tuple[int, int], float] = defaultdict(float)
    for at, vector in enumerate(lefts):
        for stem, weight in vector.items():
            for other in where.get(stem, ()):
                likeness[at, other] += weight * rights[other][stem]
    best_left: dict[int, tuple[float, int]] = {}
    best_right: dict[int, tuple[float, int]] = {}
    for (a, b), value in likeness.items():
        best_left[a] = max(best_left.get(a, (0.0, 0)), (value, -b))
        best_right[b] = max(best_right.get(b, (0.0, 0)), (value, -a))
    pairs = [
        (a, -b, value)
        for a, (value, b) in sorted(best_left.items())
        if value >= NEAR and best_right[-b][1] == -a
    ]
    taken_left = {a for a, _, _ in pairs}
    taken_right = {b for _, b, _ in pairs}
    found = tuple(
        Correspondence(left=left[a], right=right[b], likeness=round(min(value, 1.0), 3))
        for a, b, value in pairs
    )
    return found, [
        tuple(one for at, one in enumerate(left) if at not in taken_left),
        tuple(one for at, one in enumerate(right) if at not in taken_right),
    ]


def _vectors(texts: Sequence[str], language: str | None) -> list[dict[str, float]]:
    """The words of each sentence by tf-idf, each vector of length 1."""
    counts = [Counter(word.stem for word in words_of(text, language)) for text in texts]
    holding = Counter(stem for count in counts for stem in count)
    vectors = []
    for count in counts:
        vector = {
            stem: (1 + math.log(number)) * math.log(1 + len(texts) / holding[stem])
            for stem, number in count.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1
        vectors.append({stem: value / length for stem, value in vector.items()})
    return vectors
