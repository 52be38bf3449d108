"""Lists narrowed by source, holder, country and topic, against the views in SQL."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import create_app
from models import open_session
from settings import Settings

Ask = Callable[[str], set[str]]

SOURCES = ("article-2022-07-12", "article-2022-07-12-summary")
PARTS = "('meeting', 'status_event', 'participation', 'agenda_item', 'outcome')"


@pytest.fixture
def client(tehran: Settings) -> FlaskClient:
    return create_app(tehran).test_client()


@pytest.fixture
def ask(tehran: Settings) -> Ask:
    def answer(query: str) -> set[str]:
        with open_session(tehran.database_url) as session:
            return set(session.scalars(sa.text(query)))

    return answer


@pytest.fixture
def listed(client: FlaskClient) -> Ask:
    def slugs(address: str) -> set[str]:
        answer = client.get(f"/api/v1/{address}&limit=200").json or {}
        return {item["slug"] for item in answer["items"]}

    return slugs


@pytest.mark.parametrize("source", SOURCES)
def test_meetings_of_a_source_are_those_of_which_it_says_anything(
    listed: Ask, ask: Ask, source: str
) -> None:
    cited = ask(
        "select claim from citations "
        f"where source = '{source}' and claim_kind in {PARTS}"
    )
    assert listed(f"meetings?source={source}") == {key.split("/")[0] for key in cited}


@pytest.mark.parametrize("source", SOURCES)
def test_propositions_of_a_source_are_those_on_which_a_stand_is_taken_in_it(
    listed: Ask, ask: Ask, source: str
) -> None:
    assert listed(f"propositions?source={source}") == ask(
        "select s.target_slug from stances s join citations c on c.claim = s.slug "
        f"where c.claim_kind = 'stance' and c.source = '{source}' "
        "and s.target_kind = 'proposition'"
    )


@pytest.mark.parametrize("holder", ["turkey", "jake-sullivan", "peter-the-great"])
def test_sources_of_a_holder_are_those_of_its_stances(
    listed: Ask, ask: Ask, holder: str
) -> None:
    stances = listed(f"stances?holder={holder}")
    cited = {
        source
        for source in SOURCES
        if stances
        & ask(
            "select claim from citations "
            f"where claim_kind = 'stance' and source = '{source}'"
        )
    }
    assert listed(f"sources?holder={holder}") == cited


def test_actors_of_a_country_are_it_its_bodies_and_who_holds_their_offices(
    listed: Ask,
) -> None:
    assert listed("actors?country=russia") == {
        "russia", "kremlin", "russian-armed-forces",
        "vladimir-putin", "sergey-lavrov", "dmitri-peskov",
    }  # fmt: skip


@pytest.mark.parametrize("topic", ["drones", "nato", "sanctions"])
def test_actors_of_a_topic_hold_a_stance_under_it_or_have_it_held_for_them(
    client: FlaskClient, listed: Ask, topic: str
) -> None:
    items = (client.get(f"/api/v1/stances?topic={topic}&limit=200").json or {})["items"]
    refs = [ref for item in items for ref in (item["holder"], item["represents"])]
    assert listed(f"actors?topic={topic}") == {ref["slug"] for ref in refs if ref}


@pytest.mark.parametrize(
    ("feed", "name", "slug"),
    [
        ("/feeds/stances.atom", "holder=Türkiye", "holder=turkey"),
        ("/feeds/meetings.atom", "actor=Путин", "actor=vladimir-putin"),
        ("/meetings.ics", "country=Iran", "country=iran"),
    ],
)
def test_a_subscription_takes_names_as_the_lists_do(
    client: FlaskClient, feed: str, name: str, slug: str
) -> None:
    by_name, by_slug = (client.get(f"{feed}?{query}") for query in (name, slug))
    assert by_name.status_code == by_slug.status_code == 200
    for mark in ("<entry>", "BEGIN:VEVENT"):
        assert by_name.text.count(mark) == by_slug.text.count(mark)
    assert "<entry>" in by_name.text or "BEGIN:VEVENT" in by_name.text
    assert client.get(f"{feed}?{name.split('=')[0]}=Ruritania!").status_code == 400
