"""What cannot be used is refused in the same words wherever it is given."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from formats.icalendar import STATUSES
from models.enums import MeetingStatus, Phase
from search.language import parse
from search.query_error import QueryError
from settings import Settings
from tests.cli.conftest import environment, typing
from tests.web.html import Html

# What stands behind ~, but for nothing, 1 and 2: other whole numbers, and fractions.
THRESHOLDS = (
    st.integers(0, 10**9).filter(lambda number: number not in (1, 2)).map(str)
) | st.decimals(0, 9, places=1).filter(lambda number: number % 1).map(str)


@given(THRESHOLDS)
def test_a_fuzzy_word_takes_one_of_two_thresholds(threshold: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"tehran~{threshold}")
    assert caught.value.detail == "A word takes ~, ~1 or ~2."


@given(st.from_regex(r"[a-z]{3,12}", fullmatch=True))
def test_without_a_number_a_short_word_has_one_slip_and_a_long_one_two(
    word: str,
) -> None:
    assert parse(f"{word}~") == parse(f"{word}~{1 if len(word) <= 5 else 2}")


@pytest.mark.parametrize("threshold", ["0", "3", "0.5", "1.5"])
def test_a_threshold_is_refused_in_the_same_words_by_page_json_and_command(
    client: FlaskClient, tehran: Settings, threshold: str
) -> None:
    query = f"tehran~{threshold}"
    sentence = "A word takes ~, ~1 or ~2."
    assert sentence in Html(client.get(f"/search?q={query}").text).words
    answer = client.get(f"/api/v1/search?q={query}")
    assert (answer.status_code, answer.get_json()["error"]["detail"]) == (400, sentence)
    result = typing(environment(tehran))("search", query)
    assert sentence in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize("status", ["maybe", "HELD", "held,planned"])
def test_an_unknown_status_is_refused_in_the_same_words_by_calendar_json_and_command(
    client: FlaskClient, tehran: Settings, status: str
) -> None:
    answer = client.get(f"/api/v1/meetings?status={status}")
    sentence = answer.get_json()["error"]["detail"]
    assert answer.status_code == 400
    assert sentence.startswith(f'status is "{status}", expected ')
    calendar = client.get(f"/meetings.ics?status={status}")
    assert calendar.status_code == 400
    assert sentence in Html(calendar.text).words
    assert sentence in Html(client.get(f"/meetings?status={status}").text).words
    result = typing(environment(tehran))("meetings", "--status", status)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())


def test_a_calendar_has_a_word_for_every_phase_that_a_status_can_be_in() -> None:
    assert {status.phase for status in MeetingStatus} | {Phase.UNKNOWN} <= set(STATUSES)
    assert set(STATUSES.values()) <= {"CONFIRMED", "TENTATIVE", "CANCELLED"}  # RFC 5545
