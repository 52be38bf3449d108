"""The writer of YAML: what it writes, readers of both versions read as it was meant."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from exchange.export.yaml import dump, dump_item, nodes
from exchange.yaml12 import read_yaml

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
scalars = texts | st.integers(-(10**9), 10**9) | st.booleans()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=20,
)
documents = st.dictionaries(texts, values, min_size=1, max_size=4)


def read(text: str) -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.yaml"
        path.write_bytes(text.encode())
        parsed = read_yaml(path, "file.yaml")
    assert not parsed.faults
    return parsed.value


@given(documents)
def test_what_is_written_is_read_as_it_was(value: dict[str, Any]) -> None:
    assert read(dump(value)) == value
    assert dump(value) == dump(read(dump(value)))


@given(st.lists(documents, min_size=1, max_size=3))
def test_items_make_a_list(items: list[dict[str, Any]]) -> None:
    assert read("".join(map(dump_item, items))) == items


@given(documents)
def test_readers_of_yaml_1_1_take_no_text_for_something_else(value: Any) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    leaves = [item for item in value.values() if isinstance(item, str)]
    found = yaml.load(dump({"leaves": leaves, "n": 1}))
    assert [str(leaf) for leaf in found["leaves"]] == leaves


def test_it_is_laid_out_for_people_and_for_line_by_line_comparison() -> None:
    value = {
        "slug": "salt",
        "date": {"edtf": "2022-06-01/2022-06-10", "as_written": "early June"},
        "title": "Salt: a “short” history",
        "several": True,
        "notes": ["NO", "2022", "", " x", "=1+1", "a\nb", "<script>", "Ω, ë", "سلام"],
        "evidence": [{"source": "s", "said_by": [{"speaker": "a", "verb": "quoted"}]}],
    }
    assert dump(value) == (
        "slug: salt\n"
        "date: {edtf: 2022-06-01/2022-06-10, as_written: early June}\n"
        'title: "Salt: a “short” history"\n'
        "several: true\n"
        'notes: ["NO", "2022", "", " x", "=1+1", "a\\nb", "<script>", "Ω, ë", "سلام"]\n'
        "evidence:\n"
        "  - source: s\n"
        "    said_by: [{speaker: a, verb: quoted}]\n"
    )
    assert nodes(value) == 24
