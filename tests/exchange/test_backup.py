"""A backup holds what was committed, all of it or nothing; a restore gives it back."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from errors import Conflict, DragomanError, Unavailable
from exchange.backup import back_up, restore
from models import Base, Topic, open_session
from settings import CHECKOUT, Settings
from tests.conftest import settings_of

pytestmark = pytest.mark.slow

# Each transaction writes two rows; its number is told when its commit has returned.
WRITER = """
import sys
from models import Topic, open_session
n = 0
while True:
    with open_session(sys.argv[1], write=True) as session:
        for side in "ab":
            session.add(Topic(slug=f"{side}-{n}", name="x" * 2000))
        session.commit()
    print(n, flush=True)
    n += 1
"""
BACKUP = """
import sys
from pathlib import Path
from exchange.backup import back_up, restore
print("begins", flush=True)
back_up(sys.argv[1], Path(sys.argv[2]))
"""
RESTORE = BACKUP.replace("back_up(sys", "restore(sys")


def path_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def elsewhere(folder: Path) -> Settings:
    return settings_of(folder, f"sqlite:///{folder / 'dragoman.sqlite3'}")


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(
                f'select * from "{name}" order by rowid'
            ).fetchall()
            for name in [*Base.metadata.tables, "alembic_version"]
        }


@contextmanager
def running(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_restored_backup_is_the_record_row_by_row(
    tehran: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    assert back_up(tehran.database_url, file) == file.stat().st_size
    other = elsewhere(tmp_path / "other")
    restore(other.database_url, file)
    assert rows(path_of(other)) == rows(path_of(tehran))
    with open_session(other.database_url, write=True) as session:
        session.add(Topic(slug="new", name="New"))
        session.commit()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_backup_under_load_holds_what_was_committed_and_no_half_transaction(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    with running(WRITER, sqlite_settings.database_url) as writer:
        assert writer.stdout
        for number in range(3):
            told = -1
            while told < 30 * (number + 1):
                told = int(writer.stdout.readline())
            file = tmp_path / f"{number}.backup"
            back_up(sqlite_settings.database_url, file)
            other = elsewhere(tmp_path / f"other{number}")
            restore(other.database_url, file)
            with open_session(other.database_url) as session:
                slugs = {topic.slug for topic in session.query(Topic)}
            count = len(slugs) // 2
            assert slugs == {f"{side}-{n}" for side in "ab" for n in range(count)}
            assert count > told


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("delay", [0, 0.003, 0.01, 0.02, 0.05])
def test_killed_at_any_moment_there_is_a_whole_file_or_none(
    tehran: Settings, tmp_path: Path, delay: float
) -> None:
    sound = tmp_path / "sound.backup"
    back_up(tehran.database_url, sound)
    killed = tmp_path / "killed.backup"
    other = elsewhere(tmp_path / "other")
    for script, url, file in (
        (BACKUP, tehran.database_url, killed),
        (RESTORE, other.database_url, sound),
    ):
        with running(script, url, file) as process:
            assert process.stdout
            assert process.stdout.readline() == "begins\n"
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
    if killed.exists():
        restore(elsewhere(tmp_path / "third").database_url, killed)
    if path_of(other).exists():
        assert rows(path_of(other)) == rows(path_of(tehran))
    else:
        restore(other.database_url, sound)


def test_nothing_is_overwritten(sqlite_settings: Settings, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a letter")
    (tmp_path / "link").symlink_to(taken)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for name in ("taken", "link", "nowhere"):
        with pytest.raises(Conflict, match="exists"):
            back_up(sqlite_settings.database_url, tmp_path / name)
    assert taken.read_text() == "a letter"


def test_a_restore_replaces_an_empty_database_and_no_other(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "empty.backup"
    back_up(sqlite_settings.database_url, file)
    with open_session(sqlite_settings.database_url) as session:
        session.connection()
        with pytest.raises(Conflict, match="is in use"):
            restore(sqlite_settings.database_url, file)
    from models.database import shared_engine

    shared_engine(sqlite_settings.database_url).dispose()
    restore(sqlite_settings.database_url, file)
    with open_session(sqlite_settings.database_url, write=True) as session:
        session.add(Topic(slug="grain", name="Grain"))
        session.commit()
    with pytest.raises(Conflict, match="not empty: it has rows in topic"):
        restore(sqlite_settings.database_url, file)


def test_what_is_no_backup_is_refused(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear ambassador, " * 500)
    copied = Path(shutil.copy(path_of(sqlite_settings), tmp_path / "copied"))
    good = tmp_path / "good"
    back_up(sqlite_settings.database_url, good)
    content = good.read_bytes()
    (tmp_path / "cut").write_bytes(content[: len(content) // 2])
    (tmp_path / "zeroed").write_bytes(content[:8192] + bytes(4096) + content[12288:])
    later = tmp_path / "later"
    later.write_bytes(content)
    with sqlite3.connect(later) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    os.mkfifo(tmp_path / "pipe")
    other = elsewhere(tmp_path / "other")
    for file in (letter, copied, *(tmp_path / x for x in ("cut", "zeroed", "pipe"))):
        with pytest.raises(DragomanError, match="not a|damaged"):
            restore(other.database_url, file)
    with pytest.raises(DragomanError, match="later version"):
        restore(other.database_url, later)
    with pytest.raises(DragomanError, match="No such file"):
        restore(other.database_url, tmp_path / "missing")
    assert not path_of(other).exists()


def test_a_full_disk_leaves_nothing(sqlite_settings: Settings, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(Unavailable, match="Nothing was written"):
            back_up(sqlite_settings.database_url, tmp_path / "file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_a_place_that_is_not_there_is_named(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        back_up(sqlite_settings.database_url, tmp_path / "no" / "file")
    with pytest.raises(Unavailable, match="no database"):
        back_up(elsewhere(tmp_path).database_url, tmp_path / "file")
    with pytest.raises(DragomanError, match="pg_dump"):
        back_up("postgresql://me@host/db", tmp_path / "file")
