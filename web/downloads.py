"""The files of each analysis: what is offered, and which format writes it."""

from collections.abc import Callable
from typing import Any

from flask import Response

from formats.graphs import as_gexf, as_graphml
from formats.markdown import as_markdown
from formats.pdf import as_pdf, find_browser
from formats.pictures.network import draw_meetings, draw_relations, draw_stances
from formats.pictures.timeline import draw_timeline
from formats.spreadsheets import csv_lines
from formats.tables import (
    Table,
    contested_rows,
    edges_rows,
    matrix_grid,
    matrix_rows,
    readouts_rows,
    timeline_rows,
    weights_rows,
    windows_rows,
)
from formats.word import as_docx
from web.files import Download, attachment, installed, picture_files

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(
    write: Callable[[Any], str | bytes], mimetype: str, suffix: str
) -> Callable[[Any], Response]:
    return lambda found: attachment(write(found), mimetype, suffix)


def _csv(rows: Callable[[Any], Table]) -> Callable[[Any], Response]:
    return lambda found: attachment(csv_lines(*rows(found)), "text/csv", "csv")


def _network_files(draw: Callable[[Any], Any]) -> dict[str, Download]:
    return {
        "csv": Download(label="CSV, a tie per line", make=_csv(edges_rows), whole=True),
        "weights": Download(
            label="CSV, as a matrix", make=_csv(weights_rows), whole=True
        ),
        "graphml": Download(
            label="GraphML",
            make=_file(as_graphml, "application/graphml+xml", "graphml"),
            whole=True,
        ),
        "gexf": Download(
            label="GEXF",
            make=_file(as_gexf, "application/gexf+xml", "gexf"),
            whole=True,
        ),
        **picture_files(draw, "analysis/network.svg"),
    }


TIMELINE_FILES = {
    "csv": Download(label="CSV", make=_csv(timeline_rows), whole=True),
    **picture_files(draw_timeline, "analysis/timeline.svg"),
}
MATRIX_FILES = {
    "csv": Download(label="CSV, a cell per line", make=_csv(matrix_rows), whole=True),
    "grid": Download(label="CSV, as a grid", make=_csv(matrix_grid), whole=True),
}
CONTESTED_FILES = {"csv": Download(label="CSV", make=_csv(contested_rows))}
STANCE_NETWORK_FILES = {
    **_network_files(draw_stances),
    "windows": Download(label="CSV, a window per line", make=_csv(windows_rows)),
}
RELATION_NETWORK_FILES = _network_files(draw_relations)
MEETING_NETWORK_FILES = _network_files(draw_meetings)
READOUTS_FILES = {
    "csv": Download(label="CSV of the sentences", make=_csv(readouts_rows), whole=True)
}
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
