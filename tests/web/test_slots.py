"""What is expensive runs a few times at once, over all processes together."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from errors import Busy
from settings import CHECKOUT, Settings
from web.slots import AT_ONCE, Slot, take

EXPENSIVE = {
    "export": ("/export/meetings.csv", "/export/meetings.parquet"),
    "analysis": (
        "/networks/stances",
        "/api/v1/networks/meetings",
        "/matrix?format=csv",
    ),
    "list": ("/meetings?limit=500", "/api/v1/stances?limit=500"),
    "sql": ("/sql?query=select+1", "/api/v1/sql?query=select+1"),
}


@pytest.fixture
def fill(sqlite_settings: Settings) -> Callable[[str], list[Slot]]:
    """Take all slots of a kind."""
    return lambda kind: [
        take(sqlite_settings.instance, kind) for _ in range(AT_ONCE[kind])
    ]


@pytest.fixture
def site(sqlite_settings: Settings) -> FlaskClient:
    """A client of an empty site."""
    return create_app(sqlite_settings).test_client()


@pytest.mark.parametrize("kind", EXPENSIVE)
def test_when_all_slots_are_taken_the_answer_says_when_to_come_again(
    site: FlaskClient, fill: Callable[[str], list[Slot]], kind: str
) -> None:
    taken = fill(kind)
    for address in EXPENSIVE[kind]:
        refused = site.get(address)
        assert refused.status_code == 503, address
        assert int(refused.headers["Retry-After"]) > 0
        assert "Try again in a few seconds" in refused.text
    for others in set(EXPENSIVE) - {kind}:
        with site.get(EXPENSIVE[others][0]) as response:
            assert response.status_code == 200
    assert site.get("/meetings").status_code == 200
    for slot in taken:
        slot.release()
    for address in EXPENSIVE[kind]:
        with site.get(address) as response:
            assert response.status_code == 200, address


@pytest.mark.parametrize("kind", EXPENSIVE)
def test_every_answer_gives_its_slot_back(
    site: FlaskClient, fill: Callable[[str], list[Slot]], kind: str
) -> None:
    for address in EXPENSIVE[kind]:
        for method in ("GET", "HEAD", "GET"):
            with site.open(address, method=method):
                pass
        with site.get(address, buffered=False):
            pass  # and hangs up before the first line
        with site.get(f"{address}{'&' if '?' in address else '?'}no=such"):
            pass
    assert len(fill(kind)) == AT_ONCE[kind]


def test_a_slot_is_held_until_the_last_line_is_sent(
    site: FlaskClient, sqlite_settings: Settings
) -> None:
    under_way = [site.get("/export/meetings.csv") for _ in range(AT_ONCE["export"])]
    with pytest.raises(Busy):
        take(sqlite_settings.instance, "export")
    for response in under_way:
        assert response.data
        response.close()
    take(sqlite_settings.instance, "export").release()


def test_another_process_counts_the_same_slots_and_its_death_frees_them(
    sqlite_settings: Settings,
) -> None:
    code = (
        "import sys, pathlib; from web.slots import take; "
        "held = [take(pathlib.Path(sys.argv[1]), 'sql') for _ in range(2)]; "
        "print('taken', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(sqlite_settings.instance)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"taken\n"
        with pytest.raises(Busy):
            take(sqlite_settings.instance, "sql")
        process.kill()
        process.wait()
    take(sqlite_settings.instance, "sql").release()


def test_where_nothing_can_be_written_there_is_one_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slots").touch()  # in the way, as a disk that is read-only
    taken = take(tmp_path, "export")
    with pytest.raises(Busy):
        take(tmp_path, "export")
    taken.release()
    before = len(os.listdir("/proc/self/fd"))
    take(tmp_path, "export").release()
    assert len(os.listdir("/proc/self/fd")) == before
