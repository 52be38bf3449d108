"""UN votes: every yes, no and abstention is a stance, and the rest is counted."""

import csv
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from exchange.export.dataset import export_dataset
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.making.vote_texts import OURS, name_of_state
from exchange.load import load
from exchange.states import changed_by_hand
from models import (
    Actor,
    Attribution,
    ChangeRecord,
    Evidence,
    Source,
    Stance,
    open_session,
)
from settings import Settings
from tests.conftest import Templates
from tests.exchange.importers.undl import COLUMNS, write_votes


@pytest.fixture
def url(sqlite_settings: Settings) -> str:
    return sqlite_settings.database_url


def importing(url: str, path: Path, dry_run: bool = False) -> ImportReport:
    return import_documents(Request(paths=[path], dry_run=dry_run), url)


def votes_of(path: Path) -> Counter[str]:
    with path.open(newline="") as file:
        return Counter(row["ms_vote"] for row in csv.DictReader(file))


def rewrite(path: Path, change: dict[int, dict[str, str]]) -> None:
    """Change cells of rows, counted from 0 after the header."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for number, cells in change.items():
        rows[number] |= cells
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def test_every_yes_no_and_abstention_is_a_stance(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=7, states=30)
    votes = votes_of(path)
    report = importing(database_url, path)
    assert report.refusals == []
    assert report.counts["source"].added == report.counts["proposition"].added == 7
    assert report.counts["actor"].added == 30
    assert f"{votes['X']} states did not vote: no stance" in report.notes
    with open_session(database_url) as session:
        found = session.execute(
            sa.select(Stance.position, Stance.polarity, sa.func.count(Stance.id))
            .where(Stance.mode == "voted")
            .group_by(Stance.position, Stance.polarity)
        )
        assert sorted((str(p), polarity, number) for p, polarity, number in found) == [
            ("against", -1, votes["N"]),
            ("for", 1, votes["Y"]),
            ("neutral", 0, votes["A"]),
        ]
        words = {"for": "voted yes.", "against": "voted no.", "neutral": "abstained."}
        for stance in session.scalars(sa.select(Stance)):
            [evidence] = stance.evidence
            name = stance.holder.name.upper()
            assert evidence.quote == f"{name} {words[stance.position]}"
        source = session.scalars(sa.select(Source).limit(1)).one()
        assert source.texts[0].passages[0].text == OURS
        assert source.texts[0].reader == "un-votes 1"
    assert not importing(database_url, path).changed


def test_votes_are_written_as_the_one_way_in_would_write_them(
    url: str, templates: Templates, tmp_path: Path
) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=3, states=12)
    rewrite(path, {0: {"vote_note": "Later advised otherwise.", "ms_vote": "Y"}})
    importing(url, path)
    with open_session(url, history=True) as session:
        assert list(changed_by_hand(session)) == []
        export_dataset(session, tmp_path / "out", with_texts=True)
    with templates.copy("sqlite", tmp_path / "other") as other:
        load(tmp_path / "out", other.database_url)
        assert rows_of(other.database_url) == rows_of(url)
        # The records are the same too: here they would be imported as unchanged.
        assert not importing(other.database_url, path).changed


def rows_of(url: str) -> list[list[tuple[object, ...]]]:
    """Return what is stored of stances, but for keys, and of changes."""
    with open_session(url, history=True) as session:
        statements = [
            sa.select(
                *(c for c in Stance.__table__.c if not c.name.endswith("id")),
                Actor.slug,
            ).join(Actor, Actor.id == Stance.holder_id),
            sa.select(
                Stance.slug,
                Evidence.start_char,
                Evidence.end_char,
                Evidence.quote,
                Evidence.prefix,
                Evidence.suffix,
                Evidence.role,
                Evidence.note,
                Attribution.depth,
                Attribution.actor_id,
                Attribution.verb,
                Attribution.certainty,
                Source.slug,
            )
            .join(Evidence, Evidence.stance_id == Stance.id)
            .join(Attribution, Attribution.evidence_id == Evidence.id)
            .join(Source, Source.id == Attribution.source_id),
            sa.select(
                ChangeRecord.slug, ChangeRecord.action, ChangeRecord.digest
            ).where(ChangeRecord.kind == "stance"),
        ]
        return [
            sorted((tuple(row) for row in session.execute(each)), key=str)
            for each in statements
        ]


def test_an_import_goes_on_where_it_stopped(url: str, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=2, states=10)
    first = importing(url, path).counts["stance"].added
    write_votes(path, resolutions=5, states=10)
    more = importing(url, path)
    assert more.counts["stance"].unchanged == first
    votes = votes_of(path)
    assert more.counts["stance"].added == 50 - votes["X"] - first


def test_a_dry_run_of_votes_counts_and_writes_nothing(url: str, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=2, states=10)
    dry = importing(url, path, dry_run=True)
    with open_session(url) as session:
        assert session.scalar(sa.select(sa.func.count(Actor.id))) == 0
    assert dry.counts == importing(url, path).counts


def test_states_are_known_by_code_and_by_name(url: str, tmp_path: Path) -> None:
    actors = tmp_path / "small"
    actors.mkdir()
    (actors / "dataset.yaml").write_text("slug: small\ntitle: Small\n")
    (actors / "actors.yaml").write_text(
        "- {slug: one, name: One, kind: state, identifiers: {iso3166-1-alpha3: AAA}}\n"
        "- {slug: two, name: Two, kind: state, names: [{name: Land AAB}]}\n"
        "- {slug: land-aac, name: Land AAC, kind: company}\n"
    )
    load(actors, url)
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=2, states=4)
    rewrite(path, {7: {"ms_name": "NEW LAND"}})
    assert importing(url, path).counts["actor"].added == 2
    with open_session(url) as session:
        holders = set(session.scalars(sa.select(Actor.slug).join(Stance.holder)))
        assert holders == {"one", "two", "land-aac-aac", "new-land"}
        new = session.scalars(sa.select(Actor).where(Actor.slug == "new-land")).one()
        assert (new.name, [each.name for each in new.names]) == (
            "New Land", ["Land Aad"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ms_vote": "Z"}, 'line 3: ms_vote: "Z": expected Y, N, A or X'),
        ({"ms_code": "AAA"}, 'line 3: ms_code: "AAA": expected a code that no other'),
        ({"ms_code": ""}, "line 3: ms_code: expected a code that no other"),
        ({"date": "yesterday-ish"}, "expected a date"),
        ({"undl_id": "7"}, "the rows of a resolution one after the other"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_and_the_rest_goes_in(
    url: str, tmp_path: Path, change: dict[str, str], expected: str
) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=2, states=6)
    rewrite(path, {1: {"ms_vote": "Y"} | change})
    report = importing(url, path)
    assert any(expected in str(fault) for fault in report.refusals), report.refusals
    assert report.counts["source"].added >= 2
    assert report.counts["stance"].added > 4


def test_totals_that_the_rows_do_not_bear_out_are_warned_of(
    url: str, tmp_path: Path
) -> None:
    path = tmp_path / "votes.csv"
    write_votes(path, resolutions=1, states=6)
    rewrite(path, {0: {"total_yes": "5000.0"}})
    report = importing(url, path)
    assert "total_yes" in str(report.warnings[0]) and report.warned == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("BOLIVIA (PLURINATIONAL STATE OF)", "Bolivia (Plurinational State of)"),
        ("CÔTE D'IVOIRE", "Côte D'ivoire"),
        ("Türkiye", "Türkiye"),
        ("GUINEA-BISSAU", "Guinea-Bissau"),
    ],
)
def test_a_name_in_capitals_is_written_as_names_are(given: str, expected: str) -> None:
    assert name_of_state(given) == expected
