"""A dataset that is exported loads to the same rows, and exports to the same bytes."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import Conflict, InputFaults
from exchange.attach import attach
from exchange.export.dataset import Exported, export_dataset, export_stream
from exchange.load import load
from exchange.stored import MODELS
from models import (
    Actor,
    ActorName,
    Evidence,
    Meeting,
    Outcome,
    Participation,
    Passage,
    Source,
    SourceText,
    Stance,
    open_session,
)
from models.enums import StanceLink
from settings import CHECKOUT, Settings
from tests import factories as make
from tests.conftest import Templates
from tests.exchange.export.rows import differences, rows_of
from tests.exchange.small import edit, write_small
from tests.queries.world import make_world

pytestmark = pytest.mark.slow

ARTICLE = "article-2022-07-12"
#: What a loader makes itself, and hand-made rows make otherwise.
MADE_BY_LOADERS = frozenset(
    {
        "evidence.quote",
        "evidence.prefix",
        "evidence.suffix",
        "meeting_status_event.key",
        "meeting_status_event.position",
        "participation.key",
        "participation.position",
        "source_subject.position",
    }
) | {f"{model.__tablename__}.state_digest" for model in MODELS.values()}

Fresh = Callable[[], str]


@pytest.fixture
def fresh(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Fresh]:
    """Make empty, migrated databases."""
    with ExitStack() as stack:

        def make_one() -> str:
            folder = tmp_path / f"fresh-{len(list(tmp_path.iterdir()))}"
            return stack.enter_context(templates.copy(backend, folder)).database_url

        yield make_one


def export(url: str, to: Path, **options: Any) -> Exported:
    write = export_stream if ".jsonl" in to.name else export_dataset
    with open_session(url) as session:
        return write(session, to, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_round_trip(
    url: str, fresh: Fresh, tmp_path: Path, but: frozenset[str] = frozenset()
) -> None:
    """Export, load elsewhere, compare all rows, export again, compare all bytes."""
    before = rows_of(url, but)
    for name in ("out", "out.jsonl", "out.jsonl.gz"):
        path = tmp_path / name
        export(url, path, with_texts=True)
        other = fresh()
        report = load(path, other)
        assert not report.refusals, report.refusals
        assert differences(before, rows_of(other, but)) == {}
        again = tmp_path / f"again-{name}"
        export(other, again, with_texts=True)
        if path.is_dir():
            assert files(again) == files(path)
        else:
            assert again.read_bytes() == path.read_bytes()
        assert not load(path, other).changed


def test_the_bundled_dataset_comes_back_the_same(
    tehran: Settings, fresh: Fresh, tmp_path: Path
) -> None:
    assert_round_trip(tehran.database_url, fresh, tmp_path)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_text_without_a_known_licence_is_withheld_unless_it_is_asked_for(
    tehran: Settings, fresh: Fresh, tmp_path: Path, article_path: Path
) -> None:
    url = tehran.database_url
    withheld = rows_of(url)
    attach(ARTICLE, article_path, url)
    held = rows_of(url)
    told = export(url, tmp_path / "public")
    assert told.withheld == [ARTICLE]
    assert told.shipped == 1
    other = fresh()
    load(tmp_path / "public", other)
    assert differences(withheld, rows_of(other)) == {}
    assert export(url, tmp_path / "private", with_texts=True).shipped == 2
    other = fresh()
    load(tmp_path / "private", other)
    assert differences(held, rows_of(other)) == {}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_former_wordings_speakers_pages_and_files_come_back(
    database_url: str, fresh: Fresh, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "small")
    load(folder, database_url)
    edit(folder, "sources/report.txt", "The talks went on until late.", "They went on.")
    load(folder, database_url)
    lines = tmp_path / "more.jsonl"
    record = {
        "type": "source", "slug": "transcript", "kind": "transcript", "title": "T",
        "retrieved": "2021-05-05",
        "text": "\ufeff\ufeffOne.\r\nTwo: 😀 e\u0301.\n\nThree",
        "passages": [
            {"start": 1, "end": 5, "speaker": "anna-berg"},
            {"start": 7, "end": 17, "page": 2},
        ],
        "file": {"sha256": "ab" * 32, "reader": "pdf 1"},
    }  # fmt: skip
    odd = {
        "type": "source", "slug": "odd", "kind": "speech", "title": "O",
        "paragraphs": ["One\n\nhere", "two"],
        "file": {"sha256": "cd" * 32, "reader": "docx 1"},
    }  # fmt: skip
    lines.write_text("\n".join(map(json.dumps, [record, odd])), encoding="utf-8")
    assert not load(lines, database_url).refusals
    with open_session(database_url) as session:
        assert session.scalar(sa.select(sa.func.count(SourceText.id))) == 4
        speakers = sa.select(Passage.id).where(Passage.speaker_id.is_not(None))
        assert len(session.scalars(speakers).all()) == 1
        assert session.scalars(sa.select(Passage.page).distinct()).all() == [None, 2]
        files = sa.select(SourceText.reader).where(SourceText.file_sha256.is_not(None))
        assert set(session.scalars(files)) == {"docx 1", "pdf 1"}
        versions = sa.select(SourceText.version).join(Evidence).distinct()
        assert session.scalars(versions).all() == [1]
    assert_round_trip(database_url, fresh, tmp_path)


def test_hand_made_rows_come_back(
    database_url: str, fresh: Fresh, tmp_path: Path
) -> None:
    with open_session(database_url, write=True) as session:
        world = make_world(session)
        cite = {"source_text": world.text}
        make.evidence(session, meeting=world.preparation, **cite)
        session.execute(sa.text("DELETE FROM mention"))
        _give_nasty_names(session.get_one(Actor, world.king.id))
        session.commit()
    # The loader finds the names in the passages; the hand-made rows had none of them.
    but = MADE_BY_LOADERS
    export(database_url, tmp_path / "first", with_texts=True)
    other = fresh()
    load(tmp_path / "first", other)
    one, two = rows_of(database_url, but), rows_of(other, but)
    assert two.pop("mention")
    one.pop("mention")
    # On the way out a name of no dataset had to be found.
    assert one.pop("dataset") != two.pop("dataset")
    assert differences(one, two) == {}
    assert_round_trip(other, fresh, tmp_path)


NASTY = (
    "=1+1",
    "a\nb",
    "\"q\" 's'",
    "<script>alert(1)</script>",
    "\u202eabc",
    "NO",
    "-",
)


def _give_nasty_names(actor: Actor) -> None:
    for name in NASTY:
        actor.names.append(ActorName(name=name, kind="alias", language="und"))


LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
).filter(lambda text: text == text.strip())


@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_come_back(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    words = data.draw(st.text(st.characters(exclude_categories=["Cs"],
        exclude_characters="\0"), min_size=2))  # fmt: skip
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(templates.copy("sqlite", folder / name)).database_url
            for name in ("one", "two")
        )
        with open_session(one, write=True) as session:
            text = make.source_text(session, words)
            text.source.title = data.draw(LINES)
            text.source.licence = data.draw(LINES)
            actor = make.actor(session, name=data.draw(LINES), kind="state")
            meeting = make.meeting(session, title=data.draw(LINES))
            start = data.draw(st.integers(0, len(words) - 1))
            end = data.draw(st.integers(start + 1, len(words)))
            cite = {"source_text": text, "start_char": start, "end_char": end}
            make.evidence(session, meeting=meeting, note=data.draw(LINES), **cite)
            part = Participation(
                meeting=meeting, key="x", position=1, label=data.draw(LINES),
                represented=actor, role="host", presence="unknown",
            )  # fmt: skip
            make.evidence(session, participation=make.add(session, part), **cite)
            outcome = Outcome(
                meeting=meeting, position=1, type="communique", text=data.draw(LINES)
            )
            make.evidence(session, outcome=make.add(session, outcome), **cite)
            session.commit()
        but = MADE_BY_LOADERS
        for out in (folder / "out", folder / "out.jsonl"):
            export(one, out, with_texts=True)
        load(folder / "out", two)
        load(folder / "out.jsonl", two)
        before, after = rows_of(one, but), rows_of(two, but)
        for rows in (before, after):
            del rows["mention"], rows["dataset"]
        assert differences(before, after) == {}


def test_only_what_is_gone_is_removed_from_the_folder(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    load(write_small(tmp_path / "small"), url)
    out = tmp_path / "out"
    export(url, out, with_texts=True)
    (out / "README.md").write_text("Mine.")
    (out / "sources" / "gone.yaml").write_text("slug: gone")
    (out / "stances.yaml").write_text("[]")
    export(url, out)
    assert (out / "README.md").exists()
    assert sorted(path.name for path in (out / "sources").iterdir()) == ["report.yaml"]
    assert b"berg-for-peace" in (out / "stances.yaml").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_of_something_else_is_left_alone(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("Mine.")
    with pytest.raises(Conflict, match="neither empty nor a dataset"):
        export(sqlite_settings.database_url, tmp_path)
    with pytest.raises(Conflict, match="is a file"):
        export(sqlite_settings.database_url, tmp_path / "thesis.txt")


def test_what_no_record_can_say_is_named_and_nothing_is_written(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    with open_session(url, write=True) as session:
        make.stance(session, slug="without-evidence")
        make.topic(session, slug="wide", name=" wide ")
        session.commit()
    for name in ("out", "out.jsonl"):
        with pytest.raises(InputFaults) as caught:
            export(url, tmp_path / name)
        said = [str(fault) for fault in caught.value.faults]
        assert any("stance without-evidence: evidence" in line for line in said)
        assert any("topic wide: name" in line for line in said)
        assert not (tmp_path / name).exists()


def test_a_part_brings_along_all_that_it_names(
    tehran: Settings, fresh: Fresh, tmp_path: Path
) -> None:
    url = tehran.database_url
    chosen = {"meeting": ["tehran-trilateral-2022-07"]}
    told = export(url, tmp_path / "part", chosen=chosen)
    assert 0 < told.counts["actor"] < 50
    assert told.counts["meeting"] > 1  # the journey that it is a stop of
    other = fresh()
    load(tmp_path / "part", other)
    whole, part = rows_of(url), rows_of(other)
    assert not part["participation"] - whole["participation"]
    assert not part["evidence"] - whole["evidence"]


def test_a_stance_brings_along_the_one_that_supersedes_it(
    sqlite_settings: Settings, templates: Templates, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    with open_session(url, write=True) as session:
        earlier, later = make.stance(session), make.stance(session)
        make.relation(session, later, StanceLink.SUPERSEDES, earlier)
        for stance in (earlier, later):
            make.evidence(session, stance=stance)
        session.commit()
        slugs = {earlier.slug, later.slug}
        chosen = {"stance": [earlier.slug]}
    export(url, tmp_path / "part", chosen=chosen)
    with templates.copy("sqlite", tmp_path / "other") as other:
        load(tmp_path / "part", other.database_url)
        with open_session(other.database_url) as session:
            assert set(session.scalars(sa.select(Stance.slug))) == slugs
            assert not session.scalars(sa.select(Meeting)).all()


def test_a_packed_stream_says_nothing_of_when_it_was_written(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    load(CHECKOUT / "data" / "tehran-2022", url)
    one, two = tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl.gz"
    export(url, one)
    export(url, two)
    assert one.read_bytes() == two.read_bytes()
    kinds = [json.loads(line)["type"] for line in gzip.open(one)]
    assert kinds[0] == "dataset"
    assert kinds[-1] == "stance"
    with open_session(url) as session:
        assert kinds.count("source") == session.scalar(
            sa.select(sa.func.count(Source.id))
        )
