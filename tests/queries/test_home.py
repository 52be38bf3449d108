"""The first page."""

from sqlalchemy.orm import Session

from queries.home import SHORT_LIST, load_basis, load_home
from tests import factories as make
from tests.queries.world import World, statements


def test_the_first_page_counts_what_there_is(session: Session, world: World) -> None:
    del world
    home = load_home(session)
    assert (home.counts.meetings, home.counts.sources) == (2, 2)
    assert (home.counts.stances, home.counts.passages) == (3, 5)
    assert home.changed is not None
    basis = load_basis(session)
    assert (basis.sources, basis.passages) == (2, 5)


def test_what_happened_and_what_is_planned_stand_apart(session: Session) -> None:
    for status, date in (
        ("held", "2022-07-01"),
        ("held", "2022-07-02"),
        ("announced", "2022-08"),
        ("expected", None),
        ("denied", "2022-07-03"),
        ("cancelled", "2022-09"),
    ):
        meeting = make.meeting(session, title=f"{status} {date}", date=date)
        make.status_event(session, meeting=meeting, status=status)
    home = load_home(session)
    assert [item.title for item in home.recent] == [
        "held 2022-07-02",
        "held 2022-07-01",
    ]
    assert [item.title for item in home.coming] == [
        "announced 2022-08",
        "expected None",
    ]


def test_the_first_page_is_short_and_costs_the_same(session: Session) -> None:
    counts = []
    for _ in range(2):
        for _ in range(SHORT_LIST):
            make.status_event(session, status="held")
            make.status_event(session)
        with statements(session) as found:
            home = load_home(session)
        assert len(home.recent) == len(home.coming) == SHORT_LIST
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_empty_record_has_a_first_page(session: Session) -> None:
    home = load_home(session)
    assert home.recent == home.coming == ()
    assert home.changed is None
