"""Web pages: the main text without menus.

On sites whose marks are known the text is found by them, exactly; elsewhere by the
elements made for it (`article`, `main`), or where most words stand in paragraphs. What
stands outside is counted.
"""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from exchange.importers.charsets import decode
from exchange.importers.document import Document, Given, Unreadable, letters
from exchange.importers.html_meta import describe
from exchange.importers.tables import Flow

DEEPEST = 1_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding=[\"']([\w:.-]{1,40})")
_OUT = {
    "scripts and styles": "script, style, noscript, template, object, iframe, svg",
    "menus and forms": "nav, form, button, select, dialog, [role=navigation], "
    "[role=search], [role=banner], [role=menu], [hidden], [aria-hidden=true]",
}
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|cookies?|share|sharing|social|related|"
    r"sidebar|footer|comments?|advert|ads?|promo|newsletter|subscribe|pagination|pager|"
    r"banner|popup|toolbar|skip|see-also|read-more|masha-ignore|hidden-copy|read__cut|"
    r"read__bottommeta)(?:$|[\s_-])",
    re.I,
)
_MAIN = (
    ".entry-content",  # en.kremlin.ru and others of its kind
    "[itemprop=articleBody]",
    "article",
    "main",
    "[role=main]",
)
_SITES = ({"lead": ".read__lead", "place": ".read__place", "text": ".entry-content"},)
_PARAGRAPHS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li "
    "main nav ol p pre section summary table tbody tfoot thead title ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
OUTSIDE = "outside the main text"


def read(content: bytes, given: Given) -> Document:
    """Read a web page."""
    text, guessed = _decoded(content, given)
    document = Document()
    document.notes += [guessed] if guessed else []
    read_page(text, document)
    return document


def read_page(text: str, document: Document, all_of_it: bool = False) -> None:
    """Add the main text of a page to a document, or `all_of_it`, as of a book.

    Raises:
        Unreadable: the page nests too deeply, or holds no text.
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")  # as browsers do
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is None:  # says the parser's type
        return
    document.found += _measure(root)
    describe(tree, document)
    for reason, selector in _OUT.items():
        _remove(tree.css(selector), reason, document)
    _remove(tree.css("head"), "the page's head", document)
    main = None if all_of_it else _main(tree)
    whole = tree.body or root
    _add(main or [whole], whole, document)


def _decoded(content: bytes, given: Given) -> tuple[str, str | None]:
    """Decode by the mark, as the user or the page says, or as any text."""
    said = _CHARSET.search(content[:8_192]) or _XML_CHARSET.match(content)
    name = given.encoding or (said[1].decode("ascii") if said else None)
    if name and name.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii"):
        name = "windows-1252"  # as browsers read it
    try:
        return decode(content, name)
    except Unreadable:
        if given.encoding or not said:
            raise
        # The page names a charset that it is not in.
        return content.decode("windows-1252", "replace"), (
            f"its charset is not {said[1].decode('ascii')}, as it says; what could not "
            "be read stands as \ufffd"
        )


def _measure(root: LexborNode) -> int:
    """Count the characters of a page, and refuse one that nests too deeply."""
    count = depth = 0
    node: LexborNode | None = root
    while node is not None:
        if node.is_text_node:
            count += letters(node.text_content or "")
        if node.first_child is not None:
            node = node.first_child
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(f"HTML nested at most {DEEPEST:,} deep (it is deeper)")
            continue
        while node is not None and node.next is None:
            node = None if depth == 0 else node.parent
            depth -= 1
        node = node.next if node is not None and depth >= 0 else None
    return count


def _count(node: LexborNode) -> int:
    return sum(
        letters(each.text_content or "")
        for each in node.traverse(include_text=True)
        if each.is_text_node
    )


def _remove(nodes: list[LexborNode], reason: str, document: Document) -> None:
    """Remove nodes and count them, each once though one stands inside another."""
    gone: list[LexborNode] = []
    ids = {node.mem_id for node in nodes}
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            gone.append(node)
    for node in gone:
        if count := _count(node):
            document.dropped[reason] += count
        node.decompose()


# Where the text stands


def _main(tree: LexborHTMLParser) -> list[LexborNode] | None:
    """Return the nodes that hold the main text; None for all of the page."""
    for site in _SITES:
        parts = [tree.css_first(site["lead"]), tree.css_first(site["text"])]
        if parts[1] is not None:
            title = tree.css_first("h1")
            place = tree.css_first(site["place"])
            return _apart([title, place, *parts])
    whole = tree.body
    if whole is None:
        return None
    total = _count(whole)
    for selector in _MAIN:
        nodes = tree.css(selector)
        best = max(nodes, key=_count, default=None)
        if best is not None and _count(best) * 4 >= total:
            return _apart([tree.css_first("h1"), best])
    best = _densest(whole)
    return None if best is None else _apart([tree.css_first("h1"), best])


def _apart(nodes: list[LexborNode | None]) -> list[LexborNode]:
    """Leave out what is not there, and what stands inside another."""
    there = [node for node in nodes if node is not None]
    ids = {node.mem_id for node in there}
    outermost = []
    for node in there:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            outermost.append(node)
    return outermost


def _densest(whole: LexborNode) -> LexborNode | None:
    """Return the element in which most words stand in paragraphs that are not links."""
    scores: Counter[int] = Counter()
    nodes: dict[int, LexborNode] = {}
    for paragraph in whole.css("p, blockquote, pre, td, li"):
        count = _count(paragraph)
        linked = sum(_count(link) for link in paragraph.css("a"))
        if count < 25 or linked * 2 > count:
            continue
        share, above = 1.0, paragraph.parent
        for _ in range(3):
            if above is None or above.tag in ("html", "-document"):
                break
            scores[above.mem_id] += int((count - linked) * share)
            nodes[above.mem_id] = above
            share, above = share / 2, above.parent
    best = scores.most_common(1)
    return nodes[best[0][0]] if best else None


def _add(main: list[LexborNode], whole: LexborNode, document: Document) -> None:
    """Add the main text, and count what is left."""
    for node in main:
        for inner in node.css("nav, aside, footer, [class], [id]"):
            if inner.mem_id == node.mem_id or not _is_around(inner):
                continue
            if _count(inner) * 2 < _count(node):
                _remove([inner], "menus and forms", document)
    before = _count(whole)
    # A whole page, or main parts of it: what is in none of them is outside.
    inside = sum(_count(node) for node in main)
    if before > inside:
        document.dropped[OUTSIDE] += before - inside
    for node in main:
        _walk(node, document)


def _is_around(node: LexborNode) -> bool:
    if node.tag in ("nav", "aside", "footer"):
        return True
    marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(_AROUND.search(marks))


def _walk(top: LexborNode, document: Document) -> None:
    """Add the paragraphs and rows below a node, without recursion."""
    flow = _Paragraphs(document)
    node: LexborNode | None = top
    while node is not None:
        flow.enter(node)
        if node.first_child is not None:
            node = node.first_child
            continue
        while node is not None:
            flow.leave(node)
            if node.mem_id == top.mem_id:
                node = None
            elif node.next is not None:
                node = node.next
                break
            else:
                node = node.parent
    flow.end()


class _Paragraphs:
    """Gathers words until an element that is a paragraph begins or ends."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.flow = Flow(document)
        self.words: list[str] = []
        self.rows = 0
        self.preformatted = 0

    def enter(self, node: LexborNode) -> None:
        tag = node.tag
        if node.is_text_node:
            text = node.text_content or ""
            self.words.append(text if self.preformatted else re.sub(r"\s+", " ", text))
        elif tag == "br":
            self.words.append("\n")
        elif tag == "tr":
            self.flush()
            self.flow.start_row()
            self.rows += 1
        elif tag in ("td", "th"):
            self.flush()
            self.flow.start_cell()
        elif tag in _PARAGRAPHS:
            self.flush()
        self.preformatted += tag == "pre"

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        self.preformatted -= tag == "pre"
        if tag == "tr":
            self.flush()
            self.flow.end_row()
            self.rows -= 1
        elif tag in ("td", "th") or tag in _PARAGRAPHS:
            self.flush(heading=tag in _HEADINGS)

    def flush(self, heading: bool = False) -> None:
        text, self.words = "".join(self.words), []
        if not text.strip():
            return
        if self.rows:
            self.flow.say(f" {text}")
        else:
            self.document.add(text, heading=heading)

    def end(self) -> None:
        self.flush()
        self.flow.end()
