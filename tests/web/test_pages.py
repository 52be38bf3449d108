"""Every page of the bundled record, as a browser asks for it."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from models.database import shared_engine
from settings import Settings
from tests.web.html import Html

LISTS = ("meetings", "actors", "topics", "propositions", "stances", "sources")


def read(client: FlaskClient, address: str) -> Html:
    """A page that is there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return Html(response.text)


def first_of(client: FlaskClient, name: str) -> str:
    """The address of the first thing in a list."""
    page = read(client, f"/{name}?limit=1")
    return next(href for href in page.links if href.startswith(f"/{name}/"))


@contextmanager
def statements(settings: Settings) -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = shared_engine(settings.database_url)
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_filter_in_force_is_called_by_name(client: FlaskClient) -> None:
    page = read(client, "/meetings?actor=recep-tayyip-erdogan&topic=syria-conflict")
    assert "Actor: Recep Tayyip Erdoğan" in page.words
    assert "Topic: Conflict in Syria" in page.words
    page = read(client, "/stances?target=iran&source=nosuch")
    assert "Target: Iran ×" in page.words
    assert 'No source is called "nosuch".' in page.words


@pytest.mark.parametrize(
    "address", ["/meetings", "/stances", "/sources", "/matrix", "/networks/stances"]
)
def test_a_date_in_words_is_said_back_in_edtf(
    client: FlaskClient, address: str
) -> None:
    response = client.get(f"{address}?from=July+2022")
    assert response.status_code == 200
    assert 'name="from" value="2022-07"' in response.text


def test_a_date_in_words_is_taken_back_by_its_chip(client: FlaskClient) -> None:
    page = read(client, "/meetings?date=July+2022&date=2021")
    assert "Date: 2022-07 ×" in page.words
    assert "/meetings?date=2021" in page.links


def test_a_meeting_can_be_seen_as_it_was_known(client: FlaskClient) -> None:
    address = "/meetings/tehran-trilateral-2022-07"
    page = read(client, f"{address}?as_known_on=2022-07-01")
    assert "unknown as known on 1 July 2022; as known today" in page.words
    assert "as known" not in read(client, address).words
    assert client.get(f"{address}?as_known_on=soon").status_code == 400


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_link_on_the_site_is_dead_and_no_anchor_is_missing(
    client: FlaskClient,
) -> None:
    """Follow every link within the record; searches and queries are followed once."""
    pages: dict[str, Html] = {}
    todo = deque(["/"])
    wanted: dict[str, str] = {}
    faults: list[str] = []
    while todo:
        address = todo.popleft()
        if address in pages or address in wanted.values():
            continue
        response = client.get(address)
        if response.status_code != 200:
            faults.append(f"{address} answers {response.status_code}")
            continue
        if response.mimetype != "text/html":
            continue
        page = pages[address] = Html(response.text)
        faults += [f"{address}: {fault}" for fault in page.faults]
        for href in page.links:
            target, anchor = urldefrag(href)
            parts = urlsplit(target)
            if parts.scheme or parts.path in ("/search", "/sql"):
                continue
            target = target or address
            if anchor:
                wanted[f"{target}#{anchor}"] = address
            if not parts.query or "version=" in parts.query:
                todo.append(target)
    for reference, on in wanted.items():
        target, anchor = urldefrag(reference)
        if target in pages and anchor not in pages[target].ids:
            faults.append(f"{on} points at {reference}, which is not there")
    assert not faults, "\n".join(faults[:20])
    assert len(pages) > 200


def test_every_page_says_what_it_is(client: FlaskClient) -> None:
    titles = set()
    for address in ("/", "/help/search", *(f"/{name}" for name in LISTS)):
        page = read(client, address)
        assert page.all("html") == [{"lang": "en"}]
        assert len(page.all("h1")) == 1
        assert page.has("main")
        assert len(page.ids) == len(set(page.ids)), address
        titles.add(client.get(address).text.split("<title>")[1].split("</title>")[0])
    assert len(titles) == 8
    assert all(title.endswith(" · Dragoman") for title in titles)


def test_every_page_says_at_its_foot_what_it_rests_on(client: FlaskClient) -> None:
    for name in LISTS:
        assert " · last changed " in read(client, f"/{name}").words
        if name != "topics":
            foot = read(client, first_of(client, name)).words
            assert "This page cites" in foot


def test_every_form_field_has_a_label(client: FlaskClient) -> None:
    for address in ("/", "/search?q=grain", *(f"/{name}" for name in LISTS)):
        response = client.get(address)
        page = Html(response.text)
        labelled = {label["for"] for label in page.all("label") if "for" in label}
        for tag, attributes in page.elements:
            if tag == "input" and attributes.get("type") == "search":
                assert attributes["id"] in labelled


@pytest.mark.parametrize("name", LISTS)
def test_a_longer_list_costs_no_more_statements(
    client: FlaskClient, tehran: Settings, name: str
) -> None:
    read(client, f"/{name}?limit=1")  # which counts what the foot says
    with statements(tehran) as few:
        read(client, f"/{name}?limit=1")
    with statements(tehran) as many:
        read(client, f"/{name}?limit=100")
    assert len(many) == len(few)


def test_more_hits_cost_no_more_statements(
    client: FlaskClient, tehran: Settings
) -> None:
    address = "/search?q=russia&kind=passage"
    # Both show parts of meetings: how firm these are takes two statements of their own.
    read(client, f"{address}&limit=4")  # which counts what the foot says
    with statements(tehran) as few:
        read(client, f"{address}&limit=4")
    with statements(tehran) as many:
        read(client, f"{address}&limit=10")
    assert len(many) == len(few)


def test_a_page_takes_a_bounded_number_of_statements(
    client: FlaskClient, tehran: Settings
) -> None:
    """The busiest pages of the bundled record, whatever stands on them."""
    for address in (
        "/",
        "/actors/russia",
        "/meetings/tehran-trilateral-2022-07",
        "/sources/article-2022-07-12-summary",
        "/topics/conflicts",
    ):
        with statements(tehran) as sent:
            read(client, address)
        assert len(sent) <= 40, address


BAD_VALUES = (
    ("limit=-1", "limit"),
    ("limit=1e9", "limit"),
    ("page=abc", "page"),
    ("page=99999999999999999999", "page"),
    ("date=2022-13", "date"),
    ("sort=nothing", "sort"),
    ("nothing=1", "nothing"),
    ("q=%00", "U+0000"),
    ("q=" + "x" * 10_000, "10000 characters"),
    ("kind=%3Cscript%3Ealert(1)%3C/script%3E", "kind"),
)


@pytest.mark.parametrize(("query", "said"), BAD_VALUES)
def test_a_list_names_what_it_cannot_use_and_shows_the_rest(
    client: FlaskClient, query: str, said: str
) -> None:
    page = read(client, f"/meetings?{query}")
    assert page.has("div", **{"class": "notice"})
    assert said in page.words
    assert len(page.all("script")) == 1  # our own file
    assert page.has("table")


def test_a_page_past_the_last_says_so(client: FlaskClient) -> None:
    page = read(client, "/meetings?page=1000")
    assert "The list ends before this page" in page.words


def test_a_filter_in_force_stands_above_the_list_and_can_be_taken_away(
    client: FlaskClient,
) -> None:
    page = read(client, "/meetings?status=announced&actor=russia&sort=title")
    assert "Status: announced" in page.words
    assert "/meetings?status=announced&sort=title" in page.links
    assert "/meetings?actor=russia&sort=title" in page.links
    assert page.has("input", type="hidden", name="actor", value="russia")


def test_a_fact_is_one_click_from_its_highlighted_passage(client: FlaskClient) -> None:
    for name in ("meetings", "stances"):
        address = first_of(client, name)
        cited = [href for href in read(client, address).links if "#e" in href]
        assert cited
        for href in cited:
            target, anchor = urldefrag(href)
            assert anchor in read(client, target).ids


def test_a_withheld_source_shows_its_passages_as_positions(client: FlaskClient) -> None:
    page = read(client, "/sources/article-2022-07-12")
    assert "dragoman attach article-2022-07-12 FILE" in page.words
    assert "Characters 0 to 235" in page.words
    assert "p1" in page.ids
    assert [name for name in page.ids if name.startswith("e")]
    assert not page.has("mark")


def test_a_source_shows_its_text_with_the_evidence_marked(client: FlaskClient) -> None:
    page = read(client, "/sources/article-2022-07-12-summary")
    marks = page.all("mark")
    assert len([mark for mark in marks if "id" in mark]) > 50
    assert {href for href in page.links if href.startswith("/stances/")}


def test_a_name_in_another_language_says_which(client: FlaskClient) -> None:
    page = read(client, "/actors/russia")
    russian = [span for span in page.all("span") if span.get("lang") == "ru-Cyrl"]
    assert russian and all(span["dir"] == "auto" for span in russian)


def test_a_status_is_a_word_in_a_badge_that_explains_itself(
    client: FlaskClient,
) -> None:
    page = read(client, "/meetings")
    badges = [
        span
        for span in page.all("span")
        if (span.get("class") or "").startswith("badge")
    ]
    kinds = {badge["class"] for badge in badges}
    assert {"badge planned", "badge held", "badge reported"} <= kinds
    assert all(badge["title"] for badge in badges)


def test_help_lists_every_field_of_the_query_language(client: FlaskClient) -> None:
    from search.fields import FIELDS

    page = read(client, "/help/search")
    assert {f"field-{field.key}" for field in FIELDS} <= set(page.ids)
