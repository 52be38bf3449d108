"""Views, references, annotations, entities: each read back by another parser."""

import csv
import io
import json
import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.export.annotations import annotations
from exchange.export.ftm import entities, entity_id
from exchange.export.views import read_view, write_parquet
from formats.spreadsheets import csv_lines, guarded
from models import PropositionRelation, SourceContributor, open_session
from models.enums import StanceLink
from queries.views import VIEWS
from settings import Settings
from tests import factories
from tests.queries.world import World, make_world

NASTY = '=1+1 {a} \\ $5 & 10% of #1_x~y^z "q" <script>alert(1)</script>\nسلام \u202ex'
COLUMNS = {view.name: [column.name for column in view.columns] for view in VIEWS}
RUN = "=+-@\t\r\n＝＋－＠"


@pytest.fixture
def world(session: Session) -> World:
    made = make_world(session)
    made.report.title = NASTY
    made.report.url = "https://example.org/a b?{x}=1"
    made.report.contributors.append(SourceContributor(position=2, name="B. and C."))
    made.king.name = NASTY
    wrong = factories.stance(session, holder=made.king)
    factories.relation(session, made.stance, StanceLink.CORRECTS, wrong)
    one, other = sorted(
        (made.proposition, factories.proposition(session)), key=lambda each: each.id
    )
    session.add(PropositionRelation(proposition=one, relation="contrary", other=other))
    session.flush()
    session.expire_all()  # what was given as words is read as coded values
    return made


# Views


@pytest.mark.parametrize("view", COLUMNS)
def test_every_view_is_the_same_rows_as_csv_and_parquet(
    session: Session, world: World, view: str
) -> None:
    columns = COLUMNS[view]
    rows = list(read_view(session, view, columns))
    assert rows
    text = "".join(csv_lines(columns, rows))
    header, *found = csv.reader(io.StringIO(text, newline=""))
    assert header == columns
    assert found == [[said(value) for value in row] for row in rows]
    assert not any(cell[:1] in tuple(RUN) for row in found for cell in row if cell
                   and not re.fullmatch(r"-\d+", cell))  # fmt: skip
    parquet = pytest.importorskip("pyarrow.parquet", reason="This test needs pyarrow.")
    file = io.BytesIO()
    write_parquet(session, view, columns, file)
    table = parquet.read_table(io.BytesIO(file.getvalue()))
    assert table.column_names == columns
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


def said(value: object) -> str:
    return "" if value is None else str(guarded(value))


def test_numbers_days_and_truths_are_no_texts(session: Session, world: World) -> None:
    rows = read_view(session, "stances", ["slug", "polarity", "current", "earliest"])
    lines = "".join(csv_lines(["a", "b", "c", "d"], rows)).splitlines()
    assert "king-no,-1,false,2022-06-01" in lines


# Annotations


def test_annotations_select_what_the_evidence_says(
    session: Session, world: World
) -> None:
    page = json.loads("".join(annotations(session, "https://example.org/")))
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    ids = [item["id"] for item in page["items"]]
    assert len(set(ids)) == len(ids)
    text = world.text.text or ""
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["body"][0]["id"].startswith("https://example.org/")
        selector = item["target"]["selector"]
        if isinstance(selector, dict):  # the text is withheld
            assert item["target"]["source"] == "https://example.org/sources/summary"
            continue
        position, quote = selector
        assert text[position["start"] : position["end"]] == quote["exact"]


# FollowTheMoney


def test_entities_use_names_of_the_schema(session: Session, world: World) -> None:
    found: dict[str, Any] = {}
    for line in entities(session, "https://example.org"):
        entity = json.loads(line)
        assert set(entity) == {"id", "schema", "properties"}
        assert set(entity["properties"]) <= KNOWN[entity["schema"]]
        for values in entity["properties"].values():
            assert all(isinstance(value, str) and value for value in values)
        assert found.setdefault(entity["id"], entity) is entity
    king = found[entity_id("actor", "king")]
    assert king["schema"] == "Person"
    assert king["properties"]["name"] == [NASTY]
    assert king["properties"]["wikidataId"] == ["Q0"]
    meeting = found[entity_id("meeting", "aden-meeting")]["properties"]
    assert meeting["startDate"] == ["2022-07-18"]
    assert meeting["endDate"] == ["2022-07-24"]
    assert king["id"] in meeting["organizer"]
    for entity in found.values():
        for name in ("holder", "post", "member", "organization", "involved"):
            assert all(id_ in found for id_ in entity["properties"].get(name, ()))
    texts = [one["properties"].get("bodyText") for one in found.values()]
    assert texts == [None] * len(texts)  # no licence is known that would allow it


_THING = {"name", "summary", "sourceUrl", "publisher", "alias", "weakAlias",
          "country", "wikidataId"}  # fmt: skip
_INTERVAL = {"startDate", "endDate", "date"}
_DOCUMENT = _THING | {"title", "author", "publishedAt"}
#: The properties that the published schemata know, of those that are written.
KNOWN = {
    **dict.fromkeys(
        ("Person", "PublicBody", "Organization", "Company", "LegalEntity"), _THING
    ),
    "Position": _THING | {"organization"},
    "Occupancy": _INTERVAL | {"holder", "post", "status"},
    "Membership": _INTERVAL | {"member", "organization", "role"},
    "Event": _THING | _INTERVAL | {"location", "involved", "organizer"},
    "Document": _DOCUMENT,
    "Article": _DOCUMENT,
    "PlainText": _DOCUMENT | {"bodyText"},
}


def test_an_open_licence_lets_the_words_out(tehran: Settings) -> None:
    with open_session(tehran.database_url) as session:
        lines = [json.loads(line) for line in entities(session, "urn:x")]
    bodies = [one for one in lines if "bodyText" in one["properties"]]
    assert [one["schema"] for one in bodies] == ["PlainText"]
