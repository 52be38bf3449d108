"""Plain texts: any line ends, form feeds as pages, lines that were broken to fit."""

import re

from exchange.importers.charsets import decode
from exchange.importers.document import Document, Given, letters
from exchange.importers.front import take_front_matter
from exchange.importers.lines import (
    Line,
    are_wrapped,
    ends_sentence,
    paragraphs_of,
    starts_anew,
    without_heads,
)

_LINE_END = re.compile(r"\r\n|[\r\v\x85\u2028]")


def read(content: bytes, given: Given) -> Document:
    """Read a plain text."""
    text, guessed = decode(content, given.encoding)
    document = Document(found=letters(text))
    document.notes += [guessed] if guessed else []
    text = take_front_matter(plain_lines(text), document)
    pages = text.strip("\f").split("\f")
    if len(pages) > 1:
        document.pages = len(pages)
    add_pages(pages, document, given.keep_lines)
    return document


def plain_lines(text: str) -> str:
    """End every line in a newline, and every paragraph of U+2029 in two."""
    return _LINE_END.sub("\n", text).replace("\u2029", "\n\n")


def add_pages(pages: list[str], document: Document, keep: bool) -> None:
    """Add the text of pages, of which each is lines, to a document."""
    rows = [page.split("\n") for page in pages]
    lines = []
    for number, (page, kept) in enumerate(
        zip(rows, without_heads(rows, document), strict=True), 1
    ):
        last = -1
        for row in kept:
            apart = any(not line.strip() for line in page[last + 1 : row])
            lines.append(Line(page[row], number if len(pages) > 1 else None, apart))
            last = row
    if not any(line.apart for line in lines[1:]):
        _part_without_blanks(lines, keep)
    paragraphs_of(lines, document, keep)


def _part_without_blanks(lines: list[Line], keep: bool) -> None:
    """Find the paragraphs of a text without blank lines.

    Where its lines were broken to fit a width, a paragraph begins with an indented
    line, or after a short one that ends a sentence. Else each line is one.
    """
    texts = [line.text for line in lines]
    wrapped = not keep and len(lines) > 2 and are_wrapped([texts])
    width = max(map(len, texts), default=0)
    for last, line in zip(lines, lines[1:], strict=False):
        indented = line.text[:1].isspace() and not last.text[:1].isspace()
        ended = len(last.text) < 0.75 * width and ends_sentence(last.text)
        line.apart = not wrapped or indented or ended or starts_anew(line.text)
        if wrapped is False and _breaks_word(last.text, line.text):
            line.apart = False


def _breaks_word(last: str, line: str) -> bool:
    return bool(re.search(r"[^\W\d_][-\u00ad\u2010]\Z", last)) and line[:1].islower()
