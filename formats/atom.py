"""Entries as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from analysis.feeds import Entry
from wording import clean

_ATOM = "http://www.w3.org/2005/Atom"


def as_atom(
    entries: Iterable[Entry],
    *,
    id: str,
    title: str,
    root: str,
    self_path: str,
    page_path: str,
    updated: datetime,
) -> bytes:
    """Write a feed.

    Args:
        entries: what the feed holds, in its order.
        id: the feed's identity, an URN.
        title: its title.
        root: the address of the site, without a slash at the end.
        self_path: the feed's own path.
        page_path: the path of the page that shows the same.
        updated: when the record was last changed, in UTC.
    """
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(feed, "id", id)
    _text(feed, "title", f"{title} · Dragoman")
    _text(feed, "updated", _stamp(updated))
    _author(feed, "Dragoman")
    _link(feed, "self", "application/atom+xml", root + self_path)
    _link(feed, "alternate", "text/html", root + page_path)
    for entry in entries:
        one = SubElement(feed, "entry")
        _text(one, "id", entry.id)
        _text(one, "title", entry.title)
        _text(one, "updated", _stamp(entry.updated))
        if entry.author:
            _author(one, entry.author)
        _link(one, "alternate", "text/html", root + entry.url)
        _text(one, "summary", entry.summary)
    indent(feed)
    made: bytes = tostring(feed, "utf-8", xml_declaration=True)
    return made


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def _author(parent: Element, name: str) -> None:
    _text(SubElement(parent, "author"), "name", name)


def _link(parent: Element, rel: str, type: str, address: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": type, "href": clean(address)})


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
