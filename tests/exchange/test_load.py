"""Loading a dataset folder: once, again, and after changes.

Long because each way of changing a dataset between two loads is a case of its own.
"""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from errors import Conflict, DragomanError, InputFaults
from exchange.load import load
from exchange.report import Report
from models import (
    Actor,
    AgendaItem,
    Attribution,
    Evidence,
    IndexJob,
    LoadRun,
    Meeting,
    Mention,
    Participation,
    Passage,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Tenure,
    open_session,
)
from models.enums import MentionMethod
from tests.exchange.small import TEXT, edit, write_small

STANCE = """
- slug: berg-for-peace-again
  holder: anna-berg
  represents: norland
  proposition: make-peace
  position: for
  polarity: 1
  mode: said
  stated: {edtf: 2021-05-03, as_written: on 3 May}
  relations: [{relation: supersedes, other: berg-for-peace}]
  evidence: [{source: report, quote: We want peace}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def count(session: Session, model: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def clear_jobs(url: str) -> None:
    with open_session(url, write=True) as session:
        session.execute(sa.delete(IndexJob))
        session.commit()


def jobs(url: str) -> set[str]:
    with open_session(url) as session:
        return {
            f"{job.kind}/{job.root}" for job in session.scalars(sa.select(IndexJob))
        }


def refused(folder: Path, url: str) -> list[str]:
    with pytest.raises(InputFaults) as caught:
        load(folder, url)
    return [str(fault) for fault in caught.value.faults]


def test_everything_in_the_folder_is_recorded(folder: Path, database_url: str) -> None:
    report = load(folder, database_url)
    assert {kind: each.added for kind, each in report.counts.items()} == {
        "dataset": 1,
        "topic": 2,
        "actor": 6,
        "office": 1,
        "source": 1,
        "proposition": 2,
        "meeting": 1,
        "stance": 2,
    }
    assert (report.passages, report.evidence_added) == (3, 10)
    with open_session(database_url) as session:
        meeting = session.scalars(sa.select(Meeting)).one()
        assert meeting.country and meeting.country.slug == "norland"
        assert [each.key for each in meeting.participations] == [
            "anna-berg",
            "suria-delegations",
        ]
        assert [each.key for each in meeting.status_events] == ["held"]
        stance = session.scalars(
            sa.select(Stance).where(Stance.slug == "berg-for-peace")
        ).one()
        assert str(stance.recorded_at) == "2026-05-04"
        assert stance.recorded_by == "A. Coder"
        assert (stance.stated, stance.stated_as_written) == ("2021-05-03", "on 3 May")
        assert stance.agenda_item and stance.agenda_item.text == "Peace"
        evidence = stance.evidence[0]
        assert evidence.quote == "“We want peace,” Ms Berg said."
        assert evidence.quote == TEXT[evidence.start_char : evidence.end_char]
        assert evidence.prefix == "met Bo Lund of Suria in Oslo on 3 May.\n\n"[-32:]
        assert evidence.suffix == " The talks went on until late.\n\n"
        assert [
            (link.depth, link.actor and link.actor.slug, link.source_id is not None)
            for link in evidence.attributions
        ] == [(0, "anna-berg", False), (1, None, True)]
        tenure = session.scalars(sa.select(Tenure)).one()
        assert tenure.key == "anna-berg/minister-of-norland"
        source = session.scalars(sa.select(Source)).one()
        assert [each.name for each in source.contributors] == ["C. Writer", "D. Writer"]
        subjects = {each.label: each.actor for each in source.subjects}
        assert subjects["Nobody Known"] is None
        assert subjects["Berg Anna"] is not None  # the surname first, as publishers do
        run = session.scalars(sa.select(LoadRun)).one()
        assert (run.verb, run.name, run.added) == ("load", "small", 16)


def test_a_second_load_changes_nothing_and_says_so(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    clear_jobs(database_url)
    report = load(folder, database_url)
    assert not report.changed
    assert report.total("unchanged") == 16
    assert next(report.sentences()) == "small: nothing changed"
    assert jobs(database_url) == set()
    with open_session(database_url) as session:
        assert count(session, LoadRun) == 1


def test_a_changed_record_is_brought_up_to_date_and_only_that(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    with open_session(database_url) as session:
        before = session.scalars(sa.select(Participation.id)).all()
    clear_jobs(database_url)
    edit(folder, "meetings/oslo-talks.yaml", "city: Oslo", "city: Bergen")
    report = load(folder, database_url)
    assert report.total("updated") == report.count("meeting").updated == 1
    assert (report.evidence_added, report.evidence_removed, report.removed) == (0, 0, 0)
    assert jobs(database_url) == {"meeting/oslo-talks"}
    with open_session(database_url) as session:
        assert session.scalar(sa.select(Meeting.city)) == "Bergen"
        assert session.scalars(sa.select(Participation.id)).all() == before


def test_what_a_meeting_no_longer_names_is_removed_and_counted(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(
        folder,
        "meetings/oslo-talks.yaml",
        """  - label: delegations
    represents: suria
    role: delegate
    evidence: [{source: report, quote: Suria’s delegation left}]
""",
        "",
    )
    edit(
        folder,
        "meetings/oslo-talks.yaml",
        "quote: Anna Berg of Norland met}",
        "quote: Anna Berg of Norland met Bo Lund}",
    )
    report = load(folder, database_url)
    assert (report.removed, report.evidence_removed, report.evidence_added) == (1, 1, 1)
    with open_session(database_url) as session:
        assert session.scalars(sa.select(Participation.key)).all() == ["anna-berg"]
        orphans = sa.select(Attribution).where(
            Attribution.evidence_id.not_in(sa.select(Evidence.id))
        )
        assert session.scalars(orphans).all() == []


def test_a_stance_keeps_its_agenda_item_when_another_is_put_before_it(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(
        folder,
        "meetings/oslo-talks.yaml",
        "agenda:\n",
        "agenda:\n  - text: Weather\n    status: speculated\n"
        "    evidence: [{source: report, quote: until late}]\n",
    )
    edit(folder, "stances.yaml", "agenda_item: 1", "agenda_item: 2")
    report = load(folder, database_url)
    assert report.total("refused") == 0
    with open_session(database_url) as session:
        stance = session.scalars(
            sa.select(Stance).where(Stance.agenda_item_id.is_not(None))
        ).one()
        assert stance.agenda_item and stance.agenda_item.text == "Peace"
        assert session.scalars(
            sa.select(AgendaItem.text).order_by(AgendaItem.position)
        ).all() == ["Weather", "Peace"]


def test_an_agenda_item_on_which_a_stance_rests_is_not_removed(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(folder, "meetings/oslo-talks.yaml", "text: Peace", "text: War")
    assert refused(folder, database_url) == [
        "meetings/oslo-talks.yaml, line 23: agenda: expected the item “Peace” too, "
        "because stance berg-for-peace names it"
    ]


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("polarity: 2", "polarity: 1", 'line 8: polarity: "1"'),
        ("holder: anna-berg", "holder: bo-lund", 'line 4: holder: "bo-lund"'),
        ("edtf: 2021-05-03", "edtf: 2021-05-04", 'line 10: stated: "2021-05-04"'),
        ("  meeting: oslo-talks\n  agenda_item: 1\n", "", "line 3: meeting"),
    ],
)
def test_a_stance_whose_content_has_changed_is_refused(
    folder: Path, database_url: str, old: str, new: str, answer: str
) -> None:
    load(folder, database_url)
    edit(folder, "stances.yaml", old, new)
    edit(folder, "topics.yaml", "name: Peace", "name: Peacemaking")
    first = refused(folder, database_url)[0]
    assert first == (
        f"stances.yaml, {answer}: expected this as it is recorded, "
        "or a new slug that supersedes berg-for-peace (the holder changed its mind) or "
        "corrects it (the coder was wrong)"
    )
    assert load(write_small(folder), database_url).total("unchanged") == 16


def test_another_chain_of_speakers_for_a_stance_is_refused(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(folder, "stances.yaml", "verb: quoted", "verb: paraphrased")
    assert refused(folder, database_url) == [
        "stances.yaml, line 16: evidence[1].said_by: expected the chain as recorded, "
        "or a new stance that supersedes berg-for-peace"
    ]


def test_a_new_stance_may_supersede_another(folder: Path, database_url: str) -> None:
    load(folder, database_url)
    stances = folder / "stances.yaml"
    stances.write_text(stances.read_text("utf-8") + STANCE, encoding="utf-8")
    report = load(folder, database_url)
    assert report.count("stance").added == 1
    assert report.count("stance").unchanged == 2
    with open_session(database_url) as session:
        relation = session.scalars(sa.select(StanceRelation)).one()
        assert relation.other.slug == "berg-for-peace"


def test_evidence_of_a_stance_may_be_added_and_is_never_removed(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    more = "  evidence:\n    - {source: report, quote: We want peace}\n"
    edit(folder, "stances.yaml", "  evidence:\n", more)
    report = load(folder, database_url)
    assert (report.evidence_added, report.count("stance").updated) == (1, 1)
    edit(folder, "stances.yaml", more, "  evidence:\n")
    report = load(folder, database_url)
    assert (report.evidence_kept, report.evidence_removed) == (1, 0)
    assert report.count("stance").unchanged == 2
    assert any("kept: 1 piece" in sentence for sentence in report.sentences())


def test_a_changed_text_is_a_new_version_and_no_evidence_moves(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    (folder / "sources/report.txt").write_text("Corrected. " + TEXT, encoding="utf-8")
    report = load(folder, database_url)
    assert report.count("source").updated == report.total("updated") == 1
    assert report.notes == [
        "report: the changed text is kept as version 2; what is already recorded "
        "still cites the version that it was read in"
    ]
    with open_session(database_url) as session:
        texts = session.scalars(
            sa.select(SourceText).order_by(SourceText.version)
        ).all()
        assert [text.version for text in texts] == [1, 2]
        cited = session.scalars(sa.select(Evidence.source_text_id).distinct()).all()
        assert cited == [texts[0].id]
    edit(folder, "meetings/oslo-talks.yaml", "city: Oslo", "city: Bergen")
    report = load(folder, database_url)
    assert (report.evidence_added, report.evidence_removed) == (0, 0)


def test_a_text_that_was_replaced_does_not_come_back_as_new(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    (folder / "sources/report.txt").write_text("Corrected. " + TEXT, encoding="utf-8")
    load(folder, database_url)
    assert refused(write_small(folder), database_url) == [
        "sources/report.yaml, line 2: text: expected a new text "
        "(this one is version 1, since replaced)"
    ]


def test_records_may_refer_to_what_is_stored_already(
    folder: Path, database_url: str, tmp_path: Path
) -> None:
    load(folder, database_url)
    other = tmp_path / "other"
    (other / "sources").mkdir(parents=True)
    (other / "dataset.yaml").write_text("{slug: other, title: Another}")
    (other / "stances.yaml").write_text(STANCE)
    assert load(other, database_url).total("added") == 2


def test_two_parents_can_be_swapped(folder: Path, database_url: str) -> None:
    load(folder, database_url)
    (folder / "topics.yaml").write_text(
        "- {slug: peace, name: Peace}\n"
        "- {slug: security, name: Security, parent: peace}\n"
    )
    assert load(folder, database_url).count("topic").updated == 2


def test_an_identifier_can_move_from_one_actor_to_another(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(folder, "actors.yaml", "  identifiers: {iso3166-1-alpha3: NOR}\n", "")
    edit(
        folder,
        "actors.yaml",
        "name: Suria, ",
        "name: Suria, identifiers: {iso3166-1-alpha3: NOR}, ",
    )
    load(folder, database_url)
    with open_session(database_url) as session:
        suria = session.scalars(sa.select(Actor).where(Actor.slug == "suria")).one()
        assert [each.value for each in suria.identifiers] == ["NOR"]


def test_what_only_the_database_refuses_is_one_sentence(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    edit(folder, "propositions.yaml", "kind: normative", "kind: factual")
    stances = folder / "stances.yaml"
    stances.unlink()
    with pytest.raises(Conflict, match="refused small: a factual proposition is"):
        load(folder, database_url)
    assert load(write_small(folder), database_url).total("unchanged") == 16


def mentions(url: str) -> set[tuple[int, str, MentionMethod]]:
    with open_session(url) as session:
        rows = session.execute(
            sa.select(Passage.position, Actor.slug, Mention.method)
            .join(Mention, Mention.passage_id == Passage.id)
            .join(Actor, Actor.id == Mention.actor_id)
        )
        return {(position, slug, method) for position, slug, method in rows}


def test_names_mark_passages_and_metonyms_do_not(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    assert mentions(database_url) == {
        (1, "anna-berg", MentionMethod.NAME),
        (1, "norland", MentionMethod.NAME),
        (1, "bo-lund", MentionMethod.NAME),
        (1, "suria", MentionMethod.NAME),
        (1, "league", MentionMethod.CODER),
        (2, "anna-berg", MentionMethod.NAME),
        (3, "suria", MentionMethod.NAME),
    }


def test_a_new_name_marks_the_passages_that_hold_it_and_a_lost_one_unmarks_them(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    before = mentions(database_url)
    clear_jobs(database_url)
    alias = "name: Bo Lund, names: [{name: delegation, kind: alias}]"
    edit(folder, "actors.yaml", "name: Bo Lund", alias)
    report = load(folder, database_url)
    assert report.mentions == 1
    assert mentions(database_url) - before == {(3, "bo-lund", MentionMethod.NAME)}
    assert jobs(database_url) == {"actor/bo-lund", "source/report"}
    edit(folder, "actors.yaml", alias, "name: Bo Lund")
    load(folder, database_url)
    assert mentions(database_url) == before


def test_a_mention_that_a_coder_takes_back_goes_unless_the_name_is_there(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    before = mentions(database_url)
    one = "[{passage: 1, actor: league}]"
    both = "[{passage: 1, actor: league}, {passage: 1, actor: suria}]"
    edit(folder, "sources/report.yaml", one, both)
    load(folder, database_url)
    assert (1, "suria", MentionMethod.CODER) in mentions(database_url)
    edit(folder, "sources/report.yaml", both, "[]")
    load(folder, database_url)
    assert mentions(database_url) == before - {(1, "league", MentionMethod.CODER)}


def test_a_name_of_two_actors_marks_neither_and_is_said(
    folder: Path, database_url: str
) -> None:
    edit(folder, "actors.yaml", "name: Bo Lund,", "name: Anna Berg,")
    report = load(folder, database_url)
    assert report.notes == [
        "names of several actors, which therefore mark nobody: “anna berg”"
    ]
    assert (1, "anna-berg", MentionMethod.NAME) not in mentions(database_url)


def test_neither_folder_nor_stream_is_said(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("A note.")
    with pytest.raises(DragomanError, match="neither a dataset"):
        load(tmp_path / "notes.txt", database_url)
    with pytest.raises(DragomanError, match="does not exist"):
        load(tmp_path / "nothing", database_url)


def test_a_report_adds_up_and_reads_well() -> None:
    report = Report("two")
    report.count("source").added = 2
    report.passages = 1_234
    assert list(report.sentences())[:2] == [
        "sources: 2 added",
        "passages: 1,234, mentions: 0",
    ]


def _with_correction(folder: Path, slug: str) -> None:
    text = (folder / "stances.yaml").read_text("utf-8")
    correction = STANCE.replace("supersedes", "corrects").replace(
        "berg-for-peace-again", slug
    )
    (folder / "stances.yaml").write_text(text + correction, "utf-8")


def test_a_correction_takes_the_place_of_what_it_corrects(
    folder: Path, database_url: str
) -> None:
    load(folder, database_url)
    _with_correction(folder, "berg-for-peace-again")
    load(folder, database_url)
    with open_session(database_url) as session:
        standing = set(session.scalars(sa.select(Stance.slug)))
    assert "berg-for-peace-again" in standing
    assert "berg-for-peace" not in standing
    load(folder, database_url)  # and again: what is corrected still loads


@pytest.mark.parametrize("loaded_between", [False, True])
def test_a_second_correction_of_one_stance_names_the_first(
    folder: Path, database_url: str, loaded_between: bool
) -> None:
    _with_correction(folder, "berg-corrected")
    if loaded_between:
        load(folder, database_url)
    _with_correction(folder, "berg-corrected-again")
    (line,) = refused(folder, database_url)
    assert "expected berg-corrected, which corrects berg-for-peace already" in line


@pytest.mark.parametrize("size", [2, 3, 7])
def test_corrections_in_a_circle_are_each_refused_with_file_and_line(
    folder: Path, database_url: str, size: int
) -> None:
    text = (folder / "stances.yaml").read_text("utf-8")
    correction = STANCE.replace("supersedes", "corrects")
    slugs = [f"berg-{n}" for n in range(size)]
    for slug, other in zip(slugs, [*slugs[1:], slugs[0]], strict=True):
        text += correction.replace("other: berg-for-peace", f"other: {other}").replace(
            "berg-for-peace-again", slug
        )
    text += correction.replace("other: berg-for-peace", "other: berg-0").replace(
        "berg-for-peace-again", "berg-beside"
    )  # a second correction of one of them
    (folder / "stances.yaml").write_text(text, "utf-8")
    lines = refused(folder, database_url)
    circle = [line for line in lines if "in its turn" in line]
    assert len(circle) == size and len(lines) == size + 1
    for line, slug in zip(circle, slugs, strict=True):
        assert line.startswith("stances.yaml") or "stances.yaml:" in line
        assert f"a stance that does not correct {slug} in its turn" in line
    with open_session(database_url) as session:
        assert not session.scalar(sa.select(sa.func.count(Stance.id)))
