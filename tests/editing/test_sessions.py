"""Whatever people load, edit and undo, record and journal agree, and it all comes out.

Sequences of steps are generated. After each, every row says what its digest says and
the last change of each record left what it says. In the end an export of what stands
loads into an empty database to the same records.
"""

import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import cast

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editing.undo import take_back, undo
from errors import Conflict, DragomanError
from exchange.export.dataset import export_stream
from exchange.journal import Author
from exchange.load import load, write_records
from exchange.reading import no_line, read_record
from exchange.records import Kind
from exchange.report import Report
from exchange.states import State, changed_by_hand, read_states
from exchange.stored import MODELS
from models import Change, ChangeRecord, open_session
from settings import CHECKOUT
from tests.conftest import Templates
from tests.exchange.small import write_small

ADA = Author("ada")
RECORDS: list[tuple[Kind, str]] = [
    ("stance", "berg-for-peace"),
    ("stance", "norland-to-suria"),
    ("meeting", "oslo-talks"),
    ("proposition", "make-peace"),
    ("proposition", "talks-went-on"),
    ("topic", "peace"),
    ("actor", "bo-lund"),
    ("source", "report"),
]
STEPS = st.lists(
    st.one_of(
        st.just(("load",)),
        st.tuples(st.just("edit"), st.sampled_from(["A", "B"])),
        st.tuples(st.just("rename"), st.sampled_from(["A", "B"])),
        st.tuples(st.just("take back"), st.sampled_from(RECORDS)),
        st.tuples(st.just("undo"), st.integers(1, 3)),
    ),
    max_size=7,
)


def standing(url: str) -> dict[tuple[str, str], State]:
    with open_session(url) as session:
        assert list(changed_by_hand(session)) == []
        return {
            (kind, slug): state
            for kind, model in MODELS.items()
            for slug, state in read_states(
                session, kind, session.scalars(sa.select(model.slug)).all()
            ).items()
        }


def write(url: str, kind: Kind, data: State) -> None:
    located, faults = read_record(kind, data, "form", no_line)
    assert located is not None, faults
    with open_session(url, write=True) as session:
        write_records(session, [located], Report("form"), "save", ADA)
        session.commit()


def take(url: str, folder: Path, step: tuple[object, ...]) -> None:
    match step:
        case ("load",):
            load(folder, url)
        case ("edit", str(name)):
            write(url, "topic", {"slug": "security", "name": name})
        case ("rename", str(name)):
            write(url, "actor", {"slug": "suria", "name": name, "kind": "state"})
        case ("take back", (str(kind), str(slug))):
            take_back(url, cast(Kind, kind), slug, ADA)
        case ("undo", int(back)):
            with open_session(url) as session:
                last = session.scalar(sa.select(sa.func.max(Change.id))) or 0
            undo(url, last + 1 - back, ADA)


def agree(url: str) -> None:
    """Each record says what the last change of it left."""
    with open_session(url) as session:
        newest = sa.select(sa.func.max(ChangeRecord.id)).group_by(
            ChangeRecord.kind, ChangeRecord.slug
        )
        for each in session.scalars(
            sa.select(ChangeRecord).where(ChangeRecord.id.in_(newest))
        ):
            # Of the table, since what is withdrawn is hidden from the ORM.
            rows = MODELS[cast(Kind, each.kind.value)].__table__.c
            digest = session.scalar(
                sa.select(rows.state_digest).where(rows.slug == each.slug)
            )
            assert digest == each.digest, (each.kind, each.slug)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
@pytest.mark.slow
def test_record_and_journal_agree_after_any_session(
    templates: Templates, backend: str, steps: list[tuple[object, ...]]
) -> None:
    with TemporaryDirectory() as name:
        folder = write_small(Path(name) / "small")
        with templates.copy(backend, Path(name) / "instance") as made:
            url = made.database_url
            for step in steps:
                before = standing(url)
                try:
                    take(url, folder, step)
                except DragomanError as refused:
                    assert str(refused)
                    assert standing(url) == before, step
                agree(url)
            stands, file = standing(url), Path(name) / "all.jsonl"
            with open_session(url) as session:
                export_stream(session, file, with_texts=True)
        with templates.copy(backend, Path(name) / "again") as again:
            report = load(file, again.database_url)
            assert not report.refusals
            assert standing(again.database_url) == stands


def test_undo_in_turn_leads_back_to_the_beginning(
    templates: Templates, backend: str, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "small")
    with templates.copy(backend, tmp_path / "instance") as made:
        url = made.database_url
        seen = [standing(url)]
        for step in (
            ("load",),
            ("edit", "A"),
            ("take back", ("stance", "berg-for-peace")),
            ("take back", ("proposition", "make-peace")),
            ("rename", "B"),
        ):
            take(url, folder, step)
            seen.append(standing(url))
        for number in range(5, 0, -1):
            undo(url, number, ADA)
            assert standing(url) == seen[number - 1]
        with pytest.raises(Conflict):
            undo(url, 5, ADA)


SAVING = """
import sys
from itertools import count
from editing.undo import undo
from exchange.journal import Author
from exchange.load import write_records
from exchange.reading import no_line, read_record
from exchange.report import Report
from models import open_session

url, ada = sys.argv[1], Author("ada")
print("begun", flush=True)
for number in count():
    report = Report("form")
    data = {"slug": "peace", "name": f"Peace {number}", "parent": "security"}
    with open_session(url, write=True) as session:
        located, _ = read_record("topic", data, "form", no_line)
        write_records(session, [located], report, "save", ada)
        session.commit()
    if number % 3 == 2:
        undo(url, report.changes[0], ada)
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(2))
def test_who_is_killed_while_saving_leaves_record_and_journal_in_agreement(
    database_url: str, tmp_path: Path, seed: int
) -> None:
    load(write_small(tmp_path / "small"), database_url)
    begun = subprocess.Popen(
        [sys.executable, "-c", SAVING, database_url],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with begun as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert process.stdout.readline() == "0\n"
        time.sleep(Random(seed).uniform(0, 0.3))
        process.kill()
        saved = 1 + len(process.stdout.read().splitlines())
    agree(database_url)
    standing(database_url)
    with open_session(database_url) as session:
        made = session.scalar(sa.select(sa.func.count(Change.id))) or 0
    done = 1 + saved + saved // 3  # of the load, the savings and the undoings
    assert done <= made <= done + 2
