"""Every load is a change of the journal, and no words of a text stand in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa

from exchange.anchor import anchor
from exchange.attach import attach
from exchange.journal import Author
from exchange.load import load
from exchange.records import Kind
from exchange.states import changed_by_hand, digest_of, read_states
from exchange.stored import MODELS
from models import Change, ChangeRecord, LoadRun, open_session
from settings import Settings
from tests.exchange.small import TEXT, edit, write_small


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def changes(url: str) -> list[Change]:
    with open_session(url) as session:
        return list(session.scalars(sa.select(Change).order_by(Change.id)))


def records(url: str, number: int) -> dict[tuple[Kind, str], ChangeRecord]:
    with open_session(url) as session:
        found = session.scalars(
            sa.select(ChangeRecord).where(ChangeRecord.change_id == number)
        )
        return {(cast(Kind, each.kind.value), each.slug): each for each in found}


def by_hand(url: str) -> list[tuple[str, str]]:
    with open_session(url) as session:
        return list(changed_by_hand(session))


def test_a_load_is_one_change_with_the_digest_of_each_record(
    small: Path, database_url: str
) -> None:
    report = load(small, database_url, author=Author("ada", message="the first"))
    (change,) = changes(database_url)
    assert report.changes == [change.id]
    assert (change.author, change.message, change.verb) == ("ada", "the first", "load")
    found = records(database_url, change.id)
    assert len(found) == report.total("added")
    assert {each.action for each in found.values()} == {"added"}
    with open_session(database_url) as session:
        for (kind, slug), each in found.items():
            (state,) = read_states(session, kind, [slug]).values()
            assert (each.before, each.after) == (None, None)
            assert each.digest == digest_of(state)
    assert by_hand(database_url) == []


def test_a_load_that_changes_nothing_is_no_change(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    edit(small, "stances.yaml", "# her words", "# these are her words")
    assert load(small, database_url).changes == []
    assert len(changes(database_url)) == 1


def test_an_update_keeps_what_the_record_was_and_is(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    edit(small, "meetings/oslo-talks.yaml", "title: Talks in Oslo", "title: The talks")
    edit(
        small,
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "quote: The talks went on until late",
    )
    load(small, database_url)
    first, second = changes(database_url)
    found = records(database_url, second.id)
    assert list(found) == [("meeting", "oslo-talks")]
    (each,) = found.values()
    assert each.action == "updated"
    assert each.before and each.after
    assert (each.before["title"], each.after["title"]) == ("Talks in Oslo", "The talks")
    differing = {key for key in each.after if each.after[key] != each.before.get(key)}
    assert differing == {"title", "outcomes"}
    assert records(database_url, first.id)["meeting", "oslo-talks"].digest == digest_of(
        each.before
    )
    assert each.digest == digest_of(each.after)
    assert by_hand(database_url) == []


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def test_no_words_of_a_text_stand_in_the_journal(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    edit(small, "sources/report.yaml", "title: A report", "title: Another report")
    (small / "sources/report.txt").write_text(TEXT + "\n\nOne more paragraph here.")
    edit(small, "meetings/oslo-talks.yaml", "city: Oslo", "city: Bergen")
    edit(small, "stances.yaml", "verb: quoted}]", "verb: quoted}]\n    - {source: "
         "report, quote: The talks went on until late}")  # fmt: skip
    load(small, database_url)
    said = [
        words
        for each in records(database_url, changes(database_url)[-1].id).values()
        for state in (each.before, each.after)
        for words in _strings(state)
    ]
    assert len(said) > 60
    grams = {" ".join(TEXT.split()[i : i + 3]) for i in range(len(TEXT.split()) - 2)}
    assert not [words for words in said if any(gram in words for gram in grams)]
    assert by_hand(database_url) == []


def test_attaching_a_text_is_a_change_and_leaves_the_state(
    small: Path, database_url: str, tmp_path: Path
) -> None:
    anchor(small, "report", small / "sources/report.txt")
    (small / "sources/report.txt").unlink()
    load(small, database_url)
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    report = attach("report", tmp_path / "text.txt", database_url, Author("ada"))
    load_change, attached = changes(database_url)
    assert report.changes == [attached.id]
    assert (attached.author, attached.verb) == ("ada", "attach")
    found = records(database_url, attached.id)
    assert {key: each.action for key, each in found.items()} == {
        ("source", "report"): "attached"
    }
    before = records(database_url, load_change.id)["source", "report"]
    assert found["source", "report"].digest == before.digest
    assert by_hand(database_url) == []


def test_a_stream_makes_a_change_for_each_batch_all_of_one_run(
    tmp_path: Path, database_url: str
) -> None:
    path = tmp_path / "many.jsonl"
    lines = [
        {"type": "topic", "slug": f"topic-{n}", "name": f"Topic {n}"}
        for n in range(1_100)
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    report = load(path, database_url)
    made = changes(database_url)
    assert report.changes == [change.id for change in made]
    assert len(made) == 3
    with open_session(database_url) as session:
        assert {change.run_id for change in made} == {
            session.scalar(sa.select(LoadRun.id))
        }
        count = sa.select(sa.func.count(ChangeRecord.id))
        assert session.scalar(count) == 1_100


def test_who_names_a_contrary_changes_the_other_proposition_too(
    small: Path, database_url: str
) -> None:
    load(small, database_url)
    with (small / "propositions.yaml").open("a") as file:
        file.write("- {slug: war, text: War., kind: normative, contrary: [make-peace]}")
    load(small, database_url)
    found = records(database_url, changes(database_url)[-1].id)
    assert {key: each.action for key, each in found.items()} == {
        ("proposition", "war"): "added",
        ("proposition", "make-peace"): "updated",
    }
    assert by_hand(database_url) == []


def test_a_refused_load_leaves_no_change(small: Path, database_url: str) -> None:
    load(small, database_url)
    edit(small, "stances.yaml", "polarity: 2", "polarity: 1")
    with pytest.raises(Exception, match="as it is recorded"):
        load(small, database_url)
    assert len(changes(database_url)) == 1
    assert by_hand(database_url) == []


CHANGED_BY_HAND = {
    "topic": "UPDATE topic SET name = name || 'x'",
    "actor": "UPDATE actor SET description = 'x'",
    "office": "DELETE FROM tenure",
    "source": "DELETE FROM source_contributor",
    "proposition": "UPDATE proposition SET text = 'x'",
    "meeting": "UPDATE participation SET role = 'guest'",
    "stance": "UPDATE evidence SET note = 'x' WHERE stance_id IS NOT NULL",
}


@pytest.mark.parametrize("kind", sorted(CHANGED_BY_HAND))
def test_what_is_typed_by_hand_is_found(
    small: Path, database_url: str, kind: str
) -> None:
    load(small, database_url)
    with open_session(database_url, write=True) as session:
        session.execute(sa.text(CHANGED_BY_HAND[kind]))
        session.commit()
    assert {found for found, _ in by_hand(database_url)} == {kind}


def test_every_row_of_the_bundled_dataset_says_what_its_digest_says(
    tehran: Settings,
) -> None:
    with open_session(tehran.database_url) as session:
        for model in MODELS.values():
            unstamped = sa.select(model.slug).where(model.state_digest.is_(None))
            assert session.scalars(unstamped).all() == []
        assert list(changed_by_hand(session)) == []


def test_names_that_come_later_change_no_state_of_a_source(
    small: Path, database_url: str
) -> None:
    """They resolve labels, which is no change of what the publisher said."""
    load(small, database_url)
    with (small / "actors.yaml").open("a") as file:
        file.write("- {slug: nobody, name: Nobody Known, kind: person}\n")
    load(small, database_url)
    assert list(records(database_url, changes(database_url)[-1].id)) == [
        ("actor", "nobody")
    ]
    assert by_hand(database_url) == []
    with open_session(database_url) as session:
        assert "nobody" in json.dumps(read_states(session, "source", ["report"]))
