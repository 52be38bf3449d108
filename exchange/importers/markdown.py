"""Markdown: its marks taken off and counted, its headings, lists and tables kept."""

import html
import re

from exchange.importers.charsets import decode
from exchange.importers.document import Document, Given, letters
from exchange.importers.front import take_front_matter
from exchange.importers.lines import join_broken
from exchange.importers.text import plain_lines

_HEADING = re.compile(r" {0,3}#{1,6}(?:\s+(.*?))?(?:\s#+)?\s*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})")
_FENCE = re.compile(r"\s*(?:```|~~~).*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_ROW = re.compile(r"\s*\|(.*)\|\s*")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?!\s)(.+?)(?<!\s)\1\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
# Each is bounded: without an end to what it opens, a mark would look through all that
# follows, and half a million marks would take minutes.
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^)\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(([^)\s]{0,2000})(?:\s+\"[^\"]{0,500}\")?\)")
_MARKS = (
    re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"),
    re.compile(r"(?<!\w)(\*|_)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)"),
    re.compile(r"(`{1,8})(.{1,500}?)\1"),
)
MARKS = "Markdown marks"


def read(content: bytes, given: Given) -> Document:
    """Read a Markdown text."""
    text, guessed = decode(content, given.encoding)
    document = Document(found=letters(text))
    document.notes += [guessed] if guessed else []
    text = take_front_matter(plain_lines(text).replace("\f", "\n\n"), document)
    text = _without_comments(text, document)
    reader = _Reader(document, given.keep_lines, text)
    for line in [*text.split("\n"), ""]:
        reader.take(line)
    return document


def _without_comments(text: str, document: Document) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        kept.append(text[at:start])
        document.drop("comments", text[start : end + 3])
        at = end + 3
    return "".join(kept) + text[at:]


class _Reader:
    """Takes lines one by one, and adds a block where one is complete."""

    def __init__(self, document: Document, keep: bool, whole: str) -> None:
        self.document = document
        self.keep = keep
        self.whole = whole
        self.lines: list[str] = []
        self.fenced = False

    def take(self, line: str) -> None:
        if _FENCE.fullmatch(line):
            self.flush()
            self.document.drop(MARKS, line)
            self.fenced = not self.fenced
        elif self.fenced:
            self.lines.append(line)
        elif not line.strip():
            self.flush()
        elif self.lines and _UNDERLINE.fullmatch(line) and len(self.lines) == 1:
            self.document.drop(MARKS, line)
            self.flush(heading=True)
        elif _RULE.fullmatch(line) or _TABLE_RULE.fullmatch(line) and "-" in line:
            self.flush()
            self.document.drop(MARKS, line)
        elif found := _HEADING.fullmatch(line):
            self.flush()
            words = found[1] or ""
            self.document.dropped[MARKS] += letters(line) - letters(words)
            self.lines.append(words)
            self.flush(heading=True)
        elif found := _ROW.fullmatch(line):
            self.flush()
            self.document.drop(MARKS, "|" * line.count("|"))
            self.lines.append("\t".join(found[1].split("|")))
            self.flush()
        else:
            if _ITEM.match(line):
                self.flush()
            quote = re.match(r"\s*(?:>\s?)+", line)
            if quote:
                self.document.drop(MARKS, quote[0])
                line = line[quote.end() :]
            self.lines.append(line)

    def flush(self, heading: bool = False) -> None:
        lines, self.lines = self.lines, []
        text = "\n".join(lines)
        if self.fenced:
            self.document.add(text)
            return
        bold = _BOLD_LINE.fullmatch(text)
        text = join_broken(self._plain(text), self.document, self.whole)
        if not self.keep:
            # A line that ends in two spaces or a backslash breaks on purpose.
            text = re.sub(r"(?<!  )(?<!\\)\n", " ", text)
            text = re.sub(r"\\\n", "\n", self._backslashes(text))
        self.document.add(text, heading=heading or bold is not None)

    def _backslashes(self, text: str) -> str:
        self.document.drop(MARKS, "\\" * len(re.findall(r"\\\n", text)))
        return text

    def _plain(self, text: str) -> str:
        """Take the marks inside a line off, and count them."""
        text = self._without(_IMAGE, text, 1, "link addresses")
        text = self._without(_LINK, text, 1, "link addresses")
        for mark in _MARKS:
            text = self._without(mark, text, 2, MARKS)
        shown = html.unescape(text)
        self.document.dropped[MARKS] += letters(text) - letters(shown)
        return shown.replace("\0", "")

    def _without(
        self, pattern: re.Pattern[str], text: str, group: int, reason: str
    ) -> str:
        def inner(found: re.Match[str]) -> str:
            words: str = found[group]
            self.document.dropped[reason] += letters(found[0]) - letters(words)
            return words

        return pattern.sub(inner, text)
