"""Loads of many records: linear, and without a statement for each row."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import exchange.cycles
from exchange.cycles import _depths
from exchange.load import load
from models import ActorName, Topic, open_session
from settings import Settings

pytestmark = pytest.mark.slow

Record = dict[str, Any]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of any engine that ask for or change rows."""
    found: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("INSERT"):
            found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def write(path: Path, records: list[Record]) -> Path:
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


def chain(count: int) -> list[Record]:
    return [
        {"type": "topic", "slug": f"t-{i}", "name": f"Topic {i}"}
        | ({"parent": f"t-{i - 1}"} if i else {})
        for i in range(count)
    ]


def actors(count: int) -> list[Record]:
    names = [{"name": "Shorty", "kind": "short"}]
    identifier = "iso3166-1-alpha3"
    return [
        {"type": "actor", "slug": f"a-{i}", "name": f"Actor {i}", "kind": "state"}
        | {"names": names, "identifiers": {identifier: f"X{i}"}}
        for i in range(count)
    ]


@pytest.mark.parametrize("records", [chain, actors])
def test_the_statements_of_a_load_grow_with_its_batches_and_not_with_its_rows(
    sqlite_settings: Settings, tmp_path: Path, records: Any
) -> None:
    with statements() as few:
        load(write(tmp_path / "few.jsonl", records(20)), sqlite_settings.database_url)
    with statements() as many:
        report = load(
            write(tmp_path / "many.jsonl", records(480)), sqlite_settings.database_url
        )
    assert report.total("added") == 460
    assert len(many) < len(few) + 30


CHAIN = 700
"""More than a batch."""


@pytest.mark.parametrize("step", [1, -1])
def test_a_deep_chain_is_loaded_whichever_end_comes_first(
    database_url: str, tmp_path: Path, step: int
) -> None:
    path = write(tmp_path / "chain.jsonl", chain(CHAIN)[::step])
    report = load(path, database_url)
    assert (report.total("added"), report.total("refused")) == (CHAIN, 0)
    with open_session(database_url) as session:
        parent = sa.orm.aliased(Topic)
        query = sa.select(Topic.slug, parent.slug).join(parent, Topic.parent)
        parents = {slug: above for slug, above in session.execute(query)}
    assert parents == {f"t-{i}": f"t-{i - 1}" for i in range(1, CHAIN)}
    assert load(path, database_url).counts["topic"].unchanged == CHAIN


def test_what_is_deeper_than_the_bound_is_refused_and_said(
    sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.cycles, "DEEPEST", 30)
    report = load(
        write(tmp_path / "chain.jsonl", chain(33)), sqlite_settings.database_url
    )
    assert [str(fault) for fault in report.refusals][:1] == [
        'chain.jsonl, line 32: parent: "t-30": '
        "expected a topic with at most 29 above it"
    ]
    assert report.total("added") == 31


def test_a_name_of_two_actors_is_said_once_at_the_end(
    sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.batches.BATCH_RECORDS", 2)
    path = write(tmp_path / "actors.jsonl", actors(7))
    report = load(path, sqlite_settings.database_url)
    assert report.notes == [
        "names of several actors, which therefore mark nobody: “shorty”"
    ]
    with open_session(sqlite_settings.database_url) as session:
        count = session.scalar(sa.select(sa.func.count(ActorName.id)))
        assert count == 7
    again = load(path, sqlite_settings.database_url)
    assert again.notes == []


NODES = [f"n{i}" for i in range(8)]


@given(st.dictionaries(st.sampled_from(NODES), st.none() | st.sampled_from(NODES)))
def test_depths_agree_with_walking_up_from_each(parents: dict[str, str | None]) -> None:
    depths = _depths(parents)
    for slug in parents:
        seen: list[str] = []
        at = parents.get(slug)
        while at is not None and at not in seen:
            seen.append(at)
            at = parents.get(at)
        if slug in seen:
            assert depths[slug] is None
        elif at is None:
            assert depths[slug] == len(seen)
