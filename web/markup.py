"""A passage as HTML, with each span of evidence an element that a link can point at.

Spans overlap as coders need them to, and elements may only nest. So a span that begins
inside another and ends after it is cut in two: its beginning carries the anchor, the
rest follows as a mark of class `rest`, which the stylesheet lights up together with
it. Spans that nest, which is what nearly all do, stay whole.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from queries.shapes import Mark, PassageItem, Segment


def marked(passage: PassageItem, anchors: bool = False) -> Markup:
    """Return the words of a passage, escaped, its evidence in `<mark>` elements.

    `anchors` gives each mark the id of its span; leave it out where the same passage
    may stand on a page twice.
    """
    ends = {mark.anchor: mark.end for mark in passage.marks}
    return Markup("").join(_pieces(passage.segments, ends, anchors))


def _pieces(
    segments: tuple[Segment, ...], ends: dict[str, int], anchors: bool
) -> Iterator[Markup]:
    stack: list[str] = []
    for segment in segments:
        wanted = set(segment.anchors)
        while not wanted.issuperset(stack):
            stack.pop()
            yield Markup("</mark>")
        # The one that ends last is opened first, so that the others fit into it.
        for anchor in sorted(wanted.difference(stack), key=lambda a: (-ends[a], a)):
            stack.append(anchor)
            yield _opening(anchor, anchor in segment.begins, anchors)
        yield escape(segment.text)
    yield Markup("</mark>") * len(stack)


def _opening(anchor: str, begins: bool, anchors: bool) -> Markup:
    if not begins:
        return Markup('<mark class="rest">')
    return Markup('<mark id="{}">').format(anchor) if anchors else Markup("<mark>")


def quoted(passage: PassageItem, mark: Mark) -> str:
    """Return the words of a span, as far as they stand in this passage."""
    start = max(mark.start - passage.start, 0)
    return (passage.text or "")[start : mark.end - passage.start]
