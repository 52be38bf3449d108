"""Unknown slugs: refused wherever they are given, with the nearest that is recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from analysis.brief import load_brief
from analysis.matrix import load_matrix
from analysis.networks import load_meeting_network
from analysis.readouts import load_readouts
from analysis.timeline import load_actor_timeline, load_proposition_timeline
from errors import BadRequest, NotFound
from models import ActorName
from models.enums import NameKind
from queries.actors import load_actor
from queries.known import nearest
from queries.meetings import load_meeting
from queries.propositions import load_proposition
from queries.references import passage_reference, stance_reference
from queries.search.arguments import search
from queries.sources import load_source
from queries.stances import load_stance
from queries.topics import load_topic
from tests import factories as make
from web.catalogue import COLLECTIONS

FILTERS = [
    (collection, item.name)
    for collection in COLLECTIONS
    for item in collection.table.filters
    if item.kinds
]
ASKED: dict[str, Callable[[Session, str], Any]] = {
    "actor": load_actor,
    "brief": load_brief,
    "matrix": lambda session, slug: load_matrix(session, topic=slug),
    "matrix of actors": lambda session, slug: load_matrix(session, actors=[slug]),
    "meeting": load_meeting,
    "network": lambda session, slug: load_meeting_network(session, actors=[slug]),
    "passage": lambda session, slug: passage_reference(session, slug, 1),
    "proposition": load_proposition,
    "proposition timeline": load_proposition_timeline,
    "readouts": load_readouts,
    "reference": stance_reference,
    "search": lambda session, slug: search(session, "salt", actor=slug),
    "source": load_source,
    "stance": load_stance,
    "timeline": load_actor_timeline,
    "topic": load_topic,
}


@pytest.mark.parametrize(("collection", "name"), FILTERS)
@pytest.mark.usefixtures("world")
def test_a_list_is_not_narrowed_to_what_is_not_recorded(
    session: Session, collection: Any, name: str
) -> None:
    asked = collection.table.strictly({name: "qqqqqq"})
    with pytest.raises(BadRequest, match='is called "qqqqqq"') as fault:
        collection.find(session, asked)
    assert fault.value.field == name


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.usefixtures("world")
def test_every_function_refuses_a_slug_that_nothing_has(
    session: Session, what: str
) -> None:
    with pytest.raises(NotFound, match='is called "qqqqqq"'):
        ASKED[what](session, "qqqqqq")


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_a_slug_with_one_letter_wrong_is_offered_right(
    session: Session, data: st.DataObject
) -> None:
    slug = data.draw(st.from_regex(r"[a-z]{7,12}-[a-z]{7,12}", fullmatch=True))
    nested = session.begin_nested()
    make.actor(session, slug=slug)
    at = data.draw(st.integers(1, len(slug) - 1).filter(lambda at: slug[at] != "-"))
    wrong = slug[:at] + "9" + slug[at + 1 :]
    with pytest.raises(NotFound, match=f"The nearest is {slug}"):
        load_actor(session, wrong)
    nested.rollback()


def test_an_actor_is_found_by_another_name(session: Session) -> None:
    actor = make.actor(session, slug="united-states", name="United States")
    make.add(session, ActorName(actor=actor, name="USA", kind=NameKind.SHORT))
    assert nearest(session, "usa", "actor") == "united-states"
    assert nearest(session, "USA", "actor") == "united-states"
    assert nearest(session, "usa", "meeting") is None


@pytest.mark.parametrize("slug", ["", "\0", "x" * 100_000, "?", "ab", "🙂"])
def test_what_is_like_nothing_has_no_nearest(session: Session, slug: str) -> None:
    make.actor(session, slug="united-states")
    assert nearest(session, slug, "actor") is None
