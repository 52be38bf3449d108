"""The lists of the command line: as on their pages, and for other programs."""

import csv
import io
import json

import click
import pytest

from cli import lists
from formats.spreadsheets import unguarded
from tests.cli.conftest import Type

NAMES = ["meetings", "actors", "stances", "sources", "topics", "propositions"]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_says_the_same_as_table_csv_and_json(
    type_loaded: Type, name: str
) -> None:
    found = json.loads(type_loaded(name, "--limit", "500", "--json").stdout)
    slugs = [item["slug"] for item in found["items"]]
    assert found["total"] == len(set(slugs)) > 0
    head, *rows = csv.reader(
        io.StringIO(type_loaded(name, "--limit", "500", "--csv").stdout)
    )
    assert [unguarded(row[head.index("slug")]) for row in rows] == slugs
    printed = type_loaded(name, "--limit", "500").stdout
    assert all(slug[:8] in printed for slug in slugs)


@pytest.mark.parametrize("name", NAMES)
def test_a_list_goes_on_where_a_page_ends(type_loaded: Type, name: str) -> None:
    for form in ((), ("--csv",)):
        result = type_loaded(name, "--limit", "1", *form)
        assert "; --page 2 goes on." in result.stderr
    assert type_loaded(name, "--limit", "0").exit_code != 0
    assert "There is no page 900" in type_loaded(name, "--page", "900").stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_list_takes_words_and_the_orders_of_its_page(
    type_loaded: Type, name: str
) -> None:
    assert "0 found." in type_loaded(name, "qqqqqq").stderr
    command = getattr(lists, name)
    (sort,) = (item for item in command.params if item.name == "sort")
    assert isinstance(sort.type, click.Choice)
    choices = sort.type.choices
    results = (
        type_loaded(name, "--sort", choice, "--json")
        for choice in (choices[-2], choices[-1])
    )
    orders = [
        [item["slug"] for item in json.loads(result.stdout)["items"]]
        for result in results
    ]
    assert orders[0] != orders[1]


def test_dates_are_edtf_in_csv(type_loaded: Type) -> None:
    result = type_loaded("meetings", "--csv", "--date", "2022-07", "--sort", "date")
    dates = [row["date"] for row in csv.DictReader(io.StringIO(result.stdout))]
    assert "2022-07-18/2022-07-24" in dates


def test_csv_and_json_at_once_are_refused(type_: Type) -> None:
    result = type_("actors", "--csv", "--json")
    assert result.exit_code == 2 and "one of --csv and --json" in result.stderr


def test_a_filter_takes_a_name_and_refuses_that_of_nobody(type_loaded: Type) -> None:
    by_name = type_loaded("stances", "--holder", "Türkiye", "--json").output
    by_slug = type_loaded("stances", "--holder", "turkey", "--json").output
    assert by_name == by_slug
    result = type_loaded("stances", "--holder", "Ruritania!")
    assert result.exit_code == 1
    assert "no actor is called so" in result.output
