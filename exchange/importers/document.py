"""What a reader makes of a file: blocks of text, and an account of every character.

Characters are counted without white space, which reflowing changes. What a file holds
is either kept, in a block, or dropped for a reason that is counted: `found` of a
document equals `kept` plus all of `dropped`, and a test holds every reader to it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_SPACES = re.compile(r"[^\S\n]+")


def letters(text: str) -> int:
    """Count the characters that are not white space."""
    return len(text) - sum(map(str.isspace, text))


def tidy(text: str) -> str:
    """Make one space of several, within each line, and none at its ends.

    A tab, which parts the cells of a table, stays one.
    """
    lines = []
    for line in text.split("\n"):
        cells = (_SPACES.sub(" ", cell).strip() for cell in line.split("\t"))
        lines.append("\t".join(cells).strip())
    return "\n".join(lines).strip("\n")


class Unreadable(Exception):
    """A file that is not read; the message says what was expected, with the remedy."""


@dataclass(frozen=True)
class Given:
    """What the user says of the files; a reader that has no use for it ignores it."""

    encoding: str | None = None
    keep_lines: bool = False
    sheet: str | None = None
    """Which sheet of a spreadsheet is read; the first with any rows, if None."""


@dataclass
class Block:
    """A paragraph, a heading, or a row of a table; `page` is where it begins."""

    text: str
    page: int | None = None
    heading: bool = False


@dataclass
class Document:
    """A file as it was read. Dates are EDTF or words; `notes` are for the user."""

    blocks: list[Block] = field(default_factory=list)
    title: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    publisher: str | None = None
    licence: str | None = None
    kind: str | None = None
    place: str | None = None
    contributors: list[str] = field(default_factory=list)
    pages: int | None = None
    found: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """How many characters stand in the blocks."""
        return sum(letters(block.text) for block in self.blocks)

    @property
    def unaccounted(self) -> int:
        """How many characters are neither kept nor dropped: none, or a reader erred."""
        return self.found - self.kept - sum(self.dropped.values())

    def drop(self, reason: str, text: str) -> None:
        """Count a text that is left out."""
        if number := letters(text):
            self.dropped[reason] += number

    def add(self, text: str, page: int | None = None, heading: bool = False) -> None:
        """Add a block, unless it is empty."""
        if text := tidy(text):
            self.blocks.append(Block(text, page, heading))

    def as_dict(self) -> dict[str, Any]:
        """Return what crosses from the reading process, as JSON can carry it."""
        plain = {key: value for key, value in vars(self).items() if key != "blocks"}
        plain["blocks"] = [[one.text, one.page, one.heading] for one in self.blocks]
        return plain

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Document":
        """Make the document again from `as_dict`."""
        blocks = [Block(*each) for each in plain.pop("blocks")]
        dropped = Counter(plain.pop("dropped"))
        return cls(blocks=blocks, dropped=dropped, **plain)


def first_line(blocks: Iterable[Block]) -> str | None:
    """Return the first heading or, without one, the first line of all."""
    listed = list(blocks)
    heading = next((block for block in listed if block.heading), None)
    block = heading or next(iter(listed), None)
    if block is None:
        return None
    return next((line for line in block.text.splitlines() if line.strip()), None)
