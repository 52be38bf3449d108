"""What the database itself refuses, whoever writes to it; every rule is attacked.

Long because each rule of the schema is attacked by a case of its own.
"""

import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import (
    Actor,
    AgendaItem,
    Attribution,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Passage,
    Proposition,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Topic,
)
from models.enums import StanceLink
from tests import factories


def refuses(sentence: str):
    """The change within is refused by the database, and says why."""
    return pytest.raises(IntegrityError, match=sentence)


# Stances


def test_a_stance_has_a_target(session):
    with refuses("one_target"):
        factories.stance(session, proposition=None)


def test_a_stance_has_no_two_targets(session):
    with refuses("one_target"):
        factories.stance(
            session,
            proposition=factories.proposition(session),
            target_actor=factories.actor(session),
        )


@pytest.mark.parametrize(
    ("position", "polarity"),
    [("for", 1), ("for", 2), ("against", -1), ("against", -2), ("neutral", 0)]
    + [(word, None) for word in ("mixed", "undetermined", "declined", "unclear")],
)
def test_a_polarity_that_fits_its_position_is_kept(session, position, polarity):
    assert factories.stance(session, position=position, polarity=polarity).id


@pytest.mark.parametrize(
    ("position", "polarity"),
    [("for", -1), ("for", 0), ("for", None), ("for", 3), ("against", 1)]
    + [("against", None), ("neutral", 1), ("neutral", None)]
    + [(word, 0) for word in ("mixed", "undetermined", "declined", "unclear")],
)
def test_a_polarity_that_does_not_fit_its_position_is_refused(
    session, position, polarity
):
    with refuses("polarity_fits_position"):
        factories.stance(session, position=position, polarity=polarity)


@pytest.mark.parametrize(
    ("position", "polarity"), [("for", 2), ("against", -2), ("neutral", 0)]
)
def test_a_factual_proposition_is_only_affirmed_or_denied(session, position, polarity):
    fact = factories.proposition(session, kind="factual")
    with refuses("affirmed"):
        factories.stance(
            session, proposition=fact, position=position, polarity=polarity
        )


def test_a_proposition_does_not_become_factual_under_stances_that_do_not_fit(session):
    norm = factories.proposition(session)
    factories.stance(session, proposition=norm, polarity=2)
    with refuses("affirmed"):
        session.execute(sa.update(Proposition).values(kind="factual"))


@pytest.mark.parametrize(
    "change",
    [
        {"position": "against", "polarity": -1},
        {"note": "on second thoughts"},
        {"stated": "2021"},
        {"certainty": "possible"},
        {"slug": "another"},
    ],
)
def test_a_stance_is_never_edited(session, change):
    stance = factories.stance(session)
    with refuses("supersedes"):
        session.execute(
            sa.update(Stance).where(Stance.id == stance.id).values(**change)
        )


def test_a_stance_is_never_deleted(session):
    factories.stance(session)
    with refuses("supersedes"):
        session.execute(sa.delete(Stance))


def test_a_relation_of_stances_is_neither_edited_nor_deleted(session):
    factories.relation(
        session,
        factories.stance(session),
        StanceLink.SUPERSEDES,
        factories.stance(session),
    )
    session.commit()
    with refuses("supersedes"):
        session.execute(sa.update(StanceRelation).values(relation="repeats"))
    session.rollback()
    with refuses("supersedes"):
        session.execute(sa.delete(StanceRelation))


def test_a_stance_does_not_bear_on_itself(session):
    stance = factories.stance(session)
    with refuses("not_itself"):
        factories.relation(session, stance, StanceLink.REPEATS, stance)


def test_the_agenda_item_of_a_stance_belongs_to_its_meeting(session):
    item = factories.agenda_item(session)
    with refuses("agenda item"):
        factories.stance(session, meeting=factories.meeting(session), agenda_item=item)


def test_an_agenda_item_without_its_meeting_is_refused(session):
    item = factories.agenda_item(session)
    with refuses("agenda_item_needs_meeting"):
        factories.stance(session, agenda_item=item)


# Texts, passages and spans


def test_a_text_is_never_edited(session):
    factories.source_text(session)
    with refuses("never changed"):
        session.execute(sa.update(SourceText).values(text="Something else."))


def test_a_text_is_never_deleted(session):
    session.add(SourceText(source=factories.source(session), sha256="0" * 64, length=3))
    session.flush()
    with refuses("never deleted"):
        session.execute(sa.delete(SourceText))


def test_a_withheld_text_may_be_filled_in_once(session):
    text = factories.source_text(session, withheld=True)
    text.text = factories.TEXT
    session.flush()
    with refuses("never changed"):
        session.execute(sa.update(SourceText).values(text=None))


@pytest.mark.parametrize(
    "change", [{"sha256": "f" * 64}, {"length": 1}, {"version": 2}]
)
def test_filling_a_text_in_changes_nothing_else(session, change):
    factories.source_text(session, withheld=True)
    with refuses("never changed"):
        session.execute(sa.update(SourceText).values(text=factories.TEXT, **change))


def test_the_length_of_a_text_counts_its_code_points(session):
    text = "Café 👩‍🚀\r\nпривет"
    assert factories.source_text(session, text).length == len(text)
    with refuses("length_is_true"):
        session.add(
            SourceText(
                source=factories.source(session),
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                length=len(text.encode()),
                text=text,
            )
        )
        session.flush()


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 2)])
def test_the_span_of_a_passage_has_a_beginning_before_its_end(session, start, end):
    text = factories.source_text(session)
    with refuses("span_is_not_empty"):
        session.add(
            Passage(source_text=text, position=9, start_char=start, end_char=end)
        )
        session.flush()


@pytest.mark.parametrize("withheld", [True, False])
def test_a_passage_lies_within_its_text(session, withheld):
    text = factories.source_text(session, withheld=withheld)
    with refuses("lies within its text"):
        session.add(
            Passage(
                source_text=text,
                position=9,
                start_char=0,
                end_char=len(factories.TEXT) + 1,
            )
        )
        session.flush()


@pytest.mark.parametrize(
    "change", [{"start_char": 1}, {"end_char": 3}, {"position": 9}]
)
def test_a_passage_never_moves(session, change):
    text = factories.source_text(session)
    with refuses("never moves"):
        session.execute(
            sa.update(Passage).where(Passage.id == text.passages[0].id).values(**change)
        )


def test_a_passage_is_never_deleted(session):
    factories.source_text(session)
    with refuses("never deleted"):
        session.execute(sa.delete(Passage))


def test_a_passage_says_what_its_text_says_at_its_span(session):
    text = factories.source_text(session, "Первый 👋 абзац.\n\nZweiter Absatz.")
    assert [passage.text for passage in text.passages] == [
        "Первый 👋 абзац.",
        "Zweiter Absatz.",
    ]


def test_a_passage_of_a_withheld_text_says_nothing(session):
    text = factories.source_text(session, withheld=True)
    assert [passage.text for passage in text.passages] == [None, None]


# Evidence and attribution


def test_evidence_is_for_a_claim(session):
    with refuses("one_claim"):
        factories.evidence(session)


def test_evidence_is_for_one_claim_only(session):
    with refuses("one_claim"):
        factories.evidence(
            session,
            stance=factories.stance(session),
            meeting=factories.meeting(session),
        )


def test_a_span_of_evidence_lies_within_its_text(session):
    text = factories.source_text(session, withheld=True)
    with refuses("lies within its text"):
        factories.evidence(
            session,
            source_text=text,
            start_char=3,
            end_char=len(factories.TEXT) + 1,
            stance=factories.stance(session),
        )


def test_a_quote_says_what_the_text_says(session):
    with refuses("says what the text says"):
        factories.evidence(
            session, stance=factories.stance(session), quote="The ministry"
        )


def test_a_quote_is_there_where_the_text_is(session):
    with refuses("says what the text says"):
        factories.evidence(session, stance=factories.stance(session), quote=None)


@pytest.mark.parametrize("context", [{"prefix": "So "}, {"suffix": " wept"}])
def test_the_words_around_a_quote_are_those_of_the_text(session, context):
    with refuses("says what the text says"):
        factories.evidence(
            session,
            stance=factories.stance(session),
            start_char=4,
            end_char=12,
            **context,
        )


def test_a_withheld_text_has_no_quotes(session):
    text = factories.source_text(session, withheld=True)
    with refuses("withheld"):
        factories.evidence(
            session,
            source_text=text,
            quote="The minister",
            stance=factories.stance(session),
        )


@pytest.mark.parametrize("change", [{"start_char": 1}, {"end_char": 9}])
def test_a_span_of_evidence_never_moves(session, change):
    factories.evidence(session, stance=factories.stance(session))
    with refuses("never moves"):
        session.execute(sa.update(Evidence).values(**change))


def test_evidence_never_changes_its_claim(session):
    row = factories.evidence(session, stance=factories.stance(session))
    other = factories.stance(session)
    with refuses("never moves"):
        session.execute(
            sa.update(Evidence).where(Evidence.id == row.id).values(stance_id=other.id)
        )


def test_a_quote_is_not_edited_away_from_the_text(session):
    factories.evidence(session, stance=factories.stance(session))
    with refuses("says what the text says"):
        session.execute(sa.update(Evidence).values(quote="The premiere"))


def test_the_evidence_of_a_stance_is_never_deleted(session):
    factories.evidence(session, stance=factories.stance(session))
    with refuses("never deleted"):
        session.execute(sa.delete(Evidence))


def test_evidence_of_a_meeting_goes_with_its_chain_when_the_meeting_is_updated(session):
    meeting = factories.meeting(session)
    factories.evidence(session, meeting=meeting, said_by=[factories.actor(session)])
    session.commit()
    meeting.evidence.clear()
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(Attribution)) == 0


def test_the_depths_of_a_chain_begin_at_the_speaker(session):
    row = factories.evidence(session, stance=factories.stance(session))
    other = factories.evidence(session, stance=row.stance)
    session.execute(sa.delete(Attribution).where(Attribution.evidence_id == other.id))
    with refuses("no gaps"):
        session.add(
            Attribution(
                evidence=other,
                depth=1,
                source=row.source_text.source,
                verb="quoted",
                certainty="certain",
            )
        )
        session.flush()


def test_a_link_cannot_be_taken_out_of_a_chain(session):
    row = factories.evidence(
        session, stance=factories.stance(session), said_by=[factories.actor(session)]
    )
    with refuses("no gaps"):
        session.execute(
            sa.delete(Attribution).where(
                Attribution.evidence_id == row.id, Attribution.depth == 0
            )
        )


def test_a_link_of_a_chain_does_not_move(session):
    factories.evidence(session, stance=factories.stance(session))
    with refuses("never moves"):
        session.execute(sa.update(Attribution).values(depth=1))


@pytest.mark.parametrize("both", [True, False])
def test_a_link_of_a_chain_is_one_speaker(session, both):
    row = factories.evidence(session, stance=factories.stance(session))
    speakers = (
        {"actor": factories.actor(session), "source": row.source_text.source}
        if both
        else {}
    )
    with refuses("one_speaker"):
        session.add(
            Attribution(
                evidence=row, depth=1, verb="quoted", certainty="certain", **speakers
            )
        )
        session.flush()


# Hierarchies and parts


@pytest.mark.parametrize(
    ("make", "parent"),
    [
        (factories.meeting, "parent"),
        (factories.topic, "parent"),
        (factories.actor, "parent"),
        (factories.source, "original"),
    ],
)
def test_nothing_is_its_own_ancestor(session, make, parent):
    more = {
        "meeting": {"relation": "stop"},
        "source": {"derivation": "copy"},
    }.get(make.__name__, {})
    top = make(session)
    middle = make(session, **{parent: top}, **more)
    bottom = make(session, **{parent: middle}, **more)
    for name, value in more.items():
        setattr(top, name, value)
    setattr(top, parent, bottom)
    with refuses("its own ancestor"):
        session.flush()


@pytest.mark.parametrize("model", [Meeting, Topic, Actor])
def test_nothing_is_its_own_parent(session, model):
    record = getattr(factories, model.__name__.lower())(session)
    more = {"relation": "stop"} if model is Meeting else {}
    with refuses("its own ancestor"):
        session.execute(sa.update(model).values(parent_id=record.id, **more))


def test_a_deep_hierarchy_is_no_cycle(session):
    topic = factories.topic(session)
    for _ in range(30):
        topic = factories.topic(session, parent=topic)
    assert topic.id


def test_a_relation_goes_with_a_parent(session):
    with refuses("relation_goes_with_parent"):
        factories.meeting(session, relation="stop")


def test_a_parent_goes_with_a_relation(session):
    with refuses("relation_goes_with_parent"):
        factories.meeting(session, parent=factories.meeting(session))


def test_a_derivation_goes_with_an_original(session):
    with refuses("derivation_goes_with_original"):
        factories.source(session, derivation="summary")


def test_the_country_of_a_meeting_is_a_state(session):
    with refuses("is a state"):
        factories.meeting(session, country=factories.actor(session, kind="company"))


def test_somebody_takes_part(session):
    with refuses("somebody"):
        factories.participation(session, person=None)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Actor, {"kind": "planet"}),
        (Meeting, {"medium": "telepathy"}),
        (MeetingStatusEvent, {"status": "reported"}),
        (AgendaItem, {"status": "denied"}),
        (Source, {"kind": "rumour"}),
        (Proposition, {"kind": "guess"}),
    ],
)
def test_a_coded_value_comes_from_its_list(session, model, values):
    factories.status_event(session)
    factories.agenda_item(session)
    factories.source(session)
    factories.proposition(session)
    factories.actor(session)
    session.commit()
    (column, value), *_ = values.items()
    with refuses("ck_"):
        session.execute(
            sa.text(f"UPDATE {model.__tablename__} SET {column} = :value"),
            {"value": value},
        )


def test_slugs_and_identifiers_are_unique(session):
    factories.actor(session, slug="iran")
    with refuses("slug"):
        factories.actor(session, slug="iran")


@pytest.mark.parametrize("text", ["Iran", "iran ", "", "a/b", "-iran", "a" * 121])
def test_a_slug_has_the_form_of_a_slug(text):
    with pytest.raises(ValueError, match="not a slug"):
        Actor(slug=text)
