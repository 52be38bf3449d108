"""What a web page says about itself: title, day, language, address, who wrote it.

Only what stands in a field made for it is taken. Whoever guesses a day from the text
finds that of a later change, or of another page that is linked, in one case of eight.
"""

import json
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from exchange.importers.document import Document

_ARTICLES = ("Article", "NewsArticle", "Report", "BlogPosting", "WebPage")


def words_of(node: LexborNode) -> str:
    """Return all the text below a node."""
    return str(node.text(deep=True, separator=""))


def describe(tree: LexborHTMLParser, document: Document) -> None:
    """Fill in what the document does not say yet."""
    said = _linked_data(tree)
    title = tree.css_first("h1.entry-title") or tree.css_first("article h1")
    title = title or tree.css_first("main h1") or tree.css_first("h1")
    headline = " ".join(words_of(title).split()) if title is not None else ""
    page = tree.css_first("title")
    document.title = document.title or (
        headline
        or _meta(tree, "og:title")
        or _text(said.get("headline"))
        or (" ".join(words_of(page).split()) if page is not None else "")
        or None
    )
    document.published = document.published or _date(tree, said)
    place = tree.css_first(".read__place")
    if place is not None:
        document.place = " ".join(words_of(place).split()) or None
    root = tree.css_first("html")
    lang = (root.attributes.get("lang") or "") if root is not None else ""
    document.language = document.language or lang.replace("_", "-").strip() or None
    link = tree.css_first("link[rel=canonical]")
    address = (link.attributes.get("href") if link is not None else None) or _meta(
        tree, "og:url"
    )
    if address and address.startswith(("https://", "http://")):
        document.url = address
    author = _text(said.get("author")) or _meta(tree, "author")
    if author and not document.contributors:
        document.contributors = [author]
    document.publisher = document.publisher or (
        _meta(tree, "og:site_name") or _text(said.get("publisher"))
    )


def _date(tree: LexborHTMLParser, said: dict[str, Any]) -> str | None:
    for selector in ("time.read__published", "time[itemprop=datePublished]"):
        if (node := tree.css_first(selector)) is not None:
            if day := _day(node.attributes.get("datetime")):
                return day
    names = ("article:published_time", "datePublished", "dc.date", "DC.date.issued",
             "date", "pubdate")  # fmt: skip
    for value in (*(_meta(tree, name) for name in names), said.get("datePublished")):
        if day := _day(value):
            return day
    for node in tree.css("article time[datetime], main time[datetime]"):
        if day := _day(node.attributes.get("datetime")):
            return day
    times = {_day(node.attributes.get("datetime")) for node in tree.css("time")}
    return times.pop() if len(times) == 1 else None


def _day(value: object) -> str | None:
    found = (
        re.match(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)", value)
        if isinstance(value, str)
        else None
    )
    return found[1] if found else None


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    for attribute in ("property", "name", "itemprop"):
        for node in tree.css(f'meta[{attribute}="{name}" i]'):
            if value := " ".join((node.attributes.get("content") or "").split()):
                return value
    return None


def _linked_data(tree: LexborHTMLParser) -> dict[str, Any]:
    """Return the first article of the page's JSON-LD."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            value = json.loads(words_of(node))
        except (ValueError, RecursionError):
            continue
        items = value if isinstance(value, list) else [value]
        if len(items) == 1 and isinstance(items[0], dict) and "@graph" in items[0]:
            graph = items[0]["@graph"]
            items = graph if isinstance(graph, list) else [graph]
        for item in items:
            if isinstance(item, dict) and item.get("@type") in _ARTICLES:
                return item
    return {}


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split()) or None if isinstance(value, str) else None
