"""What looks right in an editor and is not: refused or warned of, never silent."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from exchange.folder import read_folder
from exchange.suspects import copied_from, leftover, suspects
from exchange.yaml12 import read_yaml

DATASET = {
    "dataset.yaml": "slug: y\ntitle: Y\nrecorded: {at: 2026-01-02, by: A}\n",
    "sources/s.yaml": "slug: s\nkind: speech\ntitle: S\ntext: Anna spoke.\n",
}


def said(folder: Path, name: str, content: str | bytes) -> tuple[list[str], list[str]]:
    """Write a dataset with one more file; return its faults and its warnings."""
    for each, text in {**DATASET, name: content}.items():
        path = folder / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    read = read_folder(folder)
    return [str(fault) for fault in read.faults], [str(w) for w in read.warnings]


ANNA = "- {slug: anna, name: Anna Berg, kind: person}\n"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("actors.yaml", ANNA.encode("utf-16"),
         "actors.yaml: expected UTF-8 text (this is UTF-16: save it as UTF-8)"),
        ("actors.yaml", ANNA.encode("utf-32"), "this is UTF-32"),
        ("actors.yaml",
         "# x\n- {slug: a, name: Anná Berg, kind: person}".encode("cp1252"),
         "actors.yaml, line 2: expected UTF-8 text (byte 25 is not; as Windows-1252 it "
         "would read “a, name: Anná Berg, kind”: save the file as UTF-8)"),
        ("actors.yaml", "- slug: anna\n\tname: Anna\n\tkind: person\n",
         "actors.yaml, line 2: expected plain spaces as indentation (this line has"),
        ("actors.yaml", "- slug: anna\n\u00a0 name: Anna\n  kind: person\n",
         "actors.yaml, line 2: expected plain spaces as indentation (this line"),
        ("actors.yaml", "- slug: anna\n  name: A\n \u3000kind: person\n",
         "line 3: expected plain spaces as indentation (this line has U+3"),
        ("actors.yaml", "- {slug: Anna_Berg, name: Anna Berg, kind: person}",
         'line 1: slug: "Anna_Berg": expected a slug (a to z, 0 to 9 and hyphens), '
         "such as anna-berg"),
        ("sources/c.yaml", "slug: c\nkind: speech\ntitle: On: fish\ntext: X.\n",
         "sources/c.yaml, line 3: expected YAML 1.2 (mapping values are not allowed "
         "here); a text with a colon, a #, quotes or brackets goes in quotes"),
        ("sources/c.yaml", 'slug: c\nkind: speech\ntitle: "No" to war\ntext: X.\n',
         "goes in quotes"),
        ("sources/c.yaml", "slug: c\nkind: speech\ntitle: 2022\ntext: X.\n",
         'line 3: title: "2022": expected text (a number or word of YAML goes in'),
        ("actors.yml", ANNA, "actors.yml: expected one of the files dataset.yaml"),
        ("actors.yml", ANNA, "rename it to actors.yaml"),
        ("sources/t.YAML", "slug: t", "rename it to t.yaml"),
        ("sources/s (1).yaml", DATASET["sources/s.yaml"],
         "this looks like a copy of s.yaml"),
        ("sources/s - Copy.yaml", DATASET["sources/s.yaml"],
         "looks like a copy of s.yaml"),
        ("sources/Copy of s.yaml", DATASET["sources/s.yaml"], "a copy of s.yaml"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_file_line_and_remedy(
    tmp_path: Path, name: str, content: str | bytes, fault: str
) -> None:
    faults, _ = said(tmp_path, name, content)
    assert any(fault in each for each in faults), faults


@pytest.mark.parametrize(
    ("name", "content", "warning"),
    [
        ("sources/h.yaml",
         "slug: h\nkind: speech\ntitle: Resolution #5 adopted\ntext: X.",
         'sources/h.yaml, line 3: title: "Resolution": expected quotes around the text '
         "if “#5 adopted…” belongs to it: after a space, a # begins a comment"),
        ("sources/h.yaml", "slug: h\nkind: speech\ntitle: Law # 5\ntext: X.", "“# 5…”"),
        ("actors.yaml", '- {slug: a, name: "Anna Berg\u200b", kind: person}',
         "expected it without U+200B, which cannot be seen"),
        ("actors.yaml", '- {slug: a, name: "An\u00adna", kind: person}', "U+00AD"),
        ("actors.yaml", "- {slug: a, name: “Anna Berg”, kind: person}",
         "expected a name without the quotation marks around it"),
        ("actors.yaml", '- {slug: a, name: "Anna\u00a0Berg", kind: person}',
         "expected a plain space in the place of U+00A0"),
        ("actors.yaml", '- {slug: a, name: "Anna Berg\u00a0", kind: person}', "U+00A0"),
        ("sources/._s.yaml", b"\0\5\x16\7", "sources/._s.yaml: expected no such file "
         "(a file of macOS, not of the dataset; it was not read): delete it"),
        (".DS_Store", b"\0\0\0\1Bud1", ".DS_Store: expected no such file"),
        ("__MACOSX/sources/._s.yaml", b"\0", "__MACOSX: expected no such file"),
        ("sources/s.yaml~", "x", "a file that an editor left, or a copy"),
        ("sources/s.yaml.bak", "x", "it was not read"),
        ("sources/.s.yaml.swp", "x", "it was not read"),
        ("sources/#s.yaml#", "x", "it was not read"),
        ("sources/s.yaml.txt", "x", "it was not read"),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_warned_of_and_the_rest_is_read(
    tmp_path: Path, name: str, content: str | bytes, warning: str
) -> None:
    faults, warnings = said(tmp_path, name, content)
    assert faults == []
    assert len(warnings) == 1
    assert warning in warnings[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("actors.yaml", "\ufeff" + ANNA.replace("\n", "\r\n")),
        ("actors.yaml", '- {slug: a, name: "\u0645\u200c\u0646", kind: person}'),
        ("actors.yaml", "- {slug: norway, name: No, kind: state}"),
        (
            "actors.yaml",
            "- {slug: a, name: N'Djamena, kind: ngo}  # remark\n# 5 more\n",
        ),
        ("actors.yaml", "- {slug: a, name: 'A #5', kind: ngo}\n"),
        ("sources/q.yaml", "slug: q\nkind: speech\ntitle: Q\ntext: “A\u00a0b”\u200b\n"),
        ("sources/Talks (2).yaml", "slug: t-2\nkind: speech\ntitle: T\ntext: X."),
        ("README.md", "Read me."),
    ],
)
def test_what_is_meant_is_read_without_a_word(
    tmp_path: Path, name: str, content: str
) -> None:
    assert said(tmp_path, name, content) == ([], [])


@given(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=8),
    st.sampled_from("\u00ad\u200b\u2060\ufeff"),
    st.data(),
)
def test_an_invisible_character_is_found_wherever_it_stands(
    name: str, char: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(name)))
    record = {"name": "x", "names": [{"name": name[:at] + char + name[at:]}]}
    ((path, _, expected),) = suspects(record)
    assert path == ("names", 0, "name")
    assert f"U+{ord(char):04X}" in expected
    assert not list(suspects({"text": char, "evidence": [{"quote": char}]}))


@given(st.text("ab #:1x", min_size=1, max_size=12))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_number_sign_cuts_a_title_in_silence(tmp_path: Path, title: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(f"title: a{title}\n")
    parsed = read_yaml(path, "file.yaml")
    whole = f"a{title}".strip()
    if parsed.faults or parsed.value == {"title": whole}:
        return
    kept = str(parsed.value["title"])
    rest = whole[len(kept) :].lstrip()
    # A rule of number signs, or a sign and a space that no number follows.
    assert parsed.warnings or re.match(r"##|# +\D|# {2,}|#$", rest)


def test_names_of_copies_and_of_leftovers() -> None:
    assert copied_from("s (1)") == copied_from("s copy 2") == "s"
    assert copied_from("s") is None and copied_from("(1)") is None
    assert leftover("s.yaml") is None and leftover(".gitignore") is None
    assert leftover("notes.txt") is None
