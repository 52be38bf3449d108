"""The brief as files to take away; its page is one of the questions."""

from collections.abc import Callable

from flask import Response

from analysis.brief import Brief
from analysis.paper import as_docx, as_markdown, as_pdf, find_browser
from web.files import Download, attachment, installed

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(
    write: Callable[[Brief], str | bytes], mimetype: str, suffix: str
) -> Callable[[Brief], Response]:
    return lambda brief: attachment(write(brief), mimetype, suffix)


BRIEF_FILES = {
    "md": Download(label="Markdown", make=_file(as_markdown, "text/markdown", "md")),
    "docx": Download(
        label="Word",
        make=_file(as_docx, _DOCX, "docx"),
        can_be_made=installed("docx"),
    ),
    "pdf": Download(
        label="PDF",
        make=_file(as_pdf, "application/pdf", "pdf"),
        can_be_made=lambda: find_browser() is not None,
    ),
}
