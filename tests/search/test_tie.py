"""An index of another age than the database is noticed, said, and mended."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app import create_app
from models import IndexJob, IndexState, open_session
from search import sync, tie
from search.agreement import check
from search.engine import Changes, Engine, Request
from search.engines import open_engine
from search.queue import waiting
from search.sync import drain, rebuild, repair
from search.tree import Term
from settings import Settings
from tests import factories as make
from tests.web.html import Html


@pytest.fixture
def url(settings: Settings) -> str:
    return settings.database_url


@pytest.fixture
def engine(name: str, settings: Settings) -> Engine:
    """The engine called *name*, on the database of the test."""
    return open_engine(name, settings.index_dir, settings.database_url)


everywhere = pytest.mark.parametrize(
    ("backend", "name"),
    [("sqlite", "whoosh"), ("postgresql", "whoosh"), ("postgresql", "postgresql")],
)


def add(url: str, *slugs: str, queued: bool = True) -> None:
    with open_session(url, write=True) as session:
        for slug in slugs:
            make.actor(session, slug=slug, name=slug)
        session.flush()
        if not queued:  # as if the database came from elsewhere
            session.execute(delete(IndexJob))
        session.commit()


def sound(engine: Engine, url: str) -> bool:
    with open_session(url) as session:
        return tie.belongs(engine, session)


def tokens(url: str) -> tuple[str | None, str | None]:
    with open_session(url) as session:
        state = session.get(IndexState, 1)
        assert state is not None
        return state.current, state.pending


def found(engine: Engine, word: str) -> int:
    return engine.search(Request(query=Term(word))).total


@everywhere
def test_each_commit_has_a_token_of_its_own_that_the_database_knows(url, engine):
    seen = set()
    for slug in ("aden", "oman", "fez"):
        add(url, slug)
        drain(engine, url)
        assert sound(engine, url)
        assert tokens(url) == (engine.token(), None)
        seen.add(engine.token())
    rebuild(engine, url)
    assert tokens(url) == (engine.token(), None)
    assert len(seen | {engine.token()}) == 4


@everywhere
def test_where_nothing_is_to_do_nothing_is_written(url, engine):
    add(url, "aden")
    drain(engine, url)
    before = tokens(url), engine.token()
    assert drain(engine, url) == sync.DrainReport()
    assert (tokens(url), engine.token()) == before


@everywhere
@pytest.mark.parametrize("step", ["announced", "committed"])
def test_between_the_steps_of_a_commit_the_index_is_sound(url, engine, step):
    add(url, "aden")
    drain(engine, url)
    add(url, "oman")
    with engine.lock():
        token = tie.announce(engine, url)
        if step == "committed":
            engine.write(Changes(), token)
    assert sound(engine, url)
    # Killed here; whoever comes next announces another token before it commits.
    with engine.lock():
        tie.announce(engine, url)
    assert sound(engine, url)
    report = drain(engine, url)
    assert report.jobs == 1 and not report.mended
    assert check(engine, url).agrees and tokens(url) == (engine.token(), None)


@pytest.mark.parametrize("change", ["ahead", "behind", "no token", "no row"])
@everywhere
def test_an_index_of_another_age_is_compared_and_mended(url, engine, change):
    add(url, "aden", "oman", "fez", "rome", "bern", "nice")
    drain(engine, url)
    with open_session(url, write=True) as session:
        match change:
            case "ahead":  # the database lost its last commits
                session.execute(update(IndexState).values(current="a" * 32))
            case "behind":
                session.execute(update(IndexState).values(current="b" * 32))
                make.actor(session, slug="iran", name="iran")
                session.flush()
                session.execute(delete(IndexJob))
            case "no token":
                session.execute(update(IndexState).values(current=None))
            case "no row":
                session.execute(delete(IndexState))
        session.commit()
    assert waiting(url) == 0
    assert not sound(engine, url)
    report = drain(engine, url)
    assert report.mended and "another age" in str(report)
    assert sound(engine, url) and check(engine, url).agrees
    assert found(engine, "iran") == (change == "behind")
    assert tokens(url) == (engine.token(), None)


@everywhere
def test_a_mending_that_is_killed_is_done_again(url, engine, monkeypatch):
    add(url, "aden", "oman", "fez", "rome", "bern", "nice")
    drain(engine, url)
    add(url, "iran", queued=False)
    add(url, "cairo")  # and one that is queued
    with open_session(url, write=True) as session:
        session.execute(update(IndexState).values(current="a" * 32))
        session.commit()
    for step in ("_drain", "_write_again", "_adopt"):
        before = None if step == "_adopt" else getattr(sync, step)

        def killed(*arguments, done=before):
            if done is not None:
                done(*arguments)
            raise KeyboardInterrupt

        monkeypatch.setattr(sync, step, killed)
        with pytest.raises(KeyboardInterrupt):
            drain(engine, url)
            monkeypatch.undo()  # this step was not reached again
            raise KeyboardInterrupt
        monkeypatch.undo()
    drain(engine, url)
    assert sound(engine, url) and check(engine, url).agrees
    assert found(engine, "iran") == found(engine, "cairo") == 1


@everywhere
def test_a_change_while_an_index_is_mended_does_not_hide_what_differs(url, engine):
    add(url, "aden", "oman", "fez", "rome", "bern", "nice")
    drain(engine, url)
    add(url, "iran", queued=False)
    add(url, "cairo")
    report = check(engine, url)
    assert set(report.missing) == {"actor/iran", "actor/cairo"}
    assert report.waiting == 1 and report.unexplained == 1
    assert repair(engine, url).rewritten == 1
    assert check(engine, url).agrees


def test_a_database_that_is_restored_beside_a_newer_index_is_noticed(
    sqlite_settings, tmp_path
):
    url, folder = sqlite_settings.database_url, sqlite_settings.index_dir
    path = Path(url.removeprefix("sqlite:///"))
    engine = open_engine("whoosh", folder)
    add(url, "aden", "oman", "fez")
    drain(engine, url)
    backup = tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(backup)) as two:
        one.backup(two)
    add(url, "iran")
    drain(engine, url)
    client = create_app(sqlite_settings).test_client()
    assert client.get("/healthz").status_code == 200
    assert "another age" not in Html(client.get("/search?q=iran").text).words

    with closing(sqlite3.connect(backup)) as one, closing(sqlite3.connect(path)) as two:
        one.backup(two)
    health = client.get("/healthz")
    assert health.status_code == 503 and "another age" in health.text
    assert "another age" in Html(client.get("/search?q=aden").text).words
    assert "another age" in client.get("/api/v1/search?q=aden").text

    assert drain(engine, url).mended
    assert client.get("/healthz").status_code == 200
    assert "another age" not in Html(client.get("/search?q=aden").text).words
    assert found(engine, "iran") == 0


def test_an_index_that_is_restored_beside_a_newer_database_is_noticed(
    sqlite_settings, tmp_path
):
    url, folder = sqlite_settings.database_url, sqlite_settings.index_dir
    engine = open_engine("whoosh", folder)
    add(url, "aden", "oman", "fez")
    drain(engine, url)
    shutil.copytree(folder, tmp_path / "old")
    add(url, "iran")
    drain(engine, url)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)
    assert not sound(engine, url)
    assert drain(engine, url).mended and found(engine, "iran") == 1


def test_what_is_committed_to_sqlite_is_on_disk(sqlite_settings):
    with open_session(sqlite_settings.database_url, write=True) as session:
        [synchronous] = session.connection().exec_driver_sql("PRAGMA synchronous").one()
    assert synchronous == 2, "FULL: NORMAL loses commits that the index still has"
