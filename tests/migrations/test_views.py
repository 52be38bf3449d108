"""The plural views say what DESIGN promises to those who write SQL.

Long because each view has its promises, and all are asked of one record.
"""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models import Attribution, Base, Membership, PropositionRelation, Tenure
from models.enums import MeetingStatus, Presence, StanceLink
from queries.meetings import load_meeting
from tests import factories


def rows(session: Session, select: str) -> list[dict[str, object]]:
    session.flush()
    return [dict(row) for row in session.execute(sa.text(select)).mappings()]


def one(session: Session, select: str) -> dict[str, object]:
    (row,) = rows(session, select)
    return row


def event(session, meeting, status, date=None, published=None, said_by=()):
    """A status event that one source, published on a day, speaks of."""
    row = factories.status_event(session, meeting=meeting, status=status, date=date)
    text = factories.source_text(
        session, source=factories.source(session, published=published)
    )
    factories.evidence(session, source_text=text, status_event=row, said_by=said_by)
    return row


# The status of a meeting


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([], None),
        ([("announced", "2022-07-12", "2022-07-12")], "announced"),
        (
            [
                ("announced", "2022-07-12", "2022-07-12"),
                ("held", "2022-07-19", "2022-07-20"),
            ],
            "held",
        ),
        # what takes effect later counts, in whatever order it was coded
        (
            [
                ("held", "2022-07-19", "2022-07-20"),
                ("announced", "2022-07-12", "2022-07-12"),
            ],
            "held",
        ),
        # of two on one day, the one that became known later
        (
            [
                ("denied", "2022-07-12", "2022-07-14"),
                ("announced", "2022-07-12", "2022-07-12"),
            ],
            "denied",
        ),
        # without a date, the day on which it became known
        (
            [("expected", None, "2022-07-12"), ("postponed", None, "2022-07-15")],
            "postponed",
        ),
        # an open end is no day: it began before that
        (
            [
                ("under_way", "2022-02/..", "2022-03-01"),
                ("postponed", "2022-05", "2022-06-01"),
            ],
            "postponed",
        ),
        # without any day, the order in which they were coded
        ([("expected", None, None), ("announced", None, None)], "announced"),
        ([("held", "2022-06", None), ("expected", None, None)], "held"),
    ],
)
def test_the_status_of_a_meeting_is_its_latest_event(session, events, status):
    meeting = factories.meeting(session)
    for name, date, published in events:
        event(session, meeting, name, date, published)
    assert one(session, "SELECT status FROM meetings")["status"] == status


def test_the_status_is_said_by_the_speaker_nearest_to_it(session):
    meeting = factories.meeting(session)
    spokesman = factories.actor(session, name="A spokesman")
    event(session, meeting, "announced", "2022-07-12", said_by=[spokesman])
    row = one(session, "SELECT status_said_by FROM meetings")
    assert row["status_said_by"] == "A spokesman"
    row = one(session, "SELECT said_by FROM status_events")
    assert row["said_by"] == "A spokesman"


def test_status_events_can_be_asked_as_known_on_a_day(session):
    meeting = factories.meeting(session)
    event(session, meeting, "announced", "2022-07-12", "2022-07-12")
    event(session, meeting, "held", "2022-07-19", "2022-07-20")
    known = rows(
        session, "SELECT status FROM status_events WHERE published <= '2022-07-15'"
    )
    assert [row["status"] for row in known] == ["announced"]


# Dyads


def test_a_dyad_names_each_pair_once_in_bytewise_order(session):
    meeting = factories.meeting(session)
    for slug in ("b-person", "a-person", "a", "z1"):
        factories.participation(
            session, meeting=meeting, person=factories.actor(session, slug=slug)
        )
    pairs = rows(session, "SELECT a_slug, b_slug FROM dyads ORDER BY a_slug, b_slug")
    assert [(pair["a_slug"], pair["b_slug"]) for pair in pairs] == [
        ("a", "a-person"),
        ("a", "b-person"),
        ("a", "z1"),
        ("a-person", "b-person"),
        ("a-person", "z1"),
        ("b-person", "z1"),
    ]


def test_a_dyad_takes_the_side_where_the_person_is_unknown_and_no_mere_label(session):
    meeting = factories.meeting(session)
    side = factories.actor(session, slug="ukraine", name="Ukraine", kind="state")
    factories.participation(session, meeting=meeting, represented=side)
    factories.participation(
        session,
        meeting=meeting,
        person=factories.actor(session, slug="an-envoy", name="An envoy"),
    )
    factories.participation(session, meeting=meeting, label="delegations")
    assert one(session, "SELECT a, b, b_represents FROM dyads") == {
        "a": "An envoy",
        "b": "Ukraine",
        "b_represents": "Ukraine",
    }


# Stances


def test_a_stance_shows_its_first_supporting_span_of_an_original_source(session):
    stance = factories.stance(session)
    original = factories.source(session, published="2022-07-12")
    summary = factories.source(session, original=original, derivation="summary")
    for source, role, words in [
        (summary, "supports", "The summary says so at length."),
        (original, "context", "Some context that matters."),
        (original, "supports", "The original says so itself."),
        (original, "supports", "The original says so again."),
    ]:
        text = factories.source_text(
            session,
            words,
            source=source,
            version=1 + len(source.texts),
        )
        factories.evidence(
            session, source_text=text, end_char=len(words), role=role, stance=stance
        )
    row = one(session, "SELECT quote, source, published, evidence_count FROM stances")
    assert row == {
        "quote": "The original says so itself.",
        "source": original.slug,
        "published": "2022-07-12",
        "evidence_count": 4,
    }


def test_the_chain_of_a_stance_runs_from_the_speaker_to_the_source(session):
    stance = factories.stance(session)
    source = factories.source(session, publisher="A newspaper")
    factories.evidence(
        session,
        source_text=factories.source_text(session, source=source),
        stance=stance,
        said_by=[
            factories.actor(session, name="An envoy"),
            factories.actor(session, name="A spokesman"),
        ],
    )
    assert one(session, "SELECT said_by, chain FROM stances") == {
        "said_by": "An envoy",
        "chain": "An envoy → A spokesman → A newspaper",
    }


def test_a_source_without_a_publisher_speaks_under_its_title(session):
    stance = factories.stance(session)
    source = factories.source(session, title="A leaflet")
    text = factories.source_text(session, source=source)
    factories.evidence(session, source_text=text, stance=stance)
    assert one(session, "SELECT said_by FROM stances")["said_by"] == "A leaflet"


def test_a_stance_belongs_to_a_state_only_through_the_part_it_is_said_in(session):
    state = factories.actor(session, name="Iran", kind="state")
    ministry = factories.actor(
        session, name="Foreign ministry", kind="government_body", parent=state
    )
    person = factories.actor(session, name="A person")
    expected = {}
    for holder, represents, shown in [
        (state, None, "Iran"),
        (person, state, "Iran"),
        (person, ministry, "Iran"),
        (ministry, None, "Iran"),
        (person, None, None),
    ]:
        made = factories.stance(session, holder=holder, represents=represents)
        expected[made.slug] = shown
    found = rows(session, "SELECT slug, state FROM stances")
    assert {row["slug"]: row["state"] for row in found} == expected


@pytest.mark.parametrize(
    ("link", "current"),
    [
        (StanceLink.SUPERSEDES, False),
        (StanceLink.RETRACTS, False),
        (StanceLink.DENIES, True),
        (StanceLink.REPEATS, True),
    ],
)
def test_a_stance_is_current_until_one_supersedes_or_retracts_it(
    session, link, current
):
    old, new = factories.stance(session), factories.stance(session)
    factories.relation(session, new, link, old)
    found = rows(session, "SELECT slug, current FROM stances")
    assert {row["slug"]: bool(row["current"]) for row in found} == {
        old.slug: current,
        new.slug: True,
    }


def test_the_topic_of_a_stance_is_its_own_or_else_its_propositions(session):
    arms = factories.topic(session, slug="arms", name="Arms")
    drones = factories.topic(session, slug="drones", name="Drones", parent=arms)
    proposition = factories.proposition(session, topic=drones)
    factories.stance(session, proposition=proposition)
    factories.stance(session, target_actor=factories.actor(session), topic=arms)
    found = rows(session, "SELECT topic_path FROM stances ORDER BY topic_path")
    assert [row["topic_path"] for row in found] == ["arms", "arms/drones"]
    assert rows(session, "SELECT slug, path FROM topics ORDER BY path") == [
        {"slug": "arms", "path": "arms"},
        {"slug": "drones", "path": "arms/drones"},
    ]


def test_the_example_of_the_design_runs(session):
    arms = factories.topic(session, slug="arms")
    stance = factories.stance(
        session,
        proposition=factories.proposition(session, topic=arms),
        stated="2022-07",
    )
    factories.evidence(session, stance=stance)
    found = rows(
        session,
        "select holder, position, target, said_by, stated_on, quote from stances "
        "where topic_path like 'arms%' order by earliest",
    )
    assert [row["quote"] for row in found] == ["The minister"]


# Citations and attributions


def test_every_kind_of_claim_has_a_readable_key(session):
    meeting = factories.meeting(session, slug="talks")
    actor = factories.actor(session, slug="minister")
    office = factories.office(session)
    body = factories.actor(session, kind="bloc")
    factories.evidence(session, meeting=meeting)
    claims: list[dict[str, Base]] = [
        {"status_event": factories.status_event(session, meeting=meeting, key="held")},
        {
            "participation": factories.participation(
                session, meeting=meeting, person=actor, key="minister"
            )
        },
        {"agenda_item": factories.agenda_item(session, meeting=meeting, position=2)},
        {"stance": factories.stance(session, slug="minister-on-grain")},
        {
            "tenure": factories.add(
                session, Tenure(key="minister/post", person=actor, office=office)
            )
        },
        {
            "membership": factories.add(
                session,
                Membership(
                    key="minister/club/member",
                    member=actor,
                    organization=body,
                    status="member",
                ),
            )
        },
    ]
    for claim in claims:
        factories.evidence(session, **claim)
    expected = {
        ("meeting", "talks"),
        ("status_event", "talks/status/held"),
        ("participation", "talks/participant/minister"),
        ("agenda_item", "talks/agenda/2"),
        ("stance", "minister-on-grain"),
        ("tenure", "minister/post"),
        ("membership", "minister/club/member"),
    }
    for view in ("citations", "attributions"):
        found = rows(session, f"SELECT claim_kind, claim FROM {view}")
        assert {(row["claim_kind"], row["claim"]) for row in found} == expected


def test_a_citation_says_which_passages_its_span_touches(session):
    text = factories.source_text(session, "One.\n\nTwo.\n\nThree.")
    stance = factories.stance(session)
    for start, end in [(0, 4), (6, 10), (2, 17)]:
        factories.evidence(
            session, source_text=text, start_char=start, end_char=end, stance=stance
        )
    found = rows(session, "SELECT passage, last_passage FROM citations")
    assert sorted((row["passage"], row["last_passage"]) for row in found) == [
        (1, 1),
        (1, 3),
        (2, 2),
    ]


def test_the_kind_of_a_speaker_is_told_even_where_it_is_the_source(session):
    stance = factories.stance(session)
    factories.evidence(
        session,
        stance=stance,
        said_by=[factories.actor(session, kind="unnamed_group")],
    )
    assert session.query(Attribution).count() == 2
    found = rows(session, "SELECT speaker_kind FROM attributions ORDER BY depth")
    assert [row["speaker_kind"] for row in found] == ["unnamed_group", "source"]


# Sources and passages


def test_passages_are_those_of_the_newest_wording(session):
    source = factories.source(session)
    factories.source_text(session, "An old wording.", source=source)
    factories.source_text(session, "A new wording.", source=source, version=2)
    assert [row["text"] for row in rows(session, "SELECT text FROM passages")] == [
        "A new wording."
    ]


def test_a_withheld_text_is_not_held(session):
    factories.source_text(session, withheld=True)
    assert not one(session, "SELECT text_held FROM sources")["text_held"]
    assert one(session, "SELECT text FROM passages WHERE position = 1")["text"] is None


def test_passages_in_other_scripts_are_cut_at_code_points(session):
    factories.source_text(session, "Встреча 👩‍🚀 состоится.\n\nتهران — 🇮🇷")
    found = rows(session, "SELECT text FROM passages ORDER BY position")
    assert [row["text"] for row in found] == ["Встреча 👩‍🚀 состоится.", "تهران — 🇮🇷"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(MeetingStatus)),
            st.sampled_from([None, "2022-06", "2022-07-12", "2022-07/.."]),
            st.sampled_from([None, "2022-07-10", "2022-07-14"]),
        ),
        max_size=4,
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree_on_status_and_end_and_held_survives_stalled(
    session, events
):
    with session.begin_nested() as savepoint:
        meeting = factories.meeting(session)
        for name, date, published in events:
            event(session, meeting, name, date, published)
        row = one(
            session,
            f"SELECT status, ended FROM meetings WHERE slug = '{meeting.slug}'",
        )
        found = load_meeting(session, meeting.slug)
        assert (row["status"], row["ended"]) == (found.status, found.ended)
        names = {name for name, *_ in events}
        assert (found.ended == "stalled") is ("stalled" in names)
        if names <= {"held", "stalled"} and names:
            assert found.status == "held"
        savepoint.rollback()


@pytest.mark.parametrize("presence", list(Presence))
def test_who_may_not_have_come_is_in_no_dyad(session, presence):
    meeting = factories.meeting(session)
    for each in (presence, "attended"):
        factories.participation(session, meeting=meeting, presence=each)
    pairs = session.scalar(sa.text("SELECT COUNT(*) FROM dyads"))
    assert pairs == (presence is not Presence.UNKNOWN)


def test_a_visit_does_not_count_beside_its_own_stops(session):
    guest, host, other = (factories.actor(session) for _ in range(3))
    visit = factories.meeting(session, kind="visit")
    stop = factories.meeting(session, parent=visit, relation="stop")
    for meeting, people in ((visit, (guest, host, other)), (stop, (guest, host))):
        for person in people:
            factories.participation(session, meeting=meeting, person=person)
    rows = session.execute(sa.text("SELECT meeting, a_slug, b_slug FROM dyads")).all()
    met = {(row.meeting, frozenset((row.a_slug, row.b_slug))) for row in rows}
    assert met == {
        (stop.slug, frozenset((guest.slug, host.slug))),
        (visit.slug, frozenset((guest.slug, other.slug))),
        (visit.slug, frozenset((host.slug, other.slug))),
    }


def test_contrary_propositions_stand_in_the_view_both_ways(session):
    one_, two = factories.proposition(session), factories.proposition(session)
    session.add(PropositionRelation(proposition=one_, relation="contrary", other=two))
    session.flush()
    rows = session.execute(sa.text("SELECT * FROM proposition_relations")).all()
    pairs = {(one_.slug, "contrary", two.slug), (two.slug, "contrary", one_.slug)}
    assert set(map(tuple, rows)) == pairs
