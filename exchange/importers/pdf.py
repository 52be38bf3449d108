"""PDF: pages by pypdfium2, lines by where they stand, paragraphs by the space between.

Runs in the reading process only (`worker.py`): PDFium is native code on strangers'
files. What is still wrong in right-to-left texts: a full stop may stand at a line's
start, and brackets may be turned.
"""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from exchange.importers.document import Document, Given, Unreadable, letters
from exchange.importers.lines import Line, ends_sentence, paragraphs_of, without_heads
from wording import counted

MOST_PAGES = 5_000
_FEWEST_LETTERS = 20
"""On a page with fewer there is no text: a picture, perhaps with a stamp."""
_ALEFS = "\u0627\u0623\u0625\u0622\u0671"
_LAM = "\u0644"
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@dataclass
class _Placed:
    """A line and where it stands, in points from the page's lower left."""

    text: str
    left: float = 0
    right: float = 0
    bottom: float = 0
    height: float = 0


def read(content: bytes, given: Given) -> Document:
    """Read a PDF that has a text."""
    try:
        file = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise Unreadable(
                "a PDF that opens without a password (save it without one)"
            ) from error
        raise Unreadable(
            "a whole PDF (it is broken: fetch or save it again)"
        ) from error
    number = len(file)
    if number > MOST_PAGES:
        raise Unreadable(f"at most {MOST_PAGES:,} pages (it has {number:,})")
    document = Document(pages=number)
    pages: list[list[_Placed]] = []
    empty, broken = [], []
    for index in range(number):
        try:
            lines = _lines(file[index])
        except pypdfium2.PdfiumError:
            lines = []
            broken.append(index + 1)
        count = sum(letters(line.text) for line in lines)
        if count < _FEWEST_LETTERS and index + 1 not in broken:
            empty.append(index + 1)
        document.found += count
        pages.append(lines)
    few = document.found < _FEWEST_LETTERS * number and len(empty) * 2 > number
    if not document.found or (few and any(map(_has_picture, file))):
        many = f"{len(empty):,} of {counted(number, 'page')}"
        raise Unreadable(
            f"a PDF with a text ({many} without any, as scans are: OCR, such as "
            "`ocrmypdf`, adds one)"
        )
    for listed, what in ((empty, "without a text"), (broken, "that cannot be read")):
        if listed:
            document.notes.append(f"pages {what}: {_shortened(listed)}")
    _describe(file, document)
    _add(pages, document, given.keep_lines)
    return document


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(
        each.type == pdfium.FPDF_PAGEOBJ_IMAGE for each in page.get_objects(max_depth=2)
    )


def _shortened(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} and {len(numbers) - 10:,} more"


def _describe(file: pypdfium2.PdfDocument, document: Document) -> None:
    metadata = file.get_metadata_dict(skip_empty=True)
    title = " ".join(metadata.get("Title", "").split())
    # Word and scanners put the file's name there.
    if (
        len(title) > 8
        and " " in title
        and not title.lower().endswith((".doc", ".docx"))
    ):
        document.title = title


def _lines(page: pypdfium2.PdfPage) -> list[_Placed]:
    text = page.get_textpage()
    columns = _in_columns(text, page.get_width())
    return _spelt_out(columns if columns is not None else list(_drawn(text)))


def _drawn(text: pypdfium2.PdfTextPage) -> Iterator[_Placed]:
    """Yield the lines of a page in the order in which they are drawn."""
    raw = text.raw
    codes = [pdfium.FPDFText_GetUnicode(raw, i) for i in range(text.count_chars())]
    if any(chr(code) == _LAM for code in codes):
        _turn_ligatures(raw, codes)
    start = 0
    for end in [*(i for i, code in enumerate(codes) if code in (10, 2)), len(codes)]:
        part = codes[start : end + 1]
        words = _as_text(part)
        if words.strip():
            inked = [start + i for i, code in enumerate(part) if code > 32]
            yield _placed(words, text, inked)
        start = end + 1


def _as_text(codes: Sequence[int]) -> str:
    """Return code units as text; U+0002 is a hyphen at a line's end."""
    units = b"".join(
        (ord("-") if code == 2 else code & 0xFFFF).to_bytes(2, "little")
        for code in codes
        if code not in (0, 10, 13) and not 0xFFFE <= code <= 0xFFFF
    )
    return units.decode("utf-16-le", "replace")


def _placed(words: str, text: pypdfium2.PdfTextPage, inked: Sequence[int]) -> _Placed:
    if not inked:
        return _Placed(words)
    first, last = (
        text.get_charbox(inked[0], loose=True),
        text.get_charbox(inked[-1], loose=True),
    )
    left, right = min(first[0], last[0]), max(first[2], last[2])
    return _Placed(words, left, right, first[1], first[3] - first[1])


def _turn_ligatures(raw: object, codes: list[int]) -> None:
    """Put lam before alef where both are one glyph: PDFium gives them the other way."""
    x, y = ctypes.c_double(), ctypes.c_double()

    def origin(index: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        return x.value, y.value

    for i in range(1, len(codes)):
        if chr(codes[i]) == _LAM and chr(codes[i - 1]) in _ALEFS:
            if origin(i) == origin(i - 1):
                codes[i - 1], codes[i] = codes[i], codes[i - 1]


def _in_columns(text: pypdfium2.PdfTextPage, width: float) -> list[_Placed] | None:
    """Return the lines of a page whose two columns are drawn line by line.

    None where the order in which it is drawn serves. There is a gutter if hardly any
    run of text crosses it, and runs left and right of it alternate at one height.
    """
    count = text.count_rects()
    if count < 30:
        return None
    runs = [text.get_rect(i) for i in range(count)]
    gutter, crossing = min(
        (
            (at, sum(1 for run in runs if run[0] < at - 1 and run[2] > at + 1))
            for at in range(int(width * 0.4), int(width * 0.6), 3)
        ),
        key=lambda pair: pair[1],
        default=(0, count),
    )
    left = [run for run in runs if run[2] <= gutter + 1]
    right = [run for run in runs if run[0] >= gutter - 1]
    fewer = min(len(left), len(right))
    if crossing > 0.15 * count or fewer < 10:
        return None
    alternating = sum(
        1
        for one, two in zip(runs, runs[1:], strict=False)
        if one[2] <= gutter + 1 and two[0] >= gutter - 1 and abs(one[1] - two[1]) < 3
    )
    across = max(run[2] for run in left) - min(run[0] for run in left)
    full = sum(1 for run in left if run[2] - run[0] > 0.8 * across)
    if alternating < 0.6 * fewer or full < 0.6 * len(left):  # the latter: a table
        return None
    ordered: list[tuple[float, float, float, float]] = []
    band: list[tuple[float, float, float, float]] = []
    for run in [*runs, None]:
        if run is not None and not (run[0] < gutter - 1 and run[2] > gutter + 1):
            band.append(run)
            continue
        ordered += [each for each in band if each[2] <= gutter + 1]
        ordered += [each for each in band if each[2] > gutter + 1]
        band = []
        ordered += [run] if run is not None else []
    return [
        _Placed(
            text.get_text_bounded(*run).replace("\r", "").replace("\n", " ")
            .replace("\x02", "-").replace("\0", ""),
            run[0], run[2], run[1], run[3] - run[1],
        )
        for run in ordered
    ]  # fmt: skip


def _spelt_out(lines: list[_Placed]) -> list[_Placed]:
    """Spell ligatures and presentation forms out, and nothing else."""
    for line in lines:
        line.text = "".join(
            unicodedata.normalize("NFKC", char)
            if "\ufb00" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufefc"
            else char
            for char in line.text
        )
    return lines


def _add(pages: list[list[_Placed]], document: Document, keep: bool) -> None:
    kept = without_heads([[line.text for line in page] for page in pages], document)
    rows = [
        [page[row] for row in listed] for page, listed in zip(pages, kept, strict=True)
    ]
    heights = [line.height for page in rows for line in page if line.height > 0]
    usual = median(heights) if heights else 0
    lines = []
    for number, page in enumerate(rows, 1):
        gaps = [
            one.bottom - two.bottom
            for one, two in zip(page, page[1:], strict=False)
            if one.bottom > two.bottom
        ]
        # Of a page of few paragraphs the usual gap is that between paragraphs.
        leading = min(median(gaps), 1.5 * usual) if gaps else 0
        right = max((line.right for line in page), default=0)
        last: _Placed | None = None
        for line in page:
            apart = last is None or _is_apart(last, line, leading, right)
            heading = usual > 0 and line.height > 1.2 * usual and len(line.text) < 200
            lines.append(Line(line.text.strip(), number, apart, heading))
            last = line
    paragraphs_of(lines, document, keep)


def _is_apart(last: _Placed, line: _Placed, leading: float, right: float) -> bool:
    """Tell whether a line begins a paragraph: space above, indent, a short line."""
    gap = last.bottom - line.bottom
    if gap < 0:  # the top of another column
        return ends_sentence(last.text)
    em = max(line.height, 1)
    if leading and gap > 1.4 * leading:
        return True
    indented = em < line.left - last.left < 6 * em and last.right > right - 6 * em
    short = last.right < right - 8 * em and ends_sentence(last.text)
    return indented or short
