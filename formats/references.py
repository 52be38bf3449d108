"""References as footnotes (Chicago, APA), BibTeX, RIS and CSL-JSON.

The styles are those of *The Chicago Manual of Style* (17th edition, notes) and of the
*Publication Manual of the APA* (7th edition), for the few kinds that a record has. A
processor of CSL would do it for every kind, but its styles come as a package of 60 MB
or under a licence that binds what ships them (docs/decisions/0009).

Dates are EDTF. BibTeX takes EDTF as it is (biblatex reads it), CSL-JSON has `circa` and
`season` for what it can say, and the words for what it cannot; nothing is sharpened.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from models.enums import SourceKind
from queries.references import Author, Reference, document_kind
from wording import clean

DATABASE = "Dragoman"

_CSL: dict[SourceKind, str] = {
    SourceKind.NEWS_REPORT: "article-newspaper",
    SourceKind.INTERVIEW: "interview",
    SourceKind.SPEECH: "speech",
    SourceKind.DATASET: "dataset",
    SourceKind.OFFICIAL_DOCUMENT: "report",
    SourceKind.COMMUNIQUE: "report",
}
#: The types of the RIS specification (Research Information Systems, 2012).
_RIS: dict[SourceKind, str] = {
    SourceKind.NEWS_REPORT: "NEWS",
    SourceKind.DATASET: "DATA",
    SourceKind.OFFICIAL_DOCUMENT: "RPRT",
    SourceKind.COMMUNIQUE: "RPRT",
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
# A URL is given as it is but for what would end the value.
_IN_URL = {ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C", ord(" "): "%20"}
_POINT = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)


def plain(text: str) -> str:
    """Return a text on one line, without control characters."""
    return " ".join(clean(text).split())


def latex(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    return "".join(_LATEX.get(letter, letter) for letter in plain(text))


# BibTeX


def bibtex(references: Iterable[Reference], site: str = "") -> Iterator[str]:
    """Yield references in BibTeX, one at a time; `site` is where ours stand."""
    for each in references:
        fields = "".join(
            f"  {name} = {value},\n" for name, value in _bibtex_fields(each, site)
        )
        yield f"@misc{{{each.key},\n{fields}}}\n\n"


def _bibtex_fields(reference: Reference, site: str) -> Iterator[tuple[str, str]]:
    # The second pair of braces keeps the capitals of a title, and a body's name whole.
    yield "title", f"{{{{{latex(reference.title)}}}}}"
    names = [
        f"{latex(each.family)}, {latex(each.given or '')}"
        if each.is_person
        else f"{{{latex(each.family)}}}"
        for each in reference.authors
    ]
    if names:
        yield "author", f"{{{' and '.join(names)}}}"
    if publisher := _publisher(reference):
        yield "publisher", f"{{{latex(publisher)}}}"
    if reference.place:
        yield "location", f"{{{latex(reference.place)}}}"
    first, last = reference.published.earliest, reference.published.latest
    if first and last and first.year == last.year:
        yield "year", f"{{{first.year}}}"
        if first.month == last.month:
            yield "month", _MONTHS[first.month - 1]
            if first == last:
                yield "day", f"{{{first.day}}}"
    if reference.published.edtf:
        yield "date", f"{{{reference.published.edtf}}}"
    if url := _url(reference, site):
        yield "url", f"{{{plain(url).translate(_IN_URL)}}}"
    if reference.language:
        yield "language", f"{{{latex(reference.language)}}}"
    if reference.locator:
        yield "note", f"{{{latex(reference.locator)}}}"
    yield "keywords", f"{{{latex(_genre(reference))}}}"


# RIS


def ris(references: Iterable[Reference], site: str = "") -> Iterator[str]:
    """Yield references in RIS, one at a time."""
    for each in references:
        lines = "".join(
            f"{tag}  - {plain(value)}\n" for tag, value in _ris_fields(each, site)
        )
        yield f"{lines}ER  - \n\n"


def _ris_fields(reference: Reference, site: str) -> Iterator[tuple[str, str]]:
    kind = document_kind(reference.kind)
    yield "TY", "DATA" if kind is None else _RIS.get(kind, "GEN")
    yield "ID", reference.key
    yield "TI", reference.title
    for each in reference.authors:
        yield "AU", f"{each.family}, {each.given}" if each.is_person else each.family
    if publisher := _publisher(reference):
        yield "T2" if kind is SourceKind.NEWS_REPORT else "PB", publisher
    if reference.place:
        yield "CY", reference.place
    first, last = reference.published.earliest, reference.published.latest
    if first and last and first.year == last.year:
        yield "PY", str(first.year)
        if first.month == last.month:
            day = f"{first.day:02}" if first == last else ""
            yield "DA", f"{first.year:04}/{first.month:02}/{day}/"
    if reference.published.edtf and first != last:
        yield "N1", f"Date: {reference.published}"
    if url := _url(reference, site):
        yield "UR", url
    if reference.language:
        yield "LA", reference.language
    if reference.locator:
        yield "SE", reference.locator
    yield "M3", _genre(reference)


# CSL-JSON


def csl(references: Iterable[Reference], site: str = "") -> Iterator[str]:
    """Yield one JSON list of references in CSL-JSON, piece by piece."""
    lead = "["
    for each in references:
        yield f"{lead}\n{json.dumps(_csl_item(each, site), ensure_ascii=False)}"
        lead = ","
    yield "[]\n" if lead == "[" else "\n]\n"


def _csl_item(reference: Reference, site: str) -> dict[str, Any]:
    kind = document_kind(reference.kind)
    made: dict[str, Any] = {
        "id": reference.key,
        "type": "entry" if kind is None else _CSL.get(kind, "document"),
        "title": reference.title,
        "genre": _genre(reference),
    }
    if reference.authors:
        made["author"] = [
            {"family": each.family, "given": each.given}
            if each.is_person
            else {"literal": each.family}
            for each in reference.authors
        ]
    if publisher := _publisher(reference):
        newspaper = made["type"] == "article-newspaper"
        inside = newspaper or kind is None
        made["container-title" if inside else "publisher"] = publisher
    if reference.published.edtf:
        made["issued"] = issued(reference.published.edtf)
    if url := _url(reference, site):
        made["URL"] = url
    if reference.language:
        made["language"] = reference.language
    if reference.place:
        made["publisher-place"] = reference.place
    if reference.locator:
        made["note"] = reference.locator
    return made


def issued(edtf: str) -> dict[str, Any]:
    """Return an EDTF date as CSL-JSON (1.0.2) can say it.

    Points and closed intervals of them become date parts, a mark of doubt becomes
    `circa`, a season `season`. What is left (decades, quarters, sets, open intervals,
    doubt about a part) has no form there, so that its text is given as `literal`.
    """
    doubtful = edtf.endswith(("~", "?", "%")) and not re.search(r"[~?%]", edtf[:-1])
    text = edtf[:-1] if doubtful else edtf
    sides = text.split("/")
    parts = [_parts(side) for side in sides]
    made: dict[str, Any]
    if re.fullmatch(r"\d{4}-2[1-4]", text, re.ASCII):
        made = {"date-parts": [[int(text[:4])]], "season": int(text[-1])}
    elif all(parts) and len(parts) <= 2:
        made = {"date-parts": parts}
    else:
        return {"literal": edtf}
    return {**made, "circa": True} if doubtful else made


def _parts(side: str) -> list[int] | None:
    found = _POINT.match(side)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return None
    return [int(part) for part in found.groups() if part]


# Footnotes


def chicago(reference: Reference, site: str, seen: date | None = None) -> str:
    """Return a note in the style of the Chicago Manual.

    Args:
        reference: what is cited.
        site: where this installation stands, such as `https://example.org`.
        seen: the day on which it was looked at, for what may change.
    """
    parts = []
    if names := _names([each.name for each in reference.authors], "and"):
        parts.append(names)
    title = plain(reference.title).rstrip(".")
    parts.append(f"“{title}”")
    if reference.made_from:
        parts.append(plain(reference.made_from))
    if publisher := _publisher(reference):
        parts.append(plain(publisher))
    parts.append(_day(reference))
    if reference.locator:
        parts.append(reference.locator)
    if seen and reference.is_record:
        parts.append(f"accessed {_day_in_words(seen)}")
    if url := _url(reference, site):
        parts.append(url)
    # American punctuation: the comma stands inside the closing mark.
    return ", ".join(parts).replace("”,", ",”").rstrip(".") + "."


def apa(reference: Reference, site: str, seen: date | None = None) -> str:
    """Return an entry in the style of the APA; see `chicago` for the arguments."""
    names = _names([_inverted(each) for each in reference.authors], "&")
    publisher = plain(_publisher(reference) or "")
    first, last = reference.published.earliest, reference.published.latest
    when = "n.d."
    if first and first == last:
        when = f"{first.year}, {first:%B} {first.day}"
    elif reference.published.known:
        when = str(reference.published)
    title = plain(reference.title).rstrip(".")
    genre = plain(_genre(reference))
    genre = f" [{genre[:1].upper()}{genre[1:]}]"
    where = "" if reference.locator is None else f" ({reference.locator})"
    head = names or publisher
    body = f"{title}{genre}{where}." if head else ""
    text = (
        f"{head.rstrip('.')}. ({when}). {body}"
        if head
        else f"{title}{genre}{where}. ({when})."
    )
    if names and publisher and publisher != names:
        text += f" {publisher.rstrip('.')}."
    if url := _url(reference, site):
        if seen and reference.is_record:
            text += f" Retrieved {_day_in_words(seen)}, from"
        text += f" {url}"
    return text


def _names(names: list[str], word: str) -> str:
    if len(names) < 2:
        return "".join(names)
    if len(names) > 20:
        return f"{names[0]} et al."
    if len(names) == 2 and word == "and":
        return f"{names[0]} and {names[1]}"
    return f"{', '.join(names[:-1])}, {word} {names[-1]}"


def _inverted(author: Author) -> str:
    if not author.is_person:
        return author.family
    initials = " ".join(
        part if part.endswith(".") else f"{part[0]}."
        for part in (author.given or "").split()
    )
    return f"{author.family}, {initials}"


def _day(reference: Reference) -> str:
    first, last = reference.published.earliest, reference.published.latest
    if first and first == last:
        return _day_in_words(first)
    return str(reference.published) if reference.published.known else "n.d."


def _day_in_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _genre(reference: Reference) -> str:
    if reference.made_from:
        return reference.made_from
    kind = reference.kind.replace("_", " ")
    return f"{kind} in a database" if reference.is_record else kind


def _publisher(reference: Reference) -> str | None:
    return DATABASE if reference.is_record else reference.publisher


def _url(reference: Reference, site: str) -> str | None:
    ours = f"{site}{reference.path}" if site else None
    # Of a part, the place here: the publisher's address cannot lead to it.
    if reference.is_record or reference.locator:
        return ours or reference.url
    return reference.url or ours


#: The files, by the ending of their names.
FILES: dict[str, tuple[Callable[[Iterable[Reference], str], Iterator[str]], str]] = {
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
    "csl.json": (csl, "application/vnd.citationstyles.csl+json"),
}
