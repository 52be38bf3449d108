"""What disks do to an index: wrong bytes, no room. Never a wrong count."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from errors import Unavailable
from search.engines import Changes, Document, Request
from search.engines.whoosh import WhooshEngine
from search.fields import Kind
from search.tree import All, Phrase, Prefix, Term
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
    with closing(WhooshEngine(folder)) as engine:
        with engine.lock():
            engine.rebuild([document(1), document(2)])
        yield engine


def test_a_wrong_byte_anywhere_is_damage_or_changes_nothing(folder, engine):
    requests = [
        Request(query=query, facets=("kind", "actor", "year"), sort=sort)
        for query in (All(), Term("drones"), Phrase("for Iran"), Prefix("dro"))
        for sort in ("relevance", "date")
    ]
    expected = [engine.search(request) for request in requests]
    [path] = folder.glob("index-*/*.arrays")
    content = path.read_bytes()
    places = range(0, len(content), 11)
    damages = 0
    for place in places:
        wrong = bytearray(content)
        wrong[place] ^= 0x10
        path.write_bytes(wrong)
        with closing(WhooshEngine(folder)) as fresh:
            try:
                assert [fresh.search(request) for request in requests] == expected
            except Unavailable as error:
                assert "damaged" in error.detail and "dragoman reindex" in error.detail
                damages += 1
    assert damages > len(places) / 3


def test_a_wrong_byte_in_the_table_of_contents_is_damage(folder, engine):
    [path] = folder.glob("index-*/*.toc")
    content = path.read_bytes()
    for place in range(0, len(content), 5):
        wrong = bytearray(content)
        wrong[place] ^= 0x10
        path.write_bytes(wrong)
        with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
            WhooshEngine(folder).search(EVERYTHING)


FULL = """
import resource, signal, sys
from pathlib import Path
from errors import Unavailable
from search.engines import Changes
from search.engines.whoosh import WhooshEngine
from tests.search.test_damage import document

engine = WhooshEngine(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    with engine.lock():
        if sys.argv[2] == "write":
            engine.write(Changes([document(3)]))
        else:
            engine.rebuild([document(3)])
except Unavailable as error:
    print(error.detail)
"""


@pytest.mark.parametrize("what", ["write", "rebuild"])
def test_a_full_disk_is_said_and_the_index_stays_as_it_was(engine, folder, what):
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), what],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "cannot be written (File too large)" in ran.stdout, ran
    assert engine.search(EVERYTHING).total == 2
    with engine.lock():
        engine.write(Changes([document(3)]))
    assert engine.search(EVERYTHING).total == 3
    assert len(list(folder.glob("index-*"))) == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot be written.*stays queued"):
        with WhooshEngine(tmp_path / "file" / "index").lock():
            pass


def test_small_segments_are_merged_and_what_was_deleted_goes(engine, folder):
    for number in range(3, 40):
        gone = frozenset({f"passage/a/{number - 2:06}"})
        with engine.lock():
            engine.write(Changes([document(number, f"drones word{number}")], ids=gone))
    assert engine.search(Request(query=Term("drones"))).total == 2
    assert len(list(folder.glob("index-*/*.arrays"))) <= 4
    assert engine.search(Request(query=Term("word30"))).total == 0
