"""`dragoman backup` and `restore`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Type, typing

pytestmark = pytest.mark.slow


def test_a_restored_instance_answers_searches_at_once(
    type_loaded: Type, tmp_path: Path
) -> None:
    file = tmp_path / "record.backup"
    assert "whole and on disk" in type_loaded("backup", str(file)).stdout
    other = typing({"DRAGOMAN_INSTANCE": str(tmp_path / "other")})
    (tmp_path / "other" / "index").mkdir(parents=True)
    (tmp_path / "other" / "index" / "stale").write_text("of another record")
    assert "the index holds" in other("restore", str(file)).stdout
    assert not (tmp_path / "other" / "index" / "stale").exists()
    found = other("search", "drones", "--json").stdout
    assert found == type_loaded("search", "drones", "--json").stdout
    assert other("check").exit_code == 0
    again = other("restore", str(file))
    assert again.exit_code == 1
    assert "is not empty" in again.stderr
    assert type_loaded("backup", str(file)).exit_code == 1
