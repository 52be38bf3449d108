"""A damaged database is said to be, with the remedy; it ends no process."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from errors import DragomanError, Unavailable
from models import make_engine
from models.database import look_for_damage
from queries.sql import run_sql
from settings import CHECKOUT, Settings
from tests.conftest import Templates, bundled_dataset, settings_of

pytestmark = pytest.mark.slow

PAGE = 4096

# What a server reads: pages, JSON and files, each to the end.
READ = """
import sys
from app import create_app
from settings import load_settings
client = create_app(load_settings()).test_client()
for address in ("/", "/meetings", "/stances", "/sources", "/actors", "/topics",
                "/api/v1/meetings", "/api/v1/stances", "/export/stances.csv",
                "/export/passages.csv", "/meetings/tehran-trilateral-summit-2022"):
    try:
        response = client.get(address)
        print(response.status_code, address, flush=True)
        if response.status_code >= 500:
            print(response.text, flush=True)
    except Exception as error:
        print("cut off", address, type(error).__name__, flush=True)
"""


@pytest.fixture(scope="module")
def whole(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the bundled dataset, with nothing in a WAL beside it."""
    folder = tmp_path_factory.mktemp("whole")
    with templates.copy("sqlite", folder, bundled_dataset) as settings:
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return Path(shutil.copy(path, folder / "whole.sqlite3"))


def damage(
    whole: Path, folder: Path, page: int, start: int, filling: bytes
) -> Settings:
    folder.mkdir(exist_ok=True)
    path = folder / "dragoman.sqlite3"
    content = bytearray(whole.read_bytes())
    at = (page % (len(content) // PAGE)) * PAGE + start
    content[at : at + len(filling)] = filling
    path.write_bytes(bytes(content[: whole.stat().st_size]))
    return settings_of(folder, f"sqlite:///{path}")


@pytest.mark.parametrize("page", [1, 3, 7, 20, 45, 80])
def test_a_zeroed_page_ends_no_server_and_no_page_says_it_is_ours(
    whole: Path, tmp_path: Path, page: int
) -> None:
    settings = damage(whole, tmp_path / "instance", page, 0, bytes(PAGE))
    found = subprocess.run(
        [sys.executable, "-c", READ],
        env=os.environ | {"DRAGOMAN_INSTANCE": str(settings.instance)},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    assert "500 /" not in found.stdout, found.stdout
    for text in found.stdout.split("503 ")[1:]:
        assert "its server must run" not in text
    assert isinstance(look_for_damage(make_engine(settings.database_url)), Unavailable)


@hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    page=st.integers(0, 400),
    start=st.integers(0, PAGE - 1),
    filling=st.binary(min_size=1, max_size=400),
)
def test_whatever_is_damaged_a_query_answers_or_says_so(
    whole: Path, tmp_path: Path, page: int, start: int, filling: bytes
) -> None:
    settings = damage(whole, tmp_path / "any", page, start, filling)
    try:
        run_sql(settings, "select count(*), max(quote), max(chain) from stances")
    except DragomanError as error:
        assert error.status in (400, 422, 503)
        assert "must run" not in error.detail


def test_a_sound_database_is_not_called_damaged(sqlite_settings: Settings) -> None:
    assert look_for_damage(make_engine(sqlite_settings.database_url)) is None


def test_a_damaged_database_is_named_with_the_remedy(
    whole: Path, tmp_path: Path
) -> None:
    settings = damage(whole, tmp_path / "first", 0, 100, bytes(3000))
    with pytest.raises(DragomanError, match="is damaged .*dragoman restore"):
        run_sql(settings, "select 1 from meetings")
