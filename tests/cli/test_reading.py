"""`dragoman meetings`, `meeting`, `sql`."""

import csv
import io
import json
import threading
import time

import pytest

from models import open_session
from queries.search.service import engine_of
from search import sync
from settings import load_settings
from tests import factories as make
from tests.cli.conftest import Type


def test_meetings_are_listed(type_loaded: Type) -> None:
    result = type_loaded("meetings")
    assert result.exit_code == 0
    assert "tehran-trilateral-2022-07" in result.stdout
    assert "week of 18 July 2022" in result.stdout


def test_that_no_meeting_is_found_is_said(type_loaded: Type) -> None:
    assert "0 found." in type_loaded("meetings", "--country", "ukraine").stderr
    assert (
        "There is no page 9: 15 found." in type_loaded("meetings", "--page", "9").stderr
    )


def test_meetings_are_filtered_as_on_the_page(type_loaded: Type) -> None:
    found = json.loads(
        type_loaded("meetings", "--json", "--actor", "iran", "summit").stdout
    )
    assert found["total"] == len(found["items"]) > 0
    assert all("summit" in item["title"].lower() for item in found["items"])


def test_a_list_goes_on_on_the_next_page(type_loaded: Type) -> None:
    result = type_loaded("meetings", "--limit", "2")
    assert "--page 2 goes on" in result.stderr
    assert result.stdout.count("2022") > 1


@pytest.mark.parametrize(
    "arguments", [("--date", "2022-13"), ("--status", "rumoured"), ("--limit", "0")]
)
def test_a_filter_that_cannot_be_used_is_an_error(
    type_: Type, arguments: tuple[str, str]
) -> None:
    result = type_("meetings", *arguments)
    assert result.exit_code != 0
    assert arguments[1] in result.stderr


def test_a_date_in_words_is_said_back_in_edtf(type_loaded: Type) -> None:
    result = type_loaded("meetings", "--date", "July 2022", "--json")
    assert "date: July 2022 is read as 2022-07." in result.stderr
    again = type_loaded("meetings", "--date", "2022-07", "--json")
    assert result.stdout == again.stdout and again.stderr == ""


def test_an_unknown_slug_is_refused_with_the_nearest(type_loaded: Type) -> None:
    result = type_loaded("search", "--actor", "turky", "grain")
    assert result.exit_code != 0 and result.stdout == ""
    assert result.stderr == 'No actor is called "turky". The nearest is turkey.\n'
    result = type_loaded("meetings", "--actor", "zzqqx")
    assert result.exit_code != 0 and result.stdout == ""
    assert result.stderr.startswith('No actor is called "zzqqx".')


def test_a_name_that_is_nearly_one_is_read_as_it_and_said(type_loaded: Type) -> None:
    result = type_loaded("meetings", "--actor", "turky")
    assert result.exit_code == 0 and "Erdoğan" in result.stdout
    assert result.stderr == '"turky" is read as Turkey.\n'


def test_a_meeting_is_shown_with_who_says_so(type_loaded: Type) -> None:
    result = type_loaded("meeting", "tehran-trilateral-2022-07")
    assert result.exit_code == 0
    for words in ("week of 18 July 2022", "Participants", "Vladimir Putin", "Evidence"):
        assert words in result.stdout
    found = json.loads(
        type_loaded("meeting", "--json", "tehran-trilateral-2022-07").stdout
    )
    assert found["slug"] == "tehran-trilateral-2022-07"


def test_a_status_is_shown_as_it_was_known(type_loaded: Type) -> None:
    result = type_loaded(
        "meeting", "tehran-trilateral-2022-07", "--as-known-on", "2000-01-01"
    )
    assert "unknown, as known on 1 January 2000" in result.stdout.splitlines()[1]


def test_an_unknown_meeting_is_an_error(type_: Type) -> None:
    result = type_("meeting", "atlantis")
    assert result.exit_code == 1
    assert "atlantis" in result.stderr


def test_sql_answers_who_stands_where(type_loaded: Type) -> None:
    query = (
        "select holder, position, said_by from stances where topic_path like 'arms%'"
        " order by slug"
    )
    table = type_loaded("sql", query)
    assert table.exit_code == 0
    assert "holder" in table.stdout
    rows = list(
        csv.reader(io.StringIO(type_loaded("sql", "--format", "csv", query).stdout))
    )
    answer = json.loads(type_loaded("sql", "--json", query).stdout)
    assert type_loaded("sql", "--format", "json", query).stdout.startswith("{")
    assert rows[0] == answer["columns"] == ["holder", "position", "said_by"]
    assert len(rows) - 1 == answer["row_count"] > 0


def test_sql_reads_a_query_from_standard_input(type_: Type) -> None:
    result = type_("sql", "--format", "csv", "-", stdin="select 1 as n\n")
    assert result.stdout == "n\n1\n"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "no query"),
        ("selec 1", "cannot read this query"),
        ("delete from topic", "Not allowed: DELETE"),
        ("select 1; select 2", "Several statements"),
        ("pragma user_version", "Not allowed: PRAGMA"),
    ],
)
def test_sql_fails_in_a_sentence(type_: Type, query: str, words: str) -> None:
    result = type_("sql", query)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert words in result.stderr


def test_a_cut_answer_says_so_beside_the_answer(environ: dict[str, str]) -> None:
    from tests.cli.conftest import typing

    result = typing(environ, DRAGOMAN_SQL_ROWS="1")(
        "sql", "--format", "csv", "select 1 union all select 2"
    )
    assert result.stdout == "1\n1\n"
    assert "At most 1 rows" in result.stderr


def test_a_search_shows_what_was_found_and_where(type_loaded: Type) -> None:
    result = type_loaded("search", "drones", "actor:iran")
    assert result.exit_code == 0
    assert "passage 5" in result.stdout
    assert "/sources/article-2022-07-12-summary#p5" in result.stdout
    assert "found." in result.stderr


def test_a_search_answers_as_the_api_does(type_loaded: Type) -> None:
    found = json.loads(
        type_loaded("search", "drones", "--kind", "passage", "--json").stdout
    )
    assert found["query"] == "drones"
    assert found["total"] == len(found["hits"]) > 0
    assert {hit["kind"] for hit in found["hits"]} == {"passage"}
    assert found["filters"] == {"kind": ["passage"]}


def test_a_search_waits_for_the_index_as_long_as_it_is_told(
    type_loaded: Type, loaded: dict[str, str]
) -> None:
    settings = load_settings(loaded)
    url = settings.database_url
    with open_session(url, write=True) as session:
        make.actor(session, slug="aden", name="Aden")
        session.commit()
    began = time.monotonic()
    late = type_loaded("search", "aden", "--wait", "1")
    assert time.monotonic() - began > 1
    assert "1 change is queued" in late.stderr
    drainer = threading.Timer(0.3, sync.drain, [engine_of(settings), url])
    drainer.start()
    found = type_loaded("search", "aden", "--wait", "5")
    drainer.join()
    assert "/actors/aden" in found.stdout
    assert "queued" not in found.stderr


def test_a_misspelt_word_gets_a_suggestion(type_loaded: Type) -> None:
    result = type_loaded("search", "dronse")
    assert result.exit_code == 0
    assert "Did you mean: drones" in result.stderr


@pytest.mark.parametrize(
    ("query", "pointer"), [('peace "of', "        ^"), ("date:2022-99", "       ^")]
)
def test_a_query_that_cannot_be_read_is_pointed_at(
    type_loaded: Type, query: str, pointer: str
) -> None:
    result = type_loaded("search", query)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [f"  {query}", pointer]


def test_a_search_without_an_index_names_the_remedy(type_: Type) -> None:
    result = type_("search", "drones")
    assert result.exit_code == 1
    assert "dragoman reindex" in result.stderr


def test_a_query_may_begin_with_a_minus(type_loaded: Type) -> None:
    assert type_loaded("search", "--", "-iran").exit_code == 0
