"""Loading JSON Lines: batches, refused lines, damaged files, resumption."""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import exchange.batches
from errors import DragomanError
from exchange.lines import LONGEST_LINE, NotRead, parse_line, read_lines
from exchange.load import load
from models import (
    Actor,
    LoadRun,
    Mention,
    Passage,
    Source,
    SourceSubject,
    SourceText,
    open_session,
)
from settings import CHECKOUT, Settings
from tests.exchange.small import write_small

pytestmark = pytest.mark.slow

Record = dict[str, Any]


def source(number: int, **values: Any) -> Record:
    return {
        "type": "source",
        "slug": f"source-{number}",
        "kind": "readout",
        "title": f"Readout {number}",
        "paragraphs": [f"Paragraph one of {number}.", "Paragraph two."],
    } | values


def write(path: Path, lines: list[Record | bytes]) -> Path:
    content = b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
    )
    content += b"\n"
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def totals(url: str) -> tuple[int, int]:
    with open_session(url) as session:
        counts = [
            session.scalar(sa.select(sa.func.count(model.id)))
            for model in (Source, Passage)
        ]
        return counts[0] or 0, counts[1] or 0


@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz"])
def test_a_stream_is_loaded_and_a_second_load_changes_nothing(
    database_url: str, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.batches, "BATCH_RECORDS", 3)
    path = write(tmp_path / name, [source(i) for i in range(10)])
    report = load(path, database_url)
    assert report.counts["source"].added == 10
    assert totals(database_url) == (10, 20)
    again = load(path, database_url)
    assert list(again.sentences()) == [
        f"{name}: nothing changed",
        "sources: 10 unchanged",
    ]
    with open_session(database_url) as session:
        runs = session.scalars(sa.select(LoadRun)).all()
        assert [(run.verb, run.added) for run in runs] == [("load", 10)]


def test_each_refused_line_is_counted_and_named_and_the_rest_is_loaded(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "records.jsonl",
        [
            source(1),
            b'{"type": "source", "slug": "broken',
            b'{"type": "source", "title": "\xff"}',
            b"[1, 2]",
            {"type": "song", "slug": "x"},
            {"slug": "x"},
            source(2, colour="red"),
            source(3, published="2022-13"),
            b"",
            source(1),
            source(1, title="Another"),
            source(4, text="Also a text"),
            source(5, paragraphs=["\0"]),
            b'{"type": "source", "slug": "a", "slug": "b"}',
            b'{"type": "source", "slug": NaN}',
            b"[" * 100_000,
            source(6, issuer="nobody"),
            source(7, paragraphs=None, text_file="/etc/passwd"),
            b'{"type":"topic","slug":"t","name":"\\ud800"}',
            source(8),
        ],
    )
    report = load(path, sqlite_settings.database_url)
    assert report.total("added") == 2
    assert report.counts["source"].unchanged == 1
    said = sorted((fault.line, str(fault)) for fault in report.refusals)
    assert [line for line, _ in said] == [
        2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]  # fmt: skip
    assert report.total("refused") == 16
    place = "records.jsonl, line"
    answers = [text for _, text in said]
    assert answers[0].startswith(f"{place} 2: expected JSON (Unterminated string")
    assert answers[1] == f"{place} 3: expected UTF-8 (byte 30 of the line is not)"
    assert answers[2] == f"{place} 4: expected a JSON object, one a line"
    assert answers[3].startswith(f'{place} 5: "song": expected a type: one of dataset')
    assert answers[5].startswith(f'{place} 7: colour: "red": expected one of the keys')
    assert answers[6].startswith(f'{place} 8: published: "2022-13": expected a date')
    assert answers[7] == (
        f'{place} 11: slug: "source-1": expected a slug of its own '
        "(line 1 has it, with other content)"
    )
    assert answers[10] == f"{place} 14: expected each key of an object once"
    assert answers[13] == (
        f'{place} 17: issuer: "nobody": expected the slug of a known actor'
    )


def test_records_may_stand_in_any_order(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.batches, "BATCH_RECORDS", 2)
    lines: list[Record | bytes] = [
        source(1, issuer="norland", derived_from="source-2", derivation="summary"),
        source(2),
        source(3),
        {"type": "actor", "slug": "norland", "name": "Norland", "kind": "state"},
    ]
    report = load(write(tmp_path / "records.jsonl", lines), database_url)
    assert (report.total("added"), report.total("refused")) == (4, 0)
    with open_session(database_url) as session:
        first = session.scalars(
            sa.select(Source).where(Source.slug == "source-1")
        ).one()
        assert first.issuer and first.issuer.slug == "norland"
        assert first.original and first.original.slug == "source-2"


def test_a_record_to_which_the_database_objects_is_found_and_refused(
    database_url: str, tmp_path: Path
) -> None:
    load(write_small(tmp_path / "small"), database_url)
    lines: list[Record | bytes] = [source(i) for i in range(7)]
    fact = {"slug": "make-peace", "text": "They did.", "kind": "factual"}
    lines.insert(3, {"type": "proposition", **fact})
    report = load(write(tmp_path / "records.jsonl", lines), database_url, keep="theirs")
    assert (report.total("added"), report.total("refused")) == (7, 1)
    assert [str(fault) for fault in report.refusals] == [
        "records.jsonl, line 4: expected what the database allows "
        "(a factual proposition is affirmed (1) or denied (-1))"
    ]


def test_an_identifier_that_another_actor_bears_is_refused(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.batches, "BATCH_RECORDS", 2)
    lines: list[Record | bytes] = [
        {
            "type": "actor",
            "slug": f"state-{i}",
            "name": f"State {i}",
            "kind": "state",
            "identifiers": {"code": code},
        }
        for i, code in enumerate("AABA")
    ]
    report = load(write(tmp_path / "records.jsonl", lines), database_url)
    assert [str(fault) for fault in report.refusals] == [
        f'records.jsonl, line {line}: identifiers.code: "A": '
        "expected an identifier of its own (state-0 has this one)"
        for line in (2, 4)
    ]
    assert report.total("added") == 2


def test_a_day_is_kept_of_a_time_of_day(database_url: str, tmp_path: Path) -> None:
    lines: list[Record | bytes] = [source(1, published="2009-11-29T10:00:00Z")]
    load(write(tmp_path / "records.jsonl", lines), database_url)
    with open_session(database_url) as session:
        stored = session.scalars(sa.select(Source)).one()
        assert stored.published == "2009-11-29"
        assert str(stored.published_latest) == "2009-11-29"


def test_names_that_come_later_mark_texts_and_resolve_subjects(
    database_url: str, tmp_path: Path
) -> None:
    subjects = {"persons": [{"id": "1", "name": "Berg Anna", "office": None}]}
    first = source(1, paragraphs=["Anna Berg came."], subjects=subjects)
    load(write(tmp_path / "sources.jsonl", [first]), database_url)
    actor = {
        "type": "actor",
        "slug": "anna-berg",
        "name": "Anna Berg",
        "kind": "person",
    }
    report = load(write(tmp_path / "actors.jsonl", [actor]), database_url)
    assert report.mentions == 1
    with open_session(database_url) as session:
        assert session.scalars(sa.select(Mention)).one().actor.slug == "anna-berg"
        subject = session.scalars(sa.select(SourceSubject)).one()
        assert subject.label == "Berg Anna"
        assert subject.actor and subject.actor.slug == "anna-berg"


def test_a_truncated_file_keeps_what_came_before_and_resumes(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    lines = [source(i, paragraphs=[os.urandom(400).hex()]) for i in range(2_000)]
    whole = write(tmp_path / "records.jsonl.gz", [*lines])
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    report = load(whole, sqlite_settings.database_url)
    (fault,) = report.refusals
    assert "expected a whole gzip file" in str(fault)
    assert report.total("added") == totals(sqlite_settings.database_url)[0]
    assert fault.line == report.total("added") + 1 > 500
    whole.write_bytes(content)
    resumed = load(whole, sqlite_settings.database_url)
    assert resumed.counts["source"].unchanged == report.total("added")
    assert totals(sqlite_settings.database_url)[0] == 2_000


def test_a_file_that_is_not_gzip_is_said(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "records.jsonl.gz"
    path.write_text(json.dumps(source(1)))
    report = load(path, sqlite_settings.database_url)
    assert [str(fault) for fault in report.refusals] == [
        "records.jsonl.gz, line 1: expected a gzip file"
    ]
    path.write_bytes(b"")  # a download that never began
    report = load(path, sqlite_settings.database_url)
    assert str(report.refusals[0]).endswith("line 1: expected a gzip file")
    path.write_bytes(gzip.compress(b"{}")[:-6] + b"damage")
    report = load(path, sqlite_settings.database_url)
    assert "expected a whole gzip file" in str(report.refusals[-1])


def test_a_line_of_a_hundred_megabytes_is_refused_within_bounds(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "records.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(json.dumps(source(1)).encode() + b"\n")
        file.write(b'{"type": "source", "text": "')
        for _ in range(100):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n')
        file.write(json.dumps(source(2)).encode() + b"\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = load(path, sqlite_settings.database_url)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [str(fault) for fault in report.refusals] == [
        f"records.jsonl.gz, line 2: expected a line of at most {LONGEST_LINE:,} bytes"
    ]
    assert report.total("added") == 2
    assert after - before < 200_000  # kilobytes


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DragomanError, match="cannot be read: No such file"):
        list(read_lines(tmp_path / "none.jsonl"))


def test_progress_is_told_in_bytes_of_the_file(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    path = write(tmp_path / "records.jsonl.gz", [source(i) for i in range(20)])
    told: list[tuple[int, int]] = []
    load(
        path,
        sqlite_settings.database_url,
        lambda done, total: told.append((done, total)),
    )
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@given(st.binary(max_size=60))
def test_any_line_is_read_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        assert isinstance(parse_line(content), dict)
    except NotRead as error:
        assert str(error)


LOAD = """
import sys
from pathlib import Path
import exchange.batches
from exchange.load import load
exchange.batches.BATCH_RECORDS = 20
load(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_a_load_that_is_killed_is_completed_by_the_same_command(
    database_url: str, tmp_path: Path, seconds: float
) -> None:
    actor = {"type": "actor", "slug": "two", "name": "Paragraph two", "kind": "media"}
    path = write(
        tmp_path / "records.jsonl.gz", [actor, *(source(i) for i in range(2_000))]
    )
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, str(path), database_url], cwd=CHECKOUT
    )
    deadline = time.monotonic() + 60
    while totals(database_url)[0] == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    sources, passages = totals(database_url)
    assert sources > 0
    assert passages == 2 * sources  # whole batches, or nothing of them
    report = load(path, database_url)
    assert report.counts["source"].unchanged == sources
    assert totals(database_url) == (2_000, 4_000)
    with open_session(database_url) as session:
        assert session.scalar(sa.select(sa.func.count(Mention.id))) == 2_000
        assert session.scalar(sa.select(sa.func.count(Actor.id))) == 1


def test_the_kremlin_readouts_load_as_they_are(
    database_url: str, kremlin_path: Path
) -> None:
    report = load(kremlin_path, database_url)
    assert report.counts["source"].added == 4_404
    assert report.total("refused") == 0
    assert report.passages == 53_686
    with gzip.open(kremlin_path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    wanted = {
        (record["slug"], item if isinstance(item, str) else item["name"])
        for record in records
        for items in record["subjects"].values()
        for item in items
    }
    with open_session(database_url) as session:
        stored = session.execute(
            sa.select(Source.slug, SourceSubject.label).join(
                SourceSubject, SourceSubject.source_id == Source.id
            )
        )
        assert {(slug, label) for slug, label in stored} == wanted
        undated = sa.select(sa.func.count(Source.id)).where(Source.published.is_(None))
        assert session.scalar(undated) == 108
        texts = session.execute(
            sa.select(Source.slug, SourceText.text).join(
                SourceText, SourceText.source_id == Source.id
            )
        )
        words = {slug: text for slug, text in texts}
    for record in records:
        assert words.get(record["slug"], "") == "\n\n".join(record["paragraphs"])
    assert load(kremlin_path, database_url).counts["source"].unchanged == 4_404
