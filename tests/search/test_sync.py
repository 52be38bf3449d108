"""Nothing that changes the record is lost to the index, whatever happens when.

Long because each table that changes the index is changed in each way.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from errors import Unavailable
from models import Actor, IndexJob, open_session
from search.agreement import check
from search.drainer import Drainer
from search.engine import Changes, Document, Engine, Locked, Request
from search.engines import open_engine
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.queue import waiting
from search.sync import drain, rebuild, repair
from search.tree import All, Term
from settings import CHECKOUT, Settings
from tests import factories as make


@pytest.fixture
def url(settings: Settings) -> str:
    return settings.database_url


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return open_engine("whoosh", settings.index_dir)


def add_actors(url: str, *names: str) -> None:
    with open_session(url, write=True) as session:
        for name in names:
            make.actor(session, slug=name.lower(), name=name)
        session.commit()


def names_found(engine: Engine, word: str) -> list[str]:
    return [hit.id for hit in engine.search(Request(query=Term(word))).hits]


def test_the_first_drain_builds_the_whole_index(url, engine):
    add_actors(url, "Aden", "Oman")
    with open_session(url, write=True) as session:
        session.execute(update(IndexJob).values(revision=7))
        session.delete(session.scalars(select(IndexJob)).first())
        session.commit()
    report = drain(engine, url)
    assert report.rebuilt and str(report) == "The search index was built."
    assert names_found(engine, "oman") == ["actor/oman"]
    assert waiting(url) == 0


def test_a_drain_does_what_waits_and_then_nothing(url, engine):
    drain(engine, url)
    add_actors(url, "Aden", "Oman")
    seen: list[tuple[int, int]] = []
    report = drain(engine, url, lambda *step: seen.append(step))
    assert report.jobs == 2 and seen == [(2, 2)]
    assert str(report) == "The search index follows 2 changed records."
    assert str(drain(engine, url)) == "The search index is up to date."
    add_actors(url, "Fez")
    assert str(drain(engine, url)) == "The search index follows 1 changed record."


def test_jobs_are_done_in_batches(url, engine, monkeypatch):
    monkeypatch.setattr("search.sync.JOBS_PER_COMMIT", 2)
    drain(engine, url)
    add_actors(url, *"ABCDE")
    seen: list[tuple[int, int]] = []
    assert drain(engine, url, lambda *step: seen.append(step)).jobs == 5
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert check(engine, url).agrees


class Meanwhile(WhooshEngine):
    """An engine during whose commits something else happens."""

    def __init__(self, folder: Path, event: Callable[[], None]) -> None:
        super().__init__(folder)
        self._event = event

    def write(self, changes: Changes, token: str | None = None) -> None:
        super().write(changes, token)
        self._event()


def test_a_change_during_a_drain_is_done_by_the_next(url, engine, settings):
    drain(engine, url)
    add_actors(url, "Aden")
    changed: list[bool] = []

    def rename() -> None:
        if not changed:
            changed.append(True)
            with open_session(url, write=True) as session:
                actor = session.scalars(select(Actor).filter_by(slug="aden")).one()
                actor.name = "Eden"
                session.commit()

    drain(Meanwhile(settings.index_dir, rename), url)
    assert waiting(url) == 0
    assert names_found(engine, "eden") == ["actor/aden"]
    assert check(engine, url).agrees


def test_a_drain_that_fails_after_the_commit_is_repeated(url, engine, settings):
    drain(engine, url)
    add_actors(url, "Aden")

    def fail() -> None:
        raise OSError("the machine stops here")

    with pytest.raises(OSError, match="stops here"):
        drain(Meanwhile(settings.index_dir, fail), url)
    assert waiting(url) == 1
    assert drain(engine, url).jobs == 1
    assert check(engine, url).agrees


def test_while_the_index_is_locked_jobs_stay_queued(url, engine, settings, monkeypatch):
    monkeypatch.setattr("search.locking.PATIENCE", 0.1)
    drain(engine, url)
    add_actors(url, "Aden")
    with WhooshEngine(settings.index_dir).lock():
        report = drain(engine, url)
        with pytest.raises(Locked):
            rebuild(engine, url)
        with pytest.raises(Locked):
            repair(engine, url)
    assert report.waiting == waiting(url) == 1
    assert "1 change is queued" in str(report)
    assert drain(engine, url).jobs == 1


def spoil(engine: Engine) -> None:
    """Let an index of Aden, Iran and Oman differ in every way there is."""
    with engine.lock():
        stray = Document(id="actor/stray", owner="actor/stray", kind=Kind.ACTOR)
        stale = Document(id="actor/oman", owner="actor/oman", kind=Kind.ACTOR)
        engine.write(Changes([stray, stale], ids=frozenset({"actor/iran"})))


DIFFERENCES = (
    "actor/iran is missing from the index.",
    "actor/stray is in the index and not in the database.",
    "actor/oman is out of date in the index.",
)


def test_a_check_says_what_differs(url, engine):
    add_actors(url, "Aden", "Oman", "Iran")
    drain(engine, url)
    spoil(engine)
    report = check(engine, url)
    assert not report.agrees and report.differences == 3
    assert list(report.sentences()) == [
        *DIFFERENCES,
        "`dragoman check --repair` mends the index.",
    ]
    assert rebuild(engine, url) == 3
    assert list(check(engine, url).sentences()) == [
        "Index and database agree on 3 documents."
    ]


def test_a_check_names_some_and_counts_the_rest(url, engine, monkeypatch):
    monkeypatch.setattr("search.agreement.MOST_NAMED", 2)
    drain(engine, url)
    add_actors(url, "Aden", "Oman", "Iran")
    report = check(engine, url)
    assert len(report.missing) == report.waiting == 3
    assert list(report.sentences()) == [
        "actor/aden is missing from the index.",
        "actor/iran is missing from the index.",
        "1 more document differs.",
        "3 changes are queued for the index.",
    ]


def test_a_repair_writes_again_what_differs_and_nothing_else(
    url, settings, monkeypatch
):
    monkeypatch.setattr("search.sync.JOBS_PER_COMMIT", 1)
    written: list[str] = []

    class Watched(WhooshEngine):
        def write(self, changes: Changes, token: str | None = None) -> None:
            documents = list(changes.documents)
            written.extend(document.id for document in documents)
            super().write(replace(changes, documents=documents), token)

    engine = Watched(settings.index_dir)
    add_actors(url, "Aden", "Oman", "Iran", "Fez", "Rome", "Bern", "Nice")
    drain(engine, url)
    spoil(engine)
    written.clear()
    report = repair(engine, url)
    assert report.found == DIFFERENCES and not report.rebuilt
    assert str(report) == "The index was mended in 3 documents."
    assert written == ["actor/iran", "actor/oman"]
    assert report.left.agrees and check(engine, url).agrees
    assert names_found(engine, "oman") == ["actor/oman"]


def test_a_repair_removes_what_is_in_no_root_that_differs(url, engine):
    add_actors(url, "Aden", "Oman", "Iran")
    drain(engine, url)
    with engine.lock():
        engine.write(
            Changes([Document(id="actor/x", owner="actor/x", kind=Kind.ACTOR)])
        )
    assert repair(engine, url).rewritten == 1
    assert check(engine, url).agrees


def test_a_repair_does_first_what_is_queued(url, engine):
    drain(engine, url)
    add_actors(url, "Aden", "Oman")
    report = repair(engine, url)
    assert report.found == () and report.left.agrees and waiting(url) == 0
    assert str(report) == "There was nothing to mend in the index."


def test_a_repair_builds_anew_what_cannot_be_read(url, engine, settings):
    add_actors(url, "Aden", "Oman")
    for damage in (
        lambda: None,  # there is none yet
        lambda: (settings.index_dir / "current.json").write_bytes(b"{"),
        lambda: [path.unlink() for path in settings.index_dir.rglob("*.arrays")],
    ):
        damage()
        engine.close()
        with pytest.raises(Unavailable) as caught:
            check(engine, url)
        report = repair(engine, url)
        assert report.rebuilt and report.found == (caught.value.detail,)
        assert str(report) == "The search index was built anew."
        assert report.left.agrees and waiting(url) == 0


def test_a_repair_builds_anew_the_index_of_another_database(url, engine):
    with engine.lock():
        engine.rebuild(
            Document(id=f"actor/{name}", owner=f"actor/{name}", kind=Kind.ACTOR)
            for name in "abc"
        )
    add_actors(url, "Aden", "Oman")
    with open_session(url, write=True) as session:
        session.execute(delete(IndexJob))  # so that nothing seems to be amiss
        session.commit()
    report = repair(engine, url)
    assert report.rebuilt and report.left.agrees and len(report.found) == 5


def test_a_rebuild_leaves_a_change_made_meanwhile_to_the_next_drain(
    url, settings, engine
):
    add_actors(url, "Aden")

    class Slow(WhooshEngine):
        def rebuild(
            self, documents: Iterable[Document], token: str | None = None
        ) -> None:
            super().rebuild(documents, token)
            add_actors(url, "Oman")

    assert rebuild(Slow(settings.index_dir), url) == 1
    assert waiting(url) == 1
    drain(engine, url)
    assert check(engine, url).agrees


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def test_a_drainer_builds_follows_and_stops(url, engine):
    add_actors(url, "Aden")
    drainer = Drainer(engine, url, interval=0.05)
    drainer.start()
    wait_until(lambda: waiting(url) == 0)
    assert names_found(engine, "aden") == ["actor/aden"]
    add_actors(url, "Oman")
    wait_until(lambda: waiting(url) == 0)
    assert names_found(engine, "oman") == ["actor/oman"]
    drainer.stop()
    add_actors(url, "Iran")
    time.sleep(0.2)
    assert waiting(url) == 1


def test_a_drainer_survives_what_goes_wrong(sqlite_settings, caplog):
    url, folder = sqlite_settings.database_url, sqlite_settings.index_dir
    engine = open_engine("whoosh", folder)
    drain(engine, url)
    add_actors(url, "Aden")
    good = (folder / "current.json").read_bytes()
    (folder / "current.json").write_bytes(b"{")
    drainer = Drainer(engine, url, interval=0.02)
    drainer.start()
    wait_until(lambda: "damaged" in caplog.text)
    (folder / "current.json").write_bytes(good)
    wait_until(lambda: waiting(url) == 0)
    drainer.stop()


# Killed at any moment

LOADER = """
import sys
from pathlib import Path
from exchange.load import load
from search.engines import open_engine
from search.sync import drain, rebuild

url, folder, *parts = sys.argv[1:]
engine = open_engine("whoosh", Path(folder))
print("ready", flush=True)
for number, part in enumerate(parts):
    load(Path(part), url)
    drain(engine, url)
    if number == len(parts) // 2:
        rebuild(engine, url)
print("done", flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost(sqlite_settings, tmp_path):
    parts = []
    for number in range(8):
        part = tmp_path / f"part-{number}.jsonl"
        records = (
            {
                "type": "source",
                "slug": f"source-{number}-{line}",
                "kind": "readout",
                "title": f"Readout {line}",
                "language": "en",
                "paragraphs": [f"Talks number {n} of {line} were held." for n in "abc"],
            }
            for line in range(40)
        )
        part.write_text("\n".join(map(json.dumps, records)))
        parts.append(str(part))
    url, folder = sqlite_settings.database_url, sqlite_settings.index_dir
    command = [sys.executable, "-c", LOADER, url, str(folder), *parts]
    chance = random.Random(2022)
    killed = 0
    for _ in range(12):
        process = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.02, 0.7))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
        engine = WhooshEngine(folder)
        drain(engine, url)
        report = check(engine, url)
        assert report.agrees and report.waiting == 0, list(report.sentences())
        engine.close()
    assert killed > 0
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    engine = WhooshEngine(folder)
    assert check(engine, url).agrees
    assert engine.search(Request(query=All())).total == 8 * 40 * 3
    assert len(list(folder.glob("index-*"))) == 1, "unfinished rebuilds stay behind"
    engine.close()


def test_a_rebuild_waits_for_whoever_writes_the_index(url, engine):
    add_actors(url, "Aden")
    drain(engine, url)
    taken, done = threading.Event(), threading.Event()

    def write() -> None:
        with engine.lock():
            taken.set()
            done.wait(0.3)

    writer = threading.Thread(target=write)
    writer.start()
    taken.wait()
    assert rebuild(engine, url) == 1
    writer.join()
