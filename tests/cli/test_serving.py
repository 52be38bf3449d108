"""`dragoman serve`, as a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from settings import CHECKOUT
from tests.cli.conftest import typing

pytestmark = pytest.mark.slow


@contextmanager
def serving(environ: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve on any free port; yield the process and the address that it prints."""
    with subprocess.Popen(
        [sys.executable, "-c", "from cli import main; main()", "serve", "--port", "0"],
        cwd=CHECKOUT,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, process.communicate(timeout=30)
            yield process, found[0]
        finally:
            process.kill()


def read(address: str) -> str:
    with urlopen(address, timeout=30) as response:
        return str(response.read().decode())


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    return process.returncode, complaint


@pytest.fixture
def fresh(tmp_path: Path) -> dict[str, str]:
    """An instance that does not exist yet."""
    return {"DRAGOMAN_INSTANCE": str(tmp_path / "instance")}


def test_the_first_time_it_sets_everything_up(fresh: dict[str, str]) -> None:
    with serving(fresh) as (process, address):
        assert "Tehran" in read(f"{address}meetings")
        answer = json.loads(
            read(f"{address}api/v1/sql?query=select+slug+from+meetings")
        )
        assert answer["row_count"] > 10
        with pytest.raises(HTTPError) as caught:
            urlopen(f"{address}nowhere", timeout=30)
        assert caught.value.code == 404
        assert "Werkzeug" not in str(caught.value.headers)
        caught.value.close()
        status, complaint = ended(process, signal.SIGINT)
    assert status == 0
    assert "\nThe database is empty: loading" in f"\n{complaint}"
    assert complaint.splitlines()[-1] == "Stopped."
    assert "Traceback" not in complaint
    assert typing(fresh)("check").exit_code == 0


def test_a_database_with_records_stays_as_it_is(loaded: dict[str, str]) -> None:
    with serving(loaded) as (process, _):
        status, complaint = ended(process, signal.SIGTERM)
    assert (status, complaint) == (0, "Stopped.\n")


def test_what_is_loaded_meanwhile_is_indexed(
    fresh: dict[str, str], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("The envoys spoke of quinine.")
    with serving(fresh) as (process, _):
        assert typing(fresh)("import", letter).exit_code == 0
        for _ in range(100):
            if typing(fresh)("check").exit_code == 0:
                break
            time.sleep(0.1)
        else:
            pytest.fail("The index did not follow.")
        assert ended(process, signal.SIGINT)[0] == 0


def test_a_port_that_is_taken_is_a_sentence(loaded: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = typing(loaded)("serve", "--port", port)
    assert result.exit_code == 1
    assert f"Port {port} is taken" in result.stderr
    assert "DRAGOMAN_PORT" in result.stderr


def test_an_address_that_is_none_is_a_sentence(loaded: dict[str, str]) -> None:
    for host in ("203.0.113.1", "no such host"):
        result = typing(loaded)("serve", "--port", "0", "--host", host)
        assert result.exit_code == 1
        assert f"Cannot listen on {host}:0" in result.stderr


@pytest.mark.parametrize("workers", ["1", "3"])
def test_the_key_that_is_printed_lets_one_browser_write(
    loaded: dict[str, str], workers: str
) -> None:
    with serving(loaded | {"DRAGOMAN_WORKERS": workers}) as (process, address):
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        browser = build_opener(HTTPCookieProcessor())
        for path in (found[0], *[f"{address}meetings"] * 6):  # whichever worker answers
            with browser.open(path, timeout=30) as response:
                assert b"writing as" in response.read()
        with pytest.raises(HTTPError) as caught:
            read(found[0])
        assert caught.value.code == 403
        caught.value.close()
        assert "writing as" not in read(f"{address}meetings")
        assert ended(process, signal.SIGTERM)[0] == 0


def test_a_site_for_others_prints_no_key(loaded: dict[str, str]) -> None:
    environ = loaded | {"DRAGOMAN_HOSTS": "dragoman.example"}
    with serving(environ) as (process, _):
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=30)
    assert "key=" not in rest


def test_once_there_is_an_account_people_sign_in(loaded: dict[str, str]) -> None:
    password = "seven lamps of the harbour\n"
    assert typing(loaded)("account", "add", "Ada", stdin=password).exit_code == 0
    with serving(loaded) as (process, address):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == f"To write in it, sign in at {address}sign-in\n"
        assert ended(process, signal.SIGTERM)[0] == 0
