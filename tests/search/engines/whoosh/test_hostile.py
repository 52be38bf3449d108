"""An index that somebody else made: copied, edited, or made to do harm."""

import json
import os
import pickle
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import Unavailable
from search.engine import Changes, Document, Request
from search.engines.whoosh import contents
from search.engines.whoosh.arrays import Damage, write_arrays
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.tree import All, Prefix, Term

DOCUMENT = Document(
    id="passage/a/000001",
    owner="source/a",
    kind=Kind.PASSAGE,
    text=(("Drones for Iran", "en"),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an index of one document."""
    folder = tmp_path / "index"
    with closing(WhooshEngine(folder)) as engine, engine.lock():
        engine.rebuild([DOCUMENT])
        engine.write(Changes([DOCUMENT]))
    return folder


class Harm:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._path),)


@pytest.fixture
def unpickled() -> Iterator[list[str]]:
    """What is looked up by name while anything is unpickled."""
    found: list[str] = []
    listening = True

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event == "pickle.find_class":
            found.append(".".join(map(str, arguments)))

    sys.addaudithook(hear)  # there is no way to take it away again
    yield found
    listening = False


def use(folder: Path) -> None:
    """Do everything that reads an index; it may be refused in a sentence."""
    with closing(WhooshEngine(folder)) as engine:
        for act in (
            engine.check,
            engine.languages,
            lambda: engine.similar("drnes"),
            lambda: engine.search(Request(query=Term("drones"), facets=("kind",))),
            lambda: engine.search(Request(query=Prefix("d"))),
            lambda: engine.search(Request(query=All(), sort="date")),
            lambda: dict(engine.digests()),
        ):
            with suppress(Unavailable):
                act()
        with engine.lock(), suppress(Unavailable):
            engine.write(Changes([DOCUMENT]))


def test_reading_and_writing_an_index_unpickles_nothing(folder, unpickled):
    use(folder)
    assert unpickled == []


@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("signed", [None, "bytes", "line"])
def test_a_pickle_in_the_place_of_any_file_is_not_run(
    folder, tmp_path, unpickled, protocol, signed
):
    harm = pickle.dumps(Harm(tmp_path / "harm"), protocol)
    if signed == "bytes":
        harm += crc32(harm).to_bytes(4, "big")
    elif signed == "line":
        harm += b"%08x\n" % crc32(harm)
    files = [path for path in folder.rglob("*") if path.is_file()]
    for number, path in enumerate(files):
        copied = shutil.copytree(folder, tmp_path / f"copy-{number}")
        (copied / path.relative_to(folder)).write_bytes(harm)
        use(copied)
    assert not (tmp_path / "harm").exists()
    assert unpickled == []


@pytest.mark.parametrize(
    "name",
    [
        "..", ".", "", "/", "/etc", "../other", "index-../other", "elsewhere",
        "index-" + "a" * 31, "index-" + "a" * 32 + "/..", "index-" + "A" * 32,
        "index-" + "a" * 32 + "\n", None, 7, ["index-" + "a" * 32], {"a": 1},
    ],
)  # fmt: skip
def test_only_a_plain_folder_inside_can_be_the_index_in_use(folder, tmp_path, name):
    [real] = folder.glob("index-*")
    other = tmp_path / "other"
    real.rename(other)
    said = json.loads((folder / "current.json").read_text())
    (folder / "current.json").write_text(json.dumps(said | {"folder": name}))
    with pytest.raises(Unavailable, match="damaged.*names no folder"):
        WhooshEngine(folder).check()


def test_a_link_that_leads_out_of_the_instance_is_not_followed(folder, tmp_path):
    [real] = folder.glob("index-*")
    real.rename(tmp_path / "other")
    real.symlink_to(tmp_path / "other")
    with pytest.raises(Unavailable, match="damaged.*leads elsewhere"):
        WhooshEngine(folder).check()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=3),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["generation", "token", "segments", "x"]), below, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=json_values | st.binary(max_size=60))
def test_whatever_a_table_of_contents_says_it_is_read_or_refused(tmp_path, said):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    body += b"\n"
    path = tmp_path / contents.file_name(1)
    path.write_bytes(body + b"%08x\n" % crc32(body))
    with suppress(Damage):
        assert contents.read(tmp_path).generation == 1


@pytest.mark.parametrize(
    "segment",
    [
        ["../../../etc/passwd", 1, []], ["a" * 16 + "/..", 1, []], ["", 1, []],
        ["a" * 16, -1, []], ["a" * 16, 1, [1]], ["a" * 16, 1, [-1]],
        ["a" * 16, True, []], ["a" * 16, 1, [0.0]], ["a" * 16, 1, ["0"]],
        ["a" * 16, "1", []], ["a" * 16, 1], [None, 1, []], "a" * 16,
    ],
)  # fmt: skip
def test_a_segment_that_no_writer_wrote_is_damage(tmp_path, segment):
    body = json.dumps({"generation": 1, "token": None, "segments": [segment]}).encode()
    body += b"\n"
    (tmp_path / contents.file_name(1)).write_bytes(body + b"%08x\n" % crc32(body))
    with pytest.raises(Damage):
        contents.read(tmp_path)


def test_arrays_of_objects_are_not_read(folder):
    import numpy as np

    [path] = list(folder.glob("index-*/*.arrays"))[:1]
    with path.open("wb") as file:
        write_arrays(file, {"earliest": np.array(["ab"], dtype="U2").view("V8")})
    with pytest.raises(Unavailable, match="no array of numbers"):
        WhooshEngine(folder).check()
