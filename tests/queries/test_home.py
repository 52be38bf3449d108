"""The first page."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from queries.home import AHEAD, ON_THE_LINE, load_basis, load_home
from tests import factories as make
from tests.queries.world import statements


@pytest.mark.usefixtures("world")
def test_the_first_page_counts_what_there_is(session: Session) -> None:
    home = load_home(session)
    assert (home.counts.meetings, home.counts.sources) == (2, 2)
    assert (home.counts.stances, home.counts.passages) == (3, 5)
    assert home.changed is not None
    basis = load_basis(session)
    assert (basis.sources, basis.passages) == (2, 5)


def dated(session: Session, *dates: str | None) -> None:
    for day in dates:
        make.meeting(session, title=str(day), date=day)


def shown(session: Session, today: date) -> tuple[list[str], int]:
    home = load_home(session, today)
    return [item.title for item in home.line], home.ahead


def test_meetings_to_come_stand_on_the_line_behind_those_before(
    session: Session,
) -> None:
    dated(session, "2022-09", None, "2022-07-02", "2022-07-01", "../2022-06-30")
    found = ["../2022-06-30", "2022-07-01", "2022-07-02", "2022-09", "None"]
    assert shown(session, date(2022, 7, 2)) == (found, 2)
    assert shown(session, date(2022, 9, 30)) == (found, 1)
    assert shown(session, date(2026, 1, 1)) == (found, 0)


def test_an_old_record_shows_its_latest_meetings_and_a_new_one_its_next(
    session: Session,
) -> None:
    days = [f"2022-{month:02}-{day:02}" for month in (5, 6) for day in range(1, 29)]
    dated(session, None, *days)
    assert shown(session, date(2026, 1, 1)) == (days[-ON_THE_LINE:], 0)
    first = days[:AHEAD]
    assert shown(session, date(2022, 1, 1)) == ([*first, "None"], AHEAD)
    titles, ahead = shown(session, date(2022, 6, 1))
    assert (len(titles), ahead) == (ON_THE_LINE, AHEAD)
    assert titles[-AHEAD:] == days[28 : 28 + AHEAD]


def test_the_first_page_is_short_and_costs_the_same(session: Session) -> None:
    counts = []
    for _ in range(2):
        for day in range(1, ON_THE_LINE + 1):
            make.status_event(
                session, meeting=make.meeting(session, date=f"2022-07-{day:02}")
            )
        with statements(session) as found:
            home = load_home(session)
        assert len(home.line) == ON_THE_LINE
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_empty_record_has_a_first_page(session: Session) -> None:
    home = load_home(session)
    assert not home.line and not home.examples
    assert home.changed is None


def test_examples_are_made_of_the_record(session: Session) -> None:
    said = make.proposition(session, text="Grain must be exported at once.")
    holder = make.actor(session, slug="verania", kind="state")
    make.stance(session, proposition=said, holder=holder)
    meeting = make.meeting(session, date="2022-07-01")
    make.status_event(session, meeting=meeting, status="expected")
    make.participation(session, meeting=meeting, represented=holder)
    make.agenda_item(session, meeting=meeting, topic=make.topic(session, slug="food"))
    assert load_home(session).examples == (
        "exported",
        "exported holder:verania",
        "actor:verania kind:meeting",
        "topic:food",
        "kind:meeting status:expected",
    )


def test_a_sentence_without_a_word_that_will_do_makes_no_example(
    session: Session,
) -> None:
    for text in (
        "To be so.",
        "1234567 7654321",
        "x" * 300,
        "和平是必要的而且是永恒的" * 9,
    ):
        make.stance(session, proposition=make.proposition(session, text=text))
    assert load_home(session).examples == ()
