"""Pages fetched from a server of this machine, which may do as it likes."""

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exchange.importers.document import Unreadable
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.fetching import (
    Policy,
    fetch,
    is_address,
    is_any,
    is_public,
    look_up,
)
from models import Source, open_session
from settings import Settings
from tests.exchange.importers import files

PAGE = files.html_of(["The ministers met in the lighthouse at noon."])
Answer = Callable[[BaseHTTPRequestHandler], None]


def page(handler: BaseHTTPRequestHandler, content: bytes = PAGE) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def to(where: str) -> Answer:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", where)
        handler.end_headers()

    return redirect


def vast(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000000000")
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b"x" * 10_000)


def slow(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def slow_head(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(50):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.1)


def short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"short")


def packed(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()


def table(handler: BaseHTTPRequestHandler) -> None:
    page(handler, b"TY  - NEWS\nTI  - A report\nER  - \n")


ANSWERS: dict[str, Answer] = {
    "/page": page,
    "/hop": to("/page"),
    "/circle": to("/circle"),
    "/private": to("http://127.0.0.2/page"),
    "/file": to("file:///etc/passwd"),
    "/nowhere": to(""),
    "/vast": vast,
    "/endless": endless,
    "/slow": slow,
    "/slow-head": slow_head,
    "/short": short,
    "/packed": packed,
    "/refs": table,
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        cast(Site, self.server).asked.append(dict(self.headers))
        try:
            ANSWERS.get(self.path, lambda handler: handler.send_error(404))(self)
        except OSError:
            return  # the other side has had enough

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Site(ThreadingHTTPServer):
    """Remembers the headers of what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def base(site: Site) -> str:
    return f"http://127.0.0.1:{site.server_port}"


HERE = Policy(allows=is_any, largest=1_000_000, seconds=5)


def test_a_page_is_fetched_also_by_a_redirection(base: str, site: Site) -> None:
    found = fetch(f"{base}/hop", HERE)
    assert (found.content, found.url, found.suffix) == (PAGE, f"{base}/page", ".html")
    assert found.name == "127-0-0-1-page.html"
    assert "Dragoman" in site.asked[-1]["User-Agent"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/none", "the server answers 404 Not Found"),
        ("/circle", "leads to a page in 5 redirections"),
        ("/file", 'with http or https .not "file"'),
        ("/nowhere", "does not say where to"),
        ("/vast", "at most 1,000,000 bytes"),
        ("/endless", "at most 1,000,000 bytes"),
        ("/short", "breaks off"),
        ("/packed", 'comes as "gzip"'),
    ],
)
def test_what_is_no_page_is_refused_in_a_sentence(
    base: str, path: str, expected: str
) -> None:
    with pytest.raises(Unreadable, match=expected) as refused:
        fetch(base + path, HERE)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("path", ["/slow", "/slow-head"])
def test_what_comes_drop_by_drop_is_cut_off(base: str, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable, match=r"comes in 0\.6 seconds"):
        fetch(base + path, Policy(allows=is_any, seconds=0.6))
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:1/", "http://[::1]/", "http://10.0.0.1/",
     "http://169.254.1.1/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/",
     "http://[fe80::1]/", "http://192.168.1.1/", "http://[64:ff9b::a00:1]/"],
)  # fmt: skip
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(Unreadable, match="a public address .*--allow-private"):
        fetch(url)


def test_a_redirection_to_a_private_address_is_refused(base: str) -> None:
    def only_this(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        return str(address) == "127.0.0.1"

    with pytest.raises(Unreadable, match="leads to 127.0.0.2"):
        fetch(f"{base}/private", Policy(allows=only_this))


def test_the_address_that_was_checked_is_the_one_that_is_connected(
    site: Site,
) -> None:
    # The name leads to an allowed address when it is checked, and elsewhere later.
    asked: list[str] = []

    def changing(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    policy = Policy(
        allows=lambda address: str(address) == "127.0.0.1", look_up=changing
    )
    found = fetch(f"http://rebound.example:{site.server_port}/page", policy)
    assert (found.content, asked) == (PAGE, ["rebound.example"])
    with pytest.raises(Unreadable, match=r"leads to 127\.0\.0\.9"):
        fetch(f"http://rebound.example:{site.server_port}/page", policy)


def test_one_private_address_of_several_is_enough_to_refuse() -> None:
    def two(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(Unreadable, match=r"leads to 10\.0\.0\.1"):
        fetch("http://two.example/", Policy(look_up=two))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://example.org/a", "http or https"),
        ("http://", "the name of a server"),
        ("http://me:secret@example.org/", "without a name and a password"),
        ("http://example.org:99999/", "an address"),
        ("http://example.org/a b", "without spaces"),
        ("http://example.org/" + "a" * 3_000, "at most 2,000 characters"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(
    url: str, expected: str
) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(Unreadable, match=expected):
        fetch(url, Policy(look_up=never))


@given(st.ip_addresses())
def test_an_address_inside_another_is_judged_by_itself(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if isinstance(address, ipaddress.IPv4Address):
        mapped = ipaddress.ip_address(f"::ffff:{address}")
        assert is_public(mapped) == is_public(address)
    if is_public(address):
        assert not address.is_private and not address.is_loopback


def test_a_path_is_no_address() -> None:
    assert is_address("HTTPS://example.org") and is_address("ftp://x")
    assert not is_address("a/b.txt") and not is_address("C:/b.txt")
    assert look_up("127.0.0.1", 80) == ["127.0.0.1"]


def importing(url: str, *addresses: str, policy: Policy = HERE) -> ImportReport:
    return import_documents(Request([], addresses=addresses, policy=policy), url)


def test_a_fetched_page_becomes_a_source_with_its_address_and_day(
    sqlite_settings: Settings, base: str
) -> None:
    url = sqlite_settings.database_url
    report = importing(url, f"{base}/page", f"{base}/none", f"{base}/refs")
    assert report.counts["source"].added == 1
    assert report.counts["document"].refused == 2
    said = "\n".join(map(str, report.refusals))
    assert f"{base}/none: expected a page" in said
    assert f"{base}/refs: expected a document (this is a list of references" in said
    with open_session(url) as session:
        source = session.scalars(sa.select(Source)).one()
        assert source.url == f"{base}/page"
        assert source.slug == "127-0-0-1-page"
        assert source.texts[0].retrieved is not None
        assert "lighthouse" in (source.texts[0].text or "")
    assert not importing(url, f"{base}/page").changed
    closed = importing(url, f"{base}/page", policy=Policy())
    assert "a public address" in str(closed.refusals[0])
