"""`docs/api.md`: its tables are written from the lists, its examples answer."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from queries.filters import ListOf
from settings import CHECKOUT
from web.catalogue import COLLECTIONS

PAGE = "docs/api.md"
BEGIN, END = "<!-- begin lists -->", "<!-- end lists -->"


def test_the_page_lists_every_filter(document: Callable[[str, str], None]) -> None:
    tables = "\n".join(filters(collection.table) for collection in COLLECTIONS)
    before, _, rest = (CHECKOUT / PAGE).read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    document(PAGE, f"{before}{BEGIN}\n{tables}\n{END}{after}")


def test_the_examples_answer(client: FlaskClient) -> None:
    page = (CHECKOUT / PAGE).read_text("utf-8")
    for path in re.findall(r"^GET (\S+)$", page, re.MULTILINE):
        if path.startswith("/api/v1/sql"):
            continue  # on PostgreSQL it needs a login of its own
        stance = client.get("/api/v1/propositions?limit=1").json
        assert stance
        reply = client.get(path.replace("<slug>", stance["items"][0]["slug"]))
        assert reply.status_code == 200, (path, reply.text)


def filters(table: ListOf) -> str:
    """The parameters of a list as a table."""
    orders = ", ".join(f"`{name}`" for name in table.sorts)
    rows = [
        f"| `{item.name}` | {_help(item.help, item.takes.choices)} |"
        for item in table.filters
    ]
    return "\n".join(
        [
            f"\n### {table.noun}\n",
            "| filter | meaning |",
            "|---|---|",
            *rows,
            f"\nOrders: {orders}; by default `{table.default_sort}`.",
        ]
    )


def _help(help: str, choices: tuple[str, ...]) -> str:
    return help + (f" One of {', '.join(choices)}." if choices else "")
