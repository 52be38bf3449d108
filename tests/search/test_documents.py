"""What the index is told of each kind of record, and after which changes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Actor,
    ActorName,
    AgendaItem,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Mention,
    Participation,
    Passage,
    Proposition,
    Source,
    SourceSubject,
    SourceText,
    Stance,
    Tenure,
    open_session,
)
from models.enums import JobKind
from search.agreement import check
from search.documents import Builder, everything
from search.documents.passages import passage_id
from search.engine import Document, Engine
from search.engines import open_engine
from search.names_of import MOST_NAMES
from search.roots import gather
from search.sync import drain
from settings import Settings
from tests import factories as make
from tests.queries.world import ACROSS, IN_ADEN, TEXT, World, make_world


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


@pytest.fixture
def documents(session: Session, world: World) -> dict[str, Document]:
    return {document.id: document for document in everything(session)}


def test_everything_held_has_a_document(documents):
    assert sorted(documents) == [
        "actor/aden", "actor/court", "actor/envoy", "actor/king", "actor/league",
        "meeting/aden-meeting", "meeting/talks",
        "passage/report/000001", "passage/report/000002", "passage/report/000003",
        "proposition/sell-salt",
        "stance/envoy-on-aden", "stance/king-no", "stance/king-yes",
    ]  # fmt: skip


def test_withheld_passages_have_none(documents):
    assert not any("summary" in id for id in documents)


def test_a_passage_has_its_words_under_its_sources_title(documents):
    first = documents["passage/report/000001"]
    assert first.text == (("The king met the envoy in Aden.", "en"),)
    assert first.title == (("A report", "en"),)
    assert first.owner == "source/report"
    assert str(first.earliest) == str(first.latest) == "2022-07-12"
    assert first.subjects == ("Commerce", "Nobody")
    assert first.values["source"] == ("report",)
    assert first.values["publisher"] == ("The Gazette",)


def test_what_is_made_from_a_source_is_dated_by_it_whenever_that_changes(
    session: Session, world: World
) -> None:
    text = make.source_text(session, "A copy.", source=make.source(
        session, slug="copy", original=world.summary, derivation="copy",
        published="2026",
    ))  # fmt: skip
    session.flush()

    def days() -> set[str]:
        changes = gather(session, [(JobKind.SOURCE, "report")])
        return {
            str(document.earliest)
            for document in changes.documents
            if document.id == passage_id("copy", 1)
        }

    assert days() == {"2022-07-12"}
    world.report.published = "2022-07-20"
    session.flush()
    assert days() == {"2022-07-20"}
    assert text.source.published == "2026"


def test_a_passage_concerns_whom_it_mentions_and_whom_its_claims_are_about(documents):
    first, second, third = (
        documents[passage_id("report", position)] for position in (1, 2, 3)
    )
    # Mentioned: king and Aden; claims: a tenure, a membership, the meeting.
    assert first.values["actor"] == ("aden", "envoy", "king", "league")
    # Mentioned: the envoy; claims: stances on behalf of the court.
    assert second.values["actor"] == ("aden", "court", "envoy", "king")
    assert "actor" not in third.values


def test_a_passage_has_the_topics_of_its_source_and_its_claims(documents):
    assert documents["passage/report/000003"].values["topic"] == ("trade",)
    assert documents["passage/report/000002"].values["topic"] == ("salt", "trade")


def test_a_passage_tells_the_meetings_and_stances_that_cite_it(documents):
    first = documents["passage/report/000001"].values
    assert first["meeting"] == ("aden-meeting",)
    assert (first["status"], first["format"]) == (("held",), ("bilateral",))
    second = documents["passage/report/000002"].values
    assert second["proposition"] == ("sell-salt",)
    assert second["holder"] == ("aden", "court", "envoy", "king")
    assert second["position"] == ("-1", "1", "against", "for", "mixed")


def test_a_meeting_has_its_participants_its_status_and_its_words(documents):
    meeting = documents["meeting/aden-meeting"]
    assert meeting.title == (("The meeting in Aden", "en"),)
    assert meeting.text == (
        ("Salt", "en"), ("A paper.", "en"), ("Aden", "en"), ("meeting", "en"),
        ("bilateral", "en"),
        ("The King", "en"), ("Kıral", "tr"), ("Aden", "en"), ("The Envoy", "en"),
    )  # fmt: skip
    assert meeting.values == {
        "meeting": ("aden-meeting",),
        "actor": ("aden", "envoy", "king"),
        "topic": ("salt",),
        "status": ("held",),
        "format": ("bilateral",),
        "source": ("report",),
    }
    assert (str(meeting.earliest), str(meeting.latest)) == ("2022-07-18", "2022-07-24")


def test_an_actor_is_found_by_all_its_names_in_their_languages(documents):
    king = documents["actor/king"]
    assert king.title == (("The King", "en"),)
    assert king.text == (("Kıral", "tr"), ("A king.", "en"), ("Q0", None))


def test_a_stance_has_its_proposition_its_quotes_its_note_and_whose_it_is(
    documents,
):
    stance = documents["stance/king-yes"]
    assert stance.title == (("Aden should sell salt.", "en"),)
    assert [text for text, _ in stance.text] == [
        "They spoke of salt, the envoy said.",
        "Clear.",
        "The King",
        "Kıral",
        "Court",
        "Aden",
    ]
    assert stance.values == {
        "holder": ("aden", "court", "king"),
        "actor": ("aden", "court", "king"),
        "proposition": ("sell-salt",),
        "topic": ("salt",),
        "meeting": ("aden-meeting",),
        "position": ("1", "for"),
        "source": ("report", "summary"),
    }


def test_passages_and_propositions_hold_no_names_of_others(documents):
    for document in documents.values():
        if document.kind in ("passage", "proposition"):
            assert "The King" not in str(document)


def test_a_meeting_is_not_found_by_a_metonym_of_who_was_there(session, world):
    world.king.names.append(ActorName(name="Palace", language="en", kind="metonym"))
    session.flush()
    assert not any("Palace" in str(found) for found in Builder(session).meetings(
        ["aden-meeting"]
    ))  # fmt: skip


def test_of_an_actor_with_10_000_names_the_shortest_find_its_meetings(session, world):
    world.king.names += [
        ActorName(name=f"King {number}", language="en", kind="alias")
        for number in range(10_000)
    ]
    session.flush()
    [meeting] = Builder(session).meetings(["aden-meeting"])
    kings = [text for text, _ in meeting.text if "King" in text]
    assert "The King" in kings and "King 7" in kings and "King 9999" not in kings
    assert len(kings) == MOST_NAMES


# Changes


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    yield open_engine("whoosh", settings.index_dir)


def _first(session: Session, table: type[Any], **values: Any) -> Any:
    return session.scalars(select(table).filter_by(**values)).first()


def _retitle(session: Session) -> None:
    _first(session, Source, slug="report").title = "Another title"


def _make_undated_events(session: Session) -> None:
    """A status event without a date takes effect when its source was published."""
    meeting = make.meeting(session, slug="undated")
    event = make.status_event(session, meeting=meeting, status="stalled")
    make.evidence(session, status_event=event, source_text=_text(session))
    make.status_event(session, meeting=meeting, status="held", date="2022-07-20")


def _text(session: Session) -> SourceText:
    statement = select(SourceText).options(joinedload(SourceText.source))
    return session.scalars(statement.filter_by(text=TEXT)).one()


def _republish(session: Session) -> None:
    _first(session, Source, slug="report").published = "2022-08-01"


def _add_subject(session: Session) -> None:
    source = _first(session, Source, slug="report")
    source.subjects.append(SourceSubject(position=9, kind="country", label="Aden"))


def _unmention(session: Session) -> None:
    session.execute(delete(Mention))


def _add_evidence(session: Session) -> None:
    text = _text(session)
    stance = _first(session, Stance, slug="envoy-on-aden")
    make.evidence(session, stance=stance, source_text=text, start_char=70, end_char=74)


def _remove_evidence(session: Session) -> None:
    session.execute(delete(Evidence).where(Evidence.agenda_item_id.is_not(None)))


def _widen(session: Session) -> None:
    _first(session, Meeting, slug="aden-meeting").format = "multilateral"


def _cancel(session: Session) -> None:
    meeting = _first(session, Meeting, slug="aden-meeting")
    make.status_event(session, meeting=meeting, status="cancelled", date="2022-07-30")


def _uncancel(session: Session) -> None:
    session.execute(delete(MeetingStatusEvent).filter_by(status="held"))


def _invite(session: Session) -> None:
    meeting = _first(session, Meeting, slug="aden-meeting")
    make.participation(session, meeting=meeting, label="clerks")


def _uninvite(session: Session) -> None:
    session.delete(_first(session, Participation, role="host"))


def _rewrite_agenda(session: Session) -> None:
    _first(session, AgendaItem, text="Salt").text = "Pepper"


def _forget_meeting(session: Session) -> None:
    session.delete(_first(session, Meeting, slug="talks"))


def _move_proposition(session: Session) -> None:
    proposition = _first(session, Proposition, slug="sell-salt")
    proposition.topic = make.topic(session, slug="pepper")


def _reword_proposition(session: Session) -> None:
    _first(session, Proposition, slug="sell-salt").text = "Aden should buy salt."


def _rename(session: Session) -> None:
    king = _first(session, Actor, slug="king")
    king.names.append(ActorName(name="Rex", language="la", kind="alias"))


def _rename_in_the_main(session: Session) -> None:
    _first(session, Actor, slug="court").name = "The High Court"
    _first(session, Actor, slug="aden").name = "Adan"


def _new_wording(session: Session) -> None:
    source = _first(session, Source, slug="report")
    make.source_text(session, "Only this is left.", source=source, version=2)


def _new_withheld_wording(session: Session) -> None:
    source = _first(session, Source, slug="report")
    make.source_text(session, "Gone.", source=source, version=2, withheld=True)


def _attach(session: Session) -> None:
    text = _first(session, SourceText, text=None)
    text.text = TEXT[:67]


def _add_stance(session: Session) -> None:
    text = _text(session)
    make.evidence(session, stance=make.stance(session), source_text=text)


def _speak(session: Session) -> None:
    passage = _first(session, Passage, position=3)
    passage.speaker = _first(session, Actor, slug="league")


def _make_one_speak(session: Session) -> None:
    """A dated stance of somebody of whom no office and no side is recorded."""
    envoy, aden = (_first(session, Actor, slug=s) for s in ("envoy", "aden"))
    stance = make.stance(session, holder=envoy, target_actor=aden, stated="2022-07")
    make.evidence(session, stance=stance, source_text=_text(session))


def _take_office(session: Session) -> None:
    league, envoy = (_first(session, Actor, slug=s) for s in ("league", "envoy"))
    office = make.office(session, body=league)
    make.add(session, Tenure(key="new", person=envoy, office=office, since="1990"))


def _annex(session: Session) -> None:
    court, league = (_first(session, Actor, slug=s) for s in ("court", "league"))
    court.parent = league


@pytest.mark.parametrize(
    "change",
    [
        _retitle, _republish, _add_subject, _unmention, _add_evidence,
        _remove_evidence, _widen, _cancel, _uncancel, _invite, _uninvite,
        _rewrite_agenda, _forget_meeting, _move_proposition, _reword_proposition,
        _rename, _rename_in_the_main, _new_wording, _new_withheld_wording, _attach,
        _add_stance, _speak, _take_office, _annex,
    ],
    ids=lambda change: change.__name__.strip("_"),
)  # fmt: skip
def test_after_any_change_a_drain_leaves_the_index_as_the_database(
    settings: Settings, engine: Engine, change: Callable[[Session], None]
):
    url = settings.database_url
    with open_session(url, write=True) as session:
        make_world(session)
        _make_undated_events(session)
        _make_one_speak(session)
        session.commit()
    assert drain(engine, url).rebuilt
    before = check(engine, url)
    assert before.agrees and before.waiting == 0
    with open_session(url, write=True) as session:
        change(session)
        session.commit()
    assert drain(engine, url).jobs > 0
    after = check(engine, url)
    assert after.agrees, list(after.sentences())
    assert after.waiting == 0


def test_a_change_of_nothing_known_is_nothing(session):
    assert list(gather(session, [(JobKind.SOURCE, "nosuch")]).documents) == []


def test_spans_are_where_the_world_says(world):
    assert TEXT[slice(*IN_ADEN)] == "in Aden" and "They" in TEXT[slice(*ACROSS)]
