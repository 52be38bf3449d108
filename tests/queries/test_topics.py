"""Topics: the tree, and what is filed under it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from queries.topics import TOPICS, find_topics, load_topic
from tests import factories as make
from tests.queries.world import World, add_more


def slugs(session: Session, **asked: str) -> list[str]:
    return [item.slug for item in find_topics(session, TOPICS.strictly(asked)).items]


@pytest.mark.usefixtures("world")
def test_each_topic_follows_the_one_above_it(session: Session) -> None:
    make.topic(session, slug="arms", name="Arms")
    items = find_topics(session).items
    assert [(item.path, item.depth) for item in items] == [
        ("arms", 0),
        ("trade", 0),
        ("trade/salt", 1),
    ]


@pytest.mark.usefixtures("world")
def test_a_heading_counts_what_is_below_it(session: Session) -> None:
    trade, salt = find_topics(session).items
    assert (trade.propositions, trade.stances) == (1, 3)
    assert (salt.propositions, salt.stances) == (1, 2)


def test_paths_are_those_of_the_view(session: Session, world: World) -> None:
    add_more(session, world, 3)
    rows = session.execute(text("select slug, path from topics"))
    shown = {item.slug: item.path for item in find_topics(session).items}
    assert dict(tuple(row) for row in rows) == shown


@pytest.mark.usefixtures("world")
def test_a_page_holds_what_is_filed_below_it_too(session: Session) -> None:
    page = load_topic(session, "trade")
    assert [child.slug for child in page.children] == ["salt"]
    assert [item.slug for item in page.proposition_list] == ["sell-salt"]
    assert [item.slug for item in page.other_stances.items] == ["envoy-on-aden"]
    assert [item.slug for item in page.meetings.items] == ["aden-meeting"]
    assert [item.slug for item in load_topic(session, "salt").ancestors] == ["trade"]


@pytest.mark.usefixtures("world")
def test_topics_can_be_listed_by_name_instead(session: Session) -> None:
    assert slugs(session, sort="name") == ["salt", "trade"]
