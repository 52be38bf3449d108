"""From a document that was read to the record of a source."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from exchange.importers.document import Document, first_line
from exchange.importers.worker import ReadFile
from exchange.passages import join, split
from models.enums import SourceKind
from models.slugs import slugify

LONGEST_TITLE = 200
_LONGEST_NAME = 500


@dataclass(frozen=True)
class Options:
    """What the user says of all documents of an import; it goes before their own."""

    kind: SourceKind | None = None
    publisher: str | None = None
    issuer: str | None = None
    published: str | None = None
    language: str | None = None
    licence: str | None = None


def source_data(
    read: ReadFile, slug: str, name: str, options: Options
) -> dict[str, Any]:
    """Return the record of a source as plain values."""
    document = read.document
    text, spans = join(block.text for block in document.blocks)
    data: dict[str, Any] = {
        "slug": slug,
        "kind": options.kind or document.kind or SourceKind.OFFICIAL_DOCUMENT.value,
        "title": title_of(document) or name,
        "publisher": options.publisher or document.publisher,
        "issuer": options.issuer,
        "contributors": [each[:_LONGEST_NAME] for each in document.contributors],
        "published": options.published or document.published,
        "url": document.url,
        "language": options.language or document.language,
        "licence": options.licence or document.licence,
        "place": document.place,
        "text": text,
        "file": {"sha256": read.sha256, "reader": read.kind.reader},
    }
    pages = _pages(document, [start for start, _ in spans])
    if any(pages) or spans != split(text):
        data["passages"] = [
            {"start": start, "end": end} | ({"page": page} if page else {})
            for (start, end), page in zip(spans, pages, strict=True)
        ]
    return {key: value for key, value in data.items() if value not in (None, [])}


def _pages(document: Document, starts: list[int]) -> list[int | None]:
    """Return the page of each passage: that of the block in which it begins."""
    lengths = (len(block.text) + 2 for block in document.blocks)
    begins = list(accumulate(lengths, initial=0))
    return [document.blocks[bisect_right(begins, at) - 1].page for at in starts]


def title_of(document: Document) -> str:
    """Return a document's own title or its first heading or line, cut if long."""
    title = " ".join((document.title or first_line(document.blocks) or "").split())
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def slug_of(path: Path, sha256: str) -> str:
    """Return a readable slug from a file's name, whatever its script."""
    return slugify(in_latin(path.stem)) or f"document-{sha256[:12]}"


def in_latin(text: str) -> str:
    """Return the text in Latin letters, where the package for it is installed."""
    if not any(char.isalpha() and char > "\u024f" for char in text):
        return text
    try:
        from anyascii import anyascii
    except ModuleNotFoundError:
        return text
    return str(anyascii(text))
