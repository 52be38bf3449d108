"""Sources as references: BibTeX for LaTeX, CSL-JSON for Zotero, Pandoc and Word.

The key of a reference is the source's slug. A date that is not a day is written as far
as it goes: a month, a year, a span. Who is unknown is left out, never made up: the
publisher is no author.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Source
from models.enums import SourceKind

_AT_ONCE = 500
_CSL: dict[SourceKind, str] = {
    SourceKind.NEWS_REPORT: "article-newspaper",
    SourceKind.INTERVIEW: "interview",
    SourceKind.SPEECH: "speech",
    SourceKind.DATASET: "dataset",
    SourceKind.OFFICIAL_DOCUMENT: "report",
    SourceKind.COMMUNIQUE: "report",
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_CONTROL = re.compile("[\0-\x1f\x7f]+")


def sources(session: Session, *slugs: str) -> Iterator[Source]:
    """Yield all sources, or those named, in order of their slugs."""
    statement = (
        sa.select(Source)
        .order_by(Source.slug)
        .options(selectinload(Source.contributors), joinedload(Source.issuer))
    )
    if slugs:
        statement = statement.where(Source.slug.in_(slugs))
    yield from session.scalars(statement, execution_options={"yield_per": _AT_ONCE})


def bibtex(session: Session, *slugs: str) -> Iterator[str]:
    """Yield references in BibTeX, one at a time."""
    for source in sources(session, *slugs):
        fields = "".join(f"  {name} = {value},\n" for name, value in _fields(source))
        yield f"@misc{{{source.slug},\n{fields}}}\n\n"


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    # The second pair of braces keeps the capitals of a title.
    yield "title", f"{{{{{_latex(source.title)}}}}}"
    names = [f"{{{_latex(each.name)}}}" for each in source.contributors]
    if not names and source.issuer:
        names = [f"{{{_latex(source.issuer.name)}}}"]
    if names:
        yield "author", f"{{{' and '.join(names)}}}"
    if source.publisher:
        yield "publisher", f"{{{_latex(source.publisher)}}}"
    first, last = source.published_earliest, source.published_latest
    if first and last and first.year == last.year:
        yield "year", f"{{{first.year}}}"
        if first.month == last.month:
            yield "month", _MONTHS[first.month - 1]
            if first == last:
                yield "day", f"{{{first.day}}}"
    if source.published:
        yield "date", f"{{{_latex(source.published)}}}"
    if source.url:
        yield "url", f"{{{_CONTROL.sub('', source.url).translate(_IN_URL)}}}"
    if source.language != "und":
        yield "language", f"{{{_latex(source.language)}}}"
    yield "keywords", f"{{{_latex(source.kind.value.replace('_', ' '))}}}"


# A URL is given as it is but for what would end the value.
_IN_URL = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C", ord(" "): "%20"}


def _latex(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    return "".join(_LATEX.get(letter, letter) for letter in text)


def csl(session: Session, *slugs: str) -> Iterator[str]:
    """Yield one JSON list of references in CSL-JSON, piece by piece."""
    lead = "["
    for source in sources(session, *slugs):
        yield f"{lead}\n{json.dumps(_csl(source), ensure_ascii=False)}"
        lead = ","
    yield "[]\n" if lead == "[" else "\n]\n"


def _csl(source: Source) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": source.slug,
        "type": _CSL.get(source.kind, "document"),
        "title": source.title,
        "genre": source.kind.value.replace("_", " "),
    }
    names = [each.name for each in source.contributors]
    if not names and source.issuer:
        names = [source.issuer.name]
    if names:
        made["author"] = [{"literal": name} for name in names]
    if source.publisher:
        newspaper = made["type"] == "article-newspaper"
        made["container-title" if newspaper else "publisher"] = source.publisher
    if issued := _issued(source):
        made["issued"] = issued
    if source.url:
        made["URL"] = source.url
    if source.language != "und":
        made["language"] = source.language
    if source.place:
        made["publisher-place"] = source.place
    return made


def _issued(source: Source) -> dict[str, Any] | None:
    first, last = source.published_earliest, source.published_latest
    if source.published is None:
        return None
    if first is None or last is None:
        return {"literal": source.published}
    days = [first] if first == last else [first, last]
    return {"date-parts": [[day.year, day.month, day.day] for day in days]}
