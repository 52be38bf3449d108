"""What disks do to an index: wrong bytes. Never a wrong count."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from errors import Unavailable
from search.engine import Changes, Document, Request
from search.engines.whoosh.arrays import ArrayFile
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.tree import All, Phrase, Prefix, Term

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


def test_reading_the_digests_finds_every_wrong_byte_of_the_arrays(folder, engine):
    [path] = folder.glob("index-*/*.arrays")
    content = path.read_bytes()
    expected = dict(engine.digests())
    places = range(0, len(content), 11)
    damages = 0
    for place in places:
        wrong = bytearray(content)
        wrong[place] ^= 0x10
        path.write_bytes(wrong)
        with closing(WhooshEngine(folder)) as fresh:
            try:
                assert dict(fresh.digests()) == expected
            except Unavailable as error:
                assert "damaged" in error.detail
                damages += 1
    path.write_bytes(content)
    # Between the arrays, which begin at round places, there is nothing to damage.
    kept = sum(array.nbytes for array in ArrayFile(path)._arrays.values())
    assert damages > 0.95 * kept / 11


def test_a_wrong_byte_in_the_table_of_contents_is_damage(folder, engine):
    [path] = folder.glob("index-*/*.toc")
    content = path.read_bytes()
    for place in range(0, len(content), 5):
        wrong = bytearray(content)
        wrong[place] ^= 0x10
        path.write_bytes(wrong)
        with pytest.raises(Unavailable, match="damaged.*dragoman reindex"):
            WhooshEngine(folder).search(EVERYTHING)


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
