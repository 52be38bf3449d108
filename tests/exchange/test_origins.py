"""A load never writes over what was changed here, and says what it leaves as it is."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from editing.undo import take_back, undo
from errors import InputFaults
from exchange.journal import Author
from exchange.load import load, write_records
from exchange.origins import Keep
from exchange.reading import no_line, read_record
from exchange.report import Report
from exchange.states import changed_by_hand
from models import Meeting, RecordOrigin, open_session
from tests.exchange.small import edit, write_small

ADA = Author("ada")
MEETING = "meetings/oslo-talks.yaml"


@pytest.fixture
def small(tmp_path: Path, database_url: str) -> Path:
    """A folder that is loaded."""
    folder = write_small(tmp_path / "small")
    load(folder, database_url)
    return folder


def change_here(url: str, **values: object) -> None:
    """Change a topic as a form does."""
    data = {"slug": "security", "name": "Security"} | values
    located, _ = read_record("topic", data, "form", no_line)
    assert located is not None
    with open_session(url, write=True) as session:
        write_records(session, [located], Report("form"), "save", ADA)
        session.commit()


def name(url: str) -> str:
    with open_session(url) as session:
        assert list(changed_by_hand(session)) == []
        topic = sa.text("SELECT name FROM topics WHERE slug = 'security'")
        return str(session.scalar(topic))


def change_file(folder: Path, to: str) -> None:
    file = folder / "topics.yaml"
    words = re.sub("security, name: [^}]*", f"security, name: {to}", file.read_text())
    file.write_text(words)


def test_what_was_changed_here_stays_when_the_file_has_not_changed(
    small: Path, database_url: str
) -> None:
    change_here(database_url, name="Safety")
    report = load(small, database_url)
    assert name(database_url) == "Safety"
    assert (report.changed, report.kept_here) == (False, 1)
    assert "kept: 1 record changed here since the file was loaded" in list(
        report.remarks()
    )


def test_what_was_changed_in_the_file_only_is_brought_up_to_date(
    small: Path, database_url: str
) -> None:
    change_file(small, "Safety")
    load(small, database_url)
    assert name(database_url) == "Safety"
    change_file(small, "Peace of mind")
    load(small, database_url)
    assert name(database_url) == "Peace of mind"


@pytest.mark.parametrize(
    ("keep", "kept"), [(None, "Here"), ("ours", "Here"), ("theirs", "There")]
)
def test_what_was_changed_in_both_is_refused_unless_told_whose_to_keep(
    small: Path, database_url: str, keep: Keep | None, kept: str
) -> None:
    change_here(database_url, name="Here")
    change_file(small, "There")
    if keep is None:
        with pytest.raises(InputFaults) as caught:
            load(small, database_url)
        (fault,) = caught.value.faults
        assert (fault.place, fault.line, fault.field) == ("topics.yaml", 2, "name")
        assert "There" in str(fault)
        assert "Here" in fault.expected
        assert "--keep ours" in fault.expected
    else:
        load(small, database_url, keep=keep)
        # Once decided it is not asked again.
        assert not load(small, database_url).changed
    assert name(database_url) == kept


def test_after_a_conflict_a_later_change_of_the_file_is_one_again(
    small: Path, database_url: str
) -> None:
    change_here(database_url, name="Here")
    change_file(small, "There")
    load(small, database_url, keep="ours")
    change_file(small, "Elsewhere")
    with pytest.raises(InputFaults, match="Elsewhere"):
        load(small, database_url)


def test_two_files_that_differ_are_a_conflict_and_two_alike_are_not(
    small: Path, database_url: str, tmp_path: Path
) -> None:
    line = '{"type": "topic", "slug": "security", "name": "%s"}'
    (tmp_path / "alike.jsonl").write_text(line % "Security")
    assert not load(tmp_path / "alike.jsonl", database_url).total("refused")
    (tmp_path / "other.jsonl").write_text(line % "Other")
    report = load(tmp_path / "other.jsonl", database_url)
    assert report.total("refused") == 1
    assert '"Security", as it was changed here or by another' in str(report.refusals[0])
    assert name(database_url) == "Security"
    assert not load(small, database_url).kept_here
    with open_session(database_url) as session:
        origins = sa.select(RecordOrigin.dataset).where(RecordOrigin.slug == "security")
        assert set(session.scalars(origins)) == {"small", "alike.jsonl"}


def test_an_unchanged_file_does_not_bring_back_what_was_taken_back(
    small: Path, database_url: str
) -> None:
    take_back(database_url, "stance", "berg-for-peace", ADA)
    number = take_back(database_url, "actor", "bo-lund", ADA)
    report = load(small, database_url)
    assert not report.changed
    assert any("stay removed" in note for note in report.notes)
    edit(small, "actors.yaml", "name: Bo Lund", "name: Bo R. Lund")
    with pytest.raises(InputFaults, match="no actor that was removed here"):
        load(small, database_url)
    assert not load(small, database_url, keep="ours").changed
    edit(small, "actors.yaml", "name: Bo R. Lund", "name: Bo Q. Lund")
    load(small, database_url, keep="theirs")
    with open_session(database_url) as session:
        actors = sa.text("SELECT name FROM actors WHERE slug = 'bo-lund'")
        assert session.scalar(actors) == "Bo Q. Lund"
        assert list(changed_by_hand(session)) == []
    assert number


def test_undoing_a_load_is_a_change_here(small: Path, database_url: str) -> None:
    change_file(small, "Safety")
    load(small, database_url)
    undo(database_url, 2, ADA)
    assert name(database_url) == "Security"
    assert load(small, database_url).kept_here == 1
    assert name(database_url) == "Security"


def test_a_withdrawn_stance_is_not_changed_by_a_file(
    small: Path, database_url: str
) -> None:
    take_back(database_url, "stance", "norland-to-suria", ADA)
    edit(small, "stances.yaml", "quote: Suria’s delegation left",
         "quote: Suria’s delegation")  # fmt: skip
    with pytest.raises(InputFaults, match="was withdrawn in change 2|--keep ours"):
        load(small, database_url)
    assert not load(small, database_url, keep="ours").changed
    edit(small, "stances.yaml", "quote: Suria’s delegation, role",
         "quote: Suria’s, role")  # fmt: skip
    with pytest.raises(InputFaults, match="was withdrawn in change 2"):
        load(small, database_url, keep="theirs")


def test_what_the_files_no_longer_name_is_said(small: Path, database_url: str) -> None:
    edit(small, "actors.yaml", "- {slug: bo-lund, name: Bo Lund, kind: person}\n", "")
    report = load(small, database_url)
    (note,) = [note for note in report.notes if "no longer name" in note]
    assert note.startswith("1 record of small that its files no longer name stay")
    assert "actor bo-lund" in note
    take_back(database_url, "actor", "bo-lund", ADA)
    assert not [n for n in load(small, database_url).notes if "no longer name" in n]


def test_a_record_kept_here_is_what_others_are_checked_against(
    small: Path, session: Session, database_url: str
) -> None:
    """The file has another agenda; the stance that is new names the one here."""
    session.rollback()
    edit(small, MEETING, "text: Peace", "text: War")
    with pytest.raises(InputFaults, match="stance berg-for-peace names it"):
        load(small, database_url)
    with open_session(database_url) as reader:
        agenda = reader.scalars(sa.select(Meeting)).one().agenda
        assert [item.text for item in agenda] == ["Peace"]
