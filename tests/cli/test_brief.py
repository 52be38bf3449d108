"""`dragoman brief`."""

from pathlib import Path

from tests.cli.conftest import Type
from tests.web.html import Html

TRILATERAL = "tehran-trilateral-2022-07"


def test_it_writes_the_brief(type_loaded: Type, tmp_path: Path) -> None:
    told = type_loaded("brief", TRILATERAL)
    assert told.exit_code == 0
    assert told.stdout.startswith("# Brief: Meeting of the presidents")
    path = tmp_path / "brief.html"
    told = type_loaded("brief", TRILATERAL, "--format", "html", "-o", path)
    assert told.exit_code == 0
    assert Html(path.read_text()).has("table")


def test_it_fails_in_a_sentence(type_loaded: Type) -> None:
    told = type_loaded("brief", "nowhere")
    assert told.exit_code == 1
    assert "nowhere" in told.stderr
    assert "odt" in type_loaded("brief", TRILATERAL, "--format", "odt").stderr
