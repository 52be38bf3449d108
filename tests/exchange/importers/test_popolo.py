"""People and organizations of Popolo become actors, its posts offices."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.importers.child import read_records
from exchange.importers.document import Given, Unreadable
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.kinds import KINDS
from exchange.importers.making.mapping import Columns
from exchange.importers.records import Tabular
from exchange.load import load
from models import Actor, Office, open_session
from settings import Settings
from tests.exchange.small import write_small

POPOLO: dict[str, Any] = {
    "persons": [
        {
            "id": "p1",
            "name": "Anna Berg",
            "other_names": [
                {"name": "Анна Берг", "lang": "ru", "note": "multilingual"},
                {"name": "آنا برگ", "lang": "fa"},
            ],
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            "gender": "female",
        },
        {"id": "p2", "name": "Cecilia Dahl"},
    ],
    "organizations": [
        {"id": "o1", "classification": "legislature", "name": "Assembly"},
        {"id": "o2", "classification": "party", "name": "Fish Party"},
    ],
    "posts": [{"id": "s1", "label": "Speaker", "organization_id": "o1"}],
    "memberships": [{"person_id": "p1", "organization_id": "o1", "role": "member"}],
}


@pytest.fixture
def url(sqlite_settings: Settings) -> str:
    return sqlite_settings.database_url


def importing(url: str, path: Path, **kinds: str) -> ImportReport:
    columns = Columns(values={"kind": kinds} if kinds else {})
    return import_documents(Request([path], tabular=Tabular(columns=columns)), url)


def test_people_and_bodies_become_actors_and_posts_offices(
    database_url: str, tmp_path: Path
) -> None:
    load(write_small(tmp_path / "small"), database_url)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(POPOLO))
    report = importing(database_url, path)
    [fault] = report.refusals
    assert '"party"' in str(fault) and "`values: {kind: {party: ngo}}`" in str(fault)
    assert (report.counts["actor"].added, report.counts["actor"].updated) == (2, 1)
    assert report.counts["office"].added == 1
    [note] = report.notes
    assert "1 of gender" in note and "1 of memberships (no passage says so)" in note
    with open_session(database_url) as session:
        anna = session.scalars(sa.select(Actor).where(Actor.slug == "anna-berg")).one()
        # What was stored stays, and what is new is added.
        names = {(each.name, each.language) for each in anna.names}
        assert names == {("Berg", "und"), ("Анна Берг", "ru"), ("آنا برگ", "fa")}
        assert anna.identifiers[0].value == "Q1"
        office = session.scalars(
            sa.select(Office).where(Office.slug == "speaker-assembly")
        ).one()
        assert office.body.name == "Assembly"
    more = importing(database_url, path, party="ngo")
    assert (more.refusals, more.counts["actor"].added) == ([], 1)
    assert not importing(database_url, path, party="ngo").changed


def test_an_actor_is_known_by_its_identifier_whatever_its_name(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(POPOLO | {"organizations": [], "posts": []}))
    importing(url, path)
    person = POPOLO["persons"][0] | {"name": "Anna Maria Berg", "other_names": []}
    path.write_text(json.dumps({"persons": [person]}))
    assert importing(url, path).counts["actor"].updated == 1
    with open_session(url) as session:
        assert session.scalar(sa.select(sa.func.count(Actor.id))) == 2


def test_two_of_one_name_are_two_and_stay_so(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    people = [{"id": str(number), "name": "John Smith"} for number in range(3)]
    path.write_text(json.dumps({"persons": people}))
    assert importing(url, path).counts["actor"].added == 3
    assert not importing(url, path).changed


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "id", "other_names", "identifiers", "scheme",
                             "identifier", "lang", "classification"]),
            inner, max_size=4,
        ),
        max_leaves=8,
    )
)  # fmt: skip
def test_any_json_is_read_or_refused(value: Any) -> None:
    content = json.dumps({"persons": value, "organizations": [value]}).encode()
    try:
        answer = read_records(content, KINDS["popolo"], Given())
    except Unreadable as error:
        assert "\n" not in str(error)
    else:
        assert answer is not None
        assert all(isinstance(each, dict) for each in answer["persons"])


@pytest.mark.parametrize("entry", [{}, {"name": ""}, {"name": 3.5}, {"name": ["x"]}])
def test_an_entry_without_a_name_is_refused_with_its_number(
    url: str, tmp_path: Path, entry: dict[str, Any]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"persons": [{"name": "Good"}, entry]}))
    report = importing(url, path)
    assert "persons 2: expected a name" in str(report.refusals[0])
    assert report.counts["actor"].added == 1
