"""The search page: what it finds, what it says, and what it makes of bad input."""

import shutil
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from models import open_session
from settings import Settings
from tests import factories as make
from tests.web.html import Html


def read(client: FlaskClient, address: str) -> Html:
    """A page that is there, and is sound HTML."""
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200, address
    page = Html(response.text)
    assert not page.faults
    assert len(page.ids) == len(set(page.ids))
    return page


def search(client: FlaskClient, query: str, more: str = "") -> Html:
    """The search page for a query."""
    return read(client, f"/search?q={quote(query)}{more}")


def test_a_search_keeps_the_query_and_marks_its_words(client: FlaskClient) -> None:
    page = search(client, "drones")
    assert page.has("input", type="search", value="drones")
    assert page.has("ol", **{"class": "hits"})
    assert page.has("mark")
    assert "<mark>drones</mark>" in client.get("/search?q=drones").text


def test_a_passage_is_found_with_the_claims_that_rest_on_it(
    client: FlaskClient,
) -> None:
    page = search(client, "drones", "&kind=passage")
    hits = [href for href in page.links if href.startswith("/sources/")]
    assert hits and all("#p" in href for href in hits)
    assert [href for href in page.links if href.startswith("/stances/")]


def test_everything_but_the_marks_is_escaped(client: FlaskClient) -> None:
    for query in ("<script>alert(1)</script>", "</title><b>", '"><img src=x>', "'<i>"):
        for more in ("", "&actor=<b>x</b>", "&nothing=<b>", "&sort=<b>"):
            page = search(client, query, more)
            assert len(page.all("script")) == 1  # our own file
            assert not page.has("img")
            assert not page.has("b")
            assert not page.has("i")


@pytest.mark.parametrize(
    ("more", "short"),
    [
        ("&kind=&actor=&sort=relevance&spread=on&names=on&match=", ""),
        ("&strict=0&wait=0", ""),
        ("&sort=date&kind=passage&kind=passage", "&sort=date&kind=passage"),
        ("&actor=Dmitri+Peskov&topic=", "&actor=dmitri-peskov"),
        ("&actor=iran&year=2022&nothing=else", "&actor=iran&year=2022&nothing=else"),
    ],
)
def test_the_address_of_a_search_stays_short(
    client: FlaskClient, more: str, short: str
) -> None:
    """What is kept or sent on says nothing twice, and nothing that holds anyway."""
    given, kept = f"/search?q=drones{more}", f"/search?q=drones{short}"
    response = client.get(given)
    if given != kept:
        assert (response.status_code, response.location) == (302, kept)
    assert client.get(kept).status_code == 200


def test_a_filter_by_what_is_not_recorded_is_said(client: FlaskClient) -> None:
    assert "No actor is called" in client.get("/search?q=drones&actor=qqqqqq").text
    page = client.get("/search?q=drones&actor=iram").text
    assert "which may be Iran (iran)" in page


BAD_QUERIES = (
    ('"peace talks', "not closed"),
    ("(drones", ""),
    ("drones AND", ""),
    ("*", "need a letter"),
    ("date:2022-13 drones", "2022-13"),
    ("drones " * 1_500, "are allowed"),
    ("drones\0", "U+0000, which no text can hold"),
    ("(" * 200 + "drones" + ")" * 200, ""),
)


@pytest.mark.parametrize(("query", "said"), BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_a_query_that_cannot_be_read_says_why_and_its_words_are_searched(
    client: FlaskClient, query: str, said: str
) -> None:
    page = search(client, query)
    assert "The query cannot be read" in page.words
    assert said in page.words
    assert "\0" not in client.get(f"/search?q={quote(query)}").text
    if "drones" in query and len(query) < 2_000:
        assert page.has("ol", **{"class": "hits"})


def test_an_unknown_field_is_searched_for_as_a_word_and_said(
    client: FlaskClient,
) -> None:
    page = search(client, "colour:red OR drones")
    assert 'No field is called "colour"' in page.words
    assert page.has("ol", **{"class": "hits"})


BAD_PARAMETERS = (
    "limit=-1",
    "limit=abc",
    "page=abc",
    "page=0",
    "page=99999999999",
    "sort=best",
    "match=none",
    "kind=nothing",
    "year=22",
    "colour=red",
)


@pytest.mark.parametrize("parameter", BAD_PARAMETERS)
def test_a_parameter_that_cannot_be_used_is_named_and_the_rest_still_counts(
    client: FlaskClient, parameter: str
) -> None:
    page = search(client, "drones", f"&{parameter}")
    assert page.has("div", **{"class": "notice"})
    assert parameter.split("=")[0] in page.words
    assert page.has("ol", **{"class": "hits"})


def test_a_facet_narrows_the_results_and_stands_as_a_chip_that_takes_it_back(
    client: FlaskClient,
) -> None:
    wide = search(client, "drones", "&sort=date")
    narrow = "/search?q=drones&sort=date&kind=passage"
    assert narrow in wide.links
    page = read(client, narrow)
    assert "Kind: Passages" in page.words
    assert page.links.count("/search?q=drones&sort=date") >= 2
    assert page.has("input", type="hidden", name="kind", value="passage")
    assert page.has("input", type="hidden", name="sort", value="date")


def test_a_year_is_one_in_which_something_may_have_been(client: FlaskClient) -> None:
    """What is dated “by 12 July 2022” may have been in any year before."""
    page = search(client, "drones")
    assert "Year (approximate dates included)" in page.words
    earlier = read(client, "/search?q=drones&year=2020")
    assert "by 12 July 2022" in earlier.words


def test_two_values_of_a_facet_widen_it(client: FlaskClient) -> None:
    page = search(client, "drones", "&kind=passage&kind=meeting")
    assert "/search?q=drones&kind=meeting" in page.links
    assert "/search?q=drones&kind=passage" in page.links


def test_what_has_only_some_of_the_words_is_shown_and_said_so(
    client: FlaskClient,
) -> None:
    page = search(client, "drones zebra")
    assert "Nothing has all of these words" in page.words
    assert page.has("ol", **{"class": "hits"})
    strict = search(client, "drones zebra", "&match=all")
    assert not strict.has("ol", **{"class": "hits"})


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    page = search(client, "zebra giraffe", "&match=all")
    assert "Nothing was found" in page.words
    assert "/search?q=zebra&match=all" in page.links
    assert "/help/search" in page.links


def test_a_misspelt_word_is_met_with_another_spelling(client: FlaskClient) -> None:
    page = search(client, "dronse")
    assert "Did you mean" in page.words
    assert "/search?q=drones" in page.links


def test_the_next_page_follows_the_last_hit(client: FlaskClient) -> None:
    first = search(client, "drones", "&limit=2")
    assert "/search?q=drones&limit=2&page=2" in first.links
    second = read(client, "/search?q=drones&limit=2&page=2")
    assert second.has("ol", start="3")
    assert "/search?q=drones&limit=2" in second.links


def test_a_page_past_the_last_says_so(client: FlaskClient) -> None:
    page = search(client, "drones", "&page=100")
    assert "The results end before this page" in page.words


def test_a_query_without_end_is_not_repeated_in_every_link(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "drones " * 1_500})
    page = Html(response.text)
    assert page.has("input", name="q", value="drones " * 1_500)
    links = [to for to in page.links if to.startswith("/search?")]
    assert len(links) > 20 and max(map(len, links)) < 2_500
    assert read(client, links[0]).has("ol", **{"class": "hits"})


def test_what_is_called_as_was_typed_is_linked_above_the_results(
    client: FlaskClient,
) -> None:
    page = search(client, "iran")
    assert page.links.index("/actors/iran") < page.links.index(
        "/search?q=iran&match=all"
    )
    assert page.has("dl", **{"class": "named"})
    assert [to for to in page.links if to.startswith("/topics/")]
    assert [to for to in page.links if to.startswith("/meetings/")]
    assert "Владимир Путин" in search(client, "путин").words
    for query, more in (("iran", "&page=2"), ("kind:actor", ""), ("iran" * 200, "")):
        assert not search(client, query, more).has("dl", **{"class": "named"})


def test_an_empty_query_shows_everything(client: FlaskClient) -> None:
    assert read(client, "/search").has("ol", **{"class": "hits"})
    assert read(client, "/search?q=").has("ol", **{"class": "hits"})


def test_the_examples_on_the_first_page_find_something(client: FlaskClient) -> None:
    examples = [to for to in read(client, "/").links if to.startswith("/search?")]
    assert len(examples) >= 4
    for example in examples:
        page = read(client, example)
        assert page.has("ol", **{"class": "hits"}), example
        assert not page.has("div", **{"class": "notice"}), example


def test_the_examples_of_the_help_page_can_be_read(client: FlaskClient) -> None:
    for example in read(client, "/help/search").links:
        if example.startswith("/search?"):
            assert "cannot be read" not in read(client, example).words, example


def test_without_an_index_the_page_says_that_it_is_being_rebuilt(
    client: FlaskClient, tehran: Settings
) -> None:
    shutil.rmtree(tehran.index_dir)
    response = client.get("/search?q=drones")
    page = Html(response.text)
    assert response.status_code == 503
    assert "The search index is being rebuilt" in page.words
    assert "dragoman reindex" in page.words
    assert page.has("input", type="search", value="drones")
    assert client.get("/meetings").status_code == 200


def test_a_damaged_index_is_not_said_to_be_rebuilt(
    client: FlaskClient, tehran: Settings
) -> None:
    segments = sorted(tehran.index_dir.rglob("*.arrays"))
    for segment in segments:
        segment.write_bytes(b"not a segment")
    assert segments
    response = client.get("/search?q=drones")
    page = Html(response.text)
    assert response.status_code == 503
    assert "damaged" in page.words
    assert "dragoman reindex" in page.words
    assert "being rebuilt" not in page.words
    assert "does so by itself" not in page.words


def test_what_is_planned_or_reported_by_others_is_said_to_be_so(
    client: FlaskClient,
) -> None:
    page = Html(client.get("/search?q=tehran+trilateral&kind=meeting").text)
    assert "announced according to Dmitri Peskov" in page.words
    page = Html(client.get("/search?q=supply+drones&kind=stance&actor=russia").text)
    assert "reported by others according to White House (United States)" in page.words


def test_what_the_index_has_yet_to_take_is_said(
    client: FlaskClient, tehran: Settings
) -> None:
    with open_session(tehran.database_url, write=True) as session:
        make.actor(session, slug="aden", name="Aden")
        session.commit()
    assert "1 change is queued and not yet in the index." in search(client, "x").words
    assert client.get("/api/v1/search?q=x").get_json()["queued"] == 1
