"""References: read back by other programs' parsers, and right by hand where none is."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from formats.references import apa, bibtex, chicago, csl, issued, ris
from models import SourceContributor
from models.dates import parse_edtf
from models.enums import SourceKind
from queries.dates import WrittenDate
from queries.references import Author, Reference, author, source_references
from tests import factories as make
from tests.queries.world import World, make_world

NASTY = '=1+1 {a} \\ $5 & 10% of #1_x~y^z "q" <script>alert(1)</script>\nسلام \u202ex'
SITE = "https://dragoman.example/d"


def reference(edtf: str | None = "2022-07-12", **changes: Any) -> Reference:
    parsed = parse_edtf(edtf) if edtf else None
    things: dict[str, Any] = {
        "key": "report",
        "kind": "news_report",
        "title": "The Talks",
        "path": "/sources/report",
        "published": WrittenDate(
            edtf=edtf,
            earliest=parsed.earliest if parsed else None,
            latest=parsed.latest if parsed else None,
            as_written=None,
        ),
        "authors": (author("Anna Berg"), author("Ministry of Norland")),
        "publisher": "The Daily",
        "url": "https://example.org/a",
        "language": "en",
    }
    return Reference(**{**things, **changes})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Berg", ("Berg", "Anna")),
        ("Berg, Anna", ("Berg", "Anna")),
        ("J. F. Berglund", ("Berglund", "J. F.")),
        ("Ursula von der Leyen", ("von der Leyen", "Ursula")),
        ("Salma al Dahri", ("al Dahri", "Salma")),
        ("Андрей Зимин", ("Зимин", "Андрей")),
        ("Ministry of Foreign Affairs", ("Ministry of Foreign Affairs", None)),
        ("Reuters", ("Reuters", None)),
        ("B. and C.", ("B. and C.", None)),
        ("European Union", ("European Union", None)),
        ("One, Two, Three", ("One, Two, Three", None)),
        ("سلمى الظاهري", ("الظاهري", "سلمى")),
    ],
)
def test_a_name_is_split_where_it_is_a_persons(name, expected):
    found = author(name)
    assert (found.family, found.given) == expected


@given(st.text(max_size=60))
def test_no_name_loses_a_letter_by_being_split(name):
    found = author(name)
    letters = sorted(c for c in name if c.isalnum())
    assert sorted(c for c in found.name if c.isalnum()) == letters


# By other programs' parsers

LINE = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85"
    ),
    min_size=1,
    max_size=40,
).map(lambda text: " ".join(text.split()) or "x")
NAMES = st.lists(
    st.sampled_from(
        ["Anna Berg", "Berg, Anna", "Ministry of X", "Ursula von der Leyen"]
    ),
    max_size=3,
)


@given(title=LINE, names=NAMES, place=st.none() | LINE)
def test_what_is_written_as_ris_is_read_by_another_parser(title, names, place):
    authors = tuple(map(author, names))
    one = reference(title=title, authors=authors, place=place)
    [found] = rispy.loads("".join(ris([one], SITE)))
    assert found["title"] == title.strip()
    assert found.get("authors", []) == [
        f"{each.family}, {each.given}" if each.is_person else each.family
        for each in authors
    ]
    assert found["secondary_title"] == "The Daily"
    assert found["date"] == "2022/07/12/"
    assert found["urls"] == ["https://example.org/a"]


def test_bibtex_is_read_by_a_bibtex_parser():
    nasty = reference(title=NASTY, url="https://example.org/a b?{x}=1")
    library = parse_string("".join(bibtex([nasty], SITE)))
    assert not library.failed_blocks
    fields = {f.key: f.value for f in library.entries_dict["report"].fields}
    assert fields["author"] == "Berg, Anna and {Ministry of Norland}"
    assert (fields["year"], fields["month"], fields["day"]) == ("2022", "jul", "12")
    assert fields["url"] == "https://example.org/a%20b?%7Bx%7D=1"
    assert "\\$5 \\& 10\\% of \\#1\\_x" in fields["title"]
    assert "<script>alert(1)</script> سلام" in fields["title"]


@pytest.mark.parametrize("edtf", ["2022-06~", "2022?", "{2022-07-18,2022-07-20}"])
def test_bibtex_keeps_a_date_in_edtf_unescaped(edtf):
    library = parse_string("".join(bibtex([reference(edtf)])))
    fields = {f.key: f.value for f in library.entries_dict["report"].fields}
    assert fields["date"] == edtf


def test_csl_keeps_the_words_as_they_are():
    one = reference(title=NASTY, place="Oslo")
    [item] = json.loads("".join(csl([one])))
    assert item["title"] == NASTY
    assert item["author"] == [
        {"family": "Berg", "given": "Anna"},
        {"literal": "Ministry of Norland"},
    ]
    assert item["container-title"] == "The Daily"
    assert item["publisher-place"] == "Oslo"
    assert json.loads("".join(csl([]))) == []


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2022-07-12", {"date-parts": [[2022, 7, 12]]}),
        ("2022-07", {"date-parts": [[2022, 7]]}),
        ("2022", {"date-parts": [[2022]]}),
        ("2022-06~", {"date-parts": [[2022, 6]], "circa": True}),
        ("2022?", {"date-parts": [[2022]], "circa": True}),
        ("2022-21", {"date-parts": [[2022]], "season": 1}),
        ("2022-06-01/2022-06-10", {"date-parts": [[2022, 6, 1], [2022, 6, 10]]}),
        ("197X", {"literal": "197X"}),
        ("2022-34", {"literal": "2022-34"}),
        ("../2022-07", {"literal": "../2022-07"}),
        ("2004-06~-11", {"literal": "2004-06~-11"}),
        ("2022-21/2022-23", {"literal": "2022-21/2022-23"}),
    ],
)
def test_csl_says_of_a_date_what_it_can_and_no_more(edtf, expected):
    assert issued(edtf) == expected


# Footnotes, by the manuals' own patterns


def test_a_news_report_as_a_footnote():
    assert chicago(reference(), SITE) == (
        "Anna Berg and Ministry of Norland, “The Talks,” The Daily, July 12, 2022, "
        "https://example.org/a."
    )
    assert apa(reference(), SITE) == (
        "Berg, A., & Ministry of Norland. (2022, July 12). The Talks [News report]. "
        "The Daily. https://example.org/a"
    )


def test_who_and_when_are_not_made_up():
    bare = reference(None, authors=(), publisher=None, url=None)
    assert chicago(bare, "") == "“The Talks,” n.d.."[:-1]
    assert apa(bare, "") == "The Talks [News report]. (n.d.)."


def test_a_passage_is_cited_by_its_place_here():
    one = reference(path="/sources/report#p3", locator="passage 3")
    assert chicago(one, SITE).endswith(
        "passage 3, https://dragoman.example/d/sources/report#p3."
    )


def test_an_entry_of_the_database_says_when_it_was_looked_at():
    one = reference(kind="stance", is_record=True, authors=(), url=None)
    day = date(2026, 11, 28)
    assert "Dragoman" in chicago(one, SITE, day)
    assert "accessed November 28, 2026" in chicago(one, SITE, day)
    assert "Retrieved November 28, 2026, from https://" in apa(one, SITE, day)


@given(
    kind=st.sampled_from([*SourceKind, "stance", "meeting", "brief"]),
    edtf=st.none()
    | st.sampled_from(["2022", "2022-06~", "197X", "../2022", "2022-21"]),
    authors=st.lists(LINE.map(lambda name: Author(family=name)), max_size=25),
    publisher=st.none() | LINE,
    title=LINE,
)
def test_every_reference_is_one_line_in_every_style(
    kind, edtf, authors, publisher, title
):
    one = reference(
        edtf, kind=str(kind), authors=tuple(authors), publisher=publisher, title=title
    )
    for note in (chicago(one, SITE), apa(one, SITE)):
        assert note and "\n" not in note and "None" not in note.replace(title, "")


# From the record


@pytest.fixture
def world(session: Session) -> World:
    made = make_world(session)
    made.report.contributors.append(SourceContributor(position=2, name="Lind, Marta"))
    session.flush()
    session.expire_all()
    return made


def names(found: Sequence[Reference]) -> list[list[tuple[str, str | None]]]:
    return [[(each.family, each.given) for each in one.authors] for one in found]


def test_sources_come_with_their_authors_as_persons(session, world):
    found = list(source_references(session, "report"))
    assert names(found) == [[("Writer", "A."), ("Lind", "Marta")]]
    assert found[0].publisher == "The Gazette"
    assert list(source_references(session, "no-such")) == []


@pytest.mark.parametrize("derivation", ["summary", "translation", "copy", "excerpt"])
def test_a_derived_text_is_cited_as_made_from_its_original(
    session, world, derivation
) -> None:
    make.source(
        session, slug="told", title="Told", derived_from_id=world.report.id,
        derivation=derivation, publisher="We",
    )  # fmt: skip
    (found,) = source_references(session, "told")
    words = f"{derivation} of “{world.report.title}”"
    note = chicago(found, SITE).replace(",”", "”,")  # American punctuation
    assert f"“Told”, {words}, We" in note
    assert f"[{words.capitalize()[:1]}{words[1:]}]" in apa(found, SITE)
    assert words in "".join(ris([found]))
    assert json.loads("".join(csl([found])))[0]["genre"] == words
    assert "of “" in "".join(bibtex([found]))
    (original,) = source_references(session, "report")
    assert original.made_from is None
