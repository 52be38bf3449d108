"""Coding a source without script: every form, every fault at its field.

Long because every form and every kind of fault is tried on the same small record.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app import create_app
from editing.forms import FORMS
from exchange.export.records import Reader
from models import Actor, Source, Stance, open_session
from models.database import shared_engine
from settings import Settings
from tests.conftest import Templates
from tests.web.html import Html
from tests.web.workbench import CODE, Desk, faults, small_record

PATHS = [CODE, *(f"{CODE}/{name}" for name in FORMS), "/sources/new"]


@pytest.fixture
def settings(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """An instance with the small record, once on each database."""
    with templates.copy(backend, tmp_path / "instance", small_record) as settings:
        yield settings


@pytest.fixture
def site(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def desk(site: Flask) -> Desk:
    return Desk(site)


@pytest.fixture
def written(settings: Settings, desk: Desk) -> Iterator[Any]:
    """Look up the records of a kind as a dataset has them."""

    def read(kind: Any, slug: str) -> dict[str, Any]:
        with open_session(settings.database_url, history=True) as session:
            [record] = Reader(session, with_texts=True).read(kind, [slug])
        return record

    yield read


def count(settings: Settings, model: Any) -> int:
    with open_session(settings.database_url, history=True) as session:
        return len(session.scalars(select(model.id)).all())


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_page_shows_each_passage_with_how_much_is_coded_and_a_link_to_each_form(
    desk: Desk,
) -> None:
    page = desk.open(CODE)
    for passage in (1, 2, 3):
        for name in FORMS:
            assert f"{CODE}/{name}?passage={passage}" in page.links
    assert " %" in page.words
    marks = [one["data-spans"] for one in page.all("mark")]
    assert any(" " in (spans or "") for spans in marks), "spans overlap in the record"
    assert not page.faults
    assert len(set(page.ids)) == len(page.ids)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_reader_is_told_why_and_sees_no_links_to_write(site: Flask) -> None:
    reader = site.test_client()
    for path in (*PATHS, "/stances/berg-for-peace/correct"):
        answer = reader.get(path)
        assert answer.status_code == 403 and "To write here" in answer.text
    for path in ("/sources", "/sources/report", "/stances/berg-for-peace", "/"):
        links = Html(reader.get(path).text).links
        assert not [one for one in links if "/code" in one or "correct" in one]
        assert "/sources/new" not in links


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writer_finds_the_way_from_the_pages_that_are_read(desk: Desk) -> None:
    assert "/sources/new" in desk.open("/sources").links
    assert "/sources/new" in desk.open("/").links
    assert CODE in desk.open("/sources/report").links
    links = desk.open("/stances/berg-for-peace").links
    assert "/stances/berg-for-peace/correct" in links


def test_a_stance_is_saved_and_the_page_says_what_and_marks_the_words(
    desk: Desk, written: Any
) -> None:
    answer = desk.stance(
        holder="Анна Берг",  # a name in another script is hers too
        said_by="anna-berg",
        stated="early May 2021",
        quote="  The talks went on,\n",
        position="against -2",
    )
    assert answer.status_code == 303, answer.text
    where = answer.headers["Location"]
    slug = "anna-berg-against-norland-and-suria-should-make-peace"
    assert where == f"{CODE}?saved=stance:{slug}&change=2&page=1#e92-109"
    page = desk.open(where.partition("#")[0])
    assert "Saved as change 2: the stance" in page.words
    assert page.has("form", action="/changes/2/undo")
    undone = desk.send("/changes/2/undo")
    assert undone.status_code == 303
    assert desk.browser.get(f"/stances/{slug}").status_code == 404
    page = desk.open(CODE)
    assert "e92-109" not in page.ids
    redone = undone.headers["Location"].rpartition("/")[2]
    assert desk.send(f"/changes/{redone}/undo").status_code == 303
    page = desk.open(where.partition("#")[0])
    assert {f"/stances/{slug}", "/changes/2"} <= set(page.links)
    assert "e92-109" in page.ids
    record = written("stance", slug)
    assert (record["holder"], record["position"]) == ("anna-berg", "against")
    assert record["stated"] == {
        "edtf": "2021-05-01/2021-05-10",
        "as_written": "early May 2021",
    }
    [evidence] = record["evidence"]
    assert evidence["quote"] == "The talks went on"
    assert evidence["said_by"] == [{"speaker": "anna-berg", "verb": "quoted"}]


def test_what_is_not_there_is_made_only_when_it_is_said_what_it_is(
    desk: Desk, settings: Settings, written: Any
) -> None:
    new: dict[str, Any] = {
        "holder": "Dag Ek",
        "issue": "Suria should return to the talks.",
        "issue_topic": "Mediation",
        "said_by": "dag ek",
        "meeting": "A later call",
    }
    before = count(settings, Actor)
    answer = desk.stance(**new)
    assert set(faults(answer)) == {"holder", "issue", "said_by", "meeting"}
    page = Html(answer.text)
    assert [one for one in page.all("input", name="holder") if one["value"] == "Dag Ek"]
    assert count(settings, Actor) == before
    chosen = {
        "holder_new": "person",
        "issue_new": "normative",
        "issue_topic_new": "topic",
        "said_by_new": "person",
        "meeting_new": "talks",
    }
    assert desk.stance(**new, **chosen).status_code == 303
    assert count(settings, Actor) == before + 1
    stance = written("stance", "dag-ek-for-suria-should-return-to-the-talks")
    assert stance["meeting"] == "a-later-call"
    assert written("proposition", stance["proposition"])["topic"] == "mediation"
    assert written("meeting", "a-later-call")["evidence"] == stance["evidence"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_date_in_words_is_shown_both_ways(desk: Desk) -> None:
    answer = desk.stance(stated="last week", valid_from="2021", quote="No such words")
    page = Html(answer.text)
    assert page.has("input", name="stated", value="last week")
    assert "means 2021-04-26/2021-05-02" in page.words
    assert "means 2021 (2021-01-01 to 2021-12-31)" in page.words
    ask = {"text": "early June 2022", "source": "report"}
    told = desk.browser.get("/workbench/date", query_string=ask).json
    assert told == {"means": "2022-06-01/2022-06-10"}
    wrong = desk.browser.get("/workbench/date", query_string={"text": "3/4/2021"}).json
    assert wrong and "day first" in wrong["expected"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_fault_stands_at_its_field_and_what_was_typed_is_kept(
    desk: Desk, settings: Settings
) -> None:
    before = count(settings, Stance)
    typed = {
        "holder": "",
        "issue": "The talks went on.",
        "position": "for 2",
        "stated": "3/4/2021",
        "agenda_item": "first",
        "certainty": "sure",
        "quote": "We wanted peace",
        "note": "<b>kept</b>",
    }
    answer = desk.stance(**typed)
    found = faults(answer)
    assert set(found) == {"holder", "stated", "agenda_item", "certainty", "quote"}
    assert "day first" in found["stated"]
    page = Html(answer.text)
    for name in ("issue", "stated", "agenda_item"):
        assert [one for one in page.all("input", name=name, value=typed[name])]
    assert "<b>kept</b>" in page.words
    assert count(settings, Stance) == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_the_record_itself_refuses_stands_at_the_field_that_said_it(
    desk: Desk,
) -> None:
    factual = desk.stance(issue="The talks went on.", position="for 2")
    assert "1 (affirms) or -1 (denies)" in faults(factual)["position"]
    agenda = desk.stance(meeting="Talks in Oslo", agenda_item="9")
    assert "one of the 1 agenda items" in faults(agenda)["agenda_item"]
    long = desk.stance(holder="x" * 10_000, holder_new="person")
    assert "at most 500 characters" in faults(long)["holder"]
    person = desk.send(
        f"{CODE}/membership",
        passage="1",
        member="Suria",
        organization="Suria",
        status="member",
        quote="Suria",
    )
    assert "other than the member" in faults(person)["organization"]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("", "cannot be left empty"),
        (" \n\t ", "cannot be left empty"),
        (",", "nothing is selected but white space"),
        ("Suria’s delegation", "in this passage, letter for letter"),
        ("we want PEACE", "“We want peace”, as it stands here"),
        ("We want … said", "without an omission"),
    ],
)
def test_a_quote_that_is_not_of_the_passage_is_refused_with_the_nearest(
    desk: Desk, quote: str, expected: str
) -> None:
    assert expected in faults(desk.stance(quote=quote))["quote"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_of_a_quote_that_stands_twice_one_is_chosen(desk: Desk, written: Any) -> None:
    answer = desk.stance(passage="1", quote="r")
    assert "choose which are meant" in faults(answer)["quote"]
    page = Html(answer.text)
    assert page.has("select", name="occurrence")
    offered = {one["value"] for one in page.all("option")}
    assert {"7", "15"} <= offered
    again = desk.stance(passage="1", quote="r", occurrence="15")
    assert again.status_code == 303 and again.headers["Location"].endswith("#e15-16")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_selection_says_where_it_was_and_is_refused_where_the_words_are_others(
    desk: Desk,
) -> None:
    good = desk.stance(quote="We want peace", start="1", end="14")
    assert good.status_code == 303 and good.headers["Location"].endswith("#e62-75")
    for start, end in (("0", "13"), ("1", "15"), ("14", "1"), ("900", "999")):
        answer = desk.stance(quote="We want peace", start=start, end=end)
        assert "select them again" in faults(answer)["quote"]


def test_a_meeting_is_saved_with_its_participants(desk: Desk, written: Any) -> None:
    answer = desk.send(
        f"{CODE}/meeting",
        passage="1",
        title="Berg and Lund in Oslo",
        kind="meeting",
        date="3 May 2021",
        status="held",
        who_1="Anna Berg",
        behalf_1="Norland",
        role_1="host",
        who_2="Suria",
        who_3="Dag Ek",
        who_3_new="person",
        role_3="mediator",
        city="Oslo",
        quote="Anna Berg of Norland met Bo Lund of Suria in Oslo",
    )
    assert answer.status_code == 303, faults(answer)
    record = written("meeting", "berg-and-lund-in-oslo")
    told = [
        (one.get("person"), one.get("represents"), one["role"], one["presence"])
        for one in record["participants"]
    ]
    assert told == [
        ("anna-berg", "norland", "host", "attended"),
        (None, "suria", "delegate", "attended"),
        ("dag-ek", None, "mediator", "attended"),
    ]
    assert record["status"][0]["date"]["edtf"] == "2021-05-03"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "values", "kind", "slug", "field", "entry"),
    [
        ("participant", {"who": "Bo Lund", "behalf": "Suria", "role": "delegate",
         "presence": "attended"}, "meeting", "oslo-talks", "participants",
         {"person": "bo-lund", "represents": "suria"}),
        ("agenda", {"text": "Fish", "topic": "Peace", "status": "said"}, "meeting",
         "oslo-talks", "agenda", {"text": "Fish", "topic": "peace"}),
        ("status", {"status": "stalled", "date": "4 May 2021"}, "meeting",
         "oslo-talks", "status", {"status": "stalled"}),
        ("outcome", {"type": "stalled", "text": "No peace"}, "meeting", "oslo-talks",
         "outcomes", {"type": "stalled", "text": "No peace"}),
        ("office", {"person": "Bo Lund", "title": "Envoy", "body": "Suria",
         "attested": "4 May 2021"}, "office", "envoy-of-suria", "tenures",
         {"person": "bo-lund"}),
        ("office", {"person": "Bo Lund", "title": "minister", "body": "Norland"},
         "office", "minister-of-norland", "tenures", {"person": "bo-lund"}),
        ("membership", {"member": "Suria", "organization": "The League",
         "status": "member"}, "actor", "suria", "memberships",
         {"organization": "league", "status": "member"}),
        ("name", {"actor": "Suria", "name": "Сурия", "language": "ru",
         "kind": "transliteration"}, "actor", "suria", "names", {"name": "Сурия"}),
        ("span", {"claim": "stance:berg-for-peace"}, "stance", "berg-for-peace",
         "evidence", {"quote": "The talks went on"}),
        ("span", {"claim": "meeting:oslo-talks:agenda:1"}, "meeting", "oslo-talks",
         "agenda", {"text": "Peace"}),
    ],
)  # fmt: skip
def test_each_form_adds_its_entry_and_leaves_the_rest(
    desk: Desk,
    written: Any,
    name: str,
    values: dict[str, str],
    kind: Any,
    slug: str,
    field: str,
    entry: dict[str, Any],
) -> None:
    is_new = slug == "envoy-of-suria"
    before = {} if is_new else written(kind, slug)
    if kind == "meeting" and name != "span":
        values = {"meeting": "Talks in Oslo", **values}
    answer = desk.send(
        f"{CODE}/{name}", passage="2", quote="The talks went on", **values
    )
    assert answer.status_code == 303, faults(answer)
    after = written(kind, slug)
    assert entry.items() <= after[field][-1].items()
    if not is_new:
        assert {**after, field: 0} == {**before, field: 0}
        assert len(after[field]) - len(before.get(field, [])) == (
            0 if name == "span" and field == "agenda" else 1
        )
    if name == "span" and field == "agenda":
        assert len(after[field][0]["evidence"]) == 2


def test_a_correction_is_filled_in_and_stands_in_the_place_of_the_old(
    desk: Desk, settings: Settings, written: Any
) -> None:
    path = "/stances/berg-for-peace/correct"
    page = desk.open(path)
    for name, value in {
        "holder": "Anna Berg",
        "issue": "Norland and Suria should make peace.",
        "represents": "Norland",
        "stated": "on 3 May",
        "said_by": "Anna Berg",
    }.items():
        assert page.has("input", name=name, value=value), name
    assert "“We want peace,” Ms Berg said." in page.words
    answer = desk.stance_form(path, position="against -1", stated="on 3 May")
    assert answer.status_code == 303, faults(answer)
    new = answer.headers["Location"].partition("?")[0].rpartition("/")[2]
    record = written("stance", new)
    assert record["position"] == "against"
    assert record["stated"] == {"edtf": "2021-05-03", "as_written": "on 3 May"}
    assert record["relations"] == [{"relation": "corrects", "other": "berg-for-peace"}]
    again = desk.browser.get(path)
    assert again.status_code == 308
    assert again.headers["Location"] == f"/stances/{new}/correct"
    chained = desk.stance_form(f"/stances/{new}/correct", position="neutral 0")
    assert chained.status_code == 303
    late = desk.stance_form(path, position="for 2", stated="3 May 2021")
    assert late.status_code == 422
    assert f"{new}, which corrects berg-for-peace already" in Html(late.text).words


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_source_that_is_gone_while_it_is_coded_is_a_sentence(
    desk: Desk, settings: Settings
) -> None:
    desk.send("/sources/new", title="One", kind="speech")
    with open_session(settings.database_url, write=True) as session:
        remove(session, "one")
    answer = desk.send("/sources/one/code/stance", passage="1", quote="One.")
    assert answer.status_code == 404 and "removed meanwhile" in answer.text


def remove(session: Session, slug: str) -> None:
    session.execute(delete(Source).where(Source.slug == slug))
    session.commit()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_is_read_only_keeps_what_was_typed(
    desk: Desk, settings: Settings
) -> None:
    engine = shared_engine(settings.database_url)
    engine.dispose()
    event.listen(engine, "connect", read_only)
    answer = desk.stance(note="long thought about")
    assert answer.status_code == 503
    page = Html(answer.text)
    assert "it is read-only" in page.words and "long thought about" in page.words


def read_only(connection: Any, _: object) -> None:
    connection.execute("PRAGMA query_only = ON")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_address_of_a_form_breaks_it(desk: Desk) -> None:
    for query in ("passage=99", "passage=x", "passage=0", "version=7", "start=%00"):
        for name in ("stance", "nothing"):
            answer = desk.browser.get(f"{CODE}/{name}?{query}")
            assert answer.status_code in (200, 400, 404)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("value", ["", "\0", "‮💥 ' -- <b>", "x" * 9_000, "1" * 400])
def test_whatever_a_form_is_sent_is_answered_by_a_sentence(
    desk: Desk, value: str
) -> None:
    for name, form in FORMS.items():
        given = {field.name: value for field in form.fields} | {"claim": value}
        for more in ({}, {"start": value, "end": value, "occurrence": value}):
            answer = desk.send(f"{CODE}/{name}", passage="1", **given, **more)
            assert answer.status_code in (400, 422), (name, answer.status_code)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_stance_on_a_withheld_text_is_corrected_with_its_evidence_as_it_is(
    tehran: Settings,
) -> None:
    desk = Desk(create_app(tehran))
    path = "/stances/newspaper-sco-will-weaken-us-influence/correct"
    page = desk.open(path)
    assert page.has("input", name="keep_0") and "characters" in page.words
    values = {
        "holder": "newspaper",
        "issue": "sco-will-weaken-us-influence",
        "position": "against -1",
        "mode": "inferred",
        "certainty": "certain",
    }
    refused = desk.send(path, **values)
    assert "a piece of evidence that stays" in faults(refused)["quote"]
    with open_session(tehran.database_url) as session:
        old = session.scalars(
            select(Stance).filter_by(slug="newspaper-sco-will-weaken-us-influence")
        ).one()
        values["holder"] = old.holder.slug
        values["issue"] = old.proposition.slug if old.proposition else ""
    answer = desk.send(path, keep_0="1", **values)
    assert answer.status_code == 303, faults(answer)
