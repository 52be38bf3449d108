"""A passage to be coded: its words in disjoint pieces, and how much of it is coded.

Each piece is one `<mark>` that names all spans that it belongs to. What the browser
counts in the passage's text nodes is then what the passage shows, whatever overlaps.
"""

from markupsafe import Markup, escape

from queries.shapes import PassageItem

_DEEPEST = 3


def pieces(passage: PassageItem) -> Markup:
    """Return the words of a passage, escaped, in disjoint marks."""
    found = []
    for segment in passage.segments:
        if not segment.anchors:
            found.append(escape(segment.text))
            continue
        names = " ".join(segment.anchors)
        depth = min(len(segment.anchors), _DEEPEST)
        first = segment.begins[0] if segment.begins else None
        # Further spans that begin here have targets of their own before the words.
        for name in segment.begins[1:]:
            found.append(Markup('<a id="{}"></a>').format(name))
        identity = Markup(' id="{}"').format(first) if first else ""
        found.append(
            Markup('<mark class="d{}" data-spans="{}"{}>{}</mark>').format(
                depth, names, identity, segment.text
            )
        )
    return Markup("").join(found)


def coded(passage: PassageItem) -> int:
    """Return how much of a passage carries claims, in percent of its characters."""
    words = sum(not char.isspace() for char in passage.text or "")
    marked = sum(
        not char.isspace()
        for segment in passage.segments
        if segment.anchors
        for char in segment.text
    )
    if not words:
        return 0
    return max(1, marked * 100 // words) if marked else 0
