"""Sessions: who may write when, what is rolled back, and what is said when it fails."""

import gc
import sqlite3
import threading
import time

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from errors import DragomanError, Unavailable
from models import Actor, make_engine, open_session
from models.database import explain
from settings import load_settings
from tests import factories


def test_what_is_not_committed_is_rolled_back(database_url):
    with open_session(database_url, write=True) as session:
        factories.actor(session)
    with open_session(database_url) as session:
        assert session.scalars(sa.select(Actor)).all() == []


def test_a_session_without_an_address_opens_the_configured_database(
    database_url, monkeypatch
):
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", database_url)
    with open_session(write=True) as session:
        factories.actor(session, slug="iran")
        session.commit()
    with open_session(database_url) as session:
        assert session.scalars(sa.select(Actor.slug)).all() == ["iran"]


def test_reads_of_one_session_agree_with_each_other(database_url):
    url = database_url
    with open_session(url) as reader:
        before = reader.scalar(sa.select(sa.func.count()).select_from(Actor))
        with open_session(url, write=True) as writer:
            factories.actor(writer)
            writer.commit()
        assert reader.scalar(sa.select(sa.func.count()).select_from(Actor)) == before


def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(database_url):
    with open_session(database_url, write=True) as session:
        factories.actor(session, slug="counter", description="0")
        session.commit()
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with open_session(database_url, write=True) as session:
                    counter = session.scalars(sa.select(Actor).with_for_update()).one()
                    counter.description = str(int(counter.description or 0) + 1)
                    session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_session(database_url) as session:
        assert session.scalars(sa.select(Actor.description)).one() == "40"


def test_foreign_keys_hold(session):
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.insert(Actor).values(**_actor(parent_id=12345)))


def _actor(**given):
    return {"slug": "a", "name": "A", "kind": "person", **given}


def test_a_database_that_was_never_migrated_is_named_with_the_remedy(tmp_path):
    with pytest.raises(Unavailable, match="dragoman db upgrade"):
        with open_session(f"sqlite:///{tmp_path}/empty.sqlite3") as session:
            session.scalars(sa.select(Actor)).all()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.sqlite3",
        "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2",
    ],
)
def test_a_database_that_cannot_be_reached_is_named_with_the_remedy(url):
    with pytest.raises(Unavailable, match="DRAGOMAN_DATABASE_URL"):
        with open_session(url) as session:
            session.scalars(sa.select(Actor)).all()


def test_a_password_is_not_repeated_in_an_error():
    url = "postgresql://me:secret@127.0.0.1:1/nothing?connect_timeout=2"
    with pytest.raises(Unavailable) as refused:
        with open_session(url) as session:
            session.scalars(sa.select(Actor)).all()
    assert "secret" not in refused.value.detail


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://root@localhost/x", "sqlite://", "sqlite:///:memory:"],
)
def test_an_address_that_dragoman_cannot_use_is_refused(url):
    with pytest.raises(DragomanError):
        make_engine(url)


def test_a_rolled_back_migration_leaves_no_table(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE left_over (id INTEGER)"))
        connection.rollback()
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def test_an_engine_that_nobody_holds_leaves_no_connection_open(database_url):
    engine = make_engine(database_url)
    connections = []
    sa.event.listen(engine, "connect", lambda made, _: connections.append(made))
    with engine.connect() as connection:
        connection.execute(sa.select(1))
    [made] = connections
    connections.clear()
    del engine, connection
    gc.collect()
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError)):
        made.execute("SELECT 1")


def test_two_that_write_the_same_rows_in_opposite_order_both_succeed(database_url):
    with open_session(database_url, write=True) as session:
        for slug in ("a", "b"):
            factories.actor(session, slug=slug, description="0")
        session.commit()
    failures: list[BaseException] = []
    begin = threading.Barrier(2)

    def count_up(order: str) -> None:
        begin.wait()
        try:
            for _ in range(5):
                with open_session(database_url, write=True) as session:
                    for slug in order:
                        actor = session.scalars(
                            sa.select(Actor).where(Actor.slug == slug)
                        ).one()
                        actor.description = str(int(actor.description or 0) + 1)
                        session.flush()
                        time.sleep(0.02)
                    session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=count_up, args=[order]) for order in ("ab", "ba")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_session(database_url) as session:
        assert set(session.scalars(sa.select(Actor.description))) == {"10"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("40P01", "another writer was in the way"),
        ("55P03", "locked by another writer"),
        ("XX001", "is damaged"),
        ("08006", "its server must run"),
        ("53400", "log says more"),
    ],
)
def test_what_the_server_says_is_told_apart(state, words):
    class Said(psycopg.OperationalError):
        sqlstate = state

    engine = make_engine("postgresql://me:secret@host/db")
    error = sa.exc.OperationalError("select 1", None, Said("so it was"))
    found = explain(error, engine)
    assert found is not None
    assert words in found.detail
    assert "secret" not in found.detail


PORTS = st.integers(65536, 10**12).map(str) | st.from_regex(
    r"[a-z-][a-z0-9-]*", fullmatch=True
)


@given(PORTS, st.sampled_from(["", "anna@", "anna:pass-word@"]))
def test_an_address_with_a_wrong_port_is_refused_as_the_setting_is(
    port: str, login: str
) -> None:
    url = f"postgresql://{login}host:{port}/db"
    with pytest.raises(DragomanError) as opened:
        make_engine(url)
    with pytest.raises(DragomanError) as configured:
        load_settings({"DRAGOMAN_DATABASE_URL": url})
    assert opened.value.detail == configured.value.detail
    assert opened.value.detail.startswith('DRAGOMAN_DATABASE_URL is "postgresql://')
    assert "expected sqlite:///FILE or postgresql://" in opened.value.detail
    assert "pass-word" not in opened.value.detail


@given(st.text(max_size=30), st.sampled_from(["", "sqlite", "sqlite+", "postgresql:"]))
def test_whatever_is_no_address_of_a_database_ends_in_a_sentence(
    text: str, start: str
) -> None:
    try:
        make_engine(start + text).dispose()
    except DragomanError as error:
        assert error.detail.startswith("DRAGOMAN_DATABASE_URL is ")
