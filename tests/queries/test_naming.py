"""Names where slugs are asked for."""

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from errors import BadRequest
from models import Actor, ActorName, Folded, fold
from queries.meetings import MEETINGS
from queries.naming import offer_names, slugs_for_names
from queries.stances import STANCES, find_stances
from tests import factories as make

#: The scripts that the project's names are written in.
LETTERS = "aZéÉıİğĞøØłŁßæÆœđ’ŞşйЙёЁЛлІіΣσςΆάאבکكيىةـ漢字はば - %_\\'"


@pytest.fixture
def turkey(session: Session) -> None:
    state = make.actor(session, slug="turkey", name="Turkey", kind="state")
    for name in ("Türkiye", "Турция", "تركيا"):
        session.add(ActorName(actor=state, name=name, folded=fold(name), kind="alias"))
    make.actor(session, slug="aden-east", name="East Aden", kind="state")
    make.actor(session, slug="aden-west", name="West Aden", kind="state")
    make.topic(session, slug="salt", name="Salt and spice")
    session.flush()


@hypothesis.settings(
    max_examples=30,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(text=st.text(st.sampled_from(LETTERS), max_size=12))
def test_both_databases_fold_as_the_program_does(session: Session, text: str) -> None:
    assert session.scalar(select(Folded(literal(text)))) == fold(text)


@pytest.mark.parametrize(
    "name", ["turkey", "Turkey", "TÜRKIYE", "turkiye", "турция", "ترکیا"]
)
@pytest.mark.usefixtures("turkey")
def test_a_filter_takes_every_name_in_the_place_of_the_slug(
    session: Session, name: str
) -> None:
    named = slugs_for_names(session, STANCES.filters, {"holder": name, "page": "2"})
    assert named.strictly() == {"holder": ("turkey",), "page": ("2",)}


@pytest.mark.usefixtures("turkey")
def test_names_and_slugs_may_stand_beside_each_other(session: Session) -> None:
    given = {"actor": ["aden-east turkey", "West Aden"], "topic": ["salt and spice"]}
    found = slugs_for_names(session, MEETINGS.filters, given).strictly()
    assert found == {"actor": ("aden-east", "turkey", "aden-west"), "topic": ("salt",)}


@pytest.mark.usefixtures("turkey")
def test_a_name_of_several_is_refused_with_their_slugs(session: Session) -> None:
    with pytest.raises(BadRequest) as caught:
        slugs_for_names(session, STANCES.filters, {"holder": "Aden"}).strictly()
    assert "aden-east" in caught.value.detail
    assert "aden-west" in caught.value.detail
    assert caught.value.field == "holder"


@pytest.mark.usefixtures("turkey")
def test_a_name_of_nobody_is_refused_in_a_sentence(session: Session) -> None:
    with pytest.raises(BadRequest, match="no actor is called so; expected a slug"):
        slugs_for_names(session, STANCES.filters, {"holder": "Ruritania!"}).strictly()


@pytest.mark.parametrize("text", ["", "a\0b", "x" * 301])
@pytest.mark.usefixtures("turkey")
def test_what_no_reader_takes_is_left_to_the_reader(
    session: Session, text: str
) -> None:
    found = slugs_for_names(session, STANCES.filters, {"holder": text}).strictly()
    assert found == {"holder": (text,)}


@pytest.mark.usefixtures("turkey")
def test_what_is_being_typed_is_offered_by_every_name(session: Session) -> None:
    for text in ("tur", "türk", "тур", "ترك"):
        found = offer_names(session, ["actor"], text).items
        assert [one.slug for one in found] == ["turkey"]
    found = offer_names(session, ["actor", "topic"], "ade").items
    assert {one.slug for one in found} == {"aden-east", "aden-west"}
    assert [one.slug for one in offer_names(session, ["topic"], "spi").items] == [
        "salt"
    ]
    assert offer_names(session, ["actor"], " ").items == ()


@pytest.mark.usefixtures("turkey")
def test_the_keyword_ignores_accents_and_knows_all_names(session: Session) -> None:
    state = session.scalars(select(Actor).where(Actor.slug == "turkey")).one()
    sentence = make.proposition(session, text="Grain should pass the Đardanelles.")
    make.stance(session, holder=state, proposition=sentence)
    for text in ("turkiye dardanelles", "ТУРЦИЯ", "تركيا grain", "GRAIN"):
        found = find_stances(session, STANCES.strictly({"q": text}))
        assert found.total == 1, text
    assert find_stances(session, STANCES.strictly({"q": "turkiye salt"})).total == 0
