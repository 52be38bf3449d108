"""Answers as files to download: what a page offers, and how a file is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from flask import Response, render_template, request

from errors import BadRequest
from formats.png import as_png
from wording import clean


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to download: what it is called on the page, and how it is made."""

    label: str
    make: Callable[[Any], Response]
    whole: bool = False
    """Whether it holds all, where page and JSON end somewhere."""
    drawn: bool = False
    """Whether it is the page's picture, and nothing where the page has none."""
    can_be_made: Callable[[], bool] = lambda: True
    """Whether what it takes is installed; a request for it says so otherwise."""


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


def attachment(
    content: str | bytes | Iterator[str], mimetype: str, suffix: str
) -> Response:
    """A download, named after the page."""
    parts = [part for part in request.path.split("/") if part]
    response = Response(content, mimetype=mimetype)
    name = "-".join(parts)[:150]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def svg_file(template: str, **things: Any) -> Response:
    """A picture as a file of its own: the colours of the light page, no links."""
    return attachment(_svg(template, **things), "image/svg+xml", "svg")


def png_file(template: str, **things: Any) -> Response:
    """The same as PNG."""
    return attachment(as_png(_svg(template, **things)), "image/png", "png")


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
