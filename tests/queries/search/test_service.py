"""What a search shows: results, facets, notices, and what they cost.

Long because the service has many promises and they share one small record.
"""

from collections.abc import Iterable

import pytest
from sqlalchemy.orm import Session

import queries
from errors import BadRequest, Unavailable
from models import Actor, open_session
from queries.search import service
from queries.search.page import SearchPage
from queries.search.request import PARAMETERS, SearchRequest, read, strictly
from search.drainer import Drainer
from search.engine import Engine
from search.engines import open_engine
from search.fields import FACETS, FIELDS
from search.highlight import Piece
from search.sync import drain, rebuild
from settings import Settings
from tests import factories as make
from tests.queries.world import add_more, make_world, statements


def found(page: SearchPage) -> list[str]:
    return [f"{hit.kind} {hit.slug}" for hit in page.hits]


def marked(pieces: Iterable[Piece]) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in pieces)


def test_a_passage_is_shown_with_its_words_marked_and_what_rests_on_it(find):
    page = find("ship sail")
    assert page.total == 1 and page.pages == 1 and not page.more
    [hit] = page.hits
    assert (hit.kind, hit.slug, hit.position) == ("passage", "report/3", 3)
    assert hit.title == "A report" and hit.url == "/sources/report#p3"
    assert hit.source is not None and hit.source.slug == "report"
    assert hit.date.for_people == "12 July 2022"
    assert marked(hit.snippet) == "No [ship] will [sail] before spring."
    assert hit.claims == ()
    assert hit.score > 0


@pytest.mark.parametrize(
    "query",
    ["king envoy", "KIRAL envoy", "Kıral aden", "bilateral meeting king", "kiral salt"],
)
def test_a_meeting_is_found_by_who_was_there_where_and_how(find, query):
    assert "meeting aden-meeting" in found(find(query, match="all"))


def test_a_stance_is_found_by_its_holders_names_and_whom_it_is_spoken_for(find):
    assert "stance king-yes" in found(find("kiral court sell", match="all"))
    assert "stance king-no" in found(find("kiral court sell", match="all"))


def test_a_coders_note_finds_a_stance_and_is_never_shown_as_a_quote(find):
    [hit] = find("clear", kind="stance").hits
    assert hit.slug == "king-yes"
    assert marked(hit.snippet) == "They spoke of salt, the envoy said."


def test_those_whom_a_query_names_are_shown_beside_the_hits_and_count_nowhere(find):
    page = find("did the envoy sell salt to kıral", limit=3)
    named = [(one.kind, one.slug) for one in page.named]
    assert named == [("actor", "envoy"), ("topic", "salt"), ("actor", "king")]
    assert page.named[2].label == "The King" and page.named[2].url == "/actors/king"
    assert find("actor:kıral topic:salt", limit=3).named == page.named[:0:-1]
    assert find('"salt" kind:stance').named == ()


def test_where_nothing_is_found_the_nearest_that_finds_something_is_offered(find):
    page = find("ship sail", kind="meeting", match="all")
    assert page.total == 0
    assert [(one.sentence, one.total, one.without) for one in page.nearest] == [
        ("without kind:meeting", 1, "kind")
    ]
    page = find("ship nosuchword", match="all")
    assert [(one.sentence, one.query) for one in page.nearest] == [
        ("without nosuchword", "ship")
    ]
    assert find("ship").nearest == ()


def test_hits_are_counted_by_year_with_the_years_between(find, settings):
    with open_session(settings.database_url, write=True) as session:
        for year in range(1990, 2020, 3):
            source = make.source(session, slug=f"y{year}", published=f"{year}")
            make.source_text(session, "Clove.", source=source)
        for year in range(1900, 1980, 2):
            source = make.source(session, slug=f"x{year}", published=f"{year}")
            make.source_text(session, "Clove.", source=source)
        session.commit()
    drain(find.engine, settings.database_url)
    years = find("clove").years
    assert (years[0].year, years[-1].year, len(years)) == ("1900", "2017", 118)
    assert sum(bar.count for bar in years) == 50  # of which the facet shows 20
    assert {(bar.count, bar.height) for bar in years} == {(1, 100), (0, 0)}
    chosen = [bar for bar in find("clove", year="1990").years if bar.selected]
    assert [bar.year for bar in chosen] == ["1990"]
    assert find("ship").years == ()


def test_a_meeting_and_a_stance_are_shown_on_somebodys_word(find):
    [meeting] = find("aden", kind="meeting", sort="date").hits[-1:]
    assert meeting.slug == "aden-meeting" and meeting.badge is not None
    assert (meeting.badge.word, meeting.said_by) == ("reported", "The Envoy")
    stances = {hit.slug: hit for hit in find("", kind="stance", limit=20).hits}
    assert stances["king-yes"].said_by == "The Envoy"
    assert stances["king-yes"].current and not stances["king-no"].current
    assert (stances["king-yes"].mode, stances["king-yes"].certainty) == (
        "said",
        "certain",
    )


def test_a_cited_passage_names_its_claims(find):
    [hit] = find("spoke", kind="passage").hits
    assert {claim.label for claim in hit.claims} >= {
        "The King: for: Aden should sell salt.",
        "The meeting in Aden: agenda: Salt",
    }


def test_every_kind_is_found_under_its_own_title(find):
    titles = {hit.slug: marked(hit.title_pieces) for hit in find("", limit=20).hits}
    assert titles == {
        "report/1": "A report",
        "report/2": "A report",
        "report/3": "A report",
        "aden-meeting": "The meeting in Aden",
        "talks": "Talks before",
        "aden": "Aden",
        "court": "Court",
        "envoy": "The Envoy",
        "king": "The King",
        "league": "League",
        "king-no": "The King: against: Aden should sell salt.",
        "king-yes": "The King: for: Aden should sell salt.",
        "envoy-on-aden": "The Envoy: mixed: Aden",
        "sell-salt": "Aden should sell salt.",
    }


def test_an_address_leads_to_each_kind_of_result(find):
    addresses = {hit.slug: hit.url for hit in find("", limit=20).hits}
    assert addresses["aden-meeting"] == "/meetings/aden-meeting"
    assert addresses["king-yes"] == "/stances/king-yes"
    assert addresses["sell-salt"] == "/propositions/sell-salt"
    assert addresses["king"] == "/actors/king"


def test_a_name_finds_whatever_concerns_its_bearer(find):
    assert set(found(find("actor:KIRAL kind:passage"))) == {
        "passage report/1",
        "passage report/2",
    }
    assert found(find("holder:king kind:stance")) == [
        "stance king-no",
        "stance king-yes",
    ]
    assert found(find("state:aden kind:actor")) == ["actor aden", "actor court"]


def test_a_topic_takes_in_what_is_below_it(find):
    assert found(find("topic:trade kind:proposition")) == ["proposition sell-salt"]
    assert found(find("kind:proposition", topic="trade")) == ["proposition sell-salt"]


def test_dates_overlap(find):
    assert found(find("date:2022-07-20 kind:meeting")) == ["meeting aden-meeting"]
    assert found(find("kind:meeting", year="2022")) == [
        "meeting aden-meeting",
        "meeting talks",
    ]


def test_a_new_alias_is_found_at_once(find, settings):
    from models import ActorName

    with open_session(settings.database_url, write=True) as session:
        king = session.query(Actor).filter_by(slug="king").one()
        king.names.append(ActorName(name="His Majesty", language="en", kind="alias"))
        session.commit()
    with open_session(settings.database_url) as session:
        page = queries.search(session, 'actor:"his majesty"', engine=find.engine)
    assert "passage report/1" in found(page)


def test_facets_count_exactly_and_know_their_labels(find):
    page = find("aden")
    kinds = {value.value: value.count for value in page.facets["kind"]}
    assert sum(kinds.values()) == page.total
    actors = {value.value: value.label for value in page.facets["actor"]}
    assert actors["king"] == "The King"
    assert set(page.facets) == set(FACETS)


def test_what_a_facet_counts_is_what_it_finds(find):
    page = find("")
    for facet, values in page.facets.items():
        for value in values:
            assert find("", **{facet: value.value}).total == value.count, value


def test_a_facet_is_counted_without_its_own_filter(find):
    page = find("aden", kind="meeting")
    kinds = {value.value: value for value in page.facets["kind"]}
    assert kinds["meeting"].selected and not kinds["stance"].selected
    assert kinds["stance"].count > 0
    assert page.total == kinds["meeting"].count
    assert page.filters == {"kind": ("meeting",)}


def test_a_selected_value_is_shown_even_if_nothing_has_it(find):
    # As an address may say it; a call from Python would be refused.
    asked = SearchRequest(query="ship", filters={"actor": ("king", "nobody")})
    page = service.search(find.session, asked, find.engine)
    values = {value.value: value for value in page.facets["actor"]}
    assert values["king"].selected and values["king"].count == 0
    assert values["nobody"].label == "nobody"


def test_where_nothing_has_all_words_some_will_do_and_the_page_says_so(find):
    page = find("ship zebra")
    assert page.match == "any" and found(page) == ["passage report/3"]
    assert (page.total, page.some) == (0, 1) and not page.hits[0].all_words
    assert page.notices == (
        "Nothing has all of these words; shown is what has some of them.",
    )
    strict = find("ship zebra", match="all")
    assert strict.total == 0 and strict.notices == ()
    assert find("ship envoy", match="any").total > find("ship").total


def test_some_of_the_words_never_means_without_the_filters(find):
    assert find("kind:passage zebra").total == 0
    assert found(find("kind:passage ship zebra")) == ["passage report/3"]
    assert find("kind:actor ship zebra").total == 0


def test_a_name_that_nobody_bears_is_told(find):
    page = find("actor:zebra")
    assert page.total == 0
    assert page.notices == ('No actor is called "zebra".',)


def test_changes_that_wait_for_the_index_are_told(find, settings):
    assert find("ship").queued == 0
    with open_session(settings.database_url, write=True) as session:
        make.actor(session, slug="ship", name="Ship")
        session.commit()
    find.session.rollback()
    page = find("ship")
    assert page.total == 1 and page.queued == 1
    assert page.notices == ("1 change is queued and not yet in the index.",)
    drain(find.engine, settings.database_url)
    find.session.rollback()
    page = find("ship")
    assert (page.total, page.queued, page.notices) == (2, 0, ())


def test_a_broken_query_is_refused_or_read_as_words(find):
    with pytest.raises(BadRequest) as caught:
        find('ship "sail')
    assert (caught.value.field, caught.value.position) == ("q", 5)
    page = find('ship "sail', lenient=True)
    assert found(page) == ["passage report/3"]
    assert page.query == 'ship "sail'
    assert page.notices == (
        "The query cannot be read: A quotation mark is not closed. "
        "Its words were searched for instead.",
    )


def test_a_broken_query_without_words_finds_nothing(find):
    page = find("*", lenient=True)
    assert page.total == 0 and page.hits == ()
    assert "need a letter" in page.notices[0]


def test_another_spelling_is_offered_if_it_finds_more(find):
    page = find("sihp")
    assert page.total == 0 and page.did_you_mean == "ship"
    assert find("kind:passage sihp").did_you_mean == "kind:passage ship"
    assert find("sihp spring").did_you_mean == "ship spring"
    assert find("sihp", actor="king").did_you_mean is None
    assert find("ship").did_you_mean is None
    assert find('"sihp"').did_you_mean is None
    assert find("thz").did_you_mean is None  # the
    assert find("foo:bar sihp", lenient=True).did_you_mean is None


def test_the_query_is_said_and_can_be_taken_apart(find):
    page = find("salt actor:king", kind="stance")
    assert page.sentence == "stances with “salt”, that concern The King"
    assert [(part.sentence, part.without) for part in page.parts] == [
        ("with “salt”", "actor:king"),
        ("that concern The King", "salt"),
    ]
    assert find("").sentence == "passages and records" and find("salt").parts == ()


def test_pages_follow_each_other_without_repeats(find):
    total = find("").total
    seen = [hit for page in (1, 2, 3) for hit in found(find("", page=page, limit=5))]
    assert len(seen) == len(set(seen)) == total == 14
    assert find("", page=1, limit=5).pages == 3
    assert find("", page=9, limit=5).hits == ()


def test_the_first_page_keeps_to_one_passage_of_a_source(find, settings):
    with open_session(settings.database_url, write=True) as session:
        for slug in ("chronicle", "letter", "minutes", "note"):
            text = "\n\n".join(["Salt."] * (6 if slug == "chronicle" else 2))
            source = make.source(session, slug=slug, title="Untitled")
            make.source_text(session, text, source=source)
        session.commit()
    drain(find.engine, settings.database_url)
    find.session.rollback()

    def sources(**given: object) -> list[str]:
        page = find("salt", kind="passage", limit=5, **given)
        return [hit.slug for hit in page.hits]

    pages = [sources(page=number) for number in (1, 2, 3)]
    first = pages[0]
    of = [slug.partition("/")[0] for slug in first]
    assert sorted(set(of)) == sorted(of) and "chronicle" in of
    more = {
        hit.slug: hit.more_of_source
        for hit in find("salt", kind="passage", limit=5).hits
    }
    assert (more["chronicle/1"], more["letter/1"]) == (5, 1)
    assert find("salt", source="chronicle").total == 6
    plain = [sources(page=number, spread=False) for number in (1, 2, 3)]
    assert sorted(sum(pages, [])) == sorted(sum(plain, []))
    assert sources(spread=False)[:5] == [f"chronicle/{n}" for n in range(1, 6)]
    assert find("salt", kind="passage", limit=5).spread
    for given in ({"sort": "date"}, {"spread": False}, {"source": "chronicle"}):
        assert not find("salt", kind="passage", limit=5, **given).spread
    assert not find("salt source:chronicle").spread
    assert not find("salt", kind="passage", limit=100).spread


@pytest.mark.parametrize(
    ("sort", "first"), [("date", "stance king-no"), ("-date", "meeting aden-meeting")]
)
def test_results_may_come_by_date(find, sort, first):
    assert found(find("salt OR meeting", sort=sort))[0] == first


def test_what_was_deleted_since_is_left_out(find, settings):
    with open_session(settings.database_url, write=True) as session:
        make.actor(session, slug="ghost", name="Ghost")
        session.commit()
    drain(find.engine, settings.database_url)
    with open_session(settings.database_url, write=True) as session:
        session.delete(session.query(Actor).filter_by(slug="ghost").one())
        session.commit()
    with open_session(settings.database_url) as session:
        page = queries.search(session, "ghost", engine=find.engine)
    assert page.total == 1 and page.hits == ()


def test_a_page_takes_as_many_statements_however_long_it_is(settings):
    engine = open_engine("whoosh", settings.index_dir)
    with open_session(settings.database_url, write=True) as session:
        world = make_world(session)
        session.commit()
        few = _statements(session, engine, settings)
        assert world.text.source.slug  # loaded before evidence is made of it
        add_more(session, world, 6)
        session.commit()
        assert _statements(session, engine, settings) == few


def _statements(session: Session, engine: Engine, settings: Settings) -> int:
    rebuild(engine, settings.database_url)
    with statements(session) as ran:
        page = queries.search(session, "", limit=100, engine=engine)
    assert page.total == len(page.hits)
    session.rollback()
    return len(ran)


def test_without_an_index_the_remedy_is_named(settings):
    with open_session(settings.database_url) as session:
        with pytest.raises(Unavailable, match="dragoman reindex"):
            queries.search(
                session, "x", engine=open_engine("whoosh", settings.index_dir)
            )


def test_the_configured_engine_is_found_by_itself(find, settings, monkeypatch):
    monkeypatch.setenv("DRAGOMAN_INSTANCE", str(settings.instance))
    assert queries.search(find.session, "ship").total == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "letter"}, "kind"),
        ({"year": "22"}, "year"),
        ({"year": "0000"}, "year"),
        ({"sort": "size"}, "sort"),
        ({"match": "most"}, "match"),
        ({"page": 0}, "page"),
        ({"limit": -1}, "limit"),
        ({"limit": 100_000}, "limit"),
        ({"page": 5_000}, "page"),
        ({"actor": "a\0b"}, "actor"),
    ],
)
def test_an_argument_that_cannot_be_used_is_refused(find, given, field):
    with pytest.raises(BadRequest) as caught:
        find("x", **given)
    assert caught.value.field == field


def test_parameters_are_read_as_they_come():
    asked = strictly(
        {"q": "salt", "kind": ["stance", ""], "year": "2022", "page": "2", "actor": ""}
    )
    assert asked == SearchRequest(
        query="salt", filters={"kind": ("stance",), "year": ("2022",)}, page=2
    )


def test_what_cannot_be_used_of_a_request_is_named_and_left_out():
    asked, faults = read({"q": "x", "page": "abc", "limit": "-1", "colour": "red"})
    assert [fault.field for fault in faults] == ["page", "limit", "colour"]
    assert asked == SearchRequest(query="x")
    with pytest.raises(BadRequest, match="abc"):
        strictly({"page": "abc"})
    asked, faults = read({"page": "2000", "limit": "10"})
    assert faults[0].field == "page" and asked.page == 1


def test_every_facet_is_a_parameter():
    assert set(FACETS) < {item.name for item in PARAMETERS}


# The bundled dataset


def test_the_examples_of_the_fields_find_something_in_the_bundled_dataset(tehran):
    engine = open_engine("whoosh", tehran.index_dir)
    with open_session(tehran.database_url) as session:
        for field in FIELDS:
            if field.key == "subject":
                continue  # its sources have no publisher's labels
            page = queries.search(session, field.example, engine=engine)
            assert page.total, field.example


def test_who_met_whom_is_one_search_away(tehran):
    engine = open_engine("whoosh", tehran.index_dir)
    with open_session(tehran.database_url) as session:
        page = queries.search(session, "drones actor:iran", engine=engine)
        assert page.hits[0].kind == "passage"
        assert "[drones]" in marked(page.hits[0].snippet)
        assert page.hits[0].claims


def test_what_has_all_words_comes_first_and_then_what_has_some(find):
    page = find("ship envoy", limit=20)
    strict = find("ship envoy", match="all", limit=20)
    loose = find("ship envoy", match="any", limit=20)
    assert page.total == strict.total and page.some == loose.total - strict.total
    assert [hit.all_words for hit in page.hits] == sorted(
        (hit.all_words for hit in page.hits), reverse=True
    )
    assert set(found(page)) == set(found(loose))
    assert page.pages == 1 and page.facets_of == "any"


def test_the_pages_run_on_past_the_line(find):
    whole = found(find("salt aden", limit=50, spread=False))
    page = find("salt aden", limit=2, spread=False, page=1)
    paged = []
    while True:
        paged += found(page)
        if not page.more:
            break
        page = find("salt aden", limit=2, spread=False, page=page.page + 1)
    assert paged == whole


def test_a_date_in_a_question_raises_what_is_of_it_and_can_be_left_out(find):
    page = find("salt in July 2022")
    assert page.total == find("salt").total
    assert page.sentence.endswith("with “salt”, above all of “July 2022”")
    dated = {hit.slug: hit.score for hit in page.hits}
    plain = {hit.slug: hit.score for hit in find("salt").hits}
    ratios = {round(dated[slug] / plain[slug], 4) for slug in plain}
    assert ratios <= {1.0, 1.3} and 1.3 in ratios
    assert [part.without for part in page.parts] == ["in July 2022", "salt"]
    assert find("July 2022").total == find("date:2022-07").total


def test_a_search_that_waits_finds_what_was_just_committed(settings: Settings) -> None:
    url = settings.database_url
    engine = open_engine("whoosh", settings.index_dir, url)
    drain(engine, url)
    drainer = Drainer(engine, url)
    drainer.start()
    try:
        for number in range(3):
            with open_session(url, write=True) as session:
                make.actor(session, slug=f"just-{number}", name=f"Just{number}")
                session.commit()
            with open_session(url) as session:
                request = SearchRequest(query=f"just{number}", wait=5)
                page = service.search(session, request, engine)
            assert (page.total, page.queued) == (1, 0)
    finally:
        drainer.stop()


def test_a_search_waits_no_longer_than_it_is_asked_to(settings: Settings) -> None:
    url = settings.database_url
    engine = open_engine("whoosh", settings.index_dir, url)
    drain(engine, url)
    with open_session(url, write=True) as session:
        make.actor(session, slug="late", name="Late")
        session.commit()
    with open_session(url) as session:
        page = service.search(session, SearchRequest(query="late", wait=1), engine)
    assert (page.total, page.queued) == (0, 1)


def test_passages_of_the_summary_are_found_by_the_days_of_its_report(tehran):
    engine = open_engine("whoosh", tehran.index_dir)
    with open_session(tehran.database_url) as session:
        page = queries.search(session, "date:2022-07 kind:passage", engine=engine)
        assert page.total
        assert {str(hit.date.edtf) for hit in page.hits} == {"2022-07-12/2022-07-13"}
        assert not queries.search(
            session, "date:2026 kind:passage", engine=engine
        ).total
