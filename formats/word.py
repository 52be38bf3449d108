"""The brief as a Word document."""

import io
import unicodedata
from typing import Any

from analysis.brief import Brief, Part, Sentence
from errors import Unavailable
from formats.wording import cited_spans, closing, quote
from wording import clean


def as_docx(brief: Brief) -> bytes:
    """Write the brief as a Word document.

    Raises:
        Unavailable: python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise Unavailable(
            "Word documents need the extra “docx”: run “pip install python-docx”. "
            "The same brief is there as HTML and Markdown."
        ) from None
    document = docx.Document()
    document.core_properties.title = clean(f"Brief: {brief.title}")[:255]
    document.core_properties.author = "Dragoman"
    document.add_heading(clean(f"Brief: {brief.title}"), 0)
    for section in brief.sections:
        _docx_part(document, section, 1)
        for part in section.parts:
            _docx_part(document, part, 2)
    document.add_heading("Citations", 1)
    for each in brief.citations:
        # Numbered by hand: Word's own numbering would go on from list to list.
        line = document.add_paragraph(f"{each.number}. ")
        _docx_run(line, quote(each.citation))
        _docx_run(line, f" {cited_spans(each)}")
    document.add_paragraph(closing(brief))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _docx_part(document: Any, part: Part, level: int) -> None:
    document.add_heading(clean(part.title), level)
    for sentence in part.sentences:
        _docx_sentence(document.add_paragraph(style="List Bullet"), sentence)
    if part.table is None:
        return
    columns = part.table.columns
    table = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.text = name
    for row in part.table.rows:
        cells = table.add_row().cells
        for cell, sentence in zip(cells, row, strict=True):
            _docx_sentence(cell.paragraphs[0], sentence)


def _docx_sentence(paragraph: Any, sentence: Sentence) -> None:
    _docx_run(paragraph, sentence.text)
    if sentence.refs:
        refs = ", ".join(map(str, sentence.refs))
        paragraph.add_run(f" {refs}").font.superscript = True


def _docx_run(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(clean(text))
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        run.font.rtl = True
