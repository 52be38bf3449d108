"""Progress where nobody watches a bar."""

import pytest

from cli import tables


def test_a_log_gets_a_line_of_progress_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tables.progress("Loading") as move:
        move(1, 4)
        monkeypatch.setattr(tables, "_SECONDS", 0.0)
        move(2, 4)
        move(5, 0)  # how much there is to do is not known yet
        move(5, 4)
    said = capsys.readouterr()
    assert said.err.splitlines() == ["Loading: 50%", "Loading: 100%"]
    assert not said.out
