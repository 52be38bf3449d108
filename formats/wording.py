"""The words for citations, the same in every format of a brief."""

from collections.abc import Collection, Sequence

from analysis.brief import Brief, NumberedCitation
from queries.shapes import Citation, Speaker
from wording import counted


def cited_spans(each: NumberedCitation) -> str:
    """Say where the spans of a number stand, and the attribution of a single one."""
    if each.tells:
        return retold(each)
    if not each.also:
        return cited(each.citation)
    return f"{places((each.citation, *each.also))}."


def retold(each: NumberedCitation) -> str:
    """Say whose summary the words are, and where the original has them.

    The words are the summary's also where the original quotes somebody, so that the
    verbs are those of the summary's chain; who made it says nothing of the matter.
    """
    words, first = each.citation, each.tells[0]
    maker = words.chain[-1].name if words.chain else words.source.label
    here = f", passage {words.passage}" if words.passage else ""
    found = sorted({one.passage for one in each.tells if one.passage is not None})
    there = f" (of the original{counted_places(found)})" if found else ""
    when = f", {first.published.for_people}" if first.published.known else ""
    note = f" Coder’s note: {first.note}" if first.note else ""
    return f"{maker}{here}{there}{when}.{attributed(words.chain[:-1])}{note}"


def places(spans: Sequence[Citation]) -> str:
    """Name the source of some spans, and their pages and passages in it."""
    found = sorted({one.passage for one in spans if one.passage is not None})
    where = counted_places(found)
    pages = {page for one in spans for page in (one.page, one.last_page)}
    on = f", {on_pages(pages)}" if any(pages) else ""
    return f"{spans[0].source.label}{on}{where}"


def counted_places(passages: Sequence[int]) -> str:
    """Name passages, `, passage 3` or `, passages 3, 5`; nothing if there is none."""
    if not passages:
        return ""
    noun = "passage" if len(passages) == 1 else "passages"
    return f", {noun} {', '.join(map(str, passages))}"


def attributed(speakers: Sequence[Speaker]) -> str:
    """Say to whom a span is attributed, the speaker nearest the claim first."""
    chain = ", ".join(
        f"{speaker.name} ({speaker.verb.replace('_', ' ')}"
        + (
            f", {speaker.certainty})"
            if speaker.certainty not in ("certain", "unknown")
            else ")"
        )
        for speaker in speakers
    )
    return f" Attributed to {chain}." if chain else ""


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
    whose = attributed(citation.chain)
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
