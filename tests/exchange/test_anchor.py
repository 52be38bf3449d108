"""Turning quotes into positions, in the files themselves."""

from pathlib import Path

import pytest

from errors import Conflict, DragomanError, InputFaults, NotFound
from exchange.anchor import anchor
from exchange.folder import read_folder
from exchange.passages import text_hash
from tests.exchange.small import FILES, TEXT, edit, write_small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_text(TEXT, encoding="utf-8", newline="")
    return path


def test_quotes_become_positions_and_all_else_stays_as_it_was(
    folder: Path, document: Path
) -> None:
    anchored = anchor(folder, "report", document)
    assert anchored.quotes == 10
    assert anchored.notes == [
        "report.txt still holds the text: take it out before you publish"
    ]
    start = TEXT.index("“We want")
    assert (folder / "stances.yaml").read_text("utf-8") == FILES[
        "stances.yaml"
    ].replace(
        "quote: “We want peace,” Ms Berg said.",
        f"start: {start}\n      end: {start + 30}",
    ).replace("quote: Suria’s delegation left", "start: 123, end: 146")
    source = (folder / "sources/report.yaml").read_text("utf-8")
    assert f"sha256: {text_hash(TEXT)}\n  length: 169\n  passages:\n" in source
    assert "text_file" not in source
    assert source.endswith("mentions: [{passage: 1, actor: league}]\n")


def test_anchored_files_mean_the_same_and_a_further_run_changes_nothing(
    folder: Path, document: Path
) -> None:
    anchor(folder, "report", document)
    assert read_folder(folder).faults == []
    files = {path: path.read_bytes() for path in folder.rglob("*.*")}
    anchored = anchor(folder, "report", document)
    assert (anchored.quotes, anchored.files) == (0, [])
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == files


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "{prefix: 'May.\n\n\n      “', quote: We want peace, role: supports}",
            "{start: 62, end: 75, role: supports}",
        ),
        (
            "{quote: The talks w, suffix: ill, role: context}",
            "{start: 148, end: 159, role: context}",
        ),
        (
            "{quote: We want peace, start: 62, end: 75}",
            "{start: 62, end: 75}",
        ),
        (
            "# a note\n      quote: |-\n        We want peace\n      # more\n"
            "      prefix: “\n      role: supports",
            "# a note\n      start: 62\n      end: 75\n      # more\n"
            "      role: supports",
        ),
        (
            "prefix: “\n      suffix: ','\n      quote: >-\n        We want\n"
            "        peace\n      role: supports",
            "start: 62\n      end: 75\n      role: supports",
        ),
    ],
)
def test_every_layout_of_a_quote_is_rewritten_in_place(
    folder: Path, document: Path, old: str, new: str
) -> None:
    def item(body: str) -> str:
        if body.startswith("{"):
            return "{source: report, " + body[1:]
        return body + "\n      source: report"

    extra = """
- slug: more
  holder: anna-berg
  actor: suria
  position: unclear
  mode: inferred
  evidence:
    - {}
"""
    path = folder / "stances.yaml"
    path.write_text(extra.replace("{}", item(old)), encoding="utf-8")
    anchor(folder, "report", document)
    assert path.read_text("utf-8") == extra.replace("{}", item(new))


def test_windows_line_ends_stay(folder: Path, document: Path) -> None:
    edit(
        folder,
        "stances.yaml",
        "      said_by",
        "      suffix: ' The talks'\n      said_by",
    )
    for path in folder.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    anchor(folder, "report", document)
    for path in folder.rglob("*.yaml"):
        content = path.read_bytes()
        assert content.count(b"\r\n") == content.count(b"\n")


def test_a_quote_that_is_not_found_changes_no_file(
    folder: Path, document: Path
) -> None:
    edit(folder, "stances.yaml", "“We want peace,”", "“They want peace,”")
    files = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.raises(InputFaults, match="stances.yaml, line 15: quote: "):
        anchor(folder, "report", document)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == files


def test_aliases_are_refused_because_they_cannot_be_edited_in_place(
    folder: Path, document: Path
) -> None:
    quote = "[{source: report, quote: Suria’s delegation left, role: context}]"
    edit(folder, "stances.yaml", quote, f"&left {quote}")
    path = folder / "stances.yaml"
    content = path.read_text("utf-8")
    path.write_text(
        content + "- slug: again\n  holder: norland\n  actor: suria\n"
        "  position: unclear\n  mode: inferred\n  evidence: *left\n"
    )
    files = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.raises(DragomanError, match="cannot be rewritten safely"):
        anchor(folder, "report", document)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == files


def test_another_text_or_an_unknown_source_is_refused(
    folder: Path, document: Path
) -> None:
    with pytest.raises(NotFound, match='No source is called "nothing" in the dataset'):
        anchor(folder, "nothing", document)
    document.write_text("Other words.")
    with pytest.raises(Conflict) as caught:
        anchor(folder, "report", document)
    assert text_hash(TEXT) in caught.value.detail
    assert text_hash("Other words.") in caught.value.detail
