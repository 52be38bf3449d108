"""Topics: the tree, and what is filed under it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from errors import NotFound
from queries.topics import TOPICS, find_topics, load_topic
from tests import factories as make
from tests.queries.world import World, add_more, statements


def slugs(session: Session, **asked: str) -> list[str]:
    return [item.slug for item in find_topics(session, TOPICS.strictly(asked)).items]


def test_each_topic_follows_the_one_above_it(session: Session, world: World) -> None:
    del world
    make.topic(session, slug="arms", name="Arms")
    items = find_topics(session).items
    assert [(item.path, item.depth) for item in items] == [
        ("arms", 0),
        ("trade", 0),
        ("trade/salt", 1),
    ]


def test_a_heading_counts_what_is_below_it(session: Session, world: World) -> None:
    del world
    trade, salt = find_topics(session).items
    assert (trade.propositions, trade.stances) == (1, 3)
    assert (salt.propositions, salt.stances) == (1, 2)


def test_paths_are_those_of_the_view(session: Session, world: World) -> None:
    add_more(session, world, 3)
    rows = session.execute(text("select slug, path from topics"))
    shown = {item.slug: item.path for item in find_topics(session).items}
    assert dict(tuple(row) for row in rows) == shown


def test_filters_narrow_the_list(session: Session, world: World) -> None:
    del world
    assert slugs(session, under="salt") == ["salt"]
    assert slugs(session, under="trade") == ["trade", "salt"]
    assert slugs(session, q="SAL") == ["salt"]
    assert slugs(session, sort="name") == ["salt", "trade"]


def test_a_page_holds_what_is_filed_below_it_too(
    session: Session, world: World
) -> None:
    del world
    page = load_topic(session, "trade")
    assert [child.slug for child in page.children] == ["salt"]
    assert [item.slug for item in page.proposition_list] == ["sell-salt"]
    assert [item.slug for item in page.other_stances.items] == ["envoy-on-aden"]
    assert [item.slug for item in page.meetings.items] == ["aden-meeting"]
    assert [item.slug for item in load_topic(session, "salt").ancestors] == ["trade"]


def test_an_unknown_topic_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="nothing"):
        load_topic(session, "nothing")


def test_statements_do_not_grow_with_the_record(session: Session, world: World) -> None:
    counts = []
    for _ in range(2):
        add_more(session, world, 3)
        with statements(session) as listing:
            find_topics(session)
        with statements(session) as page:
            load_topic(session, "trade")
        counts.append((len(listing), len(page)))
    assert counts[0] == counts[1]
    assert counts[0] <= (5, 20)
