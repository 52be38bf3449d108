"""Undo takes a change back whole, or says which records are in the way."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from editing.undo import take_back, undo, undo_run
from errors import Conflict, NotFound
from exchange.journal import Author
from exchange.load import load
from exchange.records import Kind
from exchange.states import State, changed_by_hand, read_states
from exchange.stored import MODELS
from models import Change, ChangeRecord, SourceText, Stance, Tombstone, open_session
from models.enums import ChangeAction
from queries.stances import find_stances
from tests.exchange.small import TEXT, edit, write_small

ADA = Author("ada")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def states(url: str) -> dict[tuple[str, str], State]:
    """Everything that stands in the record, by kind and slug."""
    with open_session(url) as session:
        found: dict[tuple[str, str], State] = {}
        for kind, model in MODELS.items():
            slugs = session.scalars(sa.select(model.slug)).all()
            for slug, state in read_states(session, kind, slugs).items():
                found[kind, slug] = state
        assert list(changed_by_hand(session)) == []
    return found


def last(url: str) -> dict[tuple[str, str], ChangeAction]:
    with open_session(url) as session:
        number = session.scalar(sa.select(sa.func.max(Change.id)))
        found = session.scalars(
            sa.select(ChangeRecord).where(ChangeRecord.change_id == number)
        )
        return {(each.kind.value, each.slug): each.action for each in found}


def test_a_load_is_undone_and_redone(small: Path, database_url: str) -> None:
    load(small, database_url)
    before = states(database_url)
    undone = undo(database_url, 1, ADA)
    assert states(database_url) == {}
    with open_session(database_url) as session:
        count = sa.select(sa.func.count(Tombstone.id))
        assert session.scalar(count) == len(before)
        assert session.scalar(sa.select(sa.func.count(SourceText.id))) == 0
    undo(database_url, undone, ADA)
    assert states(database_url) == before
    with open_session(database_url) as session:
        assert session.scalar(sa.select(sa.func.count(Tombstone.id))) == 0
        assert session.scalars(sa.select(SourceText.text)).all() == [TEXT]


def test_an_update_is_undone_to_what_was_before(small: Path, database_url: str) -> None:
    load(small, database_url)
    before = states(database_url)
    edit(small, "meetings/oslo-talks.yaml", "title: Talks in Oslo", "title: The talks")
    edit(small, "meetings/oslo-talks.yaml", "quote: The talks will go on",
         "quote: The talks went on until late")  # fmt: skip
    edit(small, "actors.yaml", "{name: Berg, kind: short}", "{name: B, kind: short}")
    edit(small, "topics.yaml", "name: Security", "name: Safety")
    with (small / "topics.yaml").open("a") as file:
        file.write("- {slug: new, name: New, parent: peace}\n")
    edit(small, "stances.yaml", "verb: quoted}]", "verb: quoted}]\n    - {source: "
         "report, quote: The talks went on until late}")  # fmt: skip
    load(small, database_url)
    after = states(database_url)
    assert after != before
    undone = undo(database_url, 2, ADA)
    assert states(database_url) == before
    undo(database_url, undone, ADA)
    assert states(database_url) == after


def test_a_stance_is_withdrawn_and_stands_again(small: Path, database_url: str) -> None:
    load(small, database_url)
    before = states(database_url)
    number = take_back(database_url, "stance", "berg-for-peace", ADA)
    assert last(database_url) == {("stance", "berg-for-peace"): "withdrawn"}
    assert before.keys() - states(database_url).keys() == {("stance", "berg-for-peace")}
    with open_session(database_url) as session:
        slugs = [item.slug for item in find_stances(session).items]
        assert slugs == ["norland-to-suria"]
        history = sa.text("SELECT slug, withdrawn_in, quote FROM stances_history")
        found = {slug: (n, quote) for slug, n, quote in session.execute(history)}
        assert found["berg-for-peace"] == (number, "“We want peace,” Ms Berg said.")
    undo(database_url, number, ADA)
    assert last(database_url) == {("stance", "berg-for-peace"): "restored"}
    assert states(database_url) == before


def test_what_another_record_names_is_not_removed(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    before = states(database_url)
    named: tuple[tuple[Kind, str, str | None], ...] = (
        ("actor", "norland", "office minister-of-norland"),
        ("topic", "security", "topic peace"),
        ("topic", "peace", "proposition make-peace"),
        ("meeting", "oslo-talks", "stance berg-for-peace"),
        ("source", "report", "meeting oslo-talks"),
        ("office", "minister-of-norland", "meeting oslo-talks"),
        ("proposition", "make-peace", "stance berg-for-peace"),
        ("actor", "league", "actor norland-ministry"),
        ("actor", "bo-lund", None),
        ("proposition", "talks-went-on", None),
    )
    for kind, slug, by in named:
        if by is None:
            take_back(database_url, kind, slug, ADA)
            del before[kind, slug]
            continue
        with pytest.raises(Conflict, match=f"is named by .*{re.escape(by)}"):
            take_back(database_url, kind, slug, ADA)
    assert states(database_url) == before


def test_a_change_is_not_undone_over_a_later_one(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    for title in ("The talks", "The long talks"):
        file = small / "meetings/oslo-talks.yaml"
        words = re.sub("^title: .*$", f"title: {title}", file.read_text(), flags=re.M)
        file.write_text(words)
        load(small, database_url)
    said = "because of what has changed since: meeting oslo-talks .by change 3."
    with pytest.raises(Conflict, match=said):
        undo(database_url, 2, ADA)
    undo(database_url, 3, ADA)
    undo(database_url, 2, ADA)
    with open_session(database_url) as session:
        (state,) = read_states(session, "meeting", ["oslo-talks"]).values()
    assert state["title"] == "Talks in Oslo"


def test_what_names_a_withdrawn_stance_goes_and_comes_back_in_turn(
    small: Path, database_url: str
) -> None:
    """A stance that is withdrawn holds nothing: what it names can be removed."""
    load(small, database_url)
    before = states(database_url)
    made = [take_back(database_url, "stance", "berg-for-peace", ADA)]
    made.append(take_back(database_url, "proposition", "make-peace", ADA))
    assert last(database_url) == {
        ("proposition", "make-peace"): "removed",
        ("stance", "berg-for-peace"): "removed",
    }
    with open_session(database_url, history=True) as session:
        slugs = session.scalars(sa.select(Stance.slug)).all()
        assert slugs == ["norland-to-suria"]
    for number in reversed(made):
        undo(database_url, number, ADA)
    assert states(database_url) == before


def test_what_a_person_said_of_a_label_comes_back_with_the_actor(
    small: Path, database_url: str
) -> None:
    edit(small, "sources/report.yaml", "label: N, actor: norland", "label: N, "
         "actor: cem")  # fmt: skip
    with (small / "actors.yaml").open("a") as file:
        file.write("- {slug: cem, name: Cem, kind: state}\n")
    load(small, database_url)
    before = states(database_url)
    number = take_back(database_url, "actor", "cem", ADA)
    undo(database_url, number, ADA)
    assert states(database_url) == before


def test_a_run_is_undone_whole_the_last_batch_first(
    tmp_path: Path, database_url: str
) -> None:
    lines = [
        f'{{"type": "topic", "slug": "t{n}", "name": "T{n}"'
        + (f', "parent": "t{n // 2}"' if n else "")
        + "}"
        for n in range(550)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    report = load(tmp_path / "many.jsonl", database_url)
    assert len(report.changes) == 2
    before = states(database_url)
    made = undo_run(database_url, 1, ADA)
    assert len(made) == 2
    assert states(database_url) == {}
    with open_session(database_url) as session:
        runs = set(session.scalars(sa.select(Change.run_id).where(Change.id.in_(made))))
        (run,) = runs
    undo_run(database_url, run, ADA)
    assert states(database_url) == before


@pytest.mark.parametrize("number", [0, 99, -1])
def test_there_is_no_such_change_to_undo(database_url: str, number: int) -> None:
    with pytest.raises(NotFound):
        undo(database_url, number, ADA)
    with pytest.raises(NotFound):
        undo_run(database_url, number, ADA)
    with pytest.raises(NotFound):
        take_back(database_url, "stance", "nothing", ADA)
