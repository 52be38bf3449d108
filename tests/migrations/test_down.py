"""The way down is refused, with counts, where the older schema cannot say a row."""

import re

import pytest
from sqlalchemy.orm import Session

import migrations
from migrations.objects import Unsayable
from models import Tombstone, make_engine, open_session
from models.enums import AgendaStatus, StanceLink
from settings import Settings
from tests import factories as make

#: What revision 0002 cannot say, and how one of it is made.
THINGS = ("corrections of a stance", "stances that represent nobody")
PAIRS, SAID = "pairs of contrary propositions", "agenda items that were only said"


def _make(session: Session, thing: str) -> None:
    if thing == PAIRS:
        make.contrary(session, make.proposition(session), make.proposition(session))
    elif thing == SAID:
        make.agenda_item(session, status=AgendaStatus.SAID)
    elif thing == THINGS[1]:
        make.stance(session, represents_nobody=True)
    else:
        wrong, right = make.stance(session), make.stance(session)
        make.relation(session, right, StanceLink.CORRECTS, wrong)


@pytest.mark.parametrize(
    "numbers", [{THINGS[0]: 2}, {THINGS[1]: 3, PAIRS: 1}, {SAID: 2, PAIRS: 2}]
)
def test_going_down_counts_what_would_be_lost_and_changes_nothing(
    settings: Settings, numbers: dict[str, int]
) -> None:
    with open_session(settings.database_url, write=True) as session:
        for thing, number in numbers.items():
            for _ in range(number):
                _make(session, thing)
        session.commit()
    engine = make_engine(settings.database_url)
    with pytest.raises(Unsayable, match="cannot say") as caught:
        migrations.downgrade(engine, "0002")
    said = str(caught.value)
    assert {
        thing: int(number)
        for number, thing in re.findall(r"(\d+) ([a-z ]+?)(?:;|\.)", said)
    } == numbers
    assert said.endswith("Nothing was changed.")
    engine.dispose()
    with open_session(settings.database_url, write=True) as session:
        make.actor(session)  # the schema is the newest still


def test_the_schema_before_accounts_cannot_say_who_may_sign_in(
    settings: Settings,
) -> None:
    with open_session(settings.database_url, write=True) as session:
        make.account(session)
        session.commit()
    engine = make_engine(settings.database_url)
    with pytest.raises(Unsayable, match="cannot say 1 accounts"):
        migrations.downgrade(engine, "0006")
    engine.dispose()


@pytest.mark.parametrize("number", [1, 3])
def test_the_schema_before_the_journal_cannot_say_what_is_withdrawn(
    settings: Settings, number: int
) -> None:
    with open_session(settings.database_url, write=True) as session:
        for _ in range(number):
            stance = make.stance(session)
            make.evidence(session, stance=stance)
            make.withdrawn(session, stance)
        change = make.change(session)
        make.add(session, Tombstone(kind="topic", slug="arms", change_id=change.id))
        session.commit()
    engine = make_engine(settings.database_url)
    with pytest.raises(Unsayable) as caught:
        migrations.downgrade(engine, "0005")
    engine.dispose()
    said = str(caught.value)
    assert f"{number} withdrawn stances; {number} withdrawn pieces of evid" in said
    assert "1 records that were removed" in said
    assert "changes of records" not in said
