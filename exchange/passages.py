"""Cut a text into passages: half-open spans of code points, in order.

A passage is a paragraph. Paragraphs are parted by blank lines or, in a text without
any, by line breaks, except where one breaks a word (`nego-`, `tiate`). White space at
the edges of a paragraph belongs to no passage; all other text belongs to exactly one. A
paragraph of more than `LONGEST` terms is cut at sentences, because a search index keeps
exact positions only within bounds.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 4_000
"""Terms in one passage at most: a PostgreSQL tsvector clamps positions at 16,383."""

_LONGEST_CHARS = 40_000  # for runs without words, which hold no terms to count
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANK = re.compile(
    r"(?>\r\n|[\n\r\v\f\x85\u2028])[^\S\n\r\v\f\x85\u2028\u2029]*"
    r"(?:\r\n|[\n\r\v\f\x85\u2028])|\u2029"
)
# Scripts without spaces between words count by the character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TERM = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?…؟][\"'”’»)\]]*\s+|[。！？]")
_SPACE = re.compile(r"\s+")
_HYPHENS = "-\u00ad\u2010"

Span = tuple[int, int]


def clean(text: str) -> str:
    """Return the text as it is hashed and counted: without a byte-order mark."""
    return text.removeprefix("\ufeff")


def text_hash(text: str) -> str:
    """Return the SHA-256 by which a text is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def split(text: str) -> list[Span]:
    """Return the passages of a text.

    >>> split("One.\\n\\nTwo,\\nstill two.")
    [(0, 4), (6, 21)]
    >>> split("One.\\nTwo.")
    [(0, 4), (5, 9)]
    """
    core = _trimmed(text, 0, len(text))
    if core is None:
        return []
    parted_by = _BLANK if _BLANK.search(text, *core) else _BREAK
    return [span for part in _parts(text, core, parted_by) for span in _cut(text, part)]


def join(paragraphs: Iterable[str]) -> tuple[str, list[Span]]:
    """Return one text made of paragraphs, and its passages.

    Each paragraph stays one passage, whatever line breaks it holds: its publisher
    knew better than we where it ends.
    """
    paragraphs = list(paragraphs)
    text = "\n\n".join(paragraphs)
    spans: list[Span] = []
    start = 0
    for paragraph in paragraphs:
        whole = _trimmed(text, start, start + len(paragraph))
        if whole is not None:
            spans.extend(_cut(text, whole))
        start += len(paragraph) + 2
    return text, spans


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Take white space off both edges; None when nothing is left."""
    part = text[start:end]
    core = part.strip()
    if not core:
        return None
    start += len(part) - len(part.lstrip())
    return start, start + len(core)


def _parts(text: str, core: Span, parted_by: re.Pattern[str]) -> Iterator[Span]:
    start, end = core
    for found in parted_by.finditer(text, *core):
        if parted_by is _BREAK and _breaks_a_word(text, found):
            continue
        if part := _trimmed(text, start, found.start()):
            yield part
        start = found.end()
    if part := _trimmed(text, start, end):
        yield part


def _breaks_a_word(text: str, line_end: re.Match[str]) -> bool:
    """Whether a line ends in a hyphen and the next goes on in small letters."""
    before = text[max(0, line_end.start() - 2) : line_end.start()]
    after = text[line_end.end() : line_end.end() + 1]
    return (
        len(before) == 2
        and before[0].isalpha()
        and (before[1] in _HYPHENS and after.islower())
    )


def _cut(text: str, span: Span) -> Iterator[Span]:
    """Yield the span itself or, if it is too long, pieces that end at sentences."""
    start, end = span
    while end - start > LONGEST:  # fewer characters than that hold fewer terms
        limit = _limit(text, start, end)
        if limit == end:
            break
        at = _boundary(text, start, limit)
        if piece := _trimmed(text, start, at):
            yield piece
        start = at
    if piece := _trimmed(text, start, end):
        yield piece


def _limit(text: str, start: int, end: int) -> int:
    """Return where the piece from `start` must end at the latest."""
    limit = min(end, start + _LONGEST_CHARS)
    for number, term in enumerate(_TERM.finditer(text, start, limit)):
        if number == LONGEST:
            return term.start()
    return limit


def _boundary(text: str, start: int, limit: int) -> int:
    """Return the last good place to cut in the second half of the piece."""
    middle = (start + limit) // 2
    for pattern in (_SENTENCE_END, _SPACE):
        ends = [found.end() for found in pattern.finditer(text, middle, limit)]
        if ends:
            return ends[-1]
    at = limit
    while at > middle and unicodedata.combining(text[at]):
        at -= 1
    return at if at > middle else limit
