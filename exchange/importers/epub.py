"""EPUB: the pages of a book in the order of its spine."""

import posixpath
from urllib.parse import unquote

from exchange.importers.archive import Archive
from exchange.importers.charsets import decode
from exchange.importers.document import Document, Given, Unreadable
from exchange.importers.docx import describe
from exchange.importers.html import read_page
from exchange.importers.xml import walk

_OPF = "{http://www.idpf.org/2007/opf}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_INDEX = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")


def read(content: bytes, given: Given) -> Document:
    """Read an EPUB book."""
    archive = Archive(content)
    if "META-INF/encryption.xml" in archive and "META-INF/rights.xml" in archive:
        raise Unreadable("a book without copy protection")
    package = next(
        (
            event.attributes.get("full-path", "")
            for event in walk(
                archive.read("META-INF/container.xml"), "META-INF/container.xml"
            )
            if event.kind == "start" and event.tag == _CONTAINER + "rootfile"
        ),
        "",
    )
    document = Document()
    describe(archive, package, document)
    for name in _spine(archive, package):
        text, _ = decode(archive.read(name), "utf-8")
        part = Document()
        read_page(text, part, all_of_it=True)
        document.blocks += part.blocks
        document.found += part.found
        document.dropped += part.dropped
        document.language = document.language or part.language
    return document


def _spine(archive: Archive, package: str) -> list[str]:
    """Return the names of the book's pages, in order."""
    items: dict[str, str] = {}
    order: list[str] = []
    folder = posixpath.dirname(package)
    for event in walk(archive.read(package), package):
        given = event.attributes
        if event.kind != "start":
            continue
        if event.tag == _OPF + "item" and given.get("media-type") in _PAGES:
            path = posixpath.normpath(
                posixpath.join(folder, unquote(given.get("href", "")))
            )
            items[given.get("id", "")] = path
        elif event.tag == _OPF + "itemref":
            order.append(given.get("idref", ""))
    return [items[each] for each in order if each in items]
