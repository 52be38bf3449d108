"""docs/r.md: R is not run here, but every address that it reads answers as it says."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "r.md").read_text(encoding="utf-8")
ADDRESSES = sorted(set(re.findall(r"/networks/\w+\?[\w=&]*format=\w+", PAGE)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_in_the_recipe_is_a_file(
    client: FlaskClient, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    if "graphml" in address:
        assert 'attr.name="signed_weight"' in answer.text or "stances" not in address
    elif "windows=" not in address:
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {"a", "b", "weight"} <= set(rows[0])
        assert any(float(row["weight"]) > 0 for row in rows)


def test_a_window_of_the_recipe_is_a_file_also_where_nothing_was_said(
    client: FlaskClient,
) -> None:
    for first, last in (("2022-07-01", "2022-07-31"), ("1990-01-01", "1990-01-31")):
        answer = client.get(
            f"/networks/stances?weight=congruence&from={first}&to={last}&format=csv"
        )
        assert answer.status_code == 200
        assert answer.text.startswith("a,")
    assert len(ADDRESSES) == 5
