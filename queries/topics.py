"""Topics: the hierarchy under which propositions and agendas are filed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from models import Proposition, Stance, Topic
from queries.evidence import basis_of
from queries.filters import Listing, ListOf, Rows, by_topic, by_words, run
from queries.known import check_slug, not_recorded
from queries.meetings import MEETINGS, MeetingItem, about_topic, select_meetings
from queries.meetings import load_items as load_meetings
from queries.parameters import LARGEST_LIMIT
from queries.propositions import PropositionItem
from queries.propositions import load_items as load_propositions
from queries.refs import topic_ref
from queries.shapes import Basis, Page, Ref, address, field_values
from queries.stances import STANCES, StanceItem, under_topic
from queries.stances import load_items as load_stances
from queries.trees import topics_under


@dataclass(frozen=True, kw_only=True)
class TopicItem:
    """A topic as lists show it."""

    slug: str
    """Its stable key."""
    url: str = field(init=False)
    """The path of its page."""
    name: str
    """Its name."""
    parent: Ref | None
    """The topic above it."""
    path: str
    """The slugs from the root to it, joined by slashes, as in the view."""
    depth: int
    """How far below the root it stands; a root has 0."""
    propositions: int
    """How many propositions are filed under it or below it."""
    stances: int
    """How many stances are filed under it or below it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address("topic", self.slug))


@dataclass(frozen=True, kw_only=True)
class TopicDetail(TopicItem):
    """A topic with what is filed under it or below it."""

    ancestors: tuple[Ref, ...]
    """The topics above it, the root first."""
    children: tuple[TopicItem, ...]
    """The topics right below it; the first 100."""
    total_children: int
    """How many topics stand right below it."""
    proposition_list: tuple[PropositionItem, ...]
    """The propositions under it or below it, the first 100 by their text;
    `propositions` says how many there are and `/propositions?topic=…` lists them."""
    other_stances: Page[StanceItem]
    """The stances under it whose target is an actor."""
    meetings: Page[MeetingItem]
    """The meetings that have it on the agenda."""
    basis: Basis
    """What it rests on."""


# The select and its filters

_VIEW = table("topics", column("slug"), column("path"))
_PATH = select(_VIEW.c.path).where(_VIEW.c.slug == Topic.slug).scalar_subquery()

TOPICS = ListOf(
    noun="topics",
    filters=(
        by_words("Words of the name.", Topic.name),
        by_topic(
            "under",
            "Only this topic and those below it.",
            lambda *slugs: Topic.id.in_(topics_under(*slugs)),
        ),
    ),
    sorts={"path": (_PATH,), "name": (Topic.name,)},
    default_sort="path",
    tie=Topic.slug,
    limit=LARGEST_LIMIT,  # a tree is read whole
)

#: How many meetings, and stances without a proposition, a topic's own page shows.
SHORT_LIST = 25
#: How many topics below it, and propositions, a topic's own page shows.
LONG_LIST = 100


# Loading


def find_topics(session: Session, listing: Listing | None = None) -> Page[TopicItem]:
    """Load one page of the topics, each after the one above it."""
    return run(session, TOPICS, select(Topic), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[TopicItem, ...]:
    """Load the topics that a select finds, in its order, in four statements."""
    found: list[Topic] = list(session.scalars(statement))
    forest = _Forest(session)
    return tuple(forest.item(topic) for topic in found)


def load_topic(session: Session, slug: str) -> TopicDetail:
    """Load a topic with what is filed under it or below it.

    Raises:
        NotFound: there is no such topic.
    """
    check_slug(session, "topic", slug)
    topic = session.scalar(select(Topic).where(Topic.slug == slug))
    if topic is None:
        raise not_recorded(session, slug, "topic")
    forest = _Forest(session)
    filed = select(Proposition).where(Proposition.topic_id.in_(topics_under(slug)))
    first = Listing(limit=SHORT_LIST)
    others = select(Stance).where(
        under_topic(slug), Stance.target_actor_id.is_not(None)
    )
    other_stances = run(session, STANCES, others, first, load_stances)
    meetings = select_meetings().where(about_topic(slug))
    below = [one for one in forest.topics.values() if one.parent_id == topic.id]
    return TopicDetail(
        **field_values(forest.item(topic)),
        ancestors=forest.ancestors(topic),
        children=tuple(forest.item(child) for child in below[:LONG_LIST]),
        total_children=len(below),
        proposition_list=load_propositions(
            session,
            filed.order_by(Proposition.text, Proposition.slug).limit(LONG_LIST),
        ),
        other_stances=other_stances,
        meetings=run(session, MEETINGS, meetings, first, load_meetings),
        basis=basis_of(
            session,
            (item for stance in other_stances.items for item in stance.citations),
        ),
    )


class _Forest:
    """All topics at once: a heading's numbers are those of everything below it."""

    def __init__(self, session: Session) -> None:
        statement = select(Topic).order_by(Topic.name, Topic.slug)
        self.topics = {topic.id: topic for topic in session.scalars(statement)}
        filed = func.coalesce(Stance.topic_id, Proposition.topic_id)
        stances = select(filed, func.count(Stance.id)).outerjoin(
            Proposition, Proposition.id == Stance.proposition_id
        )
        self._stances = self._sums(session, stances.group_by(filed))
        heading = Proposition.topic_id
        propositions = select(heading, func.count(Proposition.id)).group_by(heading)
        self._propositions = self._sums(session, propositions)

    def _sums(self, session: Session, statement: Rows) -> Mapping[int, int]:
        sums: Counter[int] = Counter()
        for topic_id, number in session.execute(statement):
            for topic in self._upwards(topic_id):
                sums[topic.id] += number
        return sums

    def _upwards(self, topic_id: int | None) -> list[Topic]:
        """A topic and those above it, the root last."""
        line: list[Topic] = []
        while topic_id is not None:
            line.append(self.topics[topic_id])
            topic_id = line[-1].parent_id
        return line

    def ancestors(self, topic: Topic) -> tuple[Ref, ...]:
        """The topics above one, the root first."""
        return tuple(topic_ref(item) for item in self._upwards(topic.parent_id)[::-1])

    def item(self, topic: Topic) -> TopicItem:
        """A topic with the numbers of what is under it or below it."""
        line = self._upwards(topic.id)
        return TopicItem(
            slug=topic.slug,
            name=topic.name,
            parent=topic_ref(line[1]) if len(line) > 1 else None,
            path="/".join(item.slug for item in reversed(line)),
            depth=len(line) - 1,
            propositions=self._propositions.get(topic.id, 0),
            stances=self._stances.get(topic.id, 0),
        )
