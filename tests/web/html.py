"""Enough of an HTML parser to ask a page what a reader would see."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "link", "meta", "br", "hr", "img"}


@dataclass
class Html(HTMLParser):
    """A parsed page: its links, its anchors, its elements, its words."""

    source: str
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: str = ""
    open: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "a" and (href := attributes.get("href")):
            self.links.append(href)
        if name := attributes.get("id"):
            self.ids.append(name)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")

    def handle_data(self, data: str) -> None:
        self.words += data

    def has(self, tag: str, **attributes: str) -> bool:
        """Whether there is such an element."""
        return bool(self.all(tag, **attributes))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of all such elements."""
        return [
            found
            for name, found in self.elements
            if name == tag and attributes.items() <= found.items()
        ]
