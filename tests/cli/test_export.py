"""`dragoman export`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Type

pytestmark = pytest.mark.slow


def test_a_dataset_that_is_exported_loads_again(
    type_loaded: Type, type_: Type, tmp_path: Path
) -> None:
    told = type_loaded("export", "dataset", tmp_path / "out")
    assert told.exit_code == 0
    assert "15 meetings" in told.stdout
    assert "nothing changed" not in type_("load", tmp_path / "out").stdout
    assert "nothing changed" in type_("load", tmp_path / "out").stdout


def test_filters_choose_a_part(type_loaded: Type, tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    told = type_loaded("export", "jsonl", path, "--topic", "syria-conflict")
    assert told.exit_code == 0
    kinds = [json.loads(line)["type"] for line in path.read_text().splitlines()]
    assert 0 < kinds.count("stance") < 132
    assert kinds.count("meeting") > 0


def test_what_is_not_there_is_said_in_a_sentence(
    type_loaded: Type, tmp_path: Path
) -> None:
    path = tmp_path / "part"
    told = type_loaded("export", "dataset", path, "--actor", "atlantis")
    assert told.exit_code == 1
    assert told.stderr == 'No actor is called "atlantis".\n'
    assert not path.exists()
    told = type_loaded("export", "jsonl", tmp_path / "part.txt")
    assert told.exit_code == 2
    assert ".jsonl" in told.stderr


def test_views_and_other_files(type_loaded: Type, tmp_path: Path) -> None:
    assert type_loaded("export", "view", "stances").stdout.startswith("slug,holder,")
    path = tmp_path / "stances.parquet"
    told = type_loaded("export", "view", "stances", "--format", "parquet")
    assert told.exit_code == 1
    assert "--out" in told.stderr
    told = type_loaded("export", "view", "stances", "--format", "parquet", "-o", path)
    assert told.exit_code == 0
    assert path.read_bytes().startswith(b"PAR1")
    path = tmp_path / "stances.xlsx"
    told = type_loaded("export", "view", "stances", "--format", "xlsx")
    assert (told.exit_code, "--out" in told.stderr) == (1, True)
    told = type_loaded("export", "view", "stances", "--format", "xlsx", "-o", path)
    assert (told.exit_code, path.read_bytes()[:2]) == (0, b"PK")
    marked = type_loaded("export", "view", "stances", "--format", "excel-csv")
    assert marked.stdout.startswith("\ufeffslug,holder,")
    told = type_loaded("export", "citations", "article-2022-07-12")
    assert told.stdout.startswith("@misc{article-2022-07-12,")
    assert type_loaded("export", "citations", "nothing").exit_code == 1
    assert json.loads(type_loaded("export", "annotations").stdout)["items"]
    assert type_loaded("export", "ftm", "-o", tmp_path / "ftm.json").exit_code == 0
    first = (tmp_path / "ftm.json").read_text().splitlines()[0]
    assert json.loads(first)["schema"]
