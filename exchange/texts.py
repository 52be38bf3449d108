"""The text of a source as records and evidence see it: whole, or only its measures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from errors import DragomanError
from exchange.files import LARGEST_TEXT, read_bytes
from exchange.passages import Span, clean, join, split, text_hash
from exchange.quotes import nearest, omission
from exchange.records import (
    EarlierText,
    EvidenceItem,
    FileItem,
    SourceRecord,
)

CONTEXT = 32
"""Code points of prefix and suffix that are kept on each side of a quote."""


@dataclass(frozen=True)
class Text:
    """A text, or a withheld text's measures: enough to check a span against."""

    sha256: str
    length: int
    spans: Sequence[Span]
    text: str | None = None
    speakers: Sequence[str | None] = ()
    """The slug of each passage's speaker; empty where none is known."""
    pages: Sequence[int | None] = ()
    """The page on which each passage begins; empty where none is known."""
    file: FileItem | None = None
    """What the text was read out of."""

    @classmethod
    def of(cls, text: str, spans: Sequence[Span] | None = None) -> "Text":
        """Measure a text that is at hand."""
        spans = split(text) if spans is None else spans
        return cls(text_hash(text), len(text), spans, text)


class NotLocated(ValueError):
    """Evidence that does not fit the text; the message says what was expected."""


def text_of(record: SourceRecord) -> Text | None:
    """Return the text that a record carries; None if it carries none."""
    if record.paragraphs is not None:
        text, spans = join(clean(paragraph) for paragraph in record.paragraphs)
        return replace(Text.of(text, spans), file=record.file) if text else None
    return _text(record)


def texts_of(record: SourceRecord) -> list[Text]:
    """Return all wordings that a record carries, the oldest first."""
    former = [_text(each) for each in record.earlier]
    return [text for text in (*former, text_of(record)) if text is not None]


def _text(wording: SourceRecord | EarlierText) -> Text | None:
    items = wording.passages
    if wording.text is not None:
        words = clean(wording.text)
        if not words:
            return None
        spans = None if items is None else [(item.start, item.end) for item in items]
        text = Text.of(words, spans)
    elif (withheld := wording.withheld) is not None:
        items = withheld.passages
        spans = [(item.start, item.end) for item in items]
        text = Text(withheld.sha256, withheld.length, spans)
    else:
        return None
    speakers = [item.speaker for item in items or ()]
    pages = [item.page for item in items or ()]
    return replace(
        text,
        speakers=speakers if any(speakers) else (),
        pages=pages if any(pages) else (),
        file=wording.file,
    )


def read_text(path: Path) -> str:
    """Read a document: UTF-8, byte-order mark removed, line ends kept.

    Raises:
        DragomanError: the file is not a regular one of at most `LARGEST_TEXT` bytes, or
            cannot be read as text.
    """
    try:
        text = read_bytes(path, LARGEST_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DragomanError(
            f"{path.name} is not UTF-8 text (byte {error.start}); convert it first"
        ) from error
    if "\0" in text:
        raise DragomanError(f"{path.name} is not text: it holds NUL characters")
    return text


def locate(text: Text, item: EvidenceItem) -> Span:
    """Return the span that an evidence item means.

    Raises:
        NotLocated: it means none, or more than one.
    """
    if item.start is not None and item.end is not None:
        if item.end > text.length:
            raise NotLocated(
                f"a span within the {text.length:,} characters of the text"
            )
        span = (item.start, item.end)
        if text.text is not None and item.quote is not None:
            if text.text[slice(*span)] != item.quote:
                raise NotLocated("the words that stand at start and end")
        return span
    if text.text is None:
        raise NotLocated("start and end, because the text is withheld")
    return _find(text.text, item)


def _find(text: str, item: EvidenceItem) -> Span:
    quote, prefix, suffix = item.quote or "", item.prefix or "", item.suffix or ""
    found = _places(text, prefix + quote + suffix)
    starts = [start + len(prefix) for start in found]
    if len(starts) == 1:
        return starts[0], starts[0] + len(quote)
    if not starts:
        if not (prefix or suffix):
            _refuse_near(text, quote)
        with_context = " between prefix and suffix" if prefix or suffix else ""
        raise NotLocated(f"words that stand in the text{with_context}, unchanged")
    places = " and ".join(map(str, starts))
    raise NotLocated(
        f"words that stand in the text once (they stand at {places}; "
        "add a prefix, a suffix or start and end)"
    )


def _refuse_near(text: str, quote: str) -> None:
    """Say where a quote stands that differs only in what is easily missed."""
    if found := nearest(text, quote):
        places = ", or ".join(map(str, found))
        raise NotLocated(f"{places}; `dragoman anchor --repair` can put it right")
    if parts := omission(text, quote):
        places = " and ".join(str(near.start) for near in parts)
        raise NotLocated(
            f"words without an omission (the parts stand at {places}): a piece of "
            "evidence for each part, or the whole passage"
        )


def _places(text: str, words: str, most: int = 3) -> list[int]:
    """Return the first places of words in a text.

    All of them would be quadratic: half a million "a" stand half a million times, one
    character apart, in a million.
    """
    places: list[int] = []
    start = text.find(words)
    while start >= 0 and len(places) < most:
        places.append(start)
        start = text.find(words, start + 1)
    return places


def context(text: str, span: Span) -> tuple[str, str, str]:
    """Return quote, prefix and suffix of a span."""
    start, end = span
    return (
        text[start:end],
        text[max(0, start - CONTEXT) : start],
        text[end : end + CONTEXT],
    )
