"""`dragoman load`, `attach`, `anchor`."""

import gzip
import json
from pathlib import Path

import pytest

from cli.serving import BUNDLED
from tests.cli.conftest import Type

TEXT = "The ministers met in Geneva.\n\nThey spoke of grain, and of peace.\n"
DATASET = {
    "dataset.yaml": "slug: small\ntitle: Small\nrecorded: {at: 2022-07-12, by: me}\n",
    "actors.yaml": (
        "- {slug: switzerland, name: Switzerland, kind: state}\n"
        "- slug: geneva-group\n  name: Geneva Group\n  kind: bloc\n"
        "  memberships:\n"
        "    - organization: geneva-group\n"
        "      status: member\n"
    ),
    "sources/letter.yaml": (
        "slug: letter\nkind: readout\ntitle: A letter\ntext_file: letter.txt\n"
    ),
    "sources/letter.txt": TEXT,
    "meetings/geneva.yaml": (
        "slug: geneva\ntitle: Meeting in Geneva\nkind: meeting\n"
        "evidence: [{source: letter, quote: met in Geneva}]\n"
    ),
}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for name, text in DATASET.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    actors = folder / "actors.yaml"
    actors.write_text(actors.read_text().partition("- slug: geneva-group")[0])
    return folder


def test_a_dataset_is_loaded_once(type_: Type, dataset: Path) -> None:
    first = type_("load", dataset)
    assert first.exit_code == 0
    assert "meeting" in first.stdout
    again = type_("load", dataset)
    assert again.exit_code == 0
    assert again.stdout == "small: nothing changed.\n"


def test_what_is_probably_not_meant_is_shown_and_counted(
    type_: Type, dataset: Path
) -> None:
    actors = dataset / "actors.yaml"
    text = actors.read_text("utf-8")
    actors.write_text(text.replace("name: Switzerland", "name: “Switzerland”"), "utf-8")
    (dataset / ".DS_Store").write_bytes(b"\0")
    answer = type_("load", dataset)
    assert answer.exit_code == 0
    assert "warnings: 2" in answer.stdout
    assert 'Warning: actors.yaml, line 1: name: "“Switzerland”": exp' in answer.stderr
    assert "Warning: .DS_Store: expected no such file" in answer.stderr
    assert "warnings: 2" in type_("load", dataset).stdout
    [report] = json.loads(type_("load", "--json", dataset).stdout)
    assert (report["warned"], len(report["warnings"])) == (2, 2)


def test_a_load_reports_as_json(type_: Type, dataset: Path) -> None:
    [report] = json.loads(type_("load", "--json", dataset).stdout)
    assert report["counts"]["meeting"]["added"] == 1
    assert report["refusals"] == []


def test_the_faults_of_a_dataset_are_named_a_line_each(
    type_: Type, dataset: Path
) -> None:
    meeting = dataset / "meetings" / "geneva.yaml"
    meeting.write_text(meeting.read_text() + "kindness: great\ndate: soon\n")
    result = type_("load", dataset)
    assert result.exit_code == 1
    assert "meetings/geneva.yaml, line 5: kindness" in result.stderr
    assert "meetings/geneva.yaml, line 6: date" in result.stderr
    assert result.stderr.endswith("nothing was changed.\n")
    assert type_("sql", "--format", "csv", "select slug from meetings").stdout == (
        "slug\n"
    )


def test_the_refused_lines_of_a_stream_are_named_and_the_rest_is_loaded(
    type_: Type, tmp_path: Path
) -> None:
    stream = tmp_path / "actors.jsonl.gz"
    good = json.dumps(
        {"type": "actor", "slug": "iran", "name": "Iran", "kind": "state"}
    )
    stream.write_bytes(gzip.compress(f"{good}\n{{not json\n".encode()))
    result = type_("load", stream)
    assert result.exit_code == 1
    assert "actors.jsonl.gz, line 2" in result.stderr
    assert "1 record was refused" in result.stderr
    assert "iran" in type_("sql", "select slug from actors").stdout


def test_several_paths_are_loaded_in_order(
    type_: Type, dataset: Path, tmp_path: Path
) -> None:
    result = type_("load", dataset, dataset, tmp_path / "nothing")
    assert result.exit_code == 1
    assert "small: nothing changed." in result.stdout
    assert "does not exist" in result.stderr


def test_a_wrong_text_is_not_attached(type_loaded: Type, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(TEXT)
    result = type_loaded("attach", "article-2022-07-12", wrong)
    assert result.exit_code == 1
    assert result.stderr.count("SHA-256") == 1
    assert "nothing changed" in result.stderr


def test_the_article_is_attached_once(type_loaded: Type, article_path: Path) -> None:
    first = type_loaded("attach", "article-2022-07-12", article_path)
    assert first.exit_code == 0
    assert "quotes filled in" in first.stdout
    again = type_loaded("attach", "article-2022-07-12", article_path)
    assert "nothing changed" in again.stdout
    assert again.exit_code == 0


def test_a_text_for_an_unknown_source_is_an_error(type_: Type, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT)
    result = type_("attach", "nobody", text)
    assert result.exit_code == 1
    assert "nobody" in result.stderr


def test_quotes_become_positions(type_: Type, dataset: Path) -> None:
    letter = dataset / "sources" / "letter.txt"
    result = type_("anchor", dataset, "letter", letter)
    assert result.exit_code == 0
    assert "meetings/geneva.yaml" in result.stdout
    assert "take it out" in result.stderr
    assert "start: 14" in (dataset / "meetings" / "geneva.yaml").read_text()
    letter.unlink()
    assert type_("load", dataset).exit_code == 0


def test_the_bundled_dataset_is_there() -> None:
    assert (BUNDLED / "dataset.yaml").is_file()


def test_quotes_are_repaired_and_each_change_is_said(
    type_: Type, dataset: Path
) -> None:
    meeting = dataset / "meetings" / "geneva.yaml"
    meeting.write_text(meeting.read_text().replace("met in Geneva}", "MET in Geneva}"))
    refused = type_("load", dataset)
    assert refused.exit_code != 0
    assert "the quote differs in upper and lower case" in refused.stderr
    answer = type_("anchor", "--repair", dataset)
    assert answer.exit_code == 0
    assert 'quote: "MET in Geneva" becomes “met in Geneva”' in answer.stdout
    assert type_("load", dataset).exit_code == 0
    assert "Nothing to repair" in type_("anchor", "--repair", dataset).stdout
    for arguments in ([dataset], [dataset, "letter"], ["--repair", dataset, "letter"]):
        answer = type_("anchor", *arguments)
        assert answer.exit_code != 0
        assert "Give DATASET SOURCE FILE, or --repair and DATASET" in answer.stderr
