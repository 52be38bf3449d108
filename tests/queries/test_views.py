"""The views as documented, and the views as they are."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import inspect

from models import make_engine
from queries.views import EXAMPLES, VIEWS, Example, View
from settings import CHECKOUT, Settings

PAGE = "docs/sql.md"


def test_each_view_has_exactly_the_columns_that_are_documented(
    settings: Settings,
) -> None:
    engine = make_engine(settings.database_url)
    inspector = inspect(engine)
    found = {
        name: [column["name"] for column in inspector.get_columns(name)]
        for name in inspector.get_view_names()
    }
    engine.dispose()
    assert found == {
        view.name: [column.name for column in view.columns] for view in VIEWS
    }


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_what_is_said_of_a_view_is_short_and_plain(view: View) -> None:
    assert view.about.endswith((".", "…"))
    for column in view.columns:
        assert column.about and len(column.about) <= 110, column
        assert not column.about.endswith("."), column


def test_the_page_about_sql_is_current(document: Callable[[str, str], None]) -> None:
    page = (CHECKOUT / PAGE).read_text(encoding="utf-8")
    page = fill(page, "examples", "\n\n".join(map(_example, EXAMPLES)))
    document(PAGE, fill(page, "views", "\n\n".join(map(_view, VIEWS))))


def fill(page: str, name: str, text: str) -> str:
    """Return `page` with `text` between the marks of that name."""
    begin, end = f"<!-- {name} -->\n", "<!-- end -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}\n{text}\n\n{end}", page, flags=re.DOTALL)


def _example(example: Example) -> str:
    return f"{example.question}\n\n```sql\n{example.sql}\n```"


def _view(view: View) -> str:
    rows = "\n".join(f"| `{column.name}` | {column.about} |" for column in view.columns)
    return f"### `{view.name}`\n\n{view.about}\n\n| column | what |\n|---|---|\n{rows}"
