"""The HTTP server: slow clients, long requests, and its own refusals."""

import ctypes
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from waitress.adjustments import Adjustments

from cli import server
from web.security import HEADERS, LONGEST_BODY

pytestmark = pytest.mark.slow

LARGE = 20_000_000
THREADS = 2


def app(
    environ: dict[str, object], start_response: Callable[..., object]
) -> Iterable[bytes]:
    """A page; a large file; a fault; a file with a fault in it."""
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("on purpose")
    if environ["PATH_INFO"] == "/breaks":
        start_response("200 OK", [("Content-Type", "text/csv")])
        return lines_that_end_in_a_fault()
    large = environ["PATH_INFO"] == "/large"
    length = LARGE if large else 5
    start_response("200 OK", [("Content-Length", str(length))])
    return (b"x" * 1_000_000 for _ in range(20)) if large else [b"hello"]


def lines_that_end_in_a_fault() -> Iterator[bytes]:
    """An export whose database fails when some of it is sent."""
    yield b"a,b\n" * 5_000
    raise RuntimeError("on purpose")


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with short deadlines and few connections."""
    monkeypatch.setattr(server, "REQUEST_SECONDS", 1)
    monkeypatch.setattr(server, "IDLE_SECONDS", 2)
    monkeypatch.setattr(server, "STALLED_SECONDS", 1)
    monkeypatch.setattr(server, "CONNECTIONS", 60)
    # The longest body of any address, shorter than what a socket takes at once.
    monkeypatch.setattr(server, "LONGER_BODIES", {"/search/batch": LONGEST_BODY})
    with socket.create_server(("127.0.0.1", 0)) as bound:
        serving = server.make_server(app, bound, THREADS)
        thread = threading.Thread(target=serving.run, daemon=True)
        thread.start()
        yield bound.getsockname()[1]
        monkeypatch.setattr(serving, "maintenance", stop)
        thread.join(timeout=20)
        assert not thread.is_alive()
        serving.asyncore.close_all(serving._map)


def stop(_now: float) -> None:
    """End the server's loop, as Ctrl-C does."""
    raise SystemExit


def connected(port: int, sent: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(sent)
    return client


def answer(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it is; return status, headers and body of the answer."""
    with connected(port, request) as client:
        return read(client)


def read(client: socket.socket) -> tuple[int, dict[str, str], bytes]:
    text = b""
    while b"\r\n\r\n" not in text:
        piece = client.recv(65_536)
        assert piece, text
        text += piece
    head, _, rest = text.partition(b"\r\n\r\n")
    body = bytearray(rest)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    while len(body) < int(headers.get("Content-Length", 0)):
        piece = client.recv(65_536)
        assert piece, len(body)
        body += piece
    return int(first.split()[1]), headers, bytes(body)


def hello(port: int) -> float:
    """Ask for the page, and return how many seconds that took."""
    began = time.monotonic()
    status, _, body = answer(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, body) == (200, b"hello")
    return time.monotonic() - began


SLOW = {
    "says nothing": b"",
    "begins a line": b"GET / HT",
    "begins its headers": b"GET / HTTP/1.1\r\nHost: loc",
    "begins a body": b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc",
    "begins a chunk": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nf\r\nab",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=list(SLOW))
def test_more_slow_clients_than_there_is_room_for_shut_nobody_out(
    port: int, sent: bytes
) -> None:
    slow = [connected(port, sent) for _ in range(150)]
    assert max(hello(port) for _ in range(20)) < 3
    for client in slow:
        client.close()


@pytest.mark.parametrize("sent", SLOW.values(), ids=list(SLOW))
def test_a_request_that_never_ends_is_given_up_though_bytes_keep_coming(
    port: int, sent: bytes
) -> None:
    with connected(port, sent) as client:
        client.settimeout(0.1)
        began, got = time.monotonic(), b""
        while time.monotonic() - began < 8:
            try:
                if sent:
                    client.sendall(b"a")
                piece = client.recv(1_000)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            got += piece
            if not piece:
                break
        assert time.monotonic() - began < 6
    assert not sent or got.startswith((b"HTTP/1.0 408 ", b"HTTP/1.1 408 "))


def test_an_answer_that_nobody_takes_frees_its_thread(port: int) -> None:
    request = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
    deaf = [connected(port, request) for _ in range(THREADS)]
    time.sleep(0.5)
    assert hello(port) < 8
    for client in deaf:
        client.close()


def test_a_large_answer_arrives_whole_if_it_is_taken(port: int) -> None:
    status, _, body = answer(port, b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (status, len(body)) == (200, LARGE)


def test_a_connection_is_kept_for_a_next_request_but_not_for_ever(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(port, request) as client:
        read(client)
        time.sleep(1)
        client.sendall(request)
        assert read(client)[0] == 200
        assert client.recv(10) == b""  # closed, without our asking, within 10 seconds


REFUSED = {
    400: b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    413: b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n",
    431: b"GET / HTTP/1.1\r\nX: " + b"a" * server.LONGEST_HEAD + b"\r\n\r\n",
    500: b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n",
}

HEADS = st.one_of(
    st.builds(
        "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n".format,
        st.one_of(
            st.sampled_from(["http://[::1", "http://[x]/", "//[", "http://a:b:c/"]),
            st.text(st.sampled_from("http:/[]@?#%.x1\\"), max_size=12),
        ),
    ),
    st.builds(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n".format,
        st.one_of(
            st.integers(1, 6_000).map(lambda digits: "9" * digits),
            st.text(st.sampled_from("0123456789-+_ .xe\u00b2"), max_size=9),
        ),
    ),
    st.builds(
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {}\r\n\r\n".format,
        st.sampled_from(["gzip", "xchunked", "gzip, chunked", "chunked, gzip", ";"]),
    ),
)


@settings(max_examples=60)
@given(head=HEADS)
@example(head="GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
@example(head=f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {'9' * 5_000}\r\n\r\n")
def test_a_head_that_cannot_be_read_is_refused_like_every_other(head: str) -> None:
    parser = server._Parser(Adjustments())
    parser.received(head.encode("latin-1"))
    if parser.error is not None:
        assert parser.error.code in (400, 413, 431)
        assert parser.completed


@pytest.mark.parametrize("status", REFUSED)
def test_the_servers_own_refusals_carry_the_headers_of_every_answer(
    port: int, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    found, headers, body = answer(port, REFUSED[status])
    assert found == status
    assert HEADERS.items() <= headers.items()
    assert body and b"Traceback" not in body


@pytest.mark.parametrize(
    "line", [b"GET http://[::1 HTTP/1.1\r\n", b"GET http://[x]/ HTTP/1.1\r\n"]
)
def test_an_address_that_python_cannot_take_apart_is_answered(
    port: int, line: bytes
) -> None:
    status, headers, body = answer(port, line + b"Host: localhost\r\n\r\n")
    assert status == 400 and body
    assert HEADERS.items() <= headers.items()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_longer_than_the_site_reads_is_refused(
    port: int, method: str, chunked: bool
) -> None:
    most = LONGEST_BODY - 20 * chunked  # what stands around a chunk counts too
    for length, expected in ((most, 200), (LONGEST_BODY + 1, 413)):
        body = b"a" * length
        if chunked:
            head = "Transfer-Encoding: chunked"
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (length, body)
        else:
            head = f"Content-Length: {length}"
        first = f"{method} / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n"
        assert answer(port, first.encode() + body)[0] == expected


EXPECT = b"Host: localhost\r\nExpect: 100-continue\r\n"


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"GET / HTTP/1.1\r\n" + EXPECT + b"\r\n", [200]),
        (b"POST / HTTP/1.1\r\n" + EXPECT + b"Content-Length: 0\r\n\r\n", [200]),
        (b"POST / HTTP/1.1\r\n" + EXPECT + b"Content-Length: 9999999\r\n\r\n", [413]),
        (b"POST / HTTP/1.1\r\n" + EXPECT + b"Content-Length: 3\r\n\r\n", [100, 200]),
    ],
)
def test_leave_to_send_a_body_is_given_where_there_is_one_to_send(
    port: int, request_: bytes, statuses: list[int]
) -> None:
    with connected(port, request_) as client:
        for number, status in enumerate(statuses):
            if number:
                client.sendall(b"abc")
            assert read(client)[0] == status


def test_an_export_that_fails_on_the_way_never_looks_whole(port):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", "/breaks")
    answer = client.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    client.close()


HEAPS = """
import ctypes, threading
from cli.server import share_memory
share_memory()
alive = threading.Barrier(9)
def work():
    kept = [bytearray(5_000) for _ in range(200)]
    alive.wait(20)
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
alive.wait(20)
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def test_the_threads_share_two_heaps():
    if not hasattr(ctypes.CDLL(None), "malloc_info"):
        pytest.skip("only glibc gives each thread a heap, and says so")
    said = subprocess.run(
        [sys.executable, "-c", HEAPS], capture_output=True, text=True, timeout=60
    )
    assert 1 <= said.stdout.count("<heap ") <= 2, said.stderr
