"""Importing: what goes in, what is known again, what is refused, and what is said."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.export.dataset import export_dataset
from exchange.importers import walking
from exchange.importers.document import Given
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.sources import Options
from exchange.load import load
from exchange.report import alike
from models import LoadRun, Passage, Source, SourceText, open_session
from models.enums import SourceKind
from settings import Settings
from tests.conftest import Templates
from tests.exchange.importers import files

PAGES = [["The ministers of Norland met in Oslo."], ["They agreed on fish at last."]]


@pytest.fixture
def url(sqlite_settings: Settings) -> str:
    return sqlite_settings.database_url


def importing(url: str, *paths: Path, **given: Any) -> ImportReport:
    return import_documents(Request(paths=paths, **given), url)


def refusals(report: ImportReport) -> list[str]:
    return [f"{Path(fault.place).name}: {fault.expected}" for fault in report.refusals]


def write(folder: Path, **contents: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def test_a_document_becomes_a_source_with_pages(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "Erdoğan in Soči (1).pdf"
    path.write_bytes(files.pdf_of(PAGES))
    moves: list[tuple[int, int]] = []
    request = Request(
        paths=[path],
        options=Options(kind=SourceKind.BRIEFING, publisher="We", published="2022-08"),
    )
    report = import_documents(
        request, database_url, lambda done, total: moves.append((done, total))
    )
    assert report.counts["source"].added == 1
    assert moves == [(path.stat().st_size,) * 2]
    with open_session(database_url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert (source.slug, source.title) == ("erdogan-in-soci-1", PAGES[0][0])
        assert (source.kind, source.publisher) == (SourceKind.BRIEFING, "We")
        assert str(source.published_latest) == "2022-08-31"
        (text,) = source.texts
        assert text.reader == "pdf 1"
        assert text.file_sha256 is not None
        found = [(passage.text, passage.page) for passage in text.passages]
        assert found == [(PAGES[0][0], 1), (PAGES[1][0], 2)]
        run = session.scalars(sa.select(LoadRun)).one()
        assert (run.verb, run.name) == ("import", "1 document")
    (document,) = report.documents
    assert (document.kind, document.pages, document.passages) == ("pdf", 2, 2)
    assert document.found == document.kept


def test_five_kinds_of_documents_go_in_at_once_and_stay_as_they_are(
    url: str, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "mine",
        a__txt=b"Plain.",
        b__html=files.html_of(["A page."]),
        c__pdf=files.pdf_of(PAGES),
        d__docx=files.docx_of(["Word."]),
        e__odt=files.odt_of(["Open."]),
    )
    assert importing(url, folder).counts["source"].added == 5
    again = importing(url, folder)
    assert not again.changed
    assert again.counts["source"].unchanged == 5
    (folder / "f.rtf").write_bytes(files.rtf_of(["Rich."]))
    more = importing(url, folder)
    assert (more.counts["source"].added, more.counts["source"].unchanged) == (1, 5)


def test_what_is_refused_is_named_and_the_rest_goes_in(
    url: str, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "mixed",
        a_good__txt=b"Good.",
        b_latin__txt="Les ministres ont négocié".encode("cp1252"),
        c_binary__txt=b"a\0b",
        d_empty__md=b" \n",
        e_table__csv=b"a,b\n1,2\n",
        f_fake__pdf=b"%PDF-1.4 fake",
        g_also__md=b"Also good.",
    )
    report = importing(url, folder, tmp_path / "none.txt", Path("https://example.org"))
    assert report.counts["source"].added == 2
    assert report.counts["document"].refused == 7
    said = "\n".join(refusals(report))
    assert "b_latin.txt: UTF-8 text (as windows-1252 it reads" in said
    assert "c_binary.txt: a document (this is neither a text nor" in said
    assert "d_empty.md: a file that is not empty" in said
    assert "e_table.csv: what the rows of this table are: `--as` actors" in said
    assert "f_fake.pdf: a whole PDF" in said
    assert "none.txt: a readable file (No such file or directory)" in said
    assert "pages are not fetched" in said


def test_a_dry_run_says_the_same_and_writes_nothing(url: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "dry", a__txt=b"One.", b__txt=b"a\0b")
    dry = importing(url, folder, dry_run=True)
    with open_session(url) as session:
        assert session.scalars(sa.select(Source)).all() == []
    real = importing(url, folder)
    assert dry.documents == real.documents
    assert dry.counts == real.counts
    assert refusals(dry) == refusals(real)
    wrong = importing(url, folder, dry_run=True, update=True,
                      options=Options(issuer="nobody"))  # fmt: skip
    assert "nobody" in str(wrong.refusals[0])


def test_a_stored_source_gets_a_new_version_only_on_demand(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("First.")
    importing(url, path)
    path.write_text("Second.")
    report = importing(url, path)
    assert "stored with other content: `--update`" in refusals(report)[0]
    assert importing(url, path, update=True).counts["source"].updated == 1
    assert not importing(url, path, update=True).changed
    with open_session(url) as session:
        texts = session.scalars(sa.select(SourceText.text)).all()
        assert texts == ["First.", "Second."]


def test_a_text_that_an_older_dragoman_imported_is_known(
    url: str, tmp_path: Path
) -> None:
    text = "# A letter\r\n\r\nOld."
    lines = tmp_path / "old.jsonl"
    lines.write_text(
        '{"type": "source", "slug": "letter", "kind": "speech", "title": "A letter", '
        '"text": "# A letter\\r\\n\\r\\nOld."}\n'
    )
    load(lines, url)
    path = tmp_path / "letter.md"
    path.write_bytes(text.encode())
    assert importing(url, path).counts["source"].unchanged == 1


def test_the_same_file_twice_is_one_source_and_the_same_text_is_said(
    url: str, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "twice",
        a__txt=b"The same.",
        b__txt=b"The same.",
        c__docx=files.docx_of(["The same."]),
    )
    report = importing(url, folder)
    assert report.counts["source"].added == 2
    assert "b.txt is the same file as a.txt" in report.notes
    assert "has the same text as the source a; both are kept" in (
        report.documents[1].notes
    )


def test_names_of_any_script_give_readable_slugs_of_their_own(
    url: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "names")
    names = ("переговоры в Осло.txt", "北京.txt", "бриф.txt", "brif.txt", "!.txt")
    for name in names:
        (folder / name).write_text(f"Text of {name}")
    report = importing(url, folder)
    slugs = {Path(each.file).name: each.slug for each in report.documents}
    assert slugs["переговоры в Осло.txt"] == "peregovory-v-oslo"
    assert slugs["brif.txt"] == "brif"
    assert slugs["бриф.txt"].startswith("brif-")
    assert slugs["!.txt"].startswith("document-")
    assert len(set(slugs.values())) == len(names)


def test_a_file_that_is_not_what_its_name_says_is_read_and_said(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(files.html_of(["A page."]))
    assert "is a web page, not a PDF" in str(importing(url, path).documents[0].notes)


def test_an_option_goes_before_what_the_document_says(url: str, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        "---\ndate: 2020-01-01\nkind: speech\npublisher: They\n---\nText.\n"
    )
    importing(url, path, options=Options(published="2021-01-01"))
    with open_session(url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert (source.published, source.kind) == ("2021-01-01", SourceKind.SPEECH)
        assert source.publisher == "They"


def test_a_wrong_option_or_date_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A note.")
    (tmp_path / "b.md").write_text("---\ndate: someday\n---\nText.\n")
    report = importing(url, tmp_path / "a.txt", options=Options(issuer="nobody"))
    assert "nobody" in str(report.refusals[0])
    report = importing(url, tmp_path / "b.md")
    assert 'published: "someday"' in str(report.refusals[0])


def test_hidden_files_are_passed_over_and_links_that_lead_out_are_refused(
    url: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Secret.")
    folder = write(tmp_path / "top", a__txt=b"In.")
    (folder / ".hidden.txt").write_text("Hidden.")
    (folder / "._a.txt").write_text("Left by macOS.")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    write(folder / "sub", b__txt=b"Deeper.")
    report = importing(url, folder)
    assert report.counts["source"].added == 2
    assert refusals(report) == [f"link.txt: a file inside {folder} (this link leads "
                                "out of it)"]  # fmt: skip
    assert "passed over: 2 hidden files" in report.notes


def test_more_files_than_are_taken_are_refused_before_any_is_read(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MOST_FILES", 2)
    folder = write(tmp_path / "many", a__txt=b"1", b__txt=b"2", c__txt=b"3")
    with pytest.raises(Exception, match="more than 2 files"):
        importing(url, folder)


def test_a_dataset_is_sent_to_load(url: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "data", dataset__yaml=b"slug: d\ntitle: D\n")
    assert "`dragoman load` takes it" in refusals(importing(url, folder))[0]


def test_like_faults_are_one_line_with_a_count_and_three_places(
    url: str, tmp_path: Path
) -> None:
    contents = {f"p{i}__pdf": f"%PDF-1.4 fake {i}".encode() for i in range(9)}
    folder = write(tmp_path / "faults", one__csv=b"a,b\n", **contents)
    said = list(alike(importing(url, folder).refusals))
    [many] = [line for line in said if line.startswith("9 times: expected a whole PDF")]
    assert many.endswith("p2.pdf and 6 more)")
    [one] = [line for line in said if line != many]
    assert "one.csv: expected what the rows of this table are" in one


def test_an_exported_import_is_known_where_it_is_loaded(
    url: str, templates: Templates, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf_of(PAGES))
    importing(url, path)
    with open_session(url, history=True) as session:
        export_dataset(session, tmp_path / "out", with_texts=True)
    with templates.copy("sqlite", tmp_path / "other") as other:
        load(tmp_path / "out", other.database_url)
        with open_session(other.database_url) as session:
            pages = session.scalars(sa.select(Passage.page).order_by(Passage.position))
            assert list(pages) == [1, 2]
        again = importing(other.database_url, path)
        assert again.counts["source"].unchanged == 1


def test_the_kremlin_pages_are_read_by_their_marks(url: str, shared_dir: Path) -> None:
    folder = shared_dir / "data" / "foreign" / "kremlin-html"
    report = importing(url, folder, given=Given())
    assert not report.refusals
    assert len(report.documents) == len(list(folder.glob("*.html")))
    assert all(each.published and each.language == "en" for each in report.documents)
    with open_session(url) as session:
        for text in session.scalars(sa.select(SourceText.text)):
            assert text is not None
            assert "See also" not in text and "Share" not in text
