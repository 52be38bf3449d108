"""The brief as a file: Markdown, HTML on its own, Word, PDF.

All are made of the same sections and sentences, so that they cannot disagree.
"""

from collections.abc import Callable

from analysis.brief import Brief
from formats.html import as_html
from formats.markdown import as_markdown
from formats.pdf import as_pdf
from formats.word import as_docx

PAPERS: dict[str, Callable[[Brief], str | bytes]] = {
    "html": as_html,
    "md": as_markdown,
    "docx": as_docx,
    "pdf": as_pdf,
}
"""How to write a brief, by the format's name."""
