"""The rules of a brief, each on a small record: what comes first, what is counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.brief import Brief, load_brief
from models import Actor, Meeting, Topic
from models.enums import MeetingRelation, StanceLink
from tests import factories as make
from tests.analysis.test_brief import parts, said, table
from tests.queries.world import statements

DAY = "2022-07-12"


class Talks:
    """A meeting of two states on one item."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.topic: Topic = make.topic(session, slug="salt", name="Salt")
        self.meeting: Meeting = make.meeting(
            session, slug="talks", title="Talks", date="2022-07-18"
        )
        self.aden, self.basra = (self.state(name) for name in ("Aden", "Basra"))
        self.item = make.agenda_item(
            session, meeting=self.meeting, text="Salt", topic=self.topic
        )
        self.report = make.source_text(
            session, source=make.source(session, title="Report", published=DAY)
        )

    def state(self, name: str, presence: str = "attended") -> Actor:
        """Add a state to the meeting."""
        actor = make.actor(self.session, slug=name.lower(), name=name, kind="state")
        make.participation(
            self.session, meeting=self.meeting, represented=actor, presence=presence
        )
        return actor

    def say(self, holder: Actor, text: str, **given: Any) -> Any:
        """Let somebody take a stand on a sentence under the item's topic."""
        if "target_actor" not in given:
            given.setdefault("proposition", self.sentence(text))
        speakers = given.pop("said_by", [])
        source = given.pop("source_text", self.report)
        stance = make.stance(self.session, holder=holder, **given)
        make.evidence(self.session, stance=stance, source_text=source, said_by=speakers)
        return stance

    def sentence(self, text: str) -> Any:
        """A sentence under the item's topic."""
        return make.proposition(self.session, text=text, topic=self.topic)

    def brief(self, day: date | None = None) -> Brief:
        """Write the brief."""
        self.session.flush()
        self.session.expire_all()
        return load_brief(self.session, "talks", as_known_on=day)


@pytest.fixture
def talks(session: Session) -> Talks:
    return Talks(session)


def issues(brief: Brief, id_: str = "item-1") -> list[str]:
    return [row[2] for row in table(brief, id_)]


def test_own_statements_come_before_later_reports_by_others(talks: Talks) -> None:
    talks.say(talks.aden, "Reported.", mode="ascribed", stated="2022-07-10")
    talks.say(talks.aden, "Own.", mode="said", stated="2022-01")
    assert issues(talks.brief()) == ["Own.", "Reported."]
    assert table(talks.brief(), "item-1")[1][1] == "for (reported by others)"


def test_what_was_said_here_on_the_item_comes_first_and_is_never_cut(
    talks: Talks,
) -> None:
    for n in range(9):
        talks.say(talks.aden, f"Elsewhere {n}.", stated="2022-07-17")
    here = {"meeting": talks.meeting, "agenda_item": talks.item, "mode": "ascribed"}
    for n in range(12):
        talks.say(talks.aden, f"Here {n}.", stated="2022-07-01", **here)
    found = issues(talks.brief())
    assert {text.split()[0] for text in found[:12]} == {"Here"}
    assert {text.split()[0] for text in found[12:18]} == {"Elsewhere"}
    assert table(talks.brief(), "item-1")[-1][3] == "3 more, not shown."


def test_what_was_said_here_on_no_item_is_there_as_well(talks: Talks) -> None:
    make.evidence(
        talks.session,
        stance=make.stance(
            talks.session,
            holder=talks.aden,
            proposition=make.proposition(talks.session, text="Off topic."),
            meeting=talks.meeting,
        ),
    )
    assert issues(talks.brief(), "also-said") == ["Off topic."]


def test_a_report_stands_beside_what_the_side_itself_says(talks: Talks) -> None:
    sentence = talks.sentence("Aden should sell salt.")
    talks.say(
        talks.aden, "", proposition=sentence, mode="ascribed", said_by=[talks.basra]
    )
    talks.say(
        talks.aden, "", proposition=sentence, position="declined", polarity=None,
        said_by=[talks.aden],
    )  # fmt: skip
    talks.say(talks.basra, "", proposition=sentence, said_by=[talks.basra])
    (text,) = said(talks.brief(), "pairs")
    assert text.startswith(
        "Only by what others say: Aden should sell salt. Aden: for (reported by "
        "others), according to Basra, while Aden: "
    )
    assert text.endswith("; Basra: for.")


def test_an_own_position_counts_before_a_later_report(talks: Talks) -> None:
    sentence = talks.sentence("Aden should sell salt.")
    against = {"position": "against", "polarity": -1}
    talks.say(talks.aden, "", proposition=sentence, stated="2022-01", **against)
    talks.say(
        talks.aden, "", proposition=sentence, stated="2022-07", mode="ascribed"
    )  # fmt: skip
    talks.say(talks.basra, "", proposition=sentence)
    titles = [part.title for part in parts(talks.brief()) if part.id == "pair-1"]
    assert titles == ["Aden and Basra: 0 shared, 1 different"]


def test_an_allegation_is_no_shared_ground_and_stands_beside_an_answer_on_its_topic(
    talks: Talks,
) -> None:
    """A deed that an adversary tells is no better known than a wish it reports."""
    witness = make.actor(talks.session, name="Witness")
    answer = {"position": "declined", "polarity": None, "said_by": [talks.aden]}
    talks.say(talks.aden, "Aden ships salt.", **answer)
    for mode in ("did", "said", "ascribed"):
        sentence = talks.sentence(f"Salt, {mode}.")
        talks.say(talks.aden, "", proposition=sentence, mode=mode, said_by=[witness])
        talks.say(talks.basra, "", proposition=sentence, said_by=[talks.basra])
    brief = talks.brief()
    titles = [part.title for part in parts(brief) if part.id == "pair-1"]
    assert titles == [
        "Aden and Basra: 0 shared, 0 different, 3 by what others say of them"
    ]
    for text in said(brief, "pairs"):
        assert text.startswith("Only by what others say: ")
        assert "while Aden: no comment (on “Aden ships salt.”); Basra: for" in text


def test_a_deed_that_the_report_itself_tells_is_common_ground(talks: Talks) -> None:
    sentence = talks.sentence("Salt should be sold.")
    for side in (talks.aden, talks.basra):
        talks.say(side, "", proposition=sentence, mode="did")
    titles = [part.title for part in parts(talks.brief()) if part.id == "pair-1"]
    assert titles == ["Aden and Basra: 1 shared, 0 different"]


def test_one_span_is_one_row_and_relations_of_the_sides_stand_under_their_pair(
    talks: Talks,
) -> None:
    rebels = make.actor(talks.session, name="Rebels")
    talks.say(talks.aden, "Rebels should be backed.")
    talks.say(talks.aden, "", target_actor=rebels, topic=talks.topic)
    talks.say(talks.aden, "", target_actor=talks.basra, topic=talks.topic)
    brief = talks.brief()
    assert issues(brief) == ["Rebels should be backed; towards Rebels"]
    assert said(brief, "pairs") == ["Aden towards Basra: for, according to Report."]


def test_pairs_of_which_nothing_is_recorded_are_one_sentence(talks: Talks) -> None:
    talks.state("Cana")
    assert said(talks.brief(), "pairs") == []
    assert (
        "No record of a proposition on which both take a side: Aden and Basra; Aden "
        "and Cana; Basra and Cana."
    ) in said(talks.brief(), "unknown")


def test_how_the_sides_stand_towards_each_other_is_said(talks: Talks) -> None:
    talks.say(talks.aden, "", target_actor=talks.basra, said_by=[talks.aden])
    assert said(talks.brief(), "pairs") == ["Aden towards Basra: for."]


def test_changes_of_position_are_counted_where_they_are_cut(talks: Talks) -> None:
    for n in range(25):
        sentence = talks.sentence(f"Sentence {n}.")
        old = talks.say(talks.aden, "", proposition=sentence)
        new = talks.say(
            talks.aden, "", proposition=sentence, position="against", polarity=-1
        )
        make.relation(talks.session, new, StanceLink.SUPERSEDES, old)
    found = said(talks.brief(), "changes")
    assert found[0].count("Sentence") == 20
    assert found[-1] == "5 more of the changes are not shown."


def test_siblings_and_children_are_named(talks: Talks) -> None:
    visit = make.meeting(talks.session, title="Visit", kind="visit")
    talks.meeting.parent, talks.meeting.relation = visit, MeetingRelation.STOP
    make.meeting(talks.session, title="Dinner", parent=visit, relation="stop")
    make.meeting(talks.session, title="Lunch", parent=talks.meeting, relation="session")
    facts = said(talks.brief(), "what")
    assert any(fact.startswith("In the same visit or event: Dinner") for fact in facts)
    assert any(fact.startswith("Part of it: Lunch") for fact in facts)


@pytest.mark.parametrize("between", [None, MeetingRelation.BESIDE])
def test_items_of_a_visit_are_carried_to_its_stops_and_what_is_beside_them(
    talks: Talks, between: MeetingRelation | None
) -> None:
    visit = make.meeting(talks.session, title="Visit", kind="visit")
    stop = talks.meeting
    if between:
        stop = make.meeting(talks.session, title="Main talks")
        talks.meeting.parent, talks.meeting.relation = stop, between
    stop.parent, stop.relation = visit, MeetingRelation.STOP
    make.agenda_item(talks.session, meeting=visit, text="Grain", status="speculated")
    (part,) = [part for part in parts(talks.brief()) if part.title == "Grain"]
    assert part.sentences[0].text == "Speculated for Visit."


def test_as_known_on_a_day_nothing_is_known_that_no_source_had_said(
    talks: Talks,
) -> None:
    later = make.source_text(
        talks.session, source=make.source(talks.session, published="2022-08-01")
    )
    sentence = talks.sentence("Aden should sell salt.")
    old = talks.say(talks.aden, "", proposition=sentence, stated="2022-06")
    new = talks.say(
        talks.aden, "", proposition=sentence, stated="2022-07-30", position="against",
        polarity=-1, source_text=later,
    )  # fmt: skip
    make.relation(talks.session, new, StanceLink.SUPERSEDES, old)
    held = make.status_event(talks.session, meeting=talks.meeting, status="held")
    make.evidence(talks.session, status_event=held, source_text=later)
    make.evidence(talks.session, agenda_item=talks.item, source_text=talks.report)
    early = talks.brief(date(2022, 7, 15))
    assert [row[1] for row in table(early, "item-1")] == ["for"]
    assert said(early, "changes") == []
    assert not any("held" in text for text in said(early, "what"))
    days = [one.citation.published.latest for one in early.citations]
    assert all(day and day <= date(2022, 7, 15) for day in days)
    late = talks.brief()
    assert [row[1] for row in table(late, "item-1")] == ["against"]
    assert any("held" in text for text in said(late, "what"))


def test_spans_of_one_withheld_text_are_one_citation(talks: Talks) -> None:
    hidden = make.source_text(
        talks.session, source=make.source(talks.session), withheld=True
    )
    for n in range(5):
        stance = make.stance(
            talks.session, holder=talks.aden, proposition=talks.sentence(f"S {n}.")
        )
        make.evidence(
            talks.session, stance=stance, source_text=hidden, start_char=n, end_char=40
        )
    brief = talks.brief()
    assert [len(one.also) for one in brief.citations] == [4]
    assert brief.basis.sources == 1


def test_whoever_was_perhaps_there_has_met_nobody(talks: Talks) -> None:
    for presence in ("attended", "unknown"):
        other = make.meeting(talks.session, title=f"With {presence}", date="2022-01")
        make.participation(talks.session, meeting=other, represented=talks.aden)
        make.participation(
            talks.session, meeting=other, represented=talks.basra, presence=presence
        )
    found = said(talks.brief(), "earlier")
    assert [text.split(",")[0] for text in found] == ["With attended"]


def test_a_meeting_about_the_same_time_is_neither_earlier_nor_later(
    talks: Talks,
) -> None:
    call = make.meeting(talks.session, title="Call", date="2022-07")
    for actor in (talks.aden, talks.basra):
        make.participation(talks.session, meeting=call, represented=actor)
    (text,) = said(talks.brief(), "earlier")
    assert text.endswith("before or after this meeting is not known.")


def test_contested_claims_are_looked_for_beyond_the_agenda(talks: Talks) -> None:
    claim = make.proposition(talks.session, text="Basra sank a ship.", kind="factual")
    talks.say(talks.aden, "", proposition=claim)
    talks.say(
        make.actor(talks.session, name="Witness"), "", proposition=claim,
        position="against", polarity=-1,
    )  # fmt: skip
    (text,) = said(talks.brief(), "contested")
    assert text.startswith("Basra sank a ship.")


def test_more_participants_take_no_more_statements_and_bounded_room(
    talks: Talks,
) -> None:
    sentence = talks.sentence("Aden should sell salt.")
    counts, sizes = [], []
    for number in (5, 60, 120):
        for n in range(number):
            state = talks.state(f"S{number}-{n}")
            make.stance(talks.session, holder=state, proposition=sentence)
        with statements(talks.session) as found:
            brief = load_brief(talks.session, "talks")
        counts.append(len(found))
        sizes.append(
            sum(
                len(part.sentences) + (len(part.table.rows) if part.table else 0)
                for part in parts(brief)
            )
        )
    assert counts[0] == counts[1] == counts[2]
    assert sizes[2] <= sizes[1] + 5
    assert any("participants are not shown" in text for text in said(brief, "who"))


def test_a_spokesman_of_a_body_speaks_for_the_side_above_it(talks: Talks) -> None:
    session = talks.session
    ministry = make.actor(
        session, name="Ministry", kind="government_body", parent=talks.aden
    )
    office = make.actor(
        session, name="Press Office", kind="government_body", parent=ministry
    )
    spokesman = make.actor(session, name="Spokesman")
    claim = make.proposition(session, text="Aden sold arms.", kind="factual")
    talks.say(make.actor(session, name="Witness"), "", proposition=claim)
    talks.say(
        spokesman, "", proposition=claim, represents=office,
        position="declined", polarity=None,
    )  # fmt: skip
    talks.say(ministry, "Of the ministry.")
    brief = talks.brief()
    (text,) = said(brief, "contested")
    assert text == (
        "Aden sold arms. Witness (according to Report): affirms; "
        "Spokesman (according to Report): no comment."
    )
    (row,) = (row for row in table(brief, "item-1") if row[2] == "Of the ministry.")
    assert row[0] == "Aden (Ministry)"


def test_a_body_that_is_a_side_itself_speaks_for_itself(talks: Talks) -> None:
    body = make.actor(
        talks.session, name="Fleet", kind="armed_forces", parent=talks.aden
    )
    make.participation(
        talks.session, meeting=talks.meeting, represented=body, presence="attended"
    )
    talks.say(body, "Of the fleet.")
    (row,) = table(talks.brief(), "item-1")
    assert row[0] == "Fleet"


def test_what_was_stated_after_the_meeting_is_said_to_be(talks: Talks) -> None:
    over = talks.meeting.latest
    assert over is not None
    for days in (-1, 0, 1, 400):
        talks.say(talks.aden, f"{days}.", stated=str(over + timedelta(days=days)))
    rows = table(talks.brief(), "item-1")
    later = {row[2]: row[-1].endswith(", after this meeting") for row in rows}
    assert later == {"-1.": False, "0.": False, "1.": True, "400.": True}


def test_earlier_meetings_whose_order_is_not_known_say_so(talks: Talks) -> None:
    for title, day in (("Call", "2022-06-01/2022-06-10"), ("Visit", "2022-06")):
        meeting = make.meeting(talks.session, title=title, date=day)
        for actor in (talks.aden, talks.basra):
            make.participation(
                talks.session, meeting=meeting, represented=actor, presence="attended"
            )
    found = said(talks.brief(), "earlier")
    assert "Which was first, Visit or Call, is not known." in found or (
        "Which was first, Call or Visit, is not known." in found
    )
