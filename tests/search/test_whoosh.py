"""What is particular to the index in a folder: versions, damage, locks, rebuilds."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from errors import Unavailable
from search.engines import Changes, Document, Locked, NoIndex, Request, open_engine
from search.engines.evaluation import MOST_WORDS
from search.engines.whoosh import VERSION, WhooshEngine
from search.fields import Kind
from search.language import QueryError
from search.tree import All, Prefix, Term
from settings import CHECKOUT

EVERYTHING = Request(query=All())


def document(number: int, text: str = "Drones for Iran") -> Document:
    return Document(
        id=f"passage/a/{number:06}",
        owner="source/a",
        kind=Kind.PASSAGE,
        text=((text, "en"),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    engine = WhooshEngine(folder)
    with engine.lock():
        engine.rebuild([document(1), document(2)])
    yield engine
    engine.close()


def test_a_missing_index_names_the_remedy(folder):
    with pytest.raises(NoIndex, match="dragoman reindex"):
        WhooshEngine(folder).search(EVERYTHING)


@pytest.mark.parametrize("version", ["documents", "analyser", "byteorder", "engine"])
def test_an_index_of_another_version_is_not_read(engine, folder, version):
    current = folder / "current.json"
    said = json.loads(current.read_text())
    assert {key: said[key] for key in VERSION} == VERSION
    current.write_text(json.dumps(said | {version: "other"}))
    with pytest.raises(NoIndex, match="another version.*dragoman reindex"):
        engine.search(EVERYTHING)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"engine": 1}'])
def test_an_unreadable_current_file_is_damage(engine, folder, content):
    (folder / "current.json").write_bytes(content)
    with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
        engine.search(EVERYTHING)


@pytest.mark.parametrize("pattern", ["*.toc", "*.arrays"])
@pytest.mark.parametrize("kept", [0, 10, 200])
def test_a_truncated_file_is_damage_or_goes_unnoticed(folder, engine, pattern, kept):
    expected = engine.search(EVERYTHING)
    [path] = folder.glob(f"index-*/{pattern}")
    path.write_bytes(path.read_bytes()[:kept])
    fresh = WhooshEngine(folder)
    with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
        assert fresh.search(EVERYTHING) == expected
        fresh.search(Request(query=Term("drones")))
    fresh.close()


def test_a_vanished_folder_is_damage(engine, folder):
    [path] = folder.glob("index-*")
    shutil.rmtree(path)
    with pytest.raises(Unavailable, match="damaged"):
        WhooshEngine(folder).search(EVERYTHING)


def test_an_open_engine_sees_the_commits_of_another(engine, folder):
    assert engine.search(EVERYTHING).total == 2
    other = WhooshEngine(folder)
    with other.lock():
        other.write(Changes([document(3)], ids=frozenset({"passage/a/000001"})))
    ids = [hit.id for hit in engine.search(EVERYTHING).hits]
    assert ids == ["passage/a/000002", "passage/a/000003"]


def test_an_open_engine_sees_a_rebuilt_index(engine, folder):
    assert engine.search(EVERYTHING).total == 2
    other = WhooshEngine(folder)
    with other.lock():
        other.rebuild([document(9)])
    assert engine.search(EVERYTHING).total == 1
    assert len(list(folder.glob("index-*"))) == 1


def test_a_failed_rebuild_leaves_the_index_in_use(engine, folder):
    def broken() -> Iterator[Document]:
        yield document(9)
        raise RuntimeError("out of documents")

    with engine.lock(), pytest.raises(RuntimeError):
        engine.rebuild(broken())
    assert engine.search(EVERYTHING).total == 2
    assert len(list(folder.glob("index-*"))) == 1


def test_a_failed_write_changes_nothing(engine):
    def broken() -> Iterator[Document]:
        yield document(1, "Grain")
        raise RuntimeError("out of documents")

    with engine.lock(), pytest.raises(RuntimeError):
        engine.write(Changes(broken(), owners=frozenset({"source/a"})))
    assert engine.search(Request(query=Term("drones"))).total == 2
    with engine.lock():  # and the next writer is not kept out
        engine.write(Changes([document(3)]))
    assert engine.search(EVERYTHING).total == 3


def test_a_document_may_come_once_in_a_commit(engine):
    with engine.lock(), pytest.raises(ValueError, match="comes twice"):
        engine.write(Changes([document(5), document(5)]))


def test_one_writer_at_a_time(engine, folder):
    with engine.lock():
        with pytest.raises(Locked, match="queued"), WhooshEngine(folder).lock():
            pass
    with WhooshEngine(folder).lock():
        pass


def test_a_killed_writer_leaves_no_lock(engine, folder):
    code = (
        "import os, signal; from pathlib import Path;"
        "from search.engines.whoosh import WhooshEngine;"
        f"lock = WhooshEngine(Path({str(folder)!r})).lock(); lock.__enter__();"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False)
    with engine.lock():
        pass


def test_readers_search_while_somebody_writes(engine):
    stop = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not stop.is_set():
            found = engine.search(Request(query=Term("drones")))
            if found.total != len(found.hits) or found.total % 2:
                wrong.append(found)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 5):
        with engine.lock():  # two at a time: nobody may see half a commit
            added = [document(2 * number), document(2 * number + 1)]
            engine.write(Changes(added))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_prefix_of_too_many_words_is_refused(engine):
    text = " ".join(f"a{number}x" for number in range(MOST_WORDS + 1))
    with engine.lock():
        engine.write(Changes([document(3, text)]))
    with pytest.raises(QueryError, match="more than 2,000 different words"):
        engine.search(Request(query=Prefix("a")))
    assert engine.search(Request(query=Prefix("a1999"))).total == 1


def test_a_long_text_keeps_all_its_positions(engine):
    text = "word " * 70_000 + "end"
    with engine.lock():
        engine.write(Changes([document(3, text)]))
    assert engine.search(Request(query=Term("end"))).total == 1


def test_similar_words_are_nearest_first_then_most_frequent(engine):
    with engine.lock():
        engine.write(Changes([document(3, "trains"), document(4, "trains drains")]))
    assert engine.similar("drains") == ("trains",)
    assert engine.similar("dronse") == ("drones",)
    assert engine.similar("xylophone") == ()


def test_an_engine_is_opened_once_for_a_folder(folder):
    assert open_engine("whoosh", folder) is open_engine("whoosh", folder)
    with pytest.raises(Unavailable, match="no search engine called"):
        open_engine("sphinx", folder)
