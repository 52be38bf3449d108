"""Actors: names, offices, memberships, meetings, stances, passages."""

import pytest
from sqlalchemy.orm import Session

from errors import NotFound
from models.enums import NameKind
from queries.actors import ACTORS, SHORT_LIST, find_actors, load_actor
from tests import factories as make
from tests.queries.world import World, add_more, statements


def slugs(session: Session, **asked: str) -> list[str]:
    return [item.slug for item in find_actors(session, ACTORS.strictly(asked)).items]


def test_a_list_counts_meetings_and_stances(session: Session, world: World) -> None:
    del world
    items = {item.slug: item for item in find_actors(session).items}
    assert (items["king"].meetings, items["king"].stances) == (1, 2)
    assert (items["aden"].meetings, items["aden"].stances) == (1, 0)
    assert (items["court"].meetings, items["court"].stances) == (0, 2)
    assert items["court"].parent and items["court"].parent.label == "Aden"


FILTERS = [
    ("q", "king", ["king"]),
    ("q", "KIRAL", ["king"]),
    ("q", "kiral", ["king"]),
    ("q", "the envoy", ["envoy"]),
    ("q", "king envoy", []),
    ("kind", "state", ["aden"]),
    ("parent", "aden", ["court"]),
    ("organization", "league", ["aden"]),
]


def test_filters_narrow_the_list(
    session: Session, world: World, subtests: pytest.Subtests
) -> None:
    del world
    for name, value, found in FILTERS:
        with subtests.test(name=name, value=value):
            assert slugs(session, **{name: value}) == found


def test_every_order_works_on_both_databases(session: Session, world: World) -> None:
    del world
    for sort in ACTORS.sorts:
        assert set(slugs(session, sort=sort)) == set(slugs(session, sort=f"-{sort}"))


def test_a_persons_page(session: Session, world: World) -> None:
    del world
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


def test_a_states_page(session: Session, world: World) -> None:
    del world
    page = load_actor(session, "aden")
    assert [body.slug for body in page.bodies] == ["court"]
    assert [tenure.person.slug for tenure in page.tenures] == ["king"]
    assert [item.organization.slug for item in page.memberships] == ["league"]
    assert page.members == ()
    assert [item.slug for item in page.stances_about.items] == ["envoy-on-aden"]


def test_an_organizations_page_names_its_members(
    session: Session, world: World
) -> None:
    del world
    (member,) = load_actor(session, "league").members
    assert (member.member.slug, member.status) == ("aden", "member")
    assert member.citations


def test_a_body_has_the_stances_spoken_for_it(session: Session, world: World) -> None:
    del world
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


def test_an_unknown_actor_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="nobody"):
        load_actor(session, "nobody")


def test_statements_do_not_grow_with_the_record(session: Session, world: World) -> None:
    counts = []
    for _ in range(2):
        add_more(session, world, 3)
        with statements(session) as listing:
            find_actors(session)
        with statements(session) as page:
            load_actor(session, "aden")
        counts.append((len(listing), len(page)))
    assert counts[0] == counts[1]
    assert counts[0] <= (2, 30)
