"""To whom a stance is attributed: a list narrows as the analysis counts."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.statements import Sides, load_statements
from models import Stance, Tenure, open_session
from queries.stances import STANCES, explain, find_stances
from queries.stances.attribution import about, attributed_to
from settings import Settings
from tests import factories as make

DAYS = ["2022-01-10", "2022-06", "2022-01-10/..", "../2022-07-12", None]


@pytest.mark.parametrize("seed", range(4))
def test_a_list_and_the_analysis_attribute_the_same_stances(
    session: Session, seed: int
) -> None:
    dice = random.Random(seed)
    states = [make.actor(session, kind="state") for _ in range(2)]
    union = make.actor(session, kind="bloc")
    states[0].parent = union  # a state is a body of nobody
    bodies = [
        make.actor(session, kind="government_body", parent=dice.choice(states))
        for _ in range(3)
    ]
    bodies.append(make.actor(session, kind="government_body", parent=bodies[0]))
    persons = [make.actor(session) for _ in range(4)]
    for person in persons:
        for body in dice.sample([*states, *bodies], dice.randint(0, 2)):
            session.add(
                Tenure(
                    key=make.slug("tenure"),
                    person=person,
                    office=make.office(session, body=body),
                    **dice.choice(
                        [
                            {"since": "2021", "until": "2022-03"},
                            {"since": "2022-02"},
                            {"attested": "2022-07-12"},
                            {},
                        ]
                    ),
                )
            )
    every = [*states, union, *bodies, *persons]
    for _ in range(60):
        represents = dice.choice([None, None, dice.choice([*states, *bodies])])
        make.stance(
            session,
            holder=dice.choice(every),
            represents=represents,
            represents_nobody=represents is None and dice.random() < 0.2,
            stated=dice.choice(DAYS),
        )
    session.flush()
    sides = Sides(session)
    items = load_statements(session)
    counted = sides.count(items)
    for actor in every:
        reasons = sides.reasons(items, counted, actor.id)
        expected = set(items.id[reasons >= 0].tolist())
        found = session.scalars(select(Stance.id).where(attributed_to(actor.slug)))
        assert set(found) == expected, actor.kind


def test_turkey_has_what_its_office_holders_say_and_the_list_says_so(
    tehran: Settings,
) -> None:
    with open_session(tehran.database_url) as session:
        asked = STANCES.strictly({"holder": "turkey"})
        found = find_stances(session, asked)
        holders = {item.holder.slug for item in found.items}
        assert "recep-tayyip-erdogan" in holders
        own = find_stances(session, STANCES.strictly({"itself": "turkey"}))
        assert 0 < own.total < found.total
        (remark,) = explain(session, asked)
        assert f"{found.total - own.total} more" in remark.text
        assert dict(remark.links)["Only its own"] == "/stances?itself=turkey"


def test_what_is_about_an_actor_names_it_or_is_towards_it(session: Session) -> None:
    iran = make.actor(session, slug="iran", name="Iran", kind="state")
    oman = make.actor(session, slug="oman", name="Oman", kind="state")
    for text in (
        "Iran's drones fly.", "Drones come from “Iran”.", "IRAN, alone, flies.",
        "Irans fly.", "Oman mans the iranium works.",
    ):  # fmt: skip
        make.stance(session, proposition=make.proposition(session, text=text))
    make.stance(session, holder=oman, target_actor=iran)
    make.stance(session, holder=iran, target_actor=oman)
    found = session.scalars(select(Stance).where(about("iran"))).all()
    named = [one for one in found if one.proposition]
    assert sorted(one.proposition.text for one in named if one.proposition) == [
        "Drones come from “Iran”.",
        "IRAN, alone, flies.",
        "Iran's drones fly.",
    ]
    assert [one.holder.slug for one in found if one.target_actor] == ["oman"]
