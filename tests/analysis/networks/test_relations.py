"""Relations: who stands where towards whom, with direction and sign."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.matrix import By, load_matrix
from analysis.networks import load_relation_network, load_stance_network
from analysis.networks.relations import STANCES, RelationEdge
from analysis.statements import Fold, Period
from analysis.timeline import load_actor_timeline
from errors import BadRequest, NotFound
from formats.graphs import as_graph
from formats.pictures.network import draw_relations
from models import Actor, Tenure, open_session
from models.enums import ActorKind, Position, StanceLink
from models.stance import POLARITIES
from settings import Settings
from tests import factories as make
from tests.analysis.networks.world import state
from tests.queries.world import statements

AGAINST = {"position": "against", "polarity": -1}


def hold(session: Session, holder: Actor, towards: Actor, **given: Any) -> Any:
    return make.stance(session, holder=holder, target_actor=towards, **given)


def edges(session: Session, **given: Any) -> dict[tuple[str, str], RelationEdge]:
    found = load_relation_network(session, **given)
    return {(edge.a, edge.b): edge for edge in found.edges}


def test_russia_and_ukraine_have_a_tie_in_the_bundled_record(tehran: Settings) -> None:
    with open_session(tehran.database_url) as session:
        found = edges(session)
        assert found["russia", "ukraine"].weight < 0
        assert found["russia", "iran"].weight > 0


def test_a_relation_has_a_direction_and_a_sign(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    hold(session, aden, basra, polarity=2)
    hold(session, basra, aden, **AGAINST)
    found = edges(session)
    assert found["aden", "basra"].weight == 1
    assert found["aden", "basra"].polarity == 2
    assert found["basra", "aden"].weight == -1


@pytest.mark.parametrize("seed", range(5))
def test_each_edge_counts_the_stances_of_its_holder_towards_its_target(
    session: Session, seed: int
) -> None:
    dice = random.Random(seed)
    actors = [state(session, f"state-{n}") for n in range(5)]
    expected: dict[tuple[str, str], list[tuple[Position, int | None]]]
    expected = defaultdict(list)
    for _ in range(60):
        holder, target = dice.sample(actors, 2)
        position = dice.choice(list(Position))
        polarity = dice.choice(POLARITIES.get(position, (None,)))
        hold(session, holder, target, position=position, polarity=polarity)
        expected[holder.slug, target.slug].append((position, polarity))
    found = edges(session)
    assert found.keys() == expected.keys()
    for key, held in expected.items():
        edge = found[key]
        sided = [polarity for _, polarity in held if polarity is not None]
        assert edge.in_favour == sum(polarity > 0 for polarity in sided)
        assert edge.against == sum(polarity < 0 for polarity in sided)
        assert edge.neutral == sum(polarity == 0 for polarity in sided)
        assert edge.other == len(held) - len(sided)
        assert edge.weight == edge.in_favour - edge.against
        assert edge.total == len(edge.stances) == len(held)
        mean = sum(sided) / len(sided) if sided else None
        assert edge.polarity == (None if mean is None else pytest.approx(mean))


def test_stances_on_propositions_are_no_relations(session: Session) -> None:
    make.stance(session, holder=state(session, "aden"))
    found = load_relation_network(session)
    assert (found.nodes, found.edges, found.statements) == ((), (), 0)


def test_relations_are_no_part_of_who_agrees_with_whom(session: Session) -> None:
    hold(session, state(session, "aden"), state(session, "basra"))
    assert load_stance_network(session).statements == 0


def test_holder_and_target_are_folded_alike(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    navy = make.actor(session, slug="navy", kind="armed_forces", parent=basra)
    envoy = make.actor(session, slug="envoy")
    hold(session, envoy, navy, represents=aden)
    assert edges(session).keys() == {("aden", "basra")}
    assert edges(session, fold=Fold.NONE).keys() == {("envoy", "navy")}


def test_what_a_side_says_of_itself_joins_no_two(session: Session) -> None:
    aden = state(session, "aden")
    navy = make.actor(session, slug="navy", kind="armed_forces", parent=aden)
    hold(session, aden, navy)
    found = load_relation_network(session)
    assert (found.edges, found.own, found.statements) == ((), 1, 0)
    assert edges(session, fold=Fold.NONE).keys() == {("aden", "navy")}


def test_who_speaks_for_nobody_is_not_folded_by_office(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    minister = make.actor(session, slug="minister")
    office = make.office(session, body=aden)
    tenure = Tenure(key="minister", person=minister, office=office, since="2020")
    make.add(session, tenure)
    hold(session, minister, basra, stated="2022-07-01")
    assert edges(session).keys() == {("aden", "basra")}
    hold(session, minister, basra, stated="2022-07-02", represents_nobody=True)
    assert edges(session).keys() == {("aden", "basra"), ("minister", "basra")}


def test_what_was_superseded_counts_only_in_its_days(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    old = hold(session, aden, basra, stated="2022-06", **AGAINST)
    new = hold(session, aden, basra, stated="2022-09")
    make.relation(session, new, StanceLink.SUPERSEDES, old)
    assert edges(session)["aden", "basra"].weight == 1
    june = Period(since=date(2022, 6, 1), until=date(2022, 6, 30))
    assert edges(session, period=june)["aden", "basra"].weight == -1


def test_it_is_confined_to_actors_kinds_and_topics(session: Session) -> None:
    aden, basra, cairo = (state(session, slug) for slug in ("aden", "basra", "cairo"))
    envoy = make.actor(session, slug="envoy")
    salt = make.topic(session, slug="salt")
    hold(session, aden, basra, topic=salt)
    hold(session, basra, cairo)
    hold(session, cairo, envoy)
    assert edges(session, actors=["basra"]).keys() == {
        ("aden", "basra"),
        ("basra", "cairo"),
    }
    assert ("cairo", "envoy") not in edges(session, actor_kind=ActorKind.STATE)
    assert edges(session, topic="salt").keys() == {("aden", "basra")}
    for given in ({"topic": "none"}, {"actors": ["none"]}):
        with pytest.raises(NotFound):
            load_relation_network(session, **given)


def test_an_edge_shows_its_latest_stances_and_a_file_holds_all(
    session: Session,
) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    for year in range(1990, 1991 + STANCES):
        hold(session, aden, basra, stated=str(year), slug=f"of-{year}")
    edge = edges(session)["aden", "basra"]
    assert edge.total == STANCES + 1
    assert [ref.slug for ref in edge.stances] == [
        f"of-{year}" for year in range(1990 + STANCES, 1990, -1)
    ]
    (whole,) = load_relation_network(session, limit=None).edges
    assert len(whole.stances) == whole.total


def test_of_many_edges_a_page_holds_those_with_the_most_stances(
    session: Session,
) -> None:
    aden, basra, cairo = (state(session, slug) for slug in ("aden", "basra", "cairo"))
    hold(session, aden, basra)
    for _ in range(2):
        hold(session, cairo, aden)
    found = load_relation_network(session, limit=1)
    assert [(edge.a, edge.b) for edge in found.edges] == [("cairo", "aden")]
    assert found.total_edges == 2


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    aden = state(session, "aden")
    hold(session, aden, state(session, "basra"))
    with statements(session) as few:
        load_relation_network(session)
    for n in range(20):
        hold(session, aden, state(session, f"more-{n}"))
    with statements(session) as many:
        load_relation_network(session)
    assert len(many) == len(few)


def test_a_graph_file_keeps_the_direction(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    hold(session, aden, basra, **AGAINST)
    graph = as_graph(load_relation_network(session, limit=None))
    assert list(graph.edges) == [("aden", "basra")]
    assert graph.edges["aden", "basra"]["signed_weight"] == -1


def test_an_arrow_ends_at_the_circle_of_whom_it_is_about(session: Session) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    hold(session, aden, basra)
    hold(session, basra, aden, **AGAINST)
    picture = draw_relations(load_relation_network(session))
    assert picture is not None
    circles = {circle.node.thing.slug: circle for circle in picture.circles}
    there, back = sorted(picture.strokes, key=lambda stroke: stroke.kind != "for")
    assert (there.kind, back.kind) == ("for", "against")
    for stroke, slug in ((there, "basra"), (back, "aden")):
        tip = stroke.head.removeprefix("M").split("L")[0]
        x, y = map(float, tip.split())
        end = circles[slug]
        away = ((x - end.x) ** 2 + (y - end.y) ** 2) ** 0.5
        assert away == pytest.approx(end.radius, abs=0.3)
    assert (there.y1 - back.y2, there.x1 - back.x2) != (0, 0)  # both are seen


def test_the_matrix_of_relations_has_who_stands_where_towards_whom(
    session: Session,
) -> None:
    aden, basra = state(session, "aden"), state(session, "basra")
    ministry = make.actor(session, kind="government_body", parent=basra)
    hold(session, aden, basra, stated="2022-01", polarity=2)
    hold(session, aden, ministry, stated="2022-02", **AGAINST)
    hold(session, basra, ministry)
    make.stance(session, holder=aden)
    matrix = load_matrix(session, by=By.ACTOR)
    assert [column.actor.slug for column in matrix.columns] == ["aden"]
    assert [row.about.slug for row in matrix.rows] == ["basra"]
    found = matrix.rows[0].cells[0]
    assert found is not None
    assert (found.position, found.polarity, found.stances) == ("against", -1, 2)
    assert found.contested
    assert found.url == "/actors/aden/timeline?towards=basra"
    assert (matrix.own, matrix.total_rows) == (1, 1)
    lanes = load_actor_timeline(session, "aden", towards=["basra"]).lanes
    assert sum(len(lane.dots) for lane in lanes) == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_matrix_and_the_network_of_relations_name_the_same_pairs(
    session: Session, seed: int
) -> None:
    dice = random.Random(seed)
    states = [state(session, f"state-{n}") for n in range(4)]
    actors = states + [
        make.actor(session, kind="government_body", parent=one) for one in states
    ]
    for _ in range(15):
        hold(session, *dice.sample(actors, 2))
    for fold in Fold:
        matrix = load_matrix(session, by=By.ACTOR, fold=fold)
        pairs = {
            (column.actor.slug, row.about.slug): found.stances
            for row in matrix.rows
            for column, found in zip(matrix.columns, row.cells, strict=True)
            if found
        }
        found = edges(session, fold=fold)
        assert pairs == {key: edge.total for key, edge in found.items()}


def test_a_matrix_of_relations_takes_no_propositions(session: Session) -> None:
    with pytest.raises(BadRequest, match="by=actor the rows are actors"):
        load_matrix(session, by=By.ACTOR, propositions=["salt"])
