"""The fictional dataset: it shows what one report cannot, and nothing in it is real."""

import unicodedata
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import create_app
from exchange.folder import read_folder
from exchange.load import load
from models import Actor, Topic, open_session
from settings import CHECKOUT, Settings, load_settings

pytestmark = pytest.mark.slow

FOLDER = CHECKOUT / "data" / "velm-strait"
REAL = CHECKOUT / "data" / "tehran-2022"


@pytest.fixture
def record(sqlite_settings: Settings) -> Iterator[Session]:
    load(FOLDER, sqlite_settings.database_url)
    with open_session(sqlite_settings.database_url) as session:
        yield session


def rows(session: Session, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(sa.text(statement))]


def test_the_two_sides_of_one_meeting_tell_it_differently(record):
    assert rows(
        record,
        "select distinct c.source from citations c"
        " where c.claim_kind = 'meeting' and c.claim = 'velm-port-sel-2018-10'"
        " order by 1",
    ) == [("dravnia-readout-2018-10-04",), ("verania-readout-2018-10-04",)]
    assert rows(
        record,
        "select state, position from stances"
        " where target_slug = 'velm-ministers-agreed-joint-patrols' order by 1",
    ) == [("Dravnia", "against"), ("Verania", "for")]


def test_a_position_changed_and_the_older_one_is_no_longer_current(record):
    assert rows(
        record,
        "select stated_on, position, current from stances where mode = 'said'"
        " and state = 'Qamara' and target_slug = 'velm-pilots-should-be-compulsory'"
        " order by earliest",
    ) == [("2018-06-20", "against", 0), ("2019-02-11", "for", 1)]


def test_a_coders_slip_is_seen_in_the_history_alone_and_leads_to_its_correction(record):
    """Dravnia never was against pilots, so nobody may read that it changed its mind."""
    of_dravnia = (
        "select slug, position from {} where state = 'Dravnia' and mode = 'said'"
        " and target_slug = 'velm-pilots-should-be-compulsory' order by 1"
    )
    undecided = ("dravnia-undecided-on-pilots", "undetermined")
    slip = ("dravnia-against-pilots", "against")
    assert rows(record, of_dravnia.format("stances")) == [undecided]
    assert rows(record, of_dravnia.format("stances_history")) == [slip, undecided]
    assert rows(record, "select stance, last_correction from corrections") == [
        (slip[0], undecided[0])
    ]


def test_two_sentences_are_contrary_and_one_state_is_for_both(record):
    assert rows(
        record,
        "select a.state, a.position, b.position from stances a"
        " join proposition_relations r on r.proposition = a.target_slug"
        " join stances b on b.target_slug = r.other and b.state = a.state"
        " where a.target_slug = 'velm-cable-should-be-shared' order by 1",
    ) == [("Dravnia", "for", "for"), ("Qamara", "for", "against")]


def test_one_meeting_is_cancelled_and_one_denied(record):
    assert rows(
        record,
        "select slug, status from meetings where status not in ('held') order by 1",
    ) == [("velm-secret-talks-2018-11", "denied"), ("velm-summit-2018-12", "cancelled")]


def test_a_vote_has_two_for_one_abstention_and_no_row_for_who_did_not_vote(record):
    assert rows(
        record,
        "select holder, position from stances where mode = 'voted' order by 1",
    ) == [("Dravnia", "neutral"), ("Qamara", "for"), ("Verania", "for")]


def test_the_texts_are_in_three_languages_and_three_scripts(record):
    languages = rows(record, "select distinct language from sources order by 1")
    assert languages == [("ar",), ("en",), ("ru",)]
    letters = "".join(
        str(text) for (text,) in rows(record, "select text from passages")
    )
    scripts = {unicodedata.name(c).split()[0] for c in letters if c.isalpha()}
    assert {"ARABIC", "CYRILLIC", "LATIN"} <= scripts


def test_no_actor_topic_or_slug_is_shared_with_the_real_dataset(record):
    slugs = {
        (type(each.record).__name__, each.record.slug)
        for each in read_folder(FOLDER).records
    }
    real = {
        (type(each.record).__name__, each.record.slug)
        for each in read_folder(REAL).records
    }
    assert not slugs & real
    assert record.scalar(sa.select(sa.func.count()).select_from(Actor))
    assert all(
        topic.slug.startswith("velm-") for topic in record.scalars(sa.select(Topic))
    )


def test_every_page_of_the_demonstration_says_that_the_record_is_fictional(
    sqlite_settings, tmp_path
):
    load(FOLDER, sqlite_settings.database_url)
    notice = "This record is fictional & says so."
    settings = load_settings(
        {
            "DRAGOMAN_INSTANCE": str(sqlite_settings.instance),
            "DRAGOMAN_NOTICE": notice,
        }
    )
    client = create_app(settings).test_client()
    for path in ("/", "/meetings", "/stances", "/meetings/velm-port-sel-2018-10", "/x"):
        assert "This record is fictional &amp; says so." in client.get(path).text


def test_make_demo_serves_it_in_an_instance_of_its_own():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\ndemo:")[2].partition("\n\n")[0]
    assert "DRAGOMAN_INSTANCE=$(DEMO)" in recipe
    assert "data/velm-strait" in recipe and "fictional" in recipe
