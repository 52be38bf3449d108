"""What is suggested while somebody types, and what it costs."""

from collections.abc import Iterator
from itertools import islice, product

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Actor, ActorName, open_session
from queries.suggestions import MOST, Suggestion, Suggestions, suggest
from search.engine import Engine
from search.engines import open_engine
from search.sync import drain
from settings import Settings
from tests import factories as make
from tests.queries.world import make_world, statements

SALMAN = ("Mohammed bin Salman", ("MBS", "محمد بن سلمان", "Мухаммед ибн Салман"))


class Typist:
    """Types into the search box of one record, its index brought up to date."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session = session
        self.engine = engine

    def __call__(self, text: str) -> Suggestions:
        return suggest(self.session, text, engine=self.engine)


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return open_engine(settings.search_engine, settings.index_dir)


@pytest.fixture
def typing(settings: Settings, engine: Engine) -> Iterator[Typist]:
    with open_session(settings.database_url, write=True) as session:
        make_world(session)
        name, others = SALMAN
        crown = make.actor(session, slug="mbs", name=name)
        crown.names += [ActorName(name=other, kind="alias") for other in others]
        assad = make.actor(session, slug="assad", name="Bashar al-Assad")
        assad.names.append(ActorName(name="Башар аль-Асад", kind="transliteration"))
        session.commit()
    drain(engine, settings.database_url)
    with open_session(settings.database_url) as session:
        yield Typist(session, engine)


def slugs(found: tuple[Suggestion, ...]) -> list[str]:
    return [one.slug for one in found]


def test_an_actor_a_topic_and_a_meeting_are_suggested_by_their_beginnings(typing):
    assert slugs(typing("ki").actors) == ["king"]
    assert slugs(typing("sal").topics) == ["salt"]
    [meeting] = typing("talks b").meetings
    assert (meeting.slug, meeting.label) == ("talks", "Talks before")
    assert (meeting.url, meeting.when) == ("/meetings/talks", "1 July 2022")
    aden = typing("aden")
    assert (slugs(aden.actors), slugs(aden.meetings)) == (["aden"], ["aden-meeting"])


def test_another_name_says_whose_it_is(typing):
    [found] = typing("mb").actors
    assert (found.label, found.alias, found.url) == (
        "Mohammed bin Salman",
        "MBS",
        "/actors/mbs",
    )
    [found] = typing("moh").actors
    assert (found.label, found.alias) == ("Mohammed bin Salman", None)


@pytest.mark.parametrize(
    ("text", "slug", "alias"),
    [
        ("محمد ب", "mbs", "محمد بن سلمان"),
        ("سلم", "mbs", "محمد بن سلمان"),
        ("мухам", "mbs", "Мухаммед ибн Салман"),
        ("САЛМАН ИБН", "mbs", "Мухаммед ибн Салман"),
        ("асад", "assad", "Башар аль-Асад"),
        ("assad", "assad", None),
        ("al-as", "assad", None),
        ("kiral", "king", "Kıral"),
        ("the ki", "king", None),
    ],
)
def test_any_word_of_a_name_in_any_script_will_do(typing, text, slug, alias):
    assert [(one.slug, one.alias) for one in typing(text).actors] == [(slug, alias)]


@pytest.mark.parametrize(
    "text",
    ["", " ", "*", "%", "_", "actor:king", "ki*", '"the ki', "king OR envoy", "-king"],
)
def test_what_is_no_plain_word_has_no_suggestions(typing, text):
    assert typing(text) == Suggestions(query=text)


@pytest.mark.parametrize("text", ["ing", "alt", "zebra", "king envoy", "k%g", "ki_g"])
def test_what_begins_no_name_has_no_suggestions(typing, text):
    assert typing(text) == Suggestions(query=text)


@pytest.mark.parametrize("text", ["a\0b", "king " * 2_000, "x" * 9_000, "((((", "😀"])
def test_nothing_that_is_typed_breaks_it(typing, text):
    assert typing(text) == Suggestions(query=text)


def test_what_is_called_exactly_so_comes_first_and_short_names_before_long(
    settings, engine, typing
):
    with open_session(settings.database_url, write=True) as session:
        for name in ("Saltash Harbour", "Salt of the Earth", "Saltash"):
            make.topic(session, name=name)
        session.commit()
    names = [one.label for one in typing("salt").topics]
    assert names == ["Salt", "Saltash", "Saltash Harbour", "Salt of the Earth"]


def test_no_kind_crowds_out_another(settings, engine, typing):
    with open_session(settings.database_url, write=True) as session:
        for number in range(60):
            make.actor(session, name=f"Salt Merchant {number}")
        for number in range(20):
            make.meeting(session, title=f"A very long meeting about salt, {number}")
        session.commit()
    drain(engine, settings.database_url)
    found = typing("salt")
    assert slugs(found.topics) == ["salt"]
    assert len(found.actors) > 2 and len(found.meetings) > 2
    assert len(found.actors + found.topics + found.meetings) == MOST


def test_letters_that_begin_too_many_words_still_find_the_whole_word(
    settings, engine, typing
):
    letters = "abcdefghijklm"
    names = ["K", *map("".join, islice(product("K", *[letters] * 3), 2_100))]
    rows = [{"slug": name.lower(), "name": name, "kind": "person"} for name in names]
    with open_session(settings.database_url, write=True) as session:
        session.execute(insert(Actor), rows)
        session.commit()
    drain(engine, settings.database_url)
    assert slugs(typing("k").actors) == ["k", "king"]  # also called Kıral


def test_an_empty_record_has_no_suggestions(settings, engine):
    drain(engine, settings.database_url)
    with open_session(settings.database_url) as session:
        found = suggest(session, "the king", engine=engine)
    assert found == Suggestions(query="the king")


def test_the_number_of_statements_does_not_grow(settings, engine, typing):
    typing("aden")  # opens the transaction
    with statements(typing.session) as few:
        typing("aden")
    with open_session(settings.database_url, write=True) as session:
        for _ in range(20):
            make.actor(session, name="Aden Town")
            make.topic(session, name="Aden")
            make.meeting(session, title="A meeting in Aden")
        session.commit()
    drain(engine, settings.database_url)
    with statements(typing.session) as many:
        typing("aden")
    assert len(many) == len(few) == 4
