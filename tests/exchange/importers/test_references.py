"""Lists of references: as our exports and other programs write them."""

import json
from pathlib import Path
from typing import Any

import pytest
import rispy
import sqlalchemy as sa
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.importers.child import read_records
from exchange.importers.document import Given, Unreadable
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.kinds import KINDS
from exchange.importers.sources import Options
from exchange.load import load
from formats.references import bibtex, csl, ris
from models import Source, open_session
from models.dates import parse_edtf
from models.enums import SourceKind
from queries.dates import WrittenDate
from queries.references import Reference, author, source_references
from settings import Settings
from tests.exchange.importers import files
from tests.exchange.small import write_small

WRITERS = {"ris": ris, "bibtex": bibtex, "csl": csl}
SUFFIXES = {"ris": ".ris", "bibtex": ".bib", "csl": ".json"}

LINE = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=40
).map(lambda text: " ".join(text.split()) or "x")


@pytest.fixture
def url(sqlite_settings: Settings) -> str:
    return sqlite_settings.database_url


def entries(kind: str, content: str) -> list[dict[str, Any]]:
    answer = read_records(content.encode(), KINDS[kind], Given())
    assert answer is not None
    found: list[dict[str, Any]] = answer["entries"]
    return found


def importing(url: str, *paths: Path, **given: Any) -> ImportReport:
    return import_documents(Request(paths=paths, **given), url)


@pytest.mark.parametrize("kind", WRITERS)
@settings(deadline=None, max_examples=40)
@given(
    title=LINE,
    place=st.none() | LINE,
    publisher=st.none() | LINE,
    names=st.lists(
        st.sampled_from(
            ["Anna Berg", "Ministry of X and Y", "Ursula von der Leyen", "Ö. Ł. Ñandú"]
        ),
        max_size=3,
        unique=True,
    ),
    edtf=st.sampled_from(
        [None, "2022", "2022-07", "2022-07-12", "2022-06~", "2022-21"]
    ),
    source=st.sampled_from(list(SourceKind)),
)
def test_what_our_exports_write_comes_back(
    kind: str,
    title: str,
    place: str | None,
    publisher: str | None,
    names: list[str],
    edtf: str | None,
    source: SourceKind,
) -> None:
    parsed = parse_edtf(edtf) if edtf else None
    reference = Reference(
        key="the-source",
        kind=source.value,
        title=title,
        path="/sources/the-source",
        published=WrittenDate(
            edtf=edtf,
            earliest=parsed.earliest if parsed else None,
            latest=parsed.latest if parsed else None,
            as_written=None,
        ),
        authors=tuple(map(author, names)),
        publisher=publisher,
        place=place,
        url="https://example.org/a?b=%7Bc%7D&d=1_2~x",
        language="en",
    )
    [entry] = entries(kind, "".join(WRITERS[kind]([reference])))
    assert entry.pop("line") == 1
    assert entry.pop("contributors", []) == names
    assert entry.pop("published", None) == edtf
    assert entry.pop("url") == "https://example.org/a?b=%7Bc%7D&d=1_2~x"
    assert entry == {
        key: value
        for key, value in {
            "key": "the-source", "title": title, "kind": source.value,
            "publisher": publisher, "place": place, "language": "en",
        }.items()
        if value
    }  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(title=LINE, names=st.lists(LINE, max_size=3))
def test_ris_of_another_program_is_read_as_its_own_parser_reads_it(
    title: str, names: list[str]
) -> None:
    given_ = {"type_of_reference": "NEWS", "title": title, "authors": names}
    written = rispy.dumps([given_])
    [entry] = entries("ris", written)
    [theirs] = rispy.loads(written)
    assert entry["title"] == theirs["title"]
    ours = entry.get("contributors", [])
    assert len(ours) == len(theirs.get("authors", []))
    for mine, name in zip(ours, theirs.get("authors", []), strict=True):
        assert sorted(mine.replace(" ", "")) == sorted(
            name.replace(" ", "")
            if mine == name
            else name.replace(",", "", 1).replace(" ", "")
        )


BIBTEX = r"""
@comment{not @misc{x, title={no}}}
@string{pub = "The " # {Daily}}
@article{berg_2022,
  title = {{Caf{\'e} and \"Uber in \v{S}ar, na{\"\i}ve \& 5\%}},
  author = "Berg, Anna and {Ministry of X and Y} and \O{}stby, K{\aa}re",
  journal = pub,
  month = jul, year = 2022, day = 12,
  abstract = {Long.},
  keywords = {fish, talks},
}
@online(other, title = "In {"}quotes{"}", urldate = {2023-01-01})
"""


def test_bibtex_is_read_as_another_parser_reads_it() -> None:
    first, second = entries("bibtex", BIBTEX)
    assert first["title"] == "Café and Über in Šar, naïve & 5%"
    assert first["contributors"] == ["Anna Berg", "Ministry of X and Y", "Kåre Østby"]
    assert (first["publisher"], first["published"]) == ("The Daily", "2022-07-12")
    assert first["topics"] == ["fish", "talks"]
    assert second["title"] == 'In "quotes"'
    library = parse_string(BIBTEX.replace("@online(other,", "@online{other,").replace(
        "2023-01-01})", "2023-01-01}}"
    ))  # fmt: skip
    assert [entry.key for entry in library.entries] == [first["key"], second["key"]]


def test_references_become_sources_and_again_change_nothing(
    database_url: str, tmp_path: Path
) -> None:
    load(write_small(tmp_path / "small"), database_url)
    for kind, write in WRITERS.items():
        with open_session(database_url) as session:
            made = "".join(write(source_references(session, "report")))
        path = tmp_path / f"refs{SUFFIXES[kind]}"
        path.write_text(made, encoding="utf-8")
        report = importing(database_url, path)
        assert report.refusals == []
        # What the list does not speak of, such as the text and its evidence, stays.
        assert report.counts["source"].unchanged + report.counts["source"].updated == 1
        again = importing(database_url, path)
        assert not again.changed, kind
    with open_session(database_url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert len(source.texts) == 1
        assert source.kind is SourceKind.NEWS_REPORT


def test_a_file_beside_a_list_is_the_text_of_its_reference(
    url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    (folder / "files" / "7").mkdir(parents=True)
    (folder / "files" / "7" / "a.pdf").write_bytes(files.pdf_of([["Of herring."]]))
    (tmp_path / "secret.txt").write_text("Not theirs.")
    (folder / "refs.bib").write_text(
        "@report{fish, title={On fish}, file={Full Text:files/7/a.pdf:application/pdf}}"
        "\n@misc{out, title={Out}, file={x:../secret.txt:text/plain}}"
        "\n@misc{gone, title={Gone}, file={x:files/none.pdf:application/pdf}}"
    )
    report = importing(url, folder, options=Options(publisher="The Institute"))
    assert report.counts["source"].added == 3
    notes = "\n".join(report.notes)
    assert '"../secret.txt" is no file beside the list' in notes
    assert '"files/none.pdf" is no file beside the list' in notes
    with open_session(url) as session:
        fish = session.scalars(sa.select(Source).where(Source.slug == "fish")).one()
        assert [each.text for each in fish.texts[0].passages] == ["Of herring."]
        assert (fish.publisher, fish.texts[0].reader) == ("The Institute", "pdf 1")
        assert session.scalar(sa.select(sa.func.count(Source.id))) == 3
    assert not importing(url, folder).changed


def test_a_source_is_known_by_its_address(url: str, tmp_path: Path) -> None:
    item = {"type": "report", "title": "A", "URL": "https://example.org/a"}
    path = tmp_path / "a.json"
    path.write_text(json.dumps([item | {"id": "http://zotero.org/items/1"}]))
    assert importing(url, path).counts["source"].added == 1
    path.write_text(json.dumps([item | {"id": "other", "publisher": "The Daily"}]))
    assert importing(url, path).counts["source"].updated == 1


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("ris", "TY  - NEWS\nER  - \n", "a title"),
        ("ris", "TY  - DATA\nTI  - X\nM3  - stance in a database\nER  - \n",
         "a document"),
        ("bibtex", "@misc{title}", "an entry with a key"),
        ("bibtex", "@misc{a, author={B}}", "a title"),
        ("csl", "[1]", "keys and values"),
        ("csl", '[{"id": "a"}]', "a title"),
    ],
)  # fmt: skip
def test_an_entry_that_lacks_something_is_refused_with_its_line(
    url: str, tmp_path: Path, kind: str, content: str, expected: str
) -> None:
    path = tmp_path / f"a{SUFFIXES[kind]}"
    path.write_text(content)
    report = importing(url, path, kind=kind)
    [fault] = report.refusals
    assert expected in fault.expected and fault.line == 1


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [("csl", "{", "in JSON"), ("csl", "{}", "in JSON"), ("ris", "x", "has none"),
     ("csl", "[" * 100_000, "in JSON"), ("bibtex", "@comment{", "has none")],
)  # fmt: skip
def test_what_is_no_list_is_refused(kind: str, content: str, expected: str) -> None:
    with pytest.raises(Unreadable, match=expected):
        read_records(content.encode(), KINDS[kind], Given())


@settings(deadline=None, max_examples=60)
@given(st.text("@misc{a,title=\"}#\\'\n -TYERI[]:"), st.sampled_from(sorted(WRITERS)))
def test_any_text_is_read_or_refused_in_time(text: str, kind: str) -> None:
    try:
        entries(kind, "@misc{a, title={" + text if kind == "bibtex" else text)
    except Unreadable as error:
        assert "\n" not in str(error)
