"""Modules of somebody else's that have the names of ours: one sentence names them."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cli import NAMES
from settings import CHECKOUT


@pytest.mark.parametrize("name", ["settings", "models", "wording"])
def test_a_module_that_stands_in_the_way_is_named_with_its_place(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / f"{name}.py").write_text("mine = True\n")
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", "meetings"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"Python reads “{name}” from" in said
    assert f"{name}.py" in said
    assert "PYTHONPATH" in said


def test_all_of_our_top_level_names_are_looked_at() -> None:
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        ours = tomllib.load(file)["tool"]["setuptools"]
    packages = {name.rstrip("*") for name in ours["packages"]["find"]["include"]}
    assert set(NAMES) == (packages | set(ours["py-modules"])) - {"migrations"}
