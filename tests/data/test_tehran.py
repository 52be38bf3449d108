"""The bundled dataset: what every user sees first, so what must be true of it.

The first half reads its files and needs no database; the second asks the views the
questions that the dataset is there to answer.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.attach import attach
from exchange.folder import read_folder
from exchange.load import load
from exchange.passages import clean, split, text_hash
from exchange.reading import Located
from exchange.records import (
    ActorRecord,
    EvidenceItem,
    MeetingRecord,
    OfficeRecord,
    PropositionRecord,
    SourceRecord,
    StanceRecord,
    Withheld,
)
from models import open_session
from models.enums import AgendaStatus, MeetingStatus, Presence
from settings import CHECKOUT, Settings

FOLDER = CHECKOUT / "data" / "tehran-2022"
ARTICLE = "article-2022-07-12"
SUMMARY = "article-2022-07-12-summary"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def records() -> list[Located]:
    folder = read_folder(FOLDER)
    assert [str(fault) for fault in folder.faults] == []
    return folder.records


@pytest.fixture(scope="module")
def meetings(records: list[Located]) -> list[MeetingRecord]:
    return [each.record for each in records if isinstance(each.record, MeetingRecord)]


@pytest.fixture(scope="module")
def stances(records: list[Located]) -> list[StanceRecord]:
    return [each.record for each in records if isinstance(each.record, StanceRecord)]


@pytest.fixture(scope="module")
def sources(records: list[Located]) -> dict[str, SourceRecord]:
    return {
        each.record.slug: each.record
        for each in records
        if isinstance(each.record, SourceRecord)
    }


@pytest.fixture(scope="module")
def withheld(sources: dict[str, SourceRecord]) -> Withheld:
    text = sources[ARTICLE].withheld
    assert text is not None
    return text


@pytest.fixture(scope="module")
def article(article_path: Path) -> str:
    return clean(article_path.read_bytes().decode())


def _claims(records: list[Located]) -> Iterator[tuple[str, list[EvidenceItem]]]:
    """Yield every claim with its evidence."""
    for each in records:
        claims: dict[str, list[EvidenceItem]] = {}
        for path, item in each.record.evidence_items():
            claim = f"{each.slug} {path[:-2]}"
            claims.setdefault(claim, []).append(item)
        yield from claims.items()


def _spans(records: list[Located]) -> Iterator[tuple[str, int, int]]:
    """Yield every span of the article that carries a claim."""
    for claim, items in _claims(records):
        for item in items:
            if item.source == ARTICLE:
                assert item.start is not None, claim
                assert item.end is not None, claim
                yield claim, item.start, item.end


# What is recorded


def test_it_holds_at_least_what_the_trial_coding_found(records: list[Located]) -> None:
    kinds = Counter(each.kind for each in records)
    participants = sum(
        len(each.record.participants)
        for each in records
        if isinstance(each.record, MeetingRecord)
    )
    assert kinds["meeting"] >= 15
    assert participants >= 31  # whom a traveller meets stands at the stops alone
    assert kinds["proposition"] >= 40
    assert kinds["stance"] >= 77
    assert kinds["actor"] >= 45


def test_every_claim_has_evidence_in_the_article(records: list[Located]) -> None:
    for claim, items in _claims(records):
        assert ARTICLE in {item.source for item in items}, claim


def test_the_article_is_cited_by_positions_alone(records: list[Located]) -> None:
    for claim, items in _claims(records):
        for item in items:
            if item.source == ARTICLE:
                assert item.quote is None, claim


def test_every_span_lies_within_one_passage_of_the_article(
    records: list[Located], withheld: Withheld
) -> None:
    for claim, start, end in _spans(records):
        assert any(
            passage.start <= start < end <= passage.end for passage in withheld.passages
        ), claim


def test_quotes_of_the_summary_are_found_exactly_once(
    records: list[Located], sources: dict[str, SourceRecord]
) -> None:
    texts = {None: sources[SUMMARY].text, 1: sources[SUMMARY].earlier[0].text}
    for claim, items in _claims(records):
        for item in items:
            if item.source == SUMMARY:
                assert item.quote is not None, claim
                text = texts[item.version] or ""
                assert text.count(item.quote) == 1, f"{claim}: {item.quote}"


def test_the_summary_is_long_enough_to_search(
    sources: dict[str, SourceRecord],
) -> None:
    summary = sources[SUMMARY]
    assert summary.text is not None
    assert summary.derived_from == ARTICLE
    assert len(split(summary.text)) >= 8


def test_every_proposition_is_held_by_somebody(
    records: list[Located], stances: list[StanceRecord]
) -> None:
    held = {stance.proposition for stance in stances}
    for each in records:
        if isinstance(each.record, PropositionRecord):
            assert each.slug in held


def test_every_state_has_its_iso_code(records: list[Located]) -> None:
    for each in records:
        if isinstance(each.record, ActorRecord) and each.record.kind == "state":
            assert set(each.record.identifiers) == {"iso3166-1-alpha3"}, each.slug


def test_the_propositions_leave_doubt_to_the_stances(records: list[Located]) -> None:
    doubt = re.compile(r"\b(could|may|might|possibly|perhaps|probably|seems?)\b")
    for each in records:
        if isinstance(each.record, PropositionRecord):
            assert not doubt.search(each.record.text), each.slug


# Planned is not held, and nothing is known before its time


def test_nothing_planned_is_recorded_as_held(meetings: list[MeetingRecord]) -> None:
    ahead = {"tehran", "biden", "sco"}
    planned = [each for each in meetings if ahead & set(each.slug.split("-"))]
    assert len(planned) == 8
    foreseen = {MeetingStatus.EXPECTED, MeetingStatus.ANNOUNCED}
    for meeting in planned:
        assert {event.status for event in meeting.status} <= foreseen, meeting.slug
        present = {each.presence for each in meeting.participants}
        assert Presence.ATTENDED not in present, meeting.slug
        assert AgendaStatus.DISCUSSED not in {each.status for each in meeting.agenda}
        assert meeting.outcomes == [], meeting.slug


def test_what_the_paper_guesses_is_speculated(meetings: list[MeetingRecord]) -> None:
    journey = next(each for each in meetings if each.slug == "tehran-journey-2022-07")
    assert {each.status for each in journey.agenda} == {AgendaStatus.SPECULATED}


def test_no_word_is_later_than_the_article(
    records: list[Located], stances: list[StanceRecord]
) -> None:
    for stance in stances:
        assert stance.stated is not None, stance.slug
        assert stance.stated.edtf[-10:] <= "2022-07-13", stance.slug
    for each in records:
        if isinstance(each.record, OfficeRecord):
            for tenure in each.record.tenures:
                assert tenure.since is tenure.until is None, each.slug


# The article, where it is at hand


def test_the_article_at_hand_is_the_one_that_was_coded(
    article: str, withheld: Withheld
) -> None:
    assert text_hash(article) == withheld.sha256
    assert len(article) == withheld.length
    passages = [(span.start, span.end) for span in withheld.passages]
    assert passages == split(article)


def test_no_span_cuts_a_word_of_the_article(
    records: list[Located], article: str
) -> None:
    for claim, start, end in _spans(records):
        said = article[start:end]
        assert said == said.strip(), claim
        for at in (start, end):
            around = article[max(at - 1, 0) : at + 1]
            assert not re.fullmatch(r"\w\w", around), f"{claim}: {said}"


def test_nearly_all_words_of_the_article_carry_a_claim(
    records: list[Located], article: str, withheld: Withheld
) -> None:
    """What no claim cites is a heading, the byline, or words like “and” and “but”."""
    cited = bytearray(len(article))
    for _, start, end in _spans(records):
        cited[start:end] = b"\1" * (end - start)
    body = [span for span in withheld.passages if any(cited[span.start : span.end])]
    assert len(body) == len(withheld.passages) - 2
    total = sum(span.end - span.start for span in body)
    assert sum(cited) > 0.95 * total


# The questions that the dataset answers


@pytest.fixture
def ask(tehran: Settings) -> Any:
    """Ask the views a question in SQL; answers come as dicts."""

    def rows(query: str) -> list[Row]:
        with open_session(tehran.database_url) as session:
            return [dict(row) for row in session.execute(sa.text(query)).mappings()]

    return rows


def test_who_is_to_meet_whom_in_tehran(ask: Any) -> None:
    found = ask(
        "select a, b from dyads where meeting in "
        "(select slug from meetings where city = 'Tehran' and kind <> 'visit') "
        "and a_presence = 'expected' and b_presence = 'expected'"
    )
    assert Counter((row["a"], row["b"]) for row in found) == {
        ("Ebrahim Raisi", "Vladimir Putin"): 2,
        ("Recep Tayyip Erdoğan", "Vladimir Putin"): 2,
        ("Ebrahim Raisi", "Recep Tayyip Erdoğan"): 1,
    }


def test_what_stands_of_each_meeting_and_on_whose_word(ask: Any) -> None:
    meetings = ask("select slug, status, status_said_by, ended from meetings")
    status = {row["slug"]: (row["status"], row["status_said_by"]) for row in meetings}
    ended = {row["slug"]: row["ended"] for row in meetings if row["ended"]}
    kremlin, peskov = "Kremlin (Russia)", "Dmitri Peskov"
    assert status["tehran-journey-2022-07"] == ("announced", kremlin)
    assert status["tehran-trilateral-2022-07"] == ("announced", peskov)
    assert status["putin-raisi-turkmenistan-2022-06"] == ("held", kremlin)
    assert status["putin-raisi-call-2022-06"] == ("held", kremlin)
    assert status["russia-ukraine-delegations-2022"][0] == "held"
    assert ended["russia-ukraine-delegations-2022"] == "stalled"
    assert status["sco-summit-uzbekistan-2022-09"][0] == "expected"
    assert status["syria-peace-talks"] == (None, None)


@pytest.mark.parametrize("country", ["Sweden", "Finland"])
def test_who_stands_where_on_sweden_and_on_finland_in_nato(ask: Any, country) -> None:
    found = ask(
        "select holder, state, position, polarity, certainty, current from stances "
        f"where target_slug = '{country.lower()}-in-nato'"
    )
    now = {
        row["holder"]: (row["position"], row["polarity"])
        for row in found
        if row["current"]
    }
    assert now == {
        "Recep Tayyip Erdoğan": ("unclear", None),
        country: ("for", 1),
    }
    before = [row for row in found if not row["current"]]
    assert [(row["state"], row["polarity"]) for row in before] == [("Turkey", -1)]


def test_who_affirms_denies_or_declines_on_the_drones(ask: Any) -> None:
    found = ask(
        "select target_slug, holder, position, certainty, said_by from stances "
        "where topic_path like 'arms/drones/%' and proposition_kind = 'factual'"
    )
    supply = {
        (row["holder"], row["position"], row["certainty"])
        for row in found
        if row["target_slug"] == "iran-preparing-to-supply-drones"
    }
    assert supply == {
        ("Jake Sullivan", "for", "probable"),
        ("Nasser Kanani", "declined", "probable"),
    }
    (sent,) = (row for row in found if row["target_slug"] == "iran-has-sent-drones")
    assert sent["holder"] == "US officials (unnamed)"
    assert sent["position"] == "undetermined"
    assert sent["said_by"] == "Jake Sullivan"


def test_two_accounts_of_one_explosion_contradict_each_other(ask: Any) -> None:
    (relation,) = ask("select * from stance_relations where relation = 'contradicts'")
    assert relation["other"] == "ukrainian-troops-blew-up-depot"
    unverified = ask(
        "select target_slug from stances where position = 'undetermined' "
        "and topic_path like '%kherson-depot-strike'"
    )
    assert len(unverified) == 3


def test_every_claim_has_a_chain_that_ends_in_its_source(ask: Any) -> None:
    cited = ask("select distinct claim_kind, claim, source from citations")
    last = {
        (row["claim_kind"], row["claim"], row["source"])
        for row in ask("select * from attributions where speaker_kind = 'source'")
    }
    assert {(row["claim_kind"], row["claim"], row["source"]) for row in cited} == last


def test_a_second_load_changes_nothing(tehran: Settings) -> None:
    assert not load(FOLDER, tehran.database_url).changed


def test_attached_every_quote_stands_in_the_article(
    tehran: Settings, ask: Any, article: str, article_path: Path
) -> None:
    attach(ARTICLE, article_path, tehran.database_url)
    cited = ask(
        f"select quote, start_char, end_char from citations where source = '{ARTICLE}'"
    )
    assert len(cited) >= 200
    for row in cited:
        assert row["quote"] == article[row["start_char"] : row["end_char"]]
    held = ask(
        f"select text from passages where source = '{ARTICLE}' order by position"
    )
    assert "\n".join(row["text"] for row in held) == article
    assert not load(FOLDER, tehran.database_url).changed
