"""Actors: names, offices, memberships, meetings, stances, passages."""

import pytest
from sqlalchemy.orm import Session

from models.enums import NameKind
from queries.actors import ACTORS, SHORT_LIST, find_actors, load_actor
from tests import factories as make


def slugs(session: Session, **asked: str) -> list[str]:
    return [item.slug for item in find_actors(session, ACTORS.strictly(asked)).items]


@pytest.mark.usefixtures("world")
def test_a_list_counts_meetings_and_stances(session: Session) -> None:
    items = {item.slug: item for item in find_actors(session).items}
    assert (items["king"].meetings, items["king"].stances) == (1, 2)
    assert (items["aden"].meetings, items["aden"].stances) == (1, 0)
    assert (items["court"].meetings, items["court"].stances) == (0, 2)
    assert items["court"].parent and items["court"].parent.label == "Aden"


@pytest.mark.usefixtures("world")
def test_a_persons_page(session: Session) -> None:
    page = load_actor(session, "king")
    assert [(name.name, name.language, name.kind) for name in page.names] == [
        ("Kıral", "tr", NameKind.OFFICIAL)
    ]
    assert [(key.scheme, key.value) for key in page.identifiers] == [("wikidata", "Q0")]
    (tenure,) = page.tenures
    assert (tenure.office, tenure.body.slug) == ("Crown", "aden")
    assert tenure.attested.for_people == "July 2022"
    assert tenure.citations[0].quote
    assert [item.slug for item in page.meetings_attended.items] == ["aden-meeting"]
    assert [item.slug for item in page.stances_held.items] == ["king-yes", "king-no"]
    assert page.stances_about.total == 0
    assert [item.position for item in page.passages.items] == [1]
    assert page.basis.sources == 2


@pytest.mark.usefixtures("world")
def test_a_states_page(session: Session) -> None:
    page = load_actor(session, "aden")
    assert [body.slug for body in page.bodies] == ["court"]
    assert [tenure.person.slug for tenure in page.tenures] == ["king"]
    assert [item.organization.slug for item in page.memberships] == ["league"]
    assert page.members == ()
    assert [item.slug for item in page.stances_about.items] == ["envoy-on-aden"]


@pytest.mark.usefixtures("world")
def test_an_organizations_page_names_its_members(session: Session) -> None:
    (member,) = load_actor(session, "league").members
    assert (member.member.slug, member.status) == ("aden", "member")
    assert member.citations


@pytest.mark.usefixtures("world")
def test_a_body_has_the_stances_spoken_for_it(session: Session) -> None:
    assert load_actor(session, "court").stances_held.total == 2


def test_long_lists_are_cut_and_say_how_many_there_are(session: Session) -> None:
    king = make.actor(session, slug="king")
    for _ in range(SHORT_LIST + 1):
        make.participation(session, person=king)
    found = load_actor(session, "king").meetings_attended
    assert (len(found.items), found.total, found.more) == (
        SHORT_LIST,
        SHORT_LIST + 1,
        True,
    )
