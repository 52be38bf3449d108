"""`dragoman reindex` and `dragoman check`."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Type


@contextmanager
def behind_our_back(environ: dict[str, str]) -> Iterator[sqlite3.Connection]:
    """Open the database as a stranger would, without the rules."""
    path = environ["DRAGOMAN_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    triggers = connection.execute(
        "select name, sql from sqlite_master where type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f'drop trigger "{name}"')
    yield connection
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def test_after_a_load_everything_agrees(type_loaded: Type) -> None:
    result = type_loaded("check")
    assert result.exit_code == 0
    assert result.stdout == "Database, evidence and index agree.\n"
    assert json.loads(type_loaded("check", "--json").stdout) == {
        "agree": True,
        "findings": [],
        "changed_by_hand": [],
    }


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (
            "update source_text set text = replace(text, 'Tehran', 'Teheri')"
            " where text is not null",
            "is not what its hash says",
        ),
        (
            "update evidence set quote = 'A' || quote where id ="
            " (select min(id) from evidence where quote is not null)",
            "is not what stands at",
        ),
        (
            "update evidence set quote = null, prefix = null, suffix = null where id ="
            " (select min(id) from evidence where quote is not null)",
            "has lost its quote",
        ),
        ("update passage set end_char = 999999 where id = 1", "lies beyond the text"),
        ("delete from evidence where stance_id is not null", "No passage is cited for"),
        (
            "delete from evidence where participation_id is not null",
            "No passage is cited for the participant tehran-trilateral-2022-07/",
        ),
        ("delete from attribution where evidence_id = 1", "Nobody is named for"),
        ("update stance set holder_id = 999999 where id = 1", "that is not there"),
    ],
)
def test_what_does_not_hold_is_found(
    type_loaded: Type, loaded: dict[str, str], damage: str, sentence: str
) -> None:
    with behind_our_back(loaded) as connection:
        assert connection.execute(damage).rowcount > 0
    result = type_loaded("check")
    assert result.exit_code == 1
    assert sentence in result.stdout
    assert result.stderr.endswith("finding.\n") or result.stderr.endswith("findings.\n")


def test_a_lost_index_is_found_and_built_anew(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    shutil.rmtree(Path(loaded["DRAGOMAN_INSTANCE"]) / "index")
    found = type_loaded("check")
    assert found.exit_code == 1
    assert "dragoman reindex" in found.stdout
    built = type_loaded("reindex")
    assert built.exit_code == 0
    assert "documents" in built.stdout
    assert type_loaded("check").exit_code == 0


def test_a_change_that_nobody_indexed_is_found(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    with behind_our_back(loaded) as connection:
        connection.execute("update meeting set title = title || '!' where id = 1")
    result = type_loaded("check")
    assert result.exit_code == 1
    assert "meeting/" in result.stdout


def test_a_repair_mends_the_index_and_says_so(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    with behind_our_back(loaded) as connection:
        connection.execute("update meeting set title = title || '!' where id = 1")
    mended = type_loaded("check", "--repair")
    assert mended.exit_code == 0
    assert "were changed by another program" in mended.stderr
    first, *_, action, result = mended.stdout.splitlines()
    assert first.endswith("is out of date in the index.")
    assert action.startswith("The index was mended in ")
    assert result == "Database, evidence and index agree."
    assert type_loaded("check").exit_code == 0
    again = type_loaded("check", "--repair", "--json")
    said = json.loads(again.stdout)
    (changed,) = said.pop("changed_by_hand")
    assert changed.startswith("meeting ")
    assert said == {"agree": True, "findings": [], "mended": []}


def test_a_repair_builds_a_lost_index_anew(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    shutil.rmtree(Path(loaded["DRAGOMAN_INSTANCE"]) / "index")
    mended = type_loaded("check", "--repair", "--json")
    said = json.loads(mended.stdout)
    assert mended.exit_code == 0 and said["agree"]
    assert said["mended"][-1] == "The search index was built anew."
    assert type_loaded("check").exit_code == 0


def test_a_repair_that_cannot_be_made_is_said(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    index = Path(loaded["DRAGOMAN_INSTANCE"]) / "index"
    shutil.rmtree(index)
    index.write_text("in the way")
    result = type_loaded("check", "--repair")
    assert result.exit_code == 1
    assert "cannot be written" in result.stdout
    assert result.stderr == "1 finding.\n"


def test_a_repair_leaves_the_record_and_an_index_of_it_alone(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    with behind_our_back(loaded) as connection:
        connection.execute("delete from attribution where evidence_id = 1")
        connection.execute("update meeting set title = title || '!' where id = 1")
    result = type_loaded("check", "--repair")
    assert result.exit_code == 1
    assert "Nobody is named for" in result.stdout
    assert "A repair mends only the index." in result.stdout
    assert "mended in" not in result.stdout


def test_a_database_of_no_version_is_told_to_upgrade(
    type_: Type, environ: dict[str, str]
) -> None:
    Path(environ["DRAGOMAN_DATABASE_URL"].removeprefix("sqlite:///")).unlink()
    result = type_("check")
    assert result.exit_code == 1
    assert "dragoman db upgrade" in result.stdout
