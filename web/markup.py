"""A passage as HTML, with each span of evidence an element that a link can point at.

Spans overlap as coders need them to, and elements may only nest. So a span that begins
inside another and ends after it is cut in two: its beginning carries the anchor, the
rest follows as a mark of class `rest`, which the stylesheet lights up together with
it. Spans that nest, which is what nearly all do, stay whole. Of a span over several
passages the piece that goes on into the next one has class `on`, the pieces that come
over from the one before class `over`, to the same end.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from queries.shapes import Mark, PassageItem


def marked(passage: PassageItem, anchors: bool = False) -> Markup:
    """Return the words of a passage, escaped, its evidence in `<mark>` elements.

    `anchors` gives each mark the id of its span; leave it out where the same passage
    may stand on a page twice.
    """
    return Markup("").join(_pieces(passage, anchors))


def _pieces(passage: PassageItem, anchors: bool) -> Iterator[Markup]:
    marks = {mark.anchor: mark for mark in passage.marks}
    stack: list[str] = []
    for segment in passage.segments:
        wanted = set(segment.anchors)
        while not wanted.issuperset(stack):
            stack.pop()
            yield Markup("</mark>")
        # The one that ends last is opened first, so that the others fit into it.
        new = wanted.difference(stack)
        for anchor in sorted(new, key=lambda name: (-marks[name].end, name)):
            stack.append(anchor)
            begins = anchor in segment.begins
            name = anchor if begins and anchors else None
            yield _opening(name, _classes(marks[anchor], passage, begins))
        yield escape(segment.text)
    yield Markup("</mark>") * len(stack)


def _classes(mark: Mark, passage: PassageItem, begins: bool) -> list[str]:
    found = {
        "over": mark.start < passage.start,
        "rest": mark.start >= passage.start and not begins,
        "on": mark.end > passage.end,
    }
    return [name for name, true in found.items() if true]


def _opening(name: str | None, classes: list[str]) -> Markup:
    identity = Markup(' id="{}"').format(name) if name else ""
    kind = Markup(' class="{}"').format(" ".join(classes)) if classes else ""
    return Markup("<mark{}{}>").format(identity, kind)


def quoted(passage: PassageItem, mark: Mark) -> str:
    """Return the words of a span, as far as they stand in this passage."""
    start = max(mark.start - passage.start, 0)
    return (passage.text or "")[start : mark.end - passage.start]
