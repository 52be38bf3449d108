"""The batch search on the page."""

import csv
import time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.search.batch import LONGEST_LINE, MOST_LINES
from tests.web.html import Html
from web import batch
from web.security import LONGEST_BODY


def test_a_list_of_names_is_answered_with_a_table(client: FlaskClient) -> None:
    names = "Putin\nдроны\niran drones"
    for answer in (
        client.post("/search/batch", data={"names": names}),
        client.get("/search/batch", query_string={"names": names.split("\n")}),
    ):
        assert answer.status_code == 200
        page = Html(answer.text)
        assert "3 lines" in page.words and "/actors/iran" in page.links


def test_the_list_is_answered_in_csv(client: FlaskClient) -> None:
    answer = client.post("/search/batch", data={"names": "iran", "format": "csv"})
    assert answer.mimetype == "text/csv"
    [row] = csv.DictReader(answer.text.splitlines())
    assert row["query"] == "iran" and row["named"] == "iran" and row["url_1"]


def test_the_csv_is_sent_as_it_is_found_and_holds_a_slot_until_its_end(
    client: FlaskClient,
) -> None:
    names = "\n".join(["iran"] * 20)
    answer = client.post("/search/batch", data={"names": names, "format": "csv"})
    assert answer.is_streamed
    assert len(list(csv.DictReader(answer.text.splitlines()))) == 20
    answer.close()
    for _ in range(5):  # more than may run at once: each gave its slot back
        again = client.post("/search/batch", data={"names": "iran", "format": "csv"})
        assert again.status_code == 200 and len(again.text.splitlines()) == 2
        again.close()


def test_a_page_stops_searching_after_a_while_and_says_from_which_line_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "PAGE_SECONDS", 0)
    answer = client.post("/search/batch", data={"names": "iran\nputin\ngrain"})
    assert answer.status_code == 200
    assert "search for the lines from this one on again" in Html(answer.text).words


@given(blank=st.sampled_from(["\n", "\u2028", "\r\n", " \n"]), lines=st.integers(0, 3))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_white_space_is_not_sent_back_by_the_megabyte(
    client: FlaskClient, blank: str, lines: int
) -> None:
    names = "iran\n" * lines + blank * (LONGEST_LINE * MOST_LINES)
    form = f'--x\r\nContent-Disposition: form-data; name="names"\r\n\r\n{names}'
    answer = client.post(
        "/search/batch",
        data=f"{form}\r\n--x--\r\n".encode(),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code in (200, 413)
    assert len(answer.data) < 100_000


def test_the_longest_list_is_read_and_one_line_more_refused(
    client: FlaskClient,
) -> None:
    line = "д" * LONGEST_LINE + "\n"
    form = (
        '--x\r\nContent-Disposition: form-data; name="names"\r\n\r\n'
        f"{line * (MOST_LINES + 1)}\r\n--x--\r\n"
    )
    answer = client.post(
        "/search/batch",
        data=form.encode(),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 400 and "at most 5,000" in answer.text
    assert client.post("/search/batch", data={"names": "x" * 301}).status_code == 400
    answer = client.post("/search/batch", data=b"x" * 6_000_000)
    assert answer.status_code == 413


def test_no_other_address_takes_a_long_body(client: FlaskClient) -> None:
    assert client.post("/search", data={"q": "x" * 9_000}).status_code in (405, 413)


@pytest.mark.parametrize("piece", ["a&", "names=%0a&", "names=a%0a"])
def test_a_long_form_in_the_encoding_of_addresses_is_refused_unread(
    client: FlaskClient, piece: str
) -> None:
    kind = "application/x-www-form-urlencoded"
    began = time.process_time()
    for size in (LONGEST_BODY + len(piece), 4_000_000):
        body = piece * (size // len(piece))
        answer = client.post("/search/batch", data=body, content_type=kind)
        assert answer.status_code == 413
    assert time.process_time() - began < 1


def test_without_lines_there_is_the_form(client: FlaskClient) -> None:
    page = Html(client.get("/search/batch").text)
    assert page.has("textarea", name="names") and not page.has("table")
