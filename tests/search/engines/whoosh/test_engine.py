"""What is particular to the index in a folder: versions, damage, locks, rebuilds."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from errors import Unavailable
from search.engine import Changes, Document, NoIndex, Request
from search.engines import open_engine
from search.engines.whoosh.engine import VERSION, WhooshEngine
from search.fields import Kind
from search.tree import All, Term

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
@pytest.mark.parametrize("kept", [0, 10, 60])
def test_a_truncated_file_is_damage_or_goes_unnoticed(folder, engine, pattern, kept):
    expected = engine.search(EVERYTHING)
    [path] = folder.glob(f"index-*/{pattern}")
    path.write_bytes(path.read_bytes()[:kept])
    fresh = WhooshEngine(folder)
    with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
        assert fresh.search(EVERYTHING) == expected
        fresh.search(Request(query=Term("drones")))
    fresh.close()


def test_a_seeded_random_does_not_give_a_segment_the_name_of_another(engine, folder):
    """Whoever reproduces a computation seeds `random`, and loads afterwards."""
    for number in range(3, 7):
        random.seed(0)
        with engine.lock():
            engine.write(Changes([document(number)]))
    assert engine.search(EVERYTHING).total == 6
    assert all(len(path.stem) == 21 for path in folder.glob("index-*/*.arrays"))


def test_a_vanished_folder_is_damage(engine, folder):
    [path] = folder.glob("index-*")
    shutil.rmtree(path)
    with pytest.raises(Unavailable, match="damaged"):
        WhooshEngine(folder).search(EVERYTHING)


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


def test_an_engine_is_opened_once_for_a_folder(folder):
    assert open_engine("whoosh", folder) is open_engine("whoosh", folder)
    with pytest.raises(Unavailable, match="no search engine called"):
        open_engine("sphinx", folder)


def test_what_a_killed_rebuild_left_goes_with_the_next_writer(engine, folder):
    left = folder / ("index-" + "0" * 32)
    left.mkdir()
    (left / "MAIN_x.arrays").write_bytes(b"half of it")
    with engine.lock():
        assert not left.exists()
    assert engine.search(EVERYTHING).total == 2


def test_an_index_that_may_not_be_read_is_not_called_damaged(engine, folder):
    current = folder / "current.json"
    current.unlink()
    current.symlink_to(current)  # no user can read this, not even the tests' root
    engine.close()
    with pytest.raises(Unavailable, match="cannot be read") as caught:
        engine.search(EVERYTHING)
    assert "damaged" not in caught.value.detail
    assert str(folder) in caught.value.detail
    assert str(folder) not in caught.value.public
