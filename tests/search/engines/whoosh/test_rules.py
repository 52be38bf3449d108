"""An index whose checksums are right and whose numbers are anybody's."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import Unavailable
from search.engine import Changes, Document, Request
from search.engines.whoosh.arrays import Array, ArrayFile, write_arrays
from search.engines.whoosh.engine import WhooshEngine
from search.fields import Kind
from search.tree import All, AnyOf, Fuzzy, Node, Not, Or, Phrase, Prefix, Term, Wildcard

DOCUMENTS = [
    Document(
        id=f"passage/source-{number}/{number:06}",
        owner=f"source/source-{number}",
        kind=Kind.PASSAGE,
        text=((text, language),),
        title=(("Readout of the talks", "en"),),
        subjects=("Grain",),
        values={"actor": ("iran", "aden")[: number % 3], "topic": ("arms",)},
    )
    for number, (text, language) in enumerate(
        [
            ("Drones for Iran, and drones again", "en"),
            ("Les drones de l'Iran", "fr"),
            ("Nothing of the kind was said", "en"),
            ("The drones-for-grain talks", "en"),
            ("Iran said that drones were for grain", None),
        ]
    )
]

QUERIES: list[Node] = [
    All(),
    Term("drones"),
    Term("grain", field="subject"),
    Phrase("drones for"),
    Prefix("dr"),
    Prefix("i", field="actor"),
    Wildcard("*ain"),
    Fuzzy("drnes", 1),
    Not(Term("iran")),
    Or((Term("drones"), Phrase("for grain", 3), AnyOf("actor", ("iran", "aden")))),
]

FACETS = ("kind", "actor", "topic", "source", "year")


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The instance folder of an index of five documents, in one segment."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    with closing(WhooshEngine(folder)) as engine, engine.lock():
        engine.rebuild(DOCUMENTS)
    yield folder


def read(folder: Path) -> dict[str, Array]:
    [path] = folder.glob("index-*/*.arrays")
    file = ArrayFile(path)
    return {name: np.array(file[name]) for name in file}


def use(folder: Path) -> None:
    """Do all that reads an index, and merge it: answered, or refused in a sentence."""
    with closing(WhooshEngine(folder)) as engine:
        acts: list[Callable[[], object]] = [
            engine.check,
            engine.languages,
            partial(engine.similar, "drnes"),
            lambda: dict(engine.digests()),
        ]
        for sort in ("relevance", "date", "-date"):
            filters = (("actor", AnyOf("actor", ("iran",))),) * (sort == "date")
            acts += [
                partial(
                    engine.search,
                    Request(
                        query=query,
                        filters=filters,
                        sort=sort,
                        facets=FACETS,
                        broader={"topic": {"arms": ("war",)}},
                    ),
                )
                for query in QUERIES
            ]
        for act in acts:
            try:
                act()
            except Unavailable as error:
                assert "damaged" in error.detail
                assert "dragoman reindex" in error.detail
        with engine.lock():
            try:  # three of five are gone, so what is left is written anew
                gone = frozenset(document.id for document in DOCUMENTS[:3])
                engine.write(Changes([DOCUMENTS[0]], ids=gone))
            except Unavailable as error:
                assert "damaged" in error.detail


def numbers_of(kind: np.dtype) -> st.SearchStrategy[int]:
    if kind.kind == "b":
        return st.integers(0, 1)
    limits = np.iinfo(kind)
    near = st.integers(-2, 70).map(lambda n: int(np.clip(n, limits.min, limits.max)))
    return near | st.integers(int(limits.min), int(limits.max))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_numbers_an_index_holds_it_is_read_or_said_to_be_damaged(
    arrays, tmp_path, data
):
    copied = tmp_path / uuid.uuid4().hex
    shutil.copytree(arrays, copied)
    numbers = read(copied)
    for _ in range(data.draw(st.integers(1, 3), label="arrays changed")):
        name = data.draw(st.sampled_from(sorted(numbers)), label="array")
        kind = numbers[name].dtype
        kind = data.draw(st.sampled_from([kind, kind, np.dtype("i8")]), label="type")
        more = data.draw(st.sampled_from([0, 0, 0, -1, 1]), label="longer by")
        array = np.resize(numbers[name], max(0, len(numbers[name]) + more)).astype(kind)
        if len(array):
            places = st.integers(0, len(array) - 1)
            changed = st.dictionaries(places, numbers_of(kind), max_size=9)
            for place, value in data.draw(changed, label="numbers").items():
                array[place] = value
        numbers[name] = array
    [path] = copied.glob("index-*/*.arrays")
    path.unlink()
    with path.open("wb") as file:
        write_arrays(file, numbers)
    use(copied)
    shutil.rmtree(copied)
