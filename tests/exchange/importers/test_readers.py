"""What each reader makes of a file: the text, where it stood, and what was left out."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange.importers.child import read
from exchange.importers.document import Document, Given, letters
from exchange.importers.kinds import KINDS
from tests.exchange.importers import files

PARAGRAPH = st.text(
    st.one_of(
        st.sampled_from("abc def GHI 123 .,;:!?-|*_#<>&'\"()[]{}\\/\t"),
        st.sampled_from("éüßçñ ģЖдшפּשم漢字😀\u200c"),
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: any(char.isalnum() for char in text))
LINE = st.builds(
    "{} {} {}.".format,
    st.sampled_from("Norland Suria Ministers Delegates Observers".split()),
    st.sampled_from("met spoke agreed waited argued left".split()),
    st.lists(
        st.sampled_from("again in Oslo at length of fish".split()), max_size=4
    ).map(" ".join),
)
PARAGRAPHS = st.lists(PARAGRAPH, min_size=1, max_size=6)


def _text(paragraphs: Sequence[str]) -> bytes:
    return "\n\n".join(paragraphs).encode()


WRITERS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "text": _text,
    "markdown": _text,
    "html": files.html_of,
    "docx": files.docx_of,
    "odt": files.odt_of,
    "rtf": files.rtf_of,
    "eml": files.eml_of,
    "epub": files.epub_of,
}


def reading(kind: str, content: bytes, **given_: Any) -> Document:
    return read(content, "file", KINDS[kind], Given(**given_))


def words(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paragraphs=PARAGRAPHS)
@example(paragraphs=["a co-\noperative-\nly b", "- c\n- d", "**e** [f](g) &amp; `h`"])
@example(paragraphs=["---", "===", "| a | b |", "|---|---|", "# c #", "<!-- d -->e"])
@example(paragraphs=["One\u00ad\ntwo\u00adthree", "1", "\ufb01nd |"])
def test_every_character_is_kept_or_counted_with_a_reason(
    kind: str, paragraphs: list[str]
) -> None:
    document = reading(kind, WRITERS[kind](paragraphs))
    assert document.found == document.kept + sum(document.dropped.values())
    assert all(number > 0 for number in (+document.dropped).values())
    assert document.kept == sum(map(letters, words(document)))


@pytest.mark.parametrize("kind", sorted(set(WRITERS) - {"markdown"}))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINE, min_size=2, max_size=5))
def test_paragraphs_come_back_as_they_were(kind: str, paragraphs: list[str]) -> None:
    assert words(reading(kind, WRITERS[kind](paragraphs))) == paragraphs


@settings(max_examples=20, deadline=None)
@given(st.lists(LINE, min_size=20, max_size=40, unique=True), st.integers(3, 5))
def test_a_pdf_keeps_its_pages_and_counts_heads_and_numbers(
    text: list[str], number_of_pages: int
) -> None:
    pages = [text[i::number_of_pages] for i in range(number_of_pages)]
    lines = [
        ["Conference of Norland LC/2026/14", "", *page, "", f"Page {number}"]
        for number, page in enumerate(pages, 1)
    ]
    document = reading("pdf", files.pdf_of(lines))
    assert document.pages == len(pages)
    assert document.unaccounted == 0
    assert document.dropped["running heads"] == len(pages) * letters(lines[0][0])
    assert document.dropped["page numbers"] == len(pages) * letters("Page 1")
    for number, page in enumerate(pages, 1):
        here = " ".join(b.text for b in document.blocks if b.page == number)
        assert all(line in " ".join(here.split()) for line in page)


def test_pages_that_are_alike_throughout_are_kept() -> None:
    form = ["Name of the state:", "Vote of the state:", "Signature:"]
    document = reading("pdf", files.pdf_of([form] * 4))
    assert document.kept == document.found == 4 * sum(map(letters, form))


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    first = ["The ministers of both states met on Monday.", "", "They resumed nego-"]
    document = reading("pdf", files.pdf_of([first, ["tiations on fish."]]))
    assert words(document)[-1] == "They resumed negotiations on fish."
    assert document.blocks[-1].page == 1
    assert document.dropped == {"hyphens at line ends": 1}


def test_a_broken_word_keeps_the_hyphen_that_it_has_elsewhere() -> None:
    text = "A cease-fire.\n\nA cease-\nfire, and nego-\ntiations; Saint-\nDenis."
    document = reading("text", text.encode(), keep_lines=True)
    joined = " ".join(words(document))
    assert "A cease-fire, and negotiations; Saint-Denis." in joined
    assert document.dropped["hyphens at line ends"] == 1


def test_lines_broken_to_fit_are_joined_and_others_are_kept() -> None:
    wrapped = (
        "The ministers of Norland and Suria met in\nOslo on Tuesday and discussed the\n"
        "fisheries treaty at length.\n\nA second paragraph is as wide as the one\n"
        "above and ends here."
    )
    assert words(reading("text", wrapped.encode())) == [
        "The ministers of Norland and Suria met in Oslo on Tuesday and discussed the "
        "fisheries treaty at length.",
        "A second paragraph is as wide as the one above and ends here.",
    ]
    assert "\n" in words(reading("text", wrapped.encode(), keep_lines=True))[0]
    verse = "Short.\nA rather longer line of it.\nNo.\n\nAnd\nagain."
    assert words(reading("text", verse.encode())) == verse.split("\n\n")


def test_turns_of_speakers_and_items_of_lists_are_paragraphs() -> None:
    text = "MINISTER BERG: We want peace.\nQ: And fish?\nMINISTER BERG: No comment."
    assert words(reading("text", text.encode())) == text.split("\n")


def test_front_matter_becomes_what_the_source_says_of_itself() -> None:
    text = (
        "---\ntitle: A call\ndate: 2022-07-19\nlang: en\nauthor: [A. Berg, B. Lund]\n"
        "mood: good\n---\n\nThey spoke.\n"
    )
    document = reading("markdown", text.encode())
    assert (document.title, document.published) == ("A call", "2022-07-19")
    assert (document.language, document.contributors) == ("en", ["A. Berg", "B. Lund"])
    assert words(document) == ["They spoke."]
    assert document.notes == ["front matter that is not understood was left out: mood"]
    kept = reading("text", b"---\n[\n---\nText.")
    assert "is not YAML" in kept.notes[0] and kept.dropped == {}


def test_marks_of_markdown_are_no_text() -> None:
    text = (
        "Joint *statement*\n=======\n\n**The sides** [met](https://example.org) &amp; "
        "`talked`.\n\n> Quoted.\n\n1. One\n2. Two\n\n| Party | Position |\n|---|---|\n"
        "| Norland | for |\n\n```\n# code\n```\n"
    )
    document = reading("markdown", text.encode())
    assert words(document) == [
        "Joint statement", "The sides met & talked.", "Quoted.", "1. One", "2. Two",
        "Party\tPosition", "Norland\tfor", "# code",
    ]  # fmt: skip
    assert document.blocks[0].heading


def test_a_word_document_keeps_insertions_footnotes_and_tables() -> None:
    body = (
        "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Title</w:t></w:r>"
        "</w:p>"
        "<w:p><w:r><w:t xml:space='preserve'>They </w:t></w:r><w:ins><w:r><w:t>met"
        "</w:t></w:r></w:ins><w:del><w:r><w:delText>fought</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r>"
        "<w:t>Office</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    note = f"<w:p xmlns:w='{files.W}'><w:r><w:t>A note.</w:t></w:r></w:p>"
    document = reading(
        "docx",
        files.docx(body, footnotes=note, header1=note, comments=note, vbaProject=b"x"),
    )
    assert words(document) == ["Title", "They met", "Name\tOffice", "A note."]
    assert document.blocks[0].heading
    assert document.dropped == {
        "tracked deletions": 6, "comments": 6, "heads and feet of pages": 6,
    }  # fmt: skip


def test_a_page_says_its_title_day_language_and_address() -> None:
    page = """<!doctype html><html lang="en"><head><title>Talks | Ministry</title>
    <link rel="canonical" href="https://example.org/talks">
    <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Talks",
    "datePublished": "2026-03-14T18:30:00+01:00", "author": {"name": "Press"}}</script>
    </head><body><div class="menu">Home News</div><h1>Talks held</h1>
    <div><p>The foreign ministers of both states met in the morning, it was said.</p>
    <p>They agreed to go on with the talks in the spring of the next year.</p></div>
    <footer>Imprint 1999-01-01</footer></body></html>"""
    document = reading("html", page.encode())
    assert (document.title, document.published) == ("Talks held", "2026-03-14")
    assert (document.language, document.url) == ("en", "https://example.org/talks")
    assert document.contributors == ["Press"]
    assert [text.split()[0] for text in words(document)] == ["Talks", "The", "They"]


def test_a_page_is_read_in_the_charset_that_it_names() -> None:
    page = "<html><meta charset=windows-1251><p>Стороны встретились.</p></html>"
    document = reading("html", page.encode("cp1251"))
    assert words(document) == ["Стороны встретились."]
    wrong = page.replace("windows-1251", "utf-8").encode("cp1251")
    assert "its charset is not utf-8" in reading("html", wrong).notes[0]


def test_a_message_says_who_sent_it_when() -> None:
    document = reading("eml", files.eml_of(["They met."]))
    assert (document.title, document.published) == ("The talks", "2025-03-03")
    assert document.contributors == ["Press Office <press@example.org>"]
    assert words(document) == ["They met."]


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("2022-07-19_readout", "They met.", "2022-07-19"),
        ("20220719-readout", "They met.", "2022-07-19"),
        ("readout", "Oslo, 3 March 2025", "2025-03-03"),
        ("readout", "March 3, 2025", "2025-03-03"),
        ("readout", "From 3 March 2025 to 4 March 2025", None),
        ("report-1234-99-99", "They met.", None),
    ],
)
def test_a_day_in_the_name_or_the_first_lines_is_taken_and_said(
    name: str, line: str, expected: str | None
) -> None:
    text = f"A title\n\n{line}\n\nText."
    document = read(text.encode(), f"{name}.txt", KINDS["text"], Given())
    assert document.published == expected
    assert any("--published" in note for note in document.notes) == (
        expected is not None
    )


def test_the_field_cases_are_read_as_they_should_be(shared_dir: Path) -> None:
    folder = shared_dir / "cases" / "documents"
    for name in ("tracked.docx", "tracked.odt"):
        kind = name.rpartition(".")[2]
        document = reading(kind, (folder / name).read_bytes())
        text = "\n".join(words(document))
        assert "INSERTEDWORDS" in text and "REMOVEDWORDS" not in text
        assert "COMMENTWORDS" not in text
        assert "Jürgen Groß\tStaatssekretär\tDeutschland" in text
        assert document.unaccounted == 0
    columns = reading("pdf", (folder / "two-columns.pdf").read_bytes())
    assert columns.dropped["hyphens at line ends"] >= 140
    assert not re.search(r"Seite \d", "\n".join(words(columns)))
    assert columns.unaccounted == 0
    arabic = " ".join(words(reading("pdf", (folder / "arabic.pdf").read_bytes())))
    assert "المشكلات" in arabic and "المشكالت" not in arabic
