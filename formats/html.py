"""The brief as a page that stands on its own, which is also what is printed."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from analysis.brief import Brief, NumberedCitation, Part, Sentence, Table
from formats.wording import cited_spans, closing, quote
from wording import clean

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
  border-bottom: 1px solid #ccc; overflow-wrap: break-word }
tr, li { break-inside: avoid }
sup { font: 7.5pt/1 system-ui, sans-serif }
.citations { font-size: 8.5pt; padding-left: 2rem }
.foot { font-size: 8.5pt; margin-top: 1rem }
@page { size: A4; margin: 1.5cm }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; line-height: 1.3 }
  h1 { font-size: 15pt }
  h2 { font-size: 11pt; margin-top: .8rem }
  h3 { font-size: 9.5pt; margin-top: .5rem }
  table { font-size: 8.5pt; margin: .2rem 0 }
  th, td { padding: .1rem .5rem .1rem 0 }
  .citations { font-size: 7.5pt; line-height: 1.25; columns: 2; column-gap: 1rem }
  .citations li { overflow-wrap: break-word }
}
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
            foot=closing(brief),
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
        quote(each.citation), cited_spans(each)
    )
