"""The mended rows of the bundled dataset, and how a loaded first edition is mended.

Each row of `CORRECTED` was wrong or debatable in the first edition; docs/coding.md
gives the rule that it follows now. Long because half of it is the table of those rows.
"""

import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.folder import read_folder
from exchange.load import load
from exchange.records import MeetingRecord, SourceRecord, StanceRecord
from models import open_session
from models.enums import StanceLink
from settings import CHECKOUT, Settings
from tests.conftest import Templates

pytestmark = pytest.mark.slow

FOLDER = CHECKOUT / "data" / "tehran-2022"
FIRST_EDITION = "fea8303"
ARTICLE = "article-2022-07-12"
SUMMARY = "article-2022-07-12-summary"
REPORT_DAYS = "2022-07-12/2022-07-13"

Fields = dict[str, Any]

CORRECTED: list[tuple[str, str, Fields]] = [
    (
        "sullivan-russia-will-lack-armed-drones",
        "sullivan-russia-will-run-out-of-armed-drones",
        {"certainty": "probable"},
    ),
    ("vaez-benefits-russia", "vaez-iranian-help-benefits-russia", {"polarity": 1}),
    (
        "erdogan-against-kurdish-autonomy",
        "erdogan-opposes-kurdish-autonomy",
        {"mode": "inferred"},
    ),
    (
        "putin-wants-specialised-technology",
        "putin-seeks-specialised-technology",
        {
            "represents": "russia",
            "meeting": "tehran-journey-2022-07",
            "agenda_item": 4,
            "mode": "inferred",
        },
    ),
    (
        "russia-keeps-grain-blockade",
        "russia-against-lifting-grain-blockade",
        {"certainty": "probable", "mode": "did"},
    ),
    (
        "erdogan-blockade-should-end",
        "erdogan-for-lifting-grain-blockade",
        {"stated": REPORT_DAYS, "mode": "did", "certainty": "probable"},
    ),
    ("kanani-declines-on-drones", "kanani-passes-over-drones", {}),
    (
        "us-should-arm-ukraine",
        "us-arms-ukraine",
        {"stated": "../2022-07-13", "polarity": 1},
    ),
    ("west-should-arm-ukraine", "west-arms-ukraine", {"polarity": 1}),
    ("west-sanctions-russia", "west-keeps-russia-under-sanctions", {"polarity": 1}),
    ("us-sanctions-iran", "us-keeps-iran-under-sanctions", {"polarity": 1}),
    (
        "newspaper-tehran-journey-harder",
        "newspaper-tehran-on-harder-ground",
        {"polarity": 1},
    ),
    (
        "iran-supports-syrian-government",
        "iran-backs-syrian-government",
        {"polarity": 1},
    ),
    (
        "russia-supports-syrian-government",
        "russia-backs-syrian-government",
        {"polarity": 1},
    ),
    ("turkey-supports-syrian-rebels", "turkey-backs-syrian-rebels", {"polarity": 1}),
    (
        "russia-keeps-relations-with-israel",
        "russia-tended-relations-with-israel",
        {"certainty": "probable"},
    ),
    (
        "russia-keeps-relations-with-arab-countries",
        "russia-tended-relations-with-arab-countries",
        {"certainty": "probable"},
    ),
    (
        "sweden-wants-nato",
        "sweden-wants-to-join-nato",
        {"proposition": "sweden-in-nato"},
    ),
    (
        "finland-wants-nato",
        "finland-wants-to-join-nato",
        {"proposition": "finland-in-nato"},
    ),
    (
        "erdogan-objected-to-sweden-and-finland",
        "erdogan-objected-to-sweden",
        {"proposition": "sweden-in-nato"},
    ),
    (
        "erdogan-unclear-on-sweden-and-finland",
        "erdogan-unclear-on-sweden",
        {"proposition": "sweden-in-nato"},
    ),
    (
        "newspaper-sco-weakens-us-influence",
        "newspaper-sco-will-weaken-us-influence",
        {"certainty": "probable"},
    ),
    (
        "iranian-officials-expert",
        "iranian-officials-call-themselves-expert",
        {"proposition": "iranian-officials-expert-in-sanctions", "represents": "iran"},
    ),
    (
        "vaez-iran-will-give-trade-route",
        "vaez-iran-able-to-open-corridors",
        {"proposition": "iran-able-to-open-corridors", "certainty": "certain"},
    ),
    (
        "western-officials-cannot-tell-iran-support",
        "western-officials-cannot-tell-extent-of-support",
        {
            "proposition": "iran-supports-campaign-to-large-extent",
            "position": "undetermined",
        },
    ),
    (
        "turkey-armed-azerbaijan",
        "turkey-gave-arms-to-azerbaijan",
        {"valid_from": None, "valid_to": "2020"},
    ),
    (
        "newspaper-ukraine-fights-in-kherson",
        "newspaper-ukraine-fights-to-retake-territory",
        {"proposition": "ukraine-fights-to-retake-territory"},
    ),
    (
        "us-officials-cannot-tell-drones-sent",
        "us-officials-unaware-whether-drones-sent",
        {"mode": "ascribed"},
    ),
    ("iran-wants-to-supply-drones", "iran-for-supplying-drones", {"mode": "did"}),
    (
        "newspaper-grain-would-ease-food-crisis",
        "newspaper-grain-able-to-ease-food-crisis",
        {"proposition": "grain-able-to-ease-food-crisis", "certainty": "certain"},
    ),
]
"""A corrected stance, what corrects it, and what is right there."""

ADDED: list[tuple[str, Fields]] = [
    ("ukraine-fights-russia", {"actor": "russia", "polarity": -2, "mode": "did"}),
    (
        "turkey-against-syrian-government",
        {
            "actor": "syrian-government",
            "polarity": -1,
            "mode": "inferred",
            "certainty": "probable",
        },
    ),
    ("iran-stands-by-syrian-government", {"polarity": 1, "mode": "did"}),
    ("russia-stands-by-syrian-government", {"polarity": 1, "mode": "did"}),
    ("turkey-stands-by-syrian-rebels", {"polarity": 1, "mode": "did"}),
    (
        "putin-against-biden",
        {"actor": "joe-biden", "polarity": -1, "mode": "inferred"},
    ),
    (
        "vaez-iranians-have-used-channels",
        {"proposition": "iranians-have-used-channels-around-sanctions"},
    ),
    (
        "western-officials-iran-supports-campaign",
        {"position": "for", "certainty": "probable"},
    ),
    ("newspaper-oil-drew-russia-to-iran", {"mode": "inferred"}),
    ("analysts-iran-will-share-oil-expertise", {"certainty": "possible"}),
    ("newspaper-sco-is-security-group", {"mode": "said"}),
    ("newspaper-russia-and-iran-share-cause", {"mode": "said"}),
    ("west-against-iran", {"actor": "iran", "polarity": -2}),
    ("us-against-iran", {"actor": "iran", "polarity": -2}),
    ("west-against-venezuela", {"actor": "venezuela", "polarity": -2}),
    ("west-for-ukraine", {"actor": "ukraine", "polarity": 2}),
    ("us-for-ukraine", {"actor": "ukraine", "polarity": 2, "stated": "../2022-07-13"}),
    ("russia-ally-of-iran", {"actor": "iran", "polarity": 2, "mode": "ascribed"}),
    ("russia-ally-of-venezuela", {"actor": "venezuela", "polarity": 2}),
    (
        "iran-for-training-russian-troops",
        {"proposition": "iran-should-train-russian-troops", "mode": "did"},
    ),
    (
        "putin-wants-support",
        {
            "proposition": "russia-should-get-support",
            "meeting": "tehran-journey-2022-07",
            "agenda_item": 1,
        },
    ),
    ("erdogan-objected-to-finland", {"proposition": "finland-in-nato", "polarity": -1}),
    ("erdogan-unclear-on-finland", {"proposition": "finland-in-nato"}),
    ("loyal-officials-for-russia", {"actor": "russia", "polarity": 2}),
]
"""What the first edition missed."""

SPLIT = {
    "ukraine-fights-to-retake-kherson",
    "sweden-and-finland-in-nato",
    "grain-would-ease-food-crisis",
}
"""Propositions that only corrected stances hold."""


@pytest.fixture(scope="module")
def stances() -> dict[str, StanceRecord]:
    return {
        each.record.slug: each.record
        for each in read_folder(FOLDER).records
        if isinstance(each.record, StanceRecord)
    }


@pytest.fixture(scope="module")
def meetings() -> dict[str, MeetingRecord]:
    return {
        each.record.slug: each.record
        for each in read_folder(FOLDER).records
        if isinstance(each.record, MeetingRecord)
    }


def value(stance: StanceRecord, field: str) -> Any:
    held = getattr(stance, field)
    return held.edtf if field in ("stated", "valid_from", "valid_to") and held else held


@pytest.mark.parametrize(("wrong", "right", "fields"), CORRECTED)
def test_what_was_wrong_is_corrected_and_right(stances, wrong, right, fields):
    links = {(each.relation, each.other) for each in stances[right].relations}
    assert (StanceLink.CORRECTS, wrong) in links
    for field, expected in fields.items():
        assert value(stances[right], field) == expected, field


@pytest.mark.parametrize(("slug", "fields"), ADDED)
def test_what_was_missed_is_coded(stances, slug, fields):
    for field, expected in fields.items():
        assert value(stances[slug], field) == expected, field


def test_what_is_corrected_stands_in_a_file_of_its_own() -> None:
    read = read_folder(FOLDER)
    where = {each.slug: each.place for each in read.records if each.kind == "stance"}
    moved = {slug for slug, place in where.items() if "corrected.yaml" in place}
    assert moved == {wrong for wrong, _, _ in CORRECTED}


def test_only_corrected_stances_hold_a_proposition_that_was_split_or_narrowed(stances):
    corrected = {wrong for wrong, _, _ in CORRECTED}
    standing = {
        each.proposition for slug, each in stances.items() if slug not in corrected
    }
    held = {stances[slug].proposition for slug in corrected}
    assert {each for each in held - standing if each} == SPLIT


def test_two_means_insistence_praise_or_a_degree_that_the_deed_itself_has(stances):
    """On propositions; towards actors it is an ally, enemy, war, sanctions, arms."""
    corrected = {wrong for wrong, _, _ in CORRECTED}
    strongest = {
        slug
        for slug, stance in stances.items()
        if stance.proposition and abs(stance.polarity or 0) == 2
    } - corrected
    assert strongest == {
        "putin-war-goes-to-plan",
        "lavrov-iran-should-join-sco",
        "west-sanctions-iran",
        "west-sanctions-venezuela",
    }


def test_what_somebody_else_says_of_the_holder_is_not_coded_as_said(stances):
    corrected = {wrong for wrong, _, _ in CORRECTED}
    for slug, stance in stances.items():
        if stance.mode == "said" and slug not in corrected:
            nearest = {
                link.speaker
                for item in stance.evidence
                if item.role == "supports"
                for link in item.said_by[:1]
            }
            assert nearest <= {stance.holder}, slug


def test_who_speaks_for_nobody_and_for_whom_officials_speak(stances):
    corrected = {wrong for wrong, _, _ in CORRECTED}
    alone = {"reporting-newspaper", "ali-vaez", "analysts", "ethnic-kurds"}
    officials = {
        "us-officials": "united-states",
        "ukrainian-officials": "ukraine",
        "iranian-officials": "iran",
        "western-officials": "the-west",
        "ukrainian-armed-forces": "ukraine",
        "white-house": "united-states",
    }
    for slug, stance in stances.items():
        if slug in corrected:
            continue
        if stance.holder in alone:
            assert stance.represents_nobody, slug
        if stance.holder in officials:
            assert stance.represents == officials[stance.holder], slug
    assert stances["putin-like-peter-the-great"].represents_nobody
    assert stances["erdogan-closer-to-putin"].represents_nobody


def test_the_two_syrian_propositions_are_contrary(tehran: Settings) -> None:
    with open_session(tehran.database_url) as session:
        pairs = session.execute(
            sa.text("select proposition, other from proposition_relations")
        ).all()
    one = ("syrian-government-should-be-supported", "syrian-rebels-should-be-supported")
    assert set(map(tuple, pairs)) == {one, one[::-1]}


def test_the_guides_table_of_debatable_rows_names_rows_that_stand(stances, meetings):
    guide = (CHECKOUT / "docs" / "coding.md").read_text(encoding="utf-8")
    table = guide.partition("## Debatable rows")[2].partition("## What not")[0]
    named = {
        slug
        for line in table.splitlines()
        if line.startswith("| `")
        for slug in re.findall(r"`([^`]+)`", line.split("|")[1])
    }
    corrected = {wrong for wrong, _, _ in CORRECTED}
    assert len(named) > 30
    assert named <= (set(stances) | set(meetings)) - corrected


# Meetings


def spans(items) -> list[tuple[int, int]]:
    return [(item.start, item.end) for item in items if item.source == ARTICLE]


def test_the_meetings_say_what_the_report_says(meetings) -> None:
    journey = meetings["tehran-journey-2022-07"]
    assert spans(journey.evidence) == [(236, 285), (348, 412)]
    assert meetings["biden-saudi-leaders-2022-07"].format == "unknown"
    grain = meetings["erdogan-grain-talks-2022"]
    assert grain.parent is grain.relation is None
    roles = {
        each.represents: each.role
        for each in meetings["putin-central-asia-journey-2022-06"].participants
    }
    assert roles == {"russia": "visitor", "central-asian-allies": "delegate"}


def test_whom_a_traveller_meets_at_a_stop_is_no_participant_of_the_visit(meetings):
    """Else two hosts whom he sees on different days would pass for having met."""
    for visit in (each for each in meetings.values() if each.kind == "visit"):
        stops = [each for each in meetings.values() if each.parent == visit.slug]
        if len({each.person for each in visit.participants}) > 1:
            assert visit.slug == "putin-central-asia-journey-2022-06"
            continue
        assert stops, visit.slug


def test_no_claim_puts_the_papers_judgement_on_the_kremlins_word() -> None:
    """The words between the two spans are the report's: on harder ground."""
    for each in read_folder(FOLDER).records:
        for path, item in each.record.evidence_items():
            if item.source == ARTICLE and item.said_by and item.start is not None:
                over = item.start < 346 and (item.end or 0) > 301
                assert not over, (each.slug, path)


def test_what_was_only_said_at_a_meeting_is_no_agenda(meetings) -> None:
    met = meetings["putin-raisi-turkmenistan-2022-06"]
    assert {item.status for item in met.agenda} == {"said"}
    assert all(not e.said_by for item in met.agenda for e in item.evidence)


def test_a_host_by_its_place_alone_is_not_known_to_come(meetings) -> None:
    for slug, host in (
        ("sco-summit-uzbekistan-2022-09", "uzbekistan"),
        ("turkmenistan-summit-2022-06", "turkmenistan"),
    ):
        (found,) = (p for p in meetings[slug].participants if p.represents == host)
        assert (found.role, found.presence) == ("host", "unknown")


# The summary


def test_every_standing_claim_on_a_position_can_be_read_in_the_summary(stances):
    corrected = {wrong for wrong, _, _ in CORRECTED}
    for slug, stance in stances.items():
        if slug not in corrected:
            assert SUMMARY in {item.source for item in stance.evidence}, slug


def test_what_cites_the_former_summary_goes_on_citing_it(stances) -> None:
    (record,) = (
        each.record
        for each in read_folder(FOLDER).records
        if isinstance(each.record, SourceRecord) and each.slug == SUMMARY
    )
    (former,) = record.earlier
    assert former.text is not None and record.text is not None
    for slug, stance in stances.items():
        for item in stance.evidence:
            if item.source == SUMMARY and item.quote is not None:
                text = former.text if item.version == 1 else record.text
                assert text.count(item.quote) == 1, slug
                assert item.version is None or item.quote not in record.text, slug


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("newspaper-russia-blockades-grain", "Russian blockade"),
        ("newspaper-russia-keeps-shelling", "shelling"),
        ("newspaper-russia-strikes-civilian-targets", "civilian"),
        ("us-arms-ukraine", "which the United States supplied"),
        ("newspaper-fuel-prices-lifted-revenue", "revenues"),
        ("newspaper-drones-help-reconnaissance", "can help"),
        ("newspaper-iran-higher-priority", "Tehran"),
        ("russia-wants-help-with-sanctions", "getting around sanctions"),
        ("lavrov-sco-centre-of-multipolar-order", "centres"),
    ],
)
def test_the_summary_says_what_the_claim_says(stances, slug, words) -> None:
    quotes = [
        item.quote or ""
        for item in stances[slug].evidence
        if item.source == SUMMARY and item.version is None
    ]
    assert any(words in quote for quote in quotes)


# The first edition, and the new one over it


@pytest.fixture(scope="module")
def first_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = subprocess.run(
        ["git", "archive", FIRST_EDITION, "data/tehran-2022"],
        cwd=CHECKOUT,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip(f"This test needs commit {FIRST_EDITION}; the history has it not.")
    folder = tmp_path_factory.mktemp("first")
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "data" / "tehran-2022"


def record_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read every view; of a citation what is cited, not in which wording it stands."""
    with open_session(url) as session:
        names = sa.inspect(session.connection()).get_view_names()
        found = {}
        for name in names:
            rows = session.execute(sa.text(f"select * from {name}"))
            places = {"start_char", "end_char", "passage", "last_passage"}
            places |= {"page", "last_page"}
            keys = [key for key in rows.keys() if key not in places]
            found[name] = sorted(
                (tuple(row[key] for key in keys) for row in rows.mappings()), key=repr
            )
    return found


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_new_edition_loads_over_the_first_as_it_loads_by_itself(
    first_edition: Path,
    backend: str,
    templates: Templates,
    tehran: Settings,
    tmp_path: Path,
) -> None:
    with templates.copy(backend, tmp_path / "upgraded") as upgraded:
        load(first_edition, upgraded.database_url)
        report = load(FOLDER, upgraded.database_url)
        assert report.changed
        assert not report.total("refused")
        assert not load(FOLDER, upgraded.database_url).changed
        ours, fresh = record_of(upgraded.database_url), record_of(tehran.database_url)
    assert len(fresh["stances"]) > 150
    for view, rows in fresh.items():
        assert ours[view] == rows, view
