"""What the tests of faults do in processes of their own, which may be killed.

Each function is run by name, `python -m tests.search.engines.faults NAME ARGUMENT…`,
and fails by an exception. There is a small record with its index, and changes that
wait: `BEFORE` is what the index answers until it follows them, `AFTER` what it does
then.

Long because each fault is a small program of its own, run by name.
"""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from time import sleep
from types import FrameType
from typing import Any

import whoosh.index
import whoosh.writing
from sqlalchemy import select

from errors import Unavailable
from models import Actor, open_session
from models.database import shared_engine
from queries.sql import run_sql
from search import agreement, queue, sync, tie
from search.drainer import Drainer
from search.engine import Engine, NoIndex, Request
from search.engines import open_engine
from search.engines.postgresql import engine as postgresql_engine
from search.engines.whoosh import arrays, contents
from search.engines.whoosh import engine as whoosh_engine
from search.engines.whoosh import store as whoosh_store
from search.engines.whoosh.engine import WhooshEngine
from search.tree import All, Term
from settings import CHECKOUT, load_settings
from tests import factories as make

OLD = [f"actor/old-{number}" for number in range(6)]
BEFORE = (OLD, OLD)
KEPT = [id for id in OLD if id not in ("actor/old-1", "actor/old-3")]
AFTER = (sorted(["actor/new", "actor/old-1", *KEPT]), KEPT)

Answers = tuple[list[str], list[str]]


def answers(engine: Engine) -> Answers:
    """What the index has, and what it has of the word that a change takes away."""
    every, some = (
        [hit.id for hit in engine.search(Request(query=query)).hits]
        for query in (All(), Term("old"))
    )
    return sorted(every), sorted(some)


def prepare(url: str, engine: Engine, words: int = 100) -> None:
    """Index wordy actors in three commits, and leave three changes queued.

    A fourth commit makes one segment of them all.
    """
    for number in range(6):
        with open_session(url, write=True) as session:
            make.actor(
                session,
                slug=f"old-{number}",
                name=f"Old {number}",
                description=" ".join(f"w{number}x{word}" for word in range(words)),
            )
            session.commit()
        if number % 2:
            sync.drain(engine, url)
    assert answers(engine) == BEFORE
    with open_session(url, write=True) as session:
        make.actor(session, slug="new", name="New")
        one, other = session.scalars(
            select(Actor).where(Actor.slug.in_(["old-1", "old-3"])).order_by(Actor.slug)
        )
        one.name = "Changed"
        session.delete(other)
        session.commit()
    assert queue.waiting(url) == 3


def assert_mended(url: str, engine: Engine) -> None:
    """The next drain leaves nothing behind, whatever was before."""
    report = sync.drain(engine, url)
    assert not report.waiting, report
    assert queue.waiting(url) == 0
    found = agreement.check(engine, url)
    assert found.agrees, list(found.sentences())
    assert answers(engine) == AFTER


def act(what: str, url: str, engine: Engine) -> None:
    if what == "rebuild":
        sync.rebuild(engine, url)
    else:
        sync.drain(engine, url)


# No room


def assert_said(error: Unavailable, place: str, reason: str) -> None:
    if "search index" in error.detail:
        assert error.detail == (
            f"The search index cannot be written ({reason}). It stays as it was, and "
            "what changed stays queued."
        )
    else:
        assert place == "both", error.detail
        assert error.detail.startswith("The database sqlite:///"), error.detail
        assert "\n" not in error.detail


def until_it_fits(
    what: str, place: str, url: str, engine: WhooshEngine, room: Callable[[int], Any]
) -> None:
    """Try with more room each time; until there is enough, nothing may change."""
    said = []
    for number in range(2000):  # more pages, or steps, than all of it takes
        try:
            with room(number):
                act(what, url, engine)
        except Unavailable as refusal:
            said.append(refusal)
        else:
            break
        now = answers(engine)
        assert answers(WhooshEngine(engine._folder)) == now
        # Jobs go last: with the index done and no room to delete them they stay.
        assert now == BEFORE or (place == "both" and now == AFTER), now
        assert queue.waiting(url) == 3
        [index] = engine._folder.glob("index-*")  # no half of another is left
        assert {path.suffix for path in index.iterdir()} <= {".arrays", ".toc", ""}
        known, _ = whoosh_store.segments_of(index)
        assert set(index.glob("*.arrays")) == set(known), "half a segment is left"
    else:
        raise AssertionError(f"it never fits: {said[-1].detail}")
    for error in said:
        assert_said(error, place, os.strerror(REASONS[room.__name__]))
    print(len(said))
    assert_mended(url, engine)


REASONS = {"leave": errno.ENOSPC, "allow": errno.EFBIG}


def full_disk(what: str, place: str, database: str, mounted: str) -> None:
    """Leave the disk more free pages each time.

    Args:
        what: drain or rebuild.
        place: what lies on the disk: the index, or both index and database.
        database: a migrated database.
        mounted: the folder of the small disk.
    """
    if place == "both":
        database = shutil.copy(database, mounted)
    url = f"sqlite:///{database}"
    engine = WhooshEngine(Path(mounted) / "index")
    prepare(url, engine)

    @contextmanager
    def leave(pages: int) -> Iterator[None]:
        ballast = Path(mounted) / "ballast"
        disk = os.statvfs(mounted)
        with ballast.open("wb") as file:
            if (size := (disk.f_bfree - pages) * disk.f_frsize) > 0:
                os.posix_fallocate(file.fileno(), 0, size)
        try:
            yield
        finally:
            ballast.unlink()

    until_it_fits(what, place, url, engine, leave)


def short_files(what: str, database: str, folder: str) -> None:
    """Let files grow by more bytes each time: needs no disk, and no rights."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    url = f"sqlite:///{database}"
    engine = WhooshEngine(Path(folder))
    prepare(url, engine)

    @contextmanager
    def allow(step: int) -> Iterator[None]:
        hard = resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, (step * 16_001, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))

    until_it_fits(what, "both", url, engine, allow)


# Nothing to be written


def read_only(database: str, mounted: str) -> None:
    """Search on a disk that the next `dragoman` finds read-only."""
    url = f"sqlite:///{shutil.copy(database, mounted)}"
    engine = WhooshEngine(Path(mounted) / "index")
    prepare(url, engine)
    _forget(url)
    for f in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            print(f, os.readlink("/proc/self/fd/" + f), file=sys.stderr)
    mount("--bind", mounted, mounted)
    mount("-o", "remount,bind,ro", mounted)
    with open_session(url) as session:
        assert session.scalar(select(Actor.name).filter_by(slug="new")) == "New"
    settings = load_settings({"DRAGOMAN_DATABASE_URL": url})
    assert run_sql(settings, "select count(*) from actors").rows == ((6,),)
    for reader in (engine, WhooshEngine(Path(mounted) / "index")):
        assert answers(reader) == BEFORE
    for write in (sync.drain, sync.rebuild, sync.repair):
        error = _refused(write, engine, url)
        assert_said(error, "index", os.strerror(errno.EROFS))
    error = _refused(_add, url)
    assert error.detail.endswith(
        "cannot be written: it is read-only. It stays as it was."
    ), error.detail
    assert queue.waiting(url) == 3
    assert answers(engine) == BEFORE
    mount("-o", "remount,bind,rw", mounted)
    _add(url)
    assert queue.waiting(url) == 4
    assert sync.drain(engine, url).jobs == 4
    assert agreement.check(engine, url).agrees


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _add(url: str) -> None:
    with open_session(url, write=True) as session:
        make.actor(session)
        session.commit()


def _refused(write: Callable[..., object], *arguments: object) -> Unavailable:
    try:
        write(*arguments)
    except Unavailable as error:
        return error
    raise AssertionError("it was not refused")


# Killed


#: Where the steps are: what runs elsewhere belongs to the line that called it.
STEPS = {
    str(module.__file__)
    for module in (
        sync,
        tie,
        queue,
        whoosh_engine,
        whoosh_store,
        contents,
        arrays,
        whoosh.index,
        whoosh.writing,
        shutil,
    )
}

#: What is called often and leaves the disk alone.
READS = {"__getitem__", "part", "_check"}


def die(
    number: int, say: int, files: set[str], state: Callable[[FrameType], object]
) -> None:
    """Kill this process when the state has changed so many times; say where."""
    last: object = None
    changes = -1
    place = ""

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal last, changes, place
        if frame.f_code.co_filename not in files or frame.f_code.co_name in READS:
            return None
        if (now := state(frame)) != last:
            last = now
            changes += 1
            if changes == number:
                os.write(say, place.encode())
                os.kill(os.getpid(), signal.SIGKILL)
        if frame.f_code.co_filename != shutil.__file__:
            place = frame.f_code.co_name
        return trace

    sys.settrace(trace)


def killed(
    number: int,
    work: Callable[[], None],
    files: set[str],
    state: Callable[[FrameType], object],
) -> str | None:
    """Do something in a child that dies on the way; return where, or None if done."""
    read, say = os.pipe()
    child = os.fork()
    if not child:
        try:
            die(number, say, files, state)
            work()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
        finally:
            os._exit(1)
    os.close(say)
    with os.fdopen(read) as pipe:
        place = pipe.read()
    _, status = os.waitpid(child, 0)
    if status == 0:
        return None
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
    return place


def kill_at_every_state(what: str, database: str, folder: str) -> None:
    """Kill it whenever it has changed what is on the disk, and look what is left."""
    original = Path(folder) / "original"
    original.mkdir()
    shutil.copy(database, original / "record")
    url = f"sqlite:///{original / 'record'}"
    prepare(url, WhooshEngine(original / "index"), words=50)
    if what == "build":
        shutil.rmtree(original / "index")
    _forget(url)
    places = []
    for number in count(1):
        instance = Path(folder) / str(number)
        shutil.copytree(original, instance)
        place = _kill_and_recover(what, number, instance)
        if place is None:
            break
        places.append(place)
        shutil.rmtree(instance)
    print(json.dumps(places))


def _kill_and_recover(what: str, number: int, instance: Path) -> str | None:
    url = f"sqlite:///{instance / 'record'}"
    index = instance / "index"
    place = killed(
        number,
        lambda: act(what, url, WhooshEngine(index)),
        STEPS,
        lambda _: _on_disk(instance),
    )
    engine = WhooshEngine(index)
    left: Answers | None
    try:
        left = answers(engine)
    except NoIndex:
        left = None
    assert left in (None if what == "build" else BEFORE, AFTER), (place, left)
    assert_mended(url, engine)
    if what == "rebuild":
        sync.rebuild(engine, url)
    [used] = index.glob("index-*")
    known = {path.name for path in whoosh_store.segments_of(used)[0]}
    assert {path.name for path in used.glob("*.arrays")} == known, place
    assert place or len(known) == 1, "nothing was merged"
    engine.close()
    _forget(url)
    return place


def _on_disk(folder: Path) -> list[tuple[str, int, int]]:
    """What a crash would leave, short of the bytes themselves."""
    found = []
    waiting = [str(folder)]
    while waiting:
        with suppress(FileNotFoundError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                status = entry.stat()
                found.append((entry.path, status.st_size, status.st_ino))
                if entry.is_dir():
                    waiting.append(entry.path)
    return found


def _forget(url: str) -> None:
    shared_engine(url).dispose()


def kill_at_every_line(name: str, url: str, folder: str) -> None:
    """Kill a drain at each line of it, on a server; each time there is one change."""
    engine: Any = open_engine(name, Path(folder), url)
    with open_session(url, write=True) as session:
        make.actor(session, slug="aden", name="Aden")
        session.commit()
    sync.drain(engine, url)
    lines: set[tuple[str, int]] = set()

    def state(frame: FrameType) -> object:
        if frame.f_code.co_name in (
            "drain",
            "lock",
            "_drain",
            "announce",
            "write",
            "delete_jobs",
            "confirm",
        ):
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return len(lines)

    places = []
    modules = (sync, tie, queue, whoosh_engine, postgresql_engine)
    files = {str(module.__file__) for module in modules}
    for number in count(1):
        with open_session(url, write=True) as session:
            actor = session.scalars(select(Actor)).one()
            actor.name = f"Aden{number}"
            session.commit()
        _forget(url)
        place = killed(number, lambda: act("drain", url, engine), files, state)
        while sync.drain(engine, url).waiting:
            sleep(0.01)  # the server has yet to notice that its client is gone
        assert queue.waiting(url) == 0
        found = agreement.check(engine, url)
        assert found.agrees, (place, list(found.sentences()))
        word = Request(query=Term(f"aden{number}"))
        assert engine.search(word).total == 1, place
        if place is None:
            break
        places.append(place)
    print(json.dumps(places))


# Several at once


def follow(name: str, url: str, folder: str) -> None:
    """Drain in the background, as a web server does, until nobody listens."""
    drainer = Drainer(open_engine(name, Path(folder), url), url, interval=0.02)
    drainer.start()
    print("ready", flush=True)
    sys.stdin.read()
    drainer.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT))
    globals()[sys.argv[1]](*sys.argv[2:])
