"""Only regular files up to a limit are read, and only inside their dataset."""

import gzip
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange.lines
from errors import DragomanError, InputFaults
from exchange.files import NotReadable, file_inside, open_file, read_bytes
from exchange.lines import read_lines
from exchange.load import load
from exchange.texts import read_text
from settings import Settings
from tests.exchange.small import edit, write_small


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def giant(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 43)  # sparse: nothing on the disk


def bound_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


SPECIAL = [
    (pipe, "it is a named pipe, not a regular file"),
    (folder, "it is a folder, not a regular file"),
    (device, "it is a device, not a regular file"),
    (bound_socket, "it is a socket, not a regular file"),
]


@pytest.mark.parametrize(("make", "why"), SPECIAL)
def test_only_regular_files_are_opened(
    tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / "file.txt"
    make(path)
    for read in (open_file, read_text, lambda path: list(read_lines(path))):
        with pytest.raises(DragomanError, match=f"cannot be read: {why}"):
            read(path)


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    giant(path)
    with pytest.raises(DragomanError, match="at most 64,000,000 bytes and has 8,796"):
        read_text(path)
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(NotReadable, match="at most 4 bytes and has 5"):
        read_bytes(path, 4)


def test_a_line_without_end_is_not_passed_over_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.lines, "LONGEST_LINE", 1_000)
    monkeypatch.setattr(exchange.lines, "LONGEST_SKIPPED", 3_000_000)
    sparse = tmp_path / "records.jsonl"
    giant(sparse)
    packed = tmp_path / "records.jsonl.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        for _ in range(10):
            file.write(b"\0" * 1_000_000)
        file.write(b"\n{}\n")
    for path in (sparse, packed):
        (line,) = read_lines(path)
        assert line.number == 1
        assert line.fault == (
            "a line of at most 1,000 bytes (this one has over 3,000,000: "
            "the rest of the file was not read)"
        )


@given(blanks=st.lists(st.sampled_from(["\n", "\r\n", " \n"]), min_size=1, max_size=30))
def test_blank_lines_without_end_are_not_passed_over_for_ever(
    blanks: list[str],
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange.lines, "MOST_BLANK", 20)
        path = Path(folder, "records.jsonl")
        path.write_text("".join(["{}\n", *blanks, "{}\n"]), newline="")
        lines = list(read_lines(path))
    if len(blanks) > 20:
        assert [line.number for line in lines if line.fault] == [22]
        assert lines[-1].fault == (
            "at most 20 blank lines in a row (the rest of the file was not read)"
        )
    else:
        assert [line.fault for line in lines] == [None] * (len(blanks) + 2)


@pytest.mark.parametrize("name", ["topics.yaml", "meetings/more.yaml"])
@pytest.mark.parametrize(("make", "why"), SPECIAL)
def test_what_is_no_file_is_refused_wherever_a_dataset_has_it(
    sqlite_settings: Settings,
    tmp_path: Path,
    name: str,
    make: Callable[[Path], None],
    why: str,
) -> None:
    dataset = write_small(tmp_path / "small")
    (dataset / name).unlink(missing_ok=True)
    make(dataset / name)
    with pytest.raises(InputFaults) as caught:
        load(dataset, sqlite_settings.database_url)
    outside = make is device
    wanted = "a file of this dataset, not a link that leads out of it"
    assert str(caught.value.faults[0]) == (
        f"{name}: expected {wanted if outside else f'a readable file ({why})'}"
    )


@pytest.mark.parametrize(
    "name",
    [
        '"a\\0b"',
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "loop.txt",
        "out.txt",
        "{dataset}/sources/report.txt",
        "x" * 400,
    ],
)
def test_a_text_file_is_taken_from_inside_the_dataset_only(
    sqlite_settings: Settings, tmp_path: Path, name: str
) -> None:
    dataset = write_small(tmp_path / "small")
    (tmp_path / "secret.txt").write_text("secret")
    (dataset / "sources" / "loop.txt").symlink_to("loop.txt")
    (dataset / "sources" / "out.txt").symlink_to(tmp_path / "secret.txt")
    name = name.replace("{dataset}", str(dataset))
    edit(dataset, "sources/report.yaml", "text_file: report.txt", f"text_file: {name}")
    with pytest.raises(InputFaults) as caught:
        load(dataset, sqlite_settings.database_url)
    (fault,) = caught.value.faults
    assert fault.line == 10
    assert fault.field == "text_file"
    assert "secret" not in str(fault)


def test_links_and_parents_within_a_dataset_are_followed(tmp_path: Path) -> None:
    dataset = write_small(tmp_path / "small")
    sources = dataset / "sources"
    (sources / "link.txt").symlink_to("report.txt")
    (tmp_path / "other").symlink_to(dataset)
    for start in (dataset, tmp_path / "other"):
        for name in ("link.txt", "../sources/report.txt"):
            found = file_inside(start, start / "sources", name)
            assert found == (sources / "report.txt").resolve()
    assert file_inside(dataset, sources, "../../other/sources/report.txt") is not None
    assert file_inside(dataset, sources, "../../small2/report.txt") is None


def test_a_pipe_that_replaces_a_file_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    start = time.monotonic()
    with pytest.raises(NotReadable):
        open_file(path)
    assert time.monotonic() - start < 1
