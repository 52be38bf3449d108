"""The brief on paper: Markdown, HTML on its own, Word, PDF.

All are made of the same sections and sentences, so that they cannot disagree. A PDF is
the HTML, printed by Chromium: it shapes Persian, breaks Chinese and finds the fonts of
the machine, where the libraries that make PDFs in Python alone want each font brought
along, and most of them know no right-to-left. The cost is that Chromium must be there;
where it is not, a sentence says how to get it.
"""

import io
import os
import re
import shutil
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from markupsafe import Markup, escape

from analysis.brief import Brief, NumberedCitation, Part, Sentence, Table
from errors import Unavailable
from queries.shapes import Citation

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SECONDS = 60
_printing = threading.Semaphore(2)
"""Each printing starts a browser: two at a time are enough for one machine."""

# What XML cannot hold, and what would steer a terminal or a reader's eye.
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~])|^([#+-]|\d+(?=[.)]))")


def cited(citation: Citation) -> str:
    """Say where the span of a citation stands and on whose word."""
    source = citation.source.label
    if citation.passage is None:
        place = f"positions {citation.start} to {citation.end}"
    elif citation.last_passage not in (None, citation.passage):
        place = f"passages {citation.passage} to {citation.last_passage}"
    else:
        place = f"passage {citation.passage}"
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
    whose = f" On the word of {chain}." if chain else ""
    note = f" Coder’s note: {citation.note}" if citation.note else ""
    against = " It says that it is not so." if citation.role == "contradicts" else ""
    return f"{source}, {place}{when}.{against}{whose}{note}"


def quote(citation: Citation) -> str:
    """Return the quoted words, or say that they are withheld."""
    if citation.quote is None:
        return "[the text is withheld]"
    return f"“{citation.quote}”"


def foot(brief: Brief) -> str:
    """Say what the brief rests on."""
    basis = brief.basis
    passages = "1 passage" if basis.passages == 1 else f"{basis.passages:,} passages"
    sources = "1 source" if basis.sources == 1 else f"{basis.sources:,} sources"
    if basis.derived:
        sources += f", {basis.derived} of them made from "
        sources += "another" if basis.derived == 1 else "others"
    changed = ""
    if basis.changed:
        changed = f"; the record was last changed {basis.changed:%-d %B %Y}"
    return f"This brief rests on {passages} in {sources}{changed}."


# Markdown


def as_markdown(brief: Brief) -> str:
    """Write the brief as Markdown with footnotes."""
    return "\n".join(_markdown(brief)) + "\n"


def _markdown(brief: Brief) -> Iterator[str]:
    yield f"# Brief: {_md(brief.title)}"
    for section in brief.sections:
        yield from _markdown_part(section, "##")
        for part in section.parts:
            yield from _markdown_part(part, "###")
    yield ""
    yield _md(foot(brief))
    yield ""
    for each in brief.citations:
        words = f"{_md(quote(each.citation))} {_md(cited(each.citation))}"
        yield f"[^{each.number}]: {words}"


def _markdown_part(part: Part, mark: str) -> Iterator[str]:
    yield ""
    yield f"{mark} {_md(part.title)}"
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


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _md_sentence(sentence: Sentence) -> str:
    return _md(sentence.text) + "".join(f"[^{number}]" for number in sentence.refs)


def _md(text: str) -> str:
    """Escape what Markdown would take for its own; a line break becomes a space."""
    line = " ".join(_CONTROL.sub("", text).split())
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", line)


# HTML


_STYLE = Markup("""
body { font: 10.5pt/1.45 Georgia, "Noto Serif", serif; max-width: 44rem;
  margin: 2rem auto; padding: 0 1rem; color: #000; background: #fff }
h1, h2, h3, table { font-family: system-ui, "Noto Sans", sans-serif }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 .6rem }
h2 { font-size: 12.5pt; margin: 1.3rem 0 .3rem; border-bottom: 1px solid #999 }
h3 { font-size: 10.5pt; margin: .9rem 0 .2rem }
h1, h2, h3 { break-after: avoid }
ul { margin: 0; padding-left: 1.1rem }
table { border-collapse: collapse; width: 100%; font-size: 9pt; margin: .4rem 0 }
th, td { text-align: start; vertical-align: top; padding: .2rem .5rem .2rem 0;
  border-bottom: 1px solid #ccc; overflow-wrap: anywhere }
tr, li { break-inside: avoid }
sup { font: 7.5pt/1 system-ui, sans-serif }
.citations { font-size: 8.5pt; padding-left: 2rem }
.foot { font-size: 8.5pt; margin-top: 1rem }
@page { size: A4; margin: 1.8cm }
@media print { body { margin: 0; padding: 0; max-width: none } }
""")
_HEADINGS = {
    "h2": Markup("<h2 dir=auto>{}</h2>\n"),
    "h3": Markup("<h3 dir=auto>{}</h3>\n"),
}


def as_html(brief: Brief) -> str:
    """Write the brief as a page that stands on its own, without links or scripts."""
    return clean(
        Markup(
            "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name=viewport content="width=device-width, initial-scale=1">\n'
            "<title>Brief: {title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
            '<h1 dir=auto>Brief: {title}</h1>\n{sections}<h2 id="citations">Citations'
            '</h2>\n<ol class="citations">\n{citations}</ol>\n'
            '<p class="foot">{foot}</p>\n</body>\n</html>\n'
        ).format(
            title=brief.title,
            style=_STYLE,
            sections=Markup("").join(_html_sections(brief)),
            citations=Markup("").join(map(_html_citation, brief.citations)),
            foot=foot(brief),
        )
    )


def _html_sections(brief: Brief) -> Iterator[Markup]:
    for section in brief.sections:
        yield from _html_part(section, "h2")
        for part in section.parts:
            yield from _html_part(part, "h3")


def _html_part(part: Part, tag: str) -> Iterator[Markup]:
    yield _HEADINGS[tag].format(part.title)
    if part.sentences:
        yield Markup("<ul>\n")
        for sentence in part.sentences:
            yield Markup("<li dir=auto>{}</li>\n").format(_html_sentence(sentence))
        yield Markup("</ul>\n")
    if part.table:
        yield _html_table(part.table)


def _html_table(table: Table) -> Markup:
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.columns)
    rows = Markup("").join(
        Markup("<tr>{}</tr>\n").format(
            Markup("").join(
                Markup("<td dir=auto>{}</td>").format(_html_sentence(cell))
                for cell in row
            )
        )
        for row in table.rows
    )
    return Markup("<table>\n<tr>{}</tr>\n{}</table>\n").format(head, rows)


def _html_sentence(sentence: Sentence) -> Markup:
    refs = ", ".join(str(number) for number in sentence.refs)
    mark = Markup("<sup> {}</sup>").format(refs) if refs else Markup("")
    return escape(sentence.text) + mark


def _html_citation(each: NumberedCitation) -> Markup:
    return Markup("<li><span dir=auto>{}</span> {}</li>\n").format(
        quote(each.citation), cited(each.citation)
    )


def clean(text: str) -> str:
    """Leave out control characters, which neither HTML nor XML can hold."""
    return _CONTROL.sub("", text)


# Word


def as_docx(brief: Brief) -> bytes:
    """Write the brief as a Word document.

    Raises:
        Unavailable: python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise Unavailable(
            "Word documents need the extra “docx”: run “pip install python-docx”. "
            "The same brief is there as HTML and Markdown."
        ) from None
    document = docx.Document()
    document.core_properties.title = clean(f"Brief: {brief.title}")[:255]
    document.core_properties.author = "Dragoman"
    document.add_heading(clean(f"Brief: {brief.title}"), 0)
    for section in brief.sections:
        _docx_part(document, section, 1)
        for part in section.parts:
            _docx_part(document, part, 2)
    document.add_heading("Citations", 1)
    for each in brief.citations:
        # Numbered by hand: Word's own numbering would go on from list to list.
        line = document.add_paragraph(f"{each.number}. ")
        _docx_run(line, quote(each.citation))
        _docx_run(line, f" {cited(each.citation)}")
    document.add_paragraph(foot(brief))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _docx_part(document: Any, part: Part, level: int) -> None:
    document.add_heading(clean(part.title), level)
    for sentence in part.sentences:
        _docx_sentence(document.add_paragraph(style="List Bullet"), sentence)
    if part.table is None:
        return
    columns = part.table.columns
    table = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.text = name
    for row in part.table.rows:
        cells = table.add_row().cells
        for cell, sentence in zip(cells, row, strict=True):
            _docx_sentence(cell.paragraphs[0], sentence)


def _docx_sentence(paragraph: Any, sentence: Sentence) -> None:
    _docx_run(paragraph, sentence.text)
    if sentence.refs:
        refs = ", ".join(map(str, sentence.refs))
        paragraph.add_run(f" {refs}").font.superscript = True


def _docx_run(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(clean(text))
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        run.font.rtl = True


# PDF


def find_browser() -> str | None:
    """The browser that prints PDFs, if there is one."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def as_pdf(brief: Brief) -> bytes:
    """Print the brief as a PDF, by a browser without a window.

    Raises:
        Unavailable: there is no Chromium, it is busy, or it fails.
    """
    browser = find_browser()
    if browser is None:
        raise Unavailable(
            "PDFs are printed by Chromium, which is not installed: on Debian and "
            "Ubuntu run “apt-get install chromium”, elsewhere install Chromium or "
            "Chrome. "
            "The page of the brief can be printed from any browser."
        )
    if not _printing.acquire(timeout=_SECONDS):
        raise Unavailable("Other briefs are being printed. Try again in a minute.")
    try:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return _print(browser, as_html(brief), Path(folder))
    finally:
        _printing.release()


def _print(browser: str, html: str, folder: Path) -> bytes:
    page, pdf = folder / "brief.html", folder / "brief.pdf"
    page.write_text(html, encoding="utf-8")
    flags = [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={pdf}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium has no sandbox for root
    try:
        done = subprocess.run(
            [browser, *flags, page.as_uri()],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(
            f"Chromium did not print the brief within {_SECONDS} seconds. Try again, "
            "or print the page of the brief from a browser."
        ) from None
    if not pdf.exists():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        why = " ".join(said) or "no reason given"
        raise Unavailable(
            f"Chromium could not print the brief ({why}). "
            "Print the page of the brief from a browser."
        )
    return pdf.read_bytes()


PAPERS: dict[str, Callable[[Brief], str | bytes]] = {
    "html": as_html,
    "md": as_markdown,
    "docx": as_docx,
    "pdf": as_pdf,
}
"""How to write a brief, by the format's name."""
