"""The brief as Markdown with footnotes."""

import re
from collections.abc import Iterable, Iterator

from analysis.brief import Brief, Part, Sentence
from formats.wording import cited_spans, closing, quote
from wording import clean

_INLINE = re.compile(r"([\\`*_{}\[\]<>|~#])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~])|^([#+-]|\d+(?=[.)]))")


def as_markdown(brief: Brief) -> str:
    """Write the brief as Markdown with footnotes."""
    return "\n".join(_markdown(brief)) + "\n"


def _markdown(brief: Brief) -> Iterator[str]:
    yield f"# Brief: {_inline(brief.title)}"
    for section in brief.sections:
        yield from _markdown_part(section, "##")
        for part in section.parts:
            yield from _markdown_part(part, "###")
    yield ""
    yield _md(closing(brief))
    yield ""
    for each in brief.citations:
        words = f"{_md(quote(each.citation))} {_md(cited_spans(each))}"
        yield f"[^{each.number}]: {words}"


def _markdown_part(part: Part, mark: str) -> Iterator[str]:
    yield ""
    yield f"{mark} {_inline(part.title)}"
    yield ""
    for sentence in part.sentences:
        yield f"- {_md_sentence(sentence)}"
    if part.table:
        if part.sentences:
            yield ""
        yield _row(part.table.columns)
        yield _row("---" for _ in part.table.columns)
        for row in part.table.rows:
            yield _row(map(_md_sentence, row))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _md_sentence(sentence: Sentence) -> str:
    return _md(sentence.text) + "".join(f"[^{number}]" for number in sentence.refs)


def _inline(text: str) -> str:
    """Escape a text that does not begin a line: a number there begins no list."""
    line = " ".join(clean(text).split())
    return _INLINE.sub(lambda found: f"\\{found[0]}", line)


def _md(text: str) -> str:
    """Escape what Markdown would take for its own; a line break becomes a space."""
    line = " ".join(clean(text).split())
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", line)
