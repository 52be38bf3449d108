"""Slugs are completed by the shell, and a shell never gets a complaint."""

import click
import pytest
from click.shell_completion import ShellComplete

from cli.verbs import dragoman


def completed(*words: str) -> list[str]:
    """What a shell is offered for the last word."""
    shell = ShellComplete(dragoman, {}, "dragoman", "_DRAGOMAN_COMPLETE")
    found = shell.get_completions(list(words[:-1]), words[-1])
    return [item.value for item in found]


@pytest.fixture
def in_(loaded: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled dataset is the one in the environment."""
    for name, value in loaded.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("in_")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("meeting", "tehran-t"), ["tehran-trilateral-2022-07"]),
        (("brief", "tehran-t"), ["tehran-trilateral-2022-07"]),
        (("meetings", "--actor", "turkey"), ["turkey"]),
        (("search", "--topic", "syria"), ["syria-conflict"]),
        (("stances", "--target", "united-s"), ["united-states"]),
        (("attach", "article-2022-07-12-"), ["article-2022-07-12-summary"]),
        (("export", "jsonl", "--source", "zz"), []),
        (("meeting", "%"), []),
        (("meeting", "NO SLUG"), []),
    ],
)
def test_slugs_are_completed(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


@pytest.mark.usefixtures("in_")
def test_no_more_are_offered_than_a_window_holds() -> None:
    assert 0 < len(completed("stances", "--target", "")) <= 200


def test_without_a_database_nothing_is_offered(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    assert completed("meeting", "t") == []
    assert capfd.readouterr().err == ""
    assert isinstance(dragoman, click.Group)
