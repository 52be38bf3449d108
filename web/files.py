"""Answers as files to take away: CSV, pictures, graphs.

Converters are loaded when somebody asks, so that a page waits for none of them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from flask import Response, render_template, request

from errors import BadRequest, Unavailable

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to take away: what it is called on the page, and how it is made."""

    label: str
    make: Callable[[Any], Response]
    whole: bool = False
    """Whether it holds all, where page and JSON end somewhere."""
    drawn: bool = False
    """Whether it is the page's picture, and nothing where the page has none."""
    can_be_made: Callable[[], bool] = lambda: True
    """Whether what it takes is installed; who asks for it all the same is told."""


def installed(package: str) -> Callable[[], bool]:
    """Tell whether a package can be imported, without importing it."""
    return lambda: find_spec(package) is not None


def offered(
    downloads: Mapping[str, Download], shown: Mapping[str, Any]
) -> dict[str, Download]:
    """The files that a page links to, which shows these things: those there are."""
    return {
        name: file
        for name, file in downloads.items()
        if file.can_be_made() and (not file.drawn or shown.get("picture"))
    }


def attachment(content: str | bytes, mimetype: str, suffix: str) -> Response:
    """A file to take away, named after the page."""
    parts = [part for part in request.path.split("/") if part]
    response = Response(content, mimetype=mimetype)
    name = "-".join(parts)[:150]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Rows as CSV (RFC 4180, UTF-8); texts that a spreadsheet would run are quoted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return attachment(text.getvalue(), "text/csv", "csv")


def _safe(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Numbers stay numbers. `docs/analysis.md` says how to undo it: one apostrophe goes
    from before `=`, `+`, `-`, `@`, a tab, a carriage return or another apostrophe.
    """
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "'"):
        return f"'{value}"
    return value


def svg_file(template: str, **things: Any) -> Response:
    """A picture as a file of its own: the colours of the light page, no links."""
    return attachment(_svg(template, **things), "image/svg+xml", "svg")


def png_file(template: str, **things: Any) -> Response:
    """The same, twice as large in dots, by a converter that is loaded when asked."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise Unavailable(
            "Pictures as PNG need the extra “png”: run “pip install resvg-py”. "
            "The same picture is there as SVG."
        ) from None
    image = svg_to_bytes(svg_string=_svg(template, **things), zoom=2)
    return attachment(bytes(image), "image/png", "png")


def _svg(template: str, **things: Any) -> str:
    return clean(render_template(template, standalone=True, **things))


def picture_files(draw: Callable[[Any], Any], template: str) -> dict[str, Download]:
    """The downloads of a picture; without anything to draw they say so."""

    def drawn(found: Any) -> Any:
        picture = draw(found)
        if picture is None:
            raise BadRequest(
                "There is nothing to draw here: the page says what is missing.",
                field="format",
            )
        return picture

    return {
        "svg": Download(
            label="SVG",
            make=lambda found: svg_file(template, picture=drawn(found)),
            drawn=True,
        ),
        "png": Download(
            label="PNG",
            make=lambda found: png_file(template, picture=drawn(found)),
            drawn=True,
            can_be_made=installed("resvg_py"),
        ),
    }


# Graphs


def graph_files(
    build: Callable[[Any], Any],
) -> dict[str, Download]:
    """The downloads of a network that `build` makes a networkx graph of."""

    def graphml(found: Any) -> Response:
        import networkx

        content = io.BytesIO()
        networkx.write_graphml(build(found), content)
        return attachment(content.getvalue(), "application/graphml+xml", "graphml")

    def gexf(found: Any) -> Response:
        import networkx

        content = io.BytesIO()
        networkx.write_gexf(build(found), content)
        return attachment(content.getvalue(), "application/gexf+xml", "gexf")

    return {
        "graphml": Download(label="GraphML", make=graphml, whole=True),
        "gexf": Download(label="GEXF", make=gexf, whole=True),
    }


def clean(text: str) -> str:
    """Leave out what XML cannot hold: control characters and lone surrogates."""
    return _NOT_XML.sub("", text)
