"""RTF by striprtf, after footnotes are lifted out and deletions dropped.

Characters are counted as they are decoded: what RTF itself is made of, styles and
pictures, is no text.
"""

import re

from striprtf.striprtf import rtf_to_text

from exchange.importers.document import Document, Given, Unreadable, letters
from exchange.importers.docx import DELETED, HEADS

_DEEPEST = 500
_CODEPAGE = re.compile(r"\\ansicpg(\d{3,5})")
_TITLE = re.compile(r"\\info\b")
_GROUPS = {
    "footnote": None,
    "deleted": DELETED,
    **dict.fromkeys(
        ("header", "headerl", "headerr", "headerf",
         "footer", "footerl", "footerr", "footerf"), HEADS
    ),
}  # fmt: skip
_OPENING = re.compile(r"\{(?:\\\*)?\\(" + "|".join(_GROUPS) + r")(?![a-z])")


def read(content: bytes, given: Given) -> Document:
    """Read a rich text."""
    text = content.decode("latin-1")
    depth = deepest = 0
    for brace in re.findall(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise Unreadable(f"RTF nested at most {_DEEPEST:,} deep (it is {deepest:,})")
    found = _CODEPAGE.search(text)
    encoding = given.encoding or (f"cp{found[1]}" if found else "cp1252")
    document = Document()
    body, lifted = _lift(text)
    notes = []
    for name, group in lifted:
        words = _plain(group, encoding)
        document.found += letters(words)
        reason = _GROUPS[name]
        if reason is None:
            notes.append(words)
        else:
            document.drop(reason, words)
    words = _plain(body, encoding)
    document.found += letters(words)
    # A cell ends in "|" and a row in a line of its own; "|" that was written stays.
    for line in words.split("\n"):
        _add(line, document)
    for note in notes:
        document.add(note)
    return document


def _add(line: str, document: Document) -> None:
    cells = line.split("|")
    if len(cells) > 2 and not cells[-1].strip():
        document.drop("marks of cells", "|" * (len(cells) - 1))
        line = "\t".join(cells)
    document.add(line)


def _plain(rtf: str, encoding: str) -> str:
    try:
        return str(rtf_to_text(rtf, encoding, "replace"))
    except (LookupError, ValueError, IndexError, TypeError) as error:
        raise Unreadable("a whole RTF file (it is broken: save it again)") from error


def _lift(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text without the groups that are read apart, and those groups."""
    body, lifted, at = [], [], 0
    head = "{\\rtf1\\ansi"
    while found := _OPENING.search(text, at):
        end = _end(text, found.start())
        body.append(text[at : found.start()])
        lifted.append((found[1], f"{head} {text[found.end() : end]}}}"))
        at = end + 1
    body.append(text[at:])
    return "".join(body), lifted


def _end(text: str, start: int) -> int:
    """Return where the group that begins at `start` ends."""
    depth = 0
    for brace in re.finditer(r"\\.|[{}]", text[start:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return start + brace.start()
    return len(text)
