"""Records that people write: all of them in one transaction, or nothing."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from editing import saving
from editing.saving import LONGEST_MADE, Addition, Change, New, Saved
from errors import InputFaults, Unavailable
from exchange.export.records import Reader
from exchange.journal import Author
from exchange.load import load_folder
from models import Actor, Meeting, Proposition, Source, Stance, open_session
from models.database import shared_engine
from models.slugs import is_slug
from settings import Settings
from tests.exchange.small import write_small

BY = Author("A. Coder")
SAID = {"source": "report", "quote": "The talks will go on."}


@pytest.fixture
def url(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the small dataset."""
    load_folder(write_small(tmp_path / "small"), settings.database_url)
    yield settings.database_url


def save(url: str, changes: Sequence[Change]) -> Saved:
    return saving.save(url, changes, BY)


def counted(url: str) -> tuple[int, ...]:
    with open_session(url, history=True) as session:
        return tuple(
            session.scalar(select(func.count(model.id))) or 0
            for model in (Actor, Proposition, Source, Meeting, Stance)
        )


def stance(**values: Any) -> New:
    data = {
        "holder": "anna-berg",
        "proposition": "make-peace",
        "position": "for",
        "polarity": 1,
        "mode": "said",
        "evidence": [SAID],
    }
    return New(kind="stance", data=data | values, called="Berg for peace")


def actor(name: str, kind: str = "person") -> New:
    data = {"name": name, "kind": kind}
    return New(kind="actor", data=data, called=name, place="holder")


def faults(url: str, *changes: Change) -> list[tuple[str, str | None, str]]:
    with pytest.raises(InputFaults) as caught:
        save(url, changes)
    return [(one.place, one.field, one.expected) for one in caught.value.faults]


def test_a_new_actor_is_saved_with_the_stance_that_needs_it(url: str) -> None:
    saved = save(url, [stance(holder=actor("Dag Ek"))])
    assert saved.slugs == (("stance", "berg-for-peace-2"),)
    assert saved.made == (("actor", "dag-ek"),)
    with open_session(url) as session:
        row = session.scalars(select(Stance).filter_by(slug="berg-for-peace-2")).one()
        assert row.holder.name == "Dag Ek"


def test_a_new_record_in_two_places_is_made_once(url: str) -> None:
    ek = actor("Dag Ek")
    said = SAID | {"said_by": [{"speaker": ek, "verb": "quoted"}]}
    saved = save(url, [stance(holder=ek, evidence=[said])])
    assert saved.made == (("actor", "dag-ek"),)


def test_with_one_fault_nothing_of_it_is_written(url: str) -> None:
    before = counted(url)
    wrong = stance(holder=actor("Dag Ek"), evidence=[SAID | {"quote": "No such"}])
    [(place, field, expected)] = faults(url, wrong)
    assert (place, field) == ("stance", "evidence[1].quote")
    assert "stand in the text" in expected
    assert counted(url) == before


def test_every_fault_is_told_at_its_change_and_field(url: str) -> None:
    found = faults(url, stance(holder=actor("Dag Ek", "elf"), polarity=3))
    assert {(place, field) for place, field, _ in found} == {
        ("holder", "kind"),
        ("stance", "polarity"),
    }


def test_a_slug_that_is_given_and_taken_is_refused_and_changes_nothing(
    url: str,
) -> None:
    before = counted(url)
    taken = New(kind="actor", data={"slug": "suria", "name": "X", "kind": "state"})
    [(place, field, expected)] = faults(url, taken)
    assert (place, field) == ("actor", "slug") and "of its own" in expected
    assert counted(url) == before


def test_an_entry_is_added_to_a_meeting_and_the_rest_stays(url: str) -> None:
    with open_session(url) as session:
        [before] = Reader(session, with_texts=True).read("meeting", ["oslo-talks"])
    entries = [
        Addition(
            kind="meeting",
            slug="oslo-talks",
            path=("participants",),
            entry={"person": who, "role": "delegate", "evidence": [SAID]},
        )
        for who in ("bo-lund", actor("Dag Ek"))
    ]
    save(url, entries)
    with open_session(url) as session:
        [after] = Reader(session, with_texts=True).read("meeting", ["oslo-talks"])
    added = after["participants"][len(before["participants"]) :]
    assert [one["person"] for one in added] == ["bo-lund", "dag-ek"]
    assert {**after, "participants": 0} == {**before, "participants": 0}
    assert after["participants"][:-2] == before["participants"]


def test_a_second_span_is_added_to_a_stance(url: str) -> None:
    entry = Addition(
        kind="stance", slug="berg-for-peace", path=("evidence",), entry=SAID
    )
    save(url, [entry])
    with open_session(url) as session:
        row = session.scalars(select(Stance).filter_by(slug="berg-for-peace")).one()
        assert [one.quote for one in row.evidence][1] == SAID["quote"]


def test_a_fault_of_an_entry_is_told_as_the_entrys_own(url: str) -> None:
    entry = Addition(
        kind="meeting",
        slug="oslo-talks",
        path=("participants",),
        entry={"person": "suria", "role": "delegate", "evidence": [SAID]},
        place="participant",
    )
    [(place, field, expected)] = faults(url, entry)
    assert (place, field) == ("participant", "person")
    assert "of kind person" in expected


def test_what_is_added_to_a_meeting_that_is_gone_is_refused(url: str) -> None:
    entry = Addition(kind="meeting", slug="gone", path=("agenda",), entry={})
    [(place, field, expected)] = faults(url, entry)
    assert (place, field) == ("meeting", None) and "is there" in expected


def test_a_correction_is_a_new_stance_that_stands_in_place_of_the_old(
    url: str,
) -> None:
    relations = [{"relation": "corrects", "other": "berg-for-peace"}]
    saved = save(url, [stance(position="against", polarity=-1, relations=relations)])
    with open_session(url) as session:
        standing = set(session.scalars(select(Stance.slug)))
    assert "berg-for-peace" not in standing and saved.slugs[0][1] in standing


def test_the_same_name_in_the_same_second_makes_two_slugs(url: str) -> None:
    saved: list[Saved] = []
    start = threading.Barrier(4)

    def write() -> None:
        start.wait(10)
        saved.append(save(url, [actor("Dag Ek")]))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one.slugs[0][1] for one in saved) == [
        "dag-ek",
        "dag-ek-2",
        "dag-ek-3",
        "dag-ek-4",
    ]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
        .map(str.strip)
        .filter(bool),
        min_size=1,
        max_size=4,
    )
)
@hypothesis_settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_name_is_its_slug_is_one_and_nobody_elses(
    url: str, names: list[str]
) -> None:
    saved = save(url, [actor(name * 3) for name in names])
    slugs = [slug for _, slug in saved.slugs]
    assert len(set(slugs)) == len(names)
    assert all(is_slug(slug) and len(slug) <= LONGEST_MADE + 5 for slug in slugs)


def test_a_name_of_ten_thousand_characters_is_refused_at_its_field(url: str) -> None:
    [(place, field, expected)] = faults(url, stance(holder=actor("x" * 10_000)))
    assert (place, field) == ("holder", "name") and "at most 500" in expected


def test_a_database_that_is_read_only_says_so(sqlite_settings: Settings) -> None:
    url = sqlite_settings.database_url
    engine = shared_engine(url)
    engine.dispose()
    event.listen(engine, "connect", read_only)
    with pytest.raises(Unavailable, match="it is read-only"):
        save(url, [actor("Dag Ek")])


def read_only(connection: Any, _: object) -> None:
    """What a read-only disk does, which no mode of a file does to root."""
    connection.execute("PRAGMA query_only = ON")
