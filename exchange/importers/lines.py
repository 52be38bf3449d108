"""From lines to paragraphs: running heads found, broken words joined, lines reflowed.

A rule for running heads that looks at text alone would eat the last line of a page that
ends like another; so only the outermost lines count, from the edge inwards.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from exchange.importers.document import Document, letters

HYPHENS = "-\u00ad\u2010"
_BROKEN = re.compile(rf"(?<=[^\W\d_])[{HYPHENS}] ?\n[^\S\n]*(?=[^\W\d_])")
_SENTENCE = re.compile(r"[.!?:;…؟。！？][\"'”’»)\]]*\s*\Z")
_ITEM = re.compile(r"\s*(?:[-*•–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
SPEAKER = re.compile(
    r"\s*(?:[QA]|(?=(?:[^:a-z]*[^\W\d_a-z]){2})[^:a-z\n]{2,60}"
    r"(?:\([^)\n]{1,40}\))?)\s?: ?\S"
)
_EDGE = 3
_FEW_PAGES = 3
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|стр\.)\s*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|из)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
HEADS, NUMBERS = "running heads", "page numbers"
BREAKS = "hyphens at line ends"


@dataclass
class Line:
    """A line of a page; `apart` is true where white space sets it off from the last."""

    text: str
    page: int | None = None
    apart: bool = False
    heading: bool = False


def join_broken(text: str, document: Document, whole: str | None = None) -> str:
    """Join words that were broken at a line's end, and count the hyphens.

    A hyphen stays where a capital follows, or where the text has the word with a hyphen
    more often than without: then only the break goes. `whole` is the text in which to
    look for that.
    """
    if not _BROKEN.search(text):
        return text.replace("\u00ad", "") if _soft(text, document) else text
    known = Counter(re.findall(r"\w+(?:-\w+)+|\w+", whole or text))

    def joined(found: re.Match[str]) -> str:
        before = re.search(r"\w+\Z", text[: found.start()])
        after = re.match(r"\w+", text[found.end() :])
        first, second = before[0] if before else "", after[0] if after else ""
        hyphen = found[0][0]
        hyphened = f"{first}-{second}"
        if hyphen != "\u00ad" and (
            second[:1].isupper() or known[hyphened] > known[first + second]
        ):
            return hyphen
        document.drop(BREAKS, hyphen)
        return ""

    text = _BROKEN.sub(joined, text)
    return text.replace("\u00ad", "") if _soft(text, document) else text


def _soft(text: str, document: Document) -> bool:
    """Count the soft hyphens that are left: they show only where a line breaks."""
    document.drop("soft hyphens", "\u00ad" * text.count("\u00ad"))
    return "\u00ad" in text


def without_heads(
    pages: Sequence[Sequence[str]], document: Document
) -> list[list[int]]:
    """Return for each page which of its lines are text; heads and numbers are counted.

    A running head stands among the outermost lines of at least half of the pages, or of
    half of the odd or of the even ones, digits aside. From the edge inwards, the first
    line that is none ends the search. On fewer than three pages only page numbers go;
    and where a third of all would go, pages are alike for another reason: all stays.
    """
    whole = [[i for i, line in enumerate(page) if line.strip()] for page in pages]
    if len(pages) == 1:
        return whole
    kept, dropped = _pruned(pages, whole)
    total = sum(letters(line) for page in pages for line in page)
    if 3 * sum(letters(line) for _, line in dropped) > total and len(dropped) > 2:
        return whole
    for reason, line in dropped:
        document.drop(reason, line)
    return kept


def _pruned(
    pages: Sequence[Sequence[str]], whole: Sequence[Sequence[int]]
) -> tuple[list[list[int]], list[tuple[str, str]]]:
    """Return the lines that are left of each page, and those that are not, and why."""
    kept = [list(rows) for rows in whole]
    dropped: list[tuple[str, str]] = []
    for edge in (0, -1):
        for _ in range(_EDGE):
            outermost = {i: pages[i][rows[edge]] for i, rows in enumerate(kept) if rows}
            heads = _recurring(outermost, len(pages))
            before = len(dropped)
            for i, line in outermost.items():
                if _NUMBER.fullmatch(line):
                    dropped.append((NUMBERS, line))
                elif len(kept[i]) > 1 and _masked(line) in heads[i % 2]:
                    dropped.append((HEADS, line))
                else:
                    continue
                kept[i].pop(edge)
            if len(dropped) == before:
                break
    return kept, dropped


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _recurring(lines: dict[int, str], pages: int) -> tuple[set[str], set[str]]:
    """Return the heads of even and of odd places."""
    if pages < _FEW_PAGES:
        return set(), set()
    counts = [Counter[str](), Counter[str]()]
    for number, line in lines.items():
        counts[number % 2][_masked(line)] += 1
    both = counts[0] + counts[1]
    everywhere = {
        mask for mask, number in both.items() if number * 2 >= pages and number > 1
    }
    sides = (
        everywhere
        | {mask for mask, number in count.items() if number > 2 and number * 4 >= pages}
        for count in counts
    )
    even, odd = sides
    return even, odd


def are_wrapped(paragraphs: Sequence[Sequence[str]]) -> bool:
    """Tell from the lengths of lines whether paragraphs were broken to fit a width.

    They were, if nearly all lines that are followed by another in their paragraph are
    about as long as the longest.
    """
    inner = sorted(len(line) for lines in paragraphs for line in lines[:-1])
    if not inner:
        return False
    width = inner[int(len(inner) * 0.9)]
    full = sum(1 for length in inner if length >= 0.65 * width)
    return 25 <= width <= 140 and full >= 0.75 * len(inner)


def starts_anew(line: str) -> bool:
    """Tell whether a line begins an item of a list, or a speaker's turn."""
    return bool(_ITEM.match(line) or SPEAKER.match(line))


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as sentences do."""
    return bool(_SENTENCE.search(text))


def paragraphs_of(lines: Sequence[Line], document: Document, keep: bool) -> None:
    """Add lines to a document as paragraphs, broken words joined.

    A paragraph ends where white space sets the next line apart, where an item or a turn
    begins, and at a heading. It goes on over the end of a page, unless its sentence is
    complete there. With `keep`, or where the lines were not broken to fit a width, the
    line ends stay.
    """
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last is None or _parted(last, line):
            groups.append([line])
        else:
            groups[-1].append(line)
    wrapped = not keep and are_wrapped([[ln.text for ln in group] for group in groups])
    whole = "\n".join(line.text for line in lines)
    for group in groups:
        text = "\n".join(line.text for line in group)
        text = join_broken(text, document, whole)
        if wrapped:
            text = text.replace("\n", " ")
        document.add(text, group[0].page, group[0].heading)


def _parted(last: Line, line: Line) -> bool:
    if line.heading != last.heading or starts_anew(line.text):
        return True
    if line.page != last.page:
        return ends_sentence(last.text) or last.heading
    return line.apart
