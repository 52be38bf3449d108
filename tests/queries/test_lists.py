"""What every list and its pages promise: filters, orders, 404, few statements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from errors import NotFound
from queries.actors import ACTORS, find_actors, load_actor
from queries.filters import ListOf
from queries.meetings import MEETINGS, find_meetings, load_meeting
from queries.propositions import PROPOSITIONS, find_propositions, load_proposition
from queries.sources import SOURCES, find_sources, load_source
from queries.stances import STANCES, find_stances, load_stance
from queries.topics import TOPICS, find_topics, load_topic
from tests.queries.world import World, add_more, statements


@dataclass(frozen=True)
class Case:
    """A list of the small record."""

    table: ListOf
    find: Callable[..., Any]
    load: Callable[..., Any]
    slug: str
    """One of its things, which is filed with all the others."""
    most: tuple[int, int]
    """How many statements the list and a page take, at most."""
    filters: list[tuple[str, str, list[str]]]
    """The name of a filter, its value, and what it leaves; in any order."""

    def slugs(self, session: Session, **asked: str) -> list[str]:
        found = self.find(session, self.table.strictly(asked))
        return [item.slug for item in found.items]


CASES = [
    Case(
        MEETINGS,
        find_meetings,
        load_meeting,
        "aden-meeting",
        (5, 28),
        [
            ("kind", "talks", ["talks"]),
            ("format", "trilateral", []),
            ("medium", "in_person", ["aden-meeting", "talks"]),
            ("level", "head_of_state", ["aden-meeting"]),
            ("status", "held", ["aden-meeting"]),
            ("actor", "envoy", ["aden-meeting"]),
            ("actor", "aden", ["aden-meeting"]),
            ("actor", "court", []),
            ("topic", "trade", ["aden-meeting"]),
            ("topic", "salt", ["aden-meeting"]),
            ("country", "aden", ["aden-meeting"]),
            ("parent", "aden-meeting", ["talks"]),
            ("relation", "preparatory", ["talks"]),
            ("several", "true", []),
            ("q", "MEETING aden", ["aden-meeting"]),
            ("q", "before nothing", []),
        ],
    ),
    Case(
        ACTORS,
        find_actors,
        load_actor,
        "aden",
        (2, 30),
        [
            ("q", "king", ["king"]),
            ("q", "KIRAL", ["king"]),
            ("q", "kiral", ["king"]),
            ("q", "the envoy", ["envoy"]),
            ("q", "king envoy", []),
            ("kind", "state", ["aden"]),
            ("parent", "aden", ["court"]),
            ("organization", "league", ["aden"]),
        ],
    ),
    Case(
        STANCES,
        find_stances,
        load_stance,
        "king-yes",
        (5, 9),
        [
            ("holder", "king", ["king-yes", "king-no"]),
            ("holder", "court", ["king-yes", "king-no"]),
            ("holder", "aden", ["king-yes", "king-no"]),
            ("itself", "king", ["king-yes", "king-no"]),
            ("itself", "court", []),
            ("about", "aden", ["king-yes", "king-no", "envoy-on-aden"]),
            ("about", "court", []),
            ("holder_kind", "person", ["king-yes", "king-no", "envoy-on-aden"]),
            ("holder_kind", "state", []),
            ("represents", "court", ["king-yes", "king-no"]),
            ("state", "aden", ["king-yes", "king-no"]),
            ("state", "court", []),
            ("side", "court", ["king-yes", "king-no"]),
            ("side", "aden", []),
            ("actor", "aden", ["king-yes", "king-no", "envoy-on-aden"]),
            ("actor", "court", ["king-yes", "king-no"]),
            ("target", "sell-salt", ["king-yes", "king-no"]),
            ("target", "aden", ["envoy-on-aden"]),
            ("target_kind", "actor", ["envoy-on-aden"]),
            ("proposition_kind", "normative", ["king-yes", "king-no"]),
            ("proposition_kind", "factual", []),
            ("topic", "trade", ["king-yes", "king-no", "envoy-on-aden"]),
            ("topic", "salt", ["king-yes", "king-no"]),
            ("position", "against", ["king-no"]),
            ("mode", "said", ["king-yes", "king-no", "envoy-on-aden"]),
            ("certainty", "possible", []),
            ("current", "true", ["king-yes", "envoy-on-aden"]),
            ("current", "false", ["king-no"]),
            ("meeting", "aden-meeting", ["king-yes"]),
            ("source", "summary", ["king-yes"]),
            ("date", "2022-06", ["king-no"]),
            ("q", "SALT sell", ["king-yes", "king-no"]),
            ("q", "clear", ["king-yes"]),
            ("q", "envoy", ["envoy-on-aden"]),
        ],
    ),
    Case(
        SOURCES,
        find_sources,
        load_source,
        "report",
        (3, 16),
        [
            ("q", "REPORT", ["report"]),
            ("q", "gazette", ["report"]),
            ("kind", "summary", ["summary"]),
            ("publisher", "The Gazette", ["report"]),
            ("publisher", "Gazette", []),
            ("issuer", "court", ["report"]),
            ("actor", "king", ["report"]),
            ("actor", "court", []),
            ("subject", "commerce", ["report"]),
            ("subject", "comm", []),
            ("topic", "trade", ["report"]),
            ("language", "en", ["summary", "report"]),
            ("text", "withheld", ["summary"]),
            ("derived_from", "report", ["summary"]),
            ("date", "2022-07-12", ["report"]),
            ("from", "2022-07-13", ["summary"]),
        ],
    ),
    Case(
        TOPICS,
        find_topics,
        load_topic,
        "trade",
        (5, 20),
        [
            ("under", "salt", ["salt"]),
            ("under", "trade", ["trade", "salt"]),
            ("q", "SAL", ["salt"]),
        ],
    ),
    Case(
        PROPOSITIONS,
        find_propositions,
        load_proposition,
        "sell-salt",
        (3, 9),
        [
            ("q", "SALT", ["sell-salt"]),
            ("q", "pepper", []),
            ("kind", "normative", ["sell-salt"]),
            ("kind", "factual", []),
            ("topic", "trade", ["sell-salt"]),
            ("actor", "king", ["sell-salt"]),
            ("actor", "court", ["sell-salt"]),
            ("actor", "envoy", []),
        ],
    ),
]

a_list = pytest.mark.parametrize("case", CASES, ids=lambda case: case.table.noun)


@a_list
@pytest.mark.usefixtures("world")
def test_a_filter_narrows_the_list(
    session: Session, case: Case, subtests: pytest.Subtests
) -> None:
    assert {name for name, _, _ in case.filters} <= {
        item.name for item in case.table.filters
    }
    for name, value, found in case.filters:
        with subtests.test(name=name, value=value):
            assert sorted(case.slugs(session, **{name: value})) == sorted(found)


@a_list
def test_every_order_can_be_turned_round(
    session: Session, world: World, case: Case
) -> None:
    """What has no value comes last both ways, so only what is listed is compared."""
    add_more(session, world, 2)
    for sort in case.table.sorts:
        forwards = case.slugs(session, sort=sort)
        assert len(forwards) == len(set(forwards)) > 0
        assert set(case.slugs(session, sort=f"-{sort}")) == set(forwards)


@a_list
def test_what_is_not_recorded_is_not_found(session: Session, case: Case) -> None:
    with pytest.raises(NotFound, match="nothing-like-it"):
        case.load(session, "nothing-like-it")


@a_list
def test_statements_do_not_grow_with_the_record(
    session: Session, world: World, case: Case
) -> None:
    counts = []
    for _ in range(2):
        add_more(session, world, 3)
        session.connection()  # opening it looks at the schema's revision
        with statements(session) as listing:
            case.find(session)
        with statements(session) as page:
            case.load(session, case.slug)
        counts.append((len(listing), len(page)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= case.most[0] and counts[0][1] <= case.most[1]
