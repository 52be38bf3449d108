"""docs/cookbook.md: every snippet runs, in order, and prints what the page says."""

import contextlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from settings import CHECKOUT, Settings

PAGE = CHECKOUT / "docs" / "cookbook.md"
#: A snippet, and what it prints if it prints anything.
SNIPPET = re.compile(r"```python\n(.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def test_every_snippet_prints_what_the_page_says(
    tehran: Settings,
    monkeypatch: pytest.MonkeyPatch,
    document: Callable[[str, str], None],
    tmp_path: Any,
) -> None:
    """`make docs` writes what the snippets print below each of them."""
    monkeypatch.setenv("DRAGOMAN_INSTANCE", str(tehran.instance))
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", tehran.database_url)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "cookbook"}

    def run(found: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(found[1], str(PAGE), "exec"), names)
        said = f"\n```text\n{printed.getvalue()}```\n" if printed.getvalue() else ""
        return f"```python\n{found[1]}```\n{said}"

    page = PAGE.read_text(encoding="utf-8")
    assert len(SNIPPET.findall(page)) > 10
    document("docs/cookbook.md", SNIPPET.sub(run, page))
