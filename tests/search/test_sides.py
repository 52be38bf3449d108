"""Under whom a stance is found besides its holder, as the analysis attributes it."""

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.statements import Sides, load_statements
from models import Stance, Tenure
from models.enums import ActorKind
from search.documents import Builder
from search.sides import load_sides
from tests import factories as make

DATES = (None, "2019", "2020-05", "2021-03-01/2021-09-30", "../2020", "2022/..")


def _make_record(session: Session, chance: random.Random) -> None:
    """States with bodies, whose bodies have bodies; persons with offices anywhere."""
    states = [make.actor(session, kind="state") for _ in range(3)]
    league = make.actor(session, kind="international_organization")
    bodies = [*states, league]
    for _ in range(5):
        parent = chance.choice(bodies)
        bodies.append(make.actor(session, kind="government_body", parent=parent))
    persons = [make.actor(session) for _ in range(5)]
    for number, person in enumerate(persons * 2):
        tenure = Tenure(
            key=str(number),
            person=person,
            office=make.office(session, body=chance.choice(bodies)),
            since=chance.choice(DATES),
            until=chance.choice((None, "2020", "2021-06")),
            attested=chance.choice((None, "2020-05-09")),
        )
        make.add(session, tenure)
    for _ in range(40):
        represents = chance.choice([None, None, *bodies])
        make.stance(
            session,
            holder=chance.choice(persons + bodies),
            represents=represents,
            represents_nobody=represents is None and chance.random() < 0.2,
            stated=chance.choice(DATES),
        )


@pytest.mark.parametrize("seed", range(4))
def test_a_stance_is_found_under_whom_the_analysis_attributes_it_to(
    session: Session, seed: int
) -> None:
    _make_record(session, random.Random(seed))
    items, sides = load_statements(session), Sides(session)
    attributed = dict(
        zip(items.id.tolist(), sides.count(items).actor.tolist(), strict=True)
    )
    rows = session.scalars(select(Stance)).all()
    found = load_sides(session, rows)
    of_others = 0
    for row in rows:
        assert attributed[row.id] in (row.holder_id, *found[row.id])
        if row.holder.kind == ActorKind.PERSON and row.represents_id is None:
            assert bool(found[row.id]) == (attributed[row.id] != row.holder_id)
        of_others += attributed[row.id] != row.holder_id
    assert 0 < of_others < len(rows)


def test_a_stance_is_found_by_the_names_of_the_state_that_its_holder_speaks_for(
    session: Session,
) -> None:
    state = make.actor(session, slug="aden", name="Aden", kind="state")
    court = make.actor(session, slug="court", kind="government_body", parent=state)
    king = make.actor(session, slug="king")
    office = make.office(session, body=court)
    make.add(session, Tenure(key="k", person=king, office=office, since="2020"))
    stance = make.stance(session, holder=king, stated="2021")
    [document] = Builder(session).stances([stance.slug])
    assert document.values["holder"] == ("aden", "court", "king")
    assert document.values["actor"] == ("aden", "court", "king")
    assert ("Aden", "en") in document.text
