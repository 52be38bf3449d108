"""The words for citations, the same in every format of a brief."""

from collections.abc import Collection

from analysis.brief import Brief, NumberedCitation
from queries.shapes import Citation
from wording import counted


def cited_spans(each: NumberedCitation) -> str:
    """Say where the spans of a number stand, and the attribution of a single one."""
    if not each.also:
        return cited(each.citation)
    spans = (each.citation, *each.also)
    places = sorted({one.passage for one in spans if one.passage is not None})
    where = ", ".join(map(str, places))
    pages = {page for one in spans for page in (one.page, one.last_page)}
    on = f"{on_pages(pages)}, " if any(pages) else ""
    return f"{each.citation.source.label}, {on}passages {where}."


def on_pages(pages: Collection[int | None]) -> str:
    """Name the pages of a document, as from `p. 3` to `pp. 3–5`; some are known."""
    known = [page for page in pages if page is not None]
    first, last = min(known), max(known)
    return f"p. {first}" if first == last else f"pp. {first}–{last}"


def cited(citation: Citation) -> str:
    """Say where the span of a citation stands and to whom it is attributed."""
    source = citation.source.label
    if citation.passage is None:
        place = f"positions {citation.start} to {citation.end}"
    elif citation.last_passage not in (None, citation.passage):
        place = f"passages {citation.passage} to {citation.last_passage}"
    else:
        place = f"passage {citation.passage}"
    if citation.page is not None:
        place = f"{on_pages({citation.page, citation.last_page})}, {place}"
    when = f", {citation.published.for_people}" if citation.published.known else ""
    chain = ", ".join(
        f"{speaker.name} ({speaker.verb.replace('_', ' ')}"
        + (
            f", {speaker.certainty})"
            if speaker.certainty not in ("certain", "unknown")
            else ")"
        )
        for speaker in citation.chain
    )
    whose = f" Attributed to {chain}." if chain else ""
    note = f" Coder’s note: {citation.note}" if citation.note else ""
    against = " It says that it is not so." if citation.role == "contradicts" else ""
    return f"{source}, {place}{when}.{against}{whose}{note}"


def quote(citation: Citation) -> str:
    """Return the quoted words, or say that they are withheld."""
    if citation.quote is None:
        return "[the text is withheld]"
    return f"“{citation.quote}”"


def closing(brief: Brief) -> str:
    """Say what the brief cites."""
    basis = brief.basis
    passages = counted(basis.passages, "passage")
    sources = counted(basis.sources, "source")
    if basis.derived:
        sources += f", {basis.derived} of them made from "
        sources += "another" if basis.derived == 1 else "others"
    changed = ""
    if basis.changed:
        changed = f"; the record was last changed {basis.changed:%-d %B %Y}"
    known = ""
    if brief.as_known_on:
        known = f" It knows nothing later than {brief.as_known_on:%-d %B %Y}."
    return f"This brief cites {passages} in {sources}{changed}.{known}"
