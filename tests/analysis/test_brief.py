"""The brief: each sentence from rows, each silence said."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.brief import Brief, Part, load_brief
from errors import NotFound
from models import Meeting, open_session
from settings import Settings
from tests import factories as make
from tests.queries.world import add_more, make_world, statements

TRILATERAL = "tehran-trilateral-2022-07"


def parts(brief: Brief) -> list[Part]:
    return [part for section in brief.sections for part in (section, *section.parts)]


def said(brief: Brief, id_: str) -> list[str]:
    section = next((one for one in brief.sections if one.id == id_), None)
    if section is None:
        return []
    return [
        sentence.text
        for part in (section, *section.parts)
        for sentence in part.sentences
    ]


def table(brief: Brief, id_: str) -> list[list[str]]:
    found = next(part.table for part in parts(brief) if part.id == id_)
    assert found
    return [[cell.text for cell in row] for row in found.rows]


@pytest.fixture
def brief(tehran: Settings) -> Brief:
    with open_session(tehran.database_url) as session:
        return load_brief(session, TRILATERAL)


def test_it_says_what_when_where_and_how_certain(brief: Brief) -> None:
    sentences = said(brief, "what")
    assert "Date: week of 18 July 2022 (“Next week”)." in sentences
    assert "Place: Tehran, Iran." in sentences
    assert sentences[-1].endswith("according to Dmitri Peskov.")


def test_it_says_who_comes_in_which_office_since_when(brief: Brief) -> None:
    rows = table(brief, "who")
    assert rows[1] == [
        "Vladimir Putin",
        "Russia",
        "President of Russia (attested 12 to 13 July 2022)",
        "visitor",
        "expected",
    ]


def test_it_says_where_each_side_stands_on_each_item(brief: Brief) -> None:
    rows = table(brief, "item-1")
    assert list(dict.fromkeys(row[0] for row in rows)) == ["Iran", "Russia", "Turkey"]
    assert [
        row[:2] for row in rows if row[2].startswith("Syria's government should be")
    ] == [
        ["Iran", "for"],
        ["Russia", "for"],
    ]


def test_it_compares_the_sides_pair_by_pair(brief: Brief) -> None:
    titles = [part.title for part in parts(brief) if part.id.startswith("pair-")]
    assert any(title == "Russia and Turkey: 0 shared, 2 different" for title in titles)
    assert any(
        "Russia: against (probable); Turkey (Recep Tayyip Erdoğan): for (probable), "
        "both according to News report of" in text
        for text in said(brief, "pairs")
    )


def test_who_says_it_is_the_speaker_and_not_the_holder(session: Session) -> None:
    world = make_world(session)  # the envoy says where the king stands
    (row,) = table(load_brief(session, "aden-meeting"), "item-1")
    assert row[0] == "Aden (The King)"
    assert row[3] == "The Envoy, 12 July 2022, at this meeting"
    also = make.stance(session, holder=world.envoy, proposition=world.proposition)
    make.evidence(session, stance=also, source_text=world.text, said_by=[world.envoy])
    assert said(load_brief(session, "aden-meeting"), "pairs") == [
        "The Envoy towards Aden: mixed, according to The Gazette.",
        "Only by what others say: Aden should sell salt. Aden (The King): for, "
        "according to The Envoy; of Aden itself no answer is recorded; The Envoy: for.",
    ]


def test_a_change_is_told_on_its_own_speakers_words(session: Session) -> None:
    make_world(session)
    assert said(load_brief(session, "aden-meeting"), "changes") == [
        "The King moved from “against” (June 2022), according to The Gazette, "
        "to “for” (12 July 2022), according to The Envoy: Aden should sell salt."
    ]


def test_it_says_what_changed_and_who_met_before(brief: Brief) -> None:
    assert said(brief, "changes") == [
        "Recep Tayyip Erdoğan is no longer “against” (by 13 July 2022), according to "
        "News report of 12–13 July 2022; the position now is not recorded: Finland "
        "should join NATO; Sweden should join NATO."
    ]
    assert any(text.startswith("Telephone call") for text in said(brief, "earlier"))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_brief_says_a_thing_twice(tehran: Settings) -> None:
    """Nor a change of position both as it was recorded first and as corrected."""
    with open_session(tehran.database_url) as session:
        for slug in session.scalars(select(Meeting.slug)):
            for part in parts(load_brief(session, slug)):
                texts = [sentence.text for sentence in part.sentences]
                assert len(texts) == len(set(texts)), (slug, part.title)


def test_an_allegation_stands_beside_the_answer_of_the_side(brief: Brief) -> None:
    (claim,) = (
        text for text in said(brief, "contested") if "several hundred drones" in text
    )
    assert claim.endswith("Jake Sullivan: affirms; Nasser Kanani: no comment.")


def test_it_says_on_what_the_record_is_silent(brief: Brief) -> None:
    assert any(
        text.startswith("No record of Iran, Turkey on ")
        for text in said(brief, "unknown")
    )


def test_every_claim_carries_the_numbers_of_its_citations(brief: Brief) -> None:
    used = {
        number
        for part in parts(brief)
        for sentence in (
            *part.sentences,
            *(cell for row in (part.table.rows if part.table else ()) for cell in row),
        )
        for number in sentence.refs
    }
    assert used == {each.number for each in brief.citations}
    assert sorted(used) == list(range(1, len(used) + 1))
    assert brief.basis.sources == 2


def test_a_meeting_of_which_nothing_is_known_is_said_to_be_so(session: Session) -> None:
    make.meeting(session, slug="bare", title="Bare")
    brief = load_brief(session, "bare")
    assert said(brief, "unknown") == [
        "No record of a date.",
        "No record of a place.",
        "No record of whether it was announced or took place.",
        "No record of participants.",
        "No record of an agenda.",
        "No record of contested claims, nor of changes of position of these "
        "participants, nor of an earlier meeting of two or more of these sides.",
    ]
    assert [section.id for section in brief.sections] == ["what", "unknown"]


def test_there_is_no_brief_of_no_meeting(session: Session) -> None:
    with pytest.raises(NotFound):
        load_brief(session, "nowhere")


def test_a_later_meeting_is_no_earlier_one(session: Session) -> None:
    world = make_world(session)
    later = make.meeting(session, slug="later", date="2023")
    for person in (world.king, world.envoy):
        make.participation(session, meeting=later, person=person)
    assert said(load_brief(session, "aden-meeting"), "earlier") == []
    found = said(load_brief(session, "later"), "earlier")
    assert [text.split(",")[0] for text in found] == ["The meeting in Aden"]


@pytest.mark.parametrize(
    ("date", "presence"),
    [(None, "attended"), ("2023/..", "attended"), ("2021", "absent")],
)
def test_only_those_who_surely_met_before_met_before(
    session: Session, date: str | None, presence: str
) -> None:
    world = make_world(session)
    other = make.meeting(session, title="Elsewhere", date=date)
    for person in (world.king, world.envoy):
        make.participation(session, meeting=other, person=person, presence=presence)
    brief = load_brief(session, "aden-meeting")
    assert said(brief, "earlier") == []
    assert (
        "an earlier meeting of two or more of these sides" in said(brief, "unknown")[-1]
    )


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    world = make_world(session)
    add_more(session, world, 1)
    with statements(session) as few:
        load_brief(session, "aden-meeting")
    add_more(session, world, 3)
    with statements(session) as many:
        load_brief(session, "aden-meeting")
    assert len(many) <= len(few)


def test_a_meeting_leads_to_its_brief(session: Session) -> None:
    world = make_world(session)
    assert load_brief(session, world.meeting.slug).url == "/meetings/aden-meeting/brief"
    assert session.get(Meeting, world.meeting.id)
