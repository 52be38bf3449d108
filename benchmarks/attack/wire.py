"""Attacks over raw sockets: generated requests, slow clients, bodies, hosts."""

import random
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.attack.record import PAYLOADS
from benchmarks.attack.report import Attack

SLOW_CLIENTS = 200

KINDS = ("meeting", "actor", "topic", "proposition", "stance", "source")


@dataclass(frozen=True)
class Answer:
    """Status, size and beginning of an answer, and how long it took."""

    status: int
    seconds: float
    size: int
    text: str


def send(port: int, request: bytes) -> Answer:
    """Send bytes as they are; status 0 is a connection closed without a word."""
    began, parts = time.monotonic(), []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        with suppress(OSError):  # refused before all of it was sent
            client.sendall(request)
        with suppress(OSError):
            while piece := client.recv(65_536):
                parts.append(piece)
    body = b"".join(parts)
    text = body[:4_000].decode("latin-1")
    status = int(text.split(" ", 2)[1]) if text.startswith("HTTP/") else 0
    return Answer(status, time.monotonic() - began, len(body), text)


def get(port: int, path: str, method: str = "GET", host: str = "localhost") -> Answer:
    """Ask for a page."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    return send(port, head.encode("latin-1", "replace"))


def requests(port: int, rules: Sequence[str], tries: int) -> Iterator[Attack]:
    """Ask for every route in ways that nobody should."""
    dice = random.Random(2022)
    attack = Attack("generated requests")
    names: tuple[str, ...] = (
        "q",
        "page",
        "limit",
        "sort",
        "topic",
        "actor",
        "from",
        "to",
        "kind",
    )
    names += ("query", "format", "month", "version", "as_known_on", "match", "x")
    slugs: tuple[str, ...] = (
        *(f"{kind}-1" for kind in KINDS),
        "nobody",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%ff",
        "a" * 4_000,
    )
    values: tuple[str, ...] = (
        "",
        "1",
        "-1",
        "0",
        "9" * 40,
        "%00",
        "%ff",
        "a%20b",
        "2022-13-45",
        "*",
    )
    values += ("%22", "(((((", "select+1", "..%2f", "a" * 3_000, *map(_quote, PAYLOADS))
    for number in range(tries):
        rule = rules[number % len(rules)]
        while "<" in rule:
            before, _, rest = rule.partition("<")
            rule = before + dice.choice(slugs) + rest.partition(">")[2]
        given = [
            f"{dice.choice(names)}={dice.choice(values)}"
            for _ in range(dice.choice((0, 1, 1, 2, 3, 60)))
        ]
        path = f"{rule}?{'&'.join(given)}" if given else rule
        method = dice.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "TRACE"))
        answer = get(port, path, method)
        attack.note(f"{method} {path}", answer.seconds, answer.status, answer.text)
    yield attack


def _quote(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


BEGINNINGS: tuple[bytes, ...] = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
)
BEGINNINGS += (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\nabc",)


def slow_clients(port: int) -> Iterator[Attack]:
    """Ask for a page while many others never finish asking."""
    attack = Attack(f"{SLOW_CLIENTS} slow clients")
    for sent in BEGINNINGS:
        slow = [
            socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW_CLIENTS)
        ]
        for client in slow:
            client.sendall(sent)
        for _ in range(5):
            answer = get(port, "/meetings")
            attack.note("/meetings meanwhile", answer.seconds, answer.status)
            if answer.status != 200:
                attack.fault(f"/meetings answers {answer.status} meanwhile")
        for client in slow:
            client.close()
    yield attack


def bodies(port: int) -> Iterator[Attack]:
    """Send what no route takes."""
    attack = Attack("large bodies and heads")
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        for path in ("/", "/api/v1/meetings", "/static/dragoman.css", "/nowhere"):
            first = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
            first += b"Connection: close\r\n"
            tries = {
                "Content-Length of 1 GiB": b"Content-Length: 1073741824\r\n\r\n",
                "a body of 1 MB": b"Content-Length: 1000000\r\n\r\n" + b"a" * 1_000_000,
                "a chunk of 1 MB": b"Transfer-Encoding: chunked\r\n\r\nF4240\r\n"
                + b"a" * 1_000_000
                + b"\r\n0\r\n\r\n",
                "a header of 1 MB": b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
            }
            for name, rest in tries.items():
                answer = send(port, first + rest)
                attack.note(f"{method} {path}: {name}", answer.seconds, answer.status)
                if answer.status not in (0, 413, 431):
                    attack.fault(f"{method} {path}: {name} is {answer.status}")
    yield attack


def hosts(port: int) -> Iterator[Attack]:
    """Ask under names that are not the site's."""
    attack = Attack("wrong hosts")
    names: tuple[str, ...] = (
        "evil.example",
        "localhost.evil.example",
        "a b",
        "[::1",
        "x/y",
        "\xff",
        "",
    )
    for name in (*names, "localhost\r\nHost: evil.example"):
        for path in ("/", "/feeds/meetings.atom", "/api/v1/sql?query=select+1"):
            answer = get(port, path, host=name)
            attack.note(f"{path} at {name!r}", answer.seconds, answer.status)
            if (
                answer.status != 400
                or "content-security-policy" not in answer.text.lower()
            ):
                attack.fault(f"{path} at {name!r}: {answer.status}, or no headers")
    yield attack


NEEDED = {
    "/search": "q=grain",
    "/api/v1/search": "q=grain",
    "/search.atom": "q=grain",
    "/api/v1/suggest": "q=gra",
    "/api/v1/names": "q=act&kind=actor",
    "/api/v1/sql": "query=select+count(*)+from+passages",
}
"""What a route is asked with where without it there is little to answer."""

MORE = (
    "/search?q=grain+salt&limit=100",
    "/search?q=grain+OR+salt+OR+drones&sort=date",
    "/search?q=*:*",
    "/search?q=%22grain%2C+salt%22+NOT+drones",
    "/api/v1/search?q=gr*+dron~1&limit=100",
    "/search?q=" + "grain+OR+" * 200 + "salt",
    "/matrix?by=topic",
    *(f"/api/v1/{kind}s?limit=500" for kind in KINDS),
    *(f"/{kind}s?limit=500" for kind in KINDS),
    *(f"/{kind}s?page=9" for kind in KINDS),
    *(f"/{kind}s?q=grain" for kind in KINDS),
)


def pages(port: int, rules: Sequence[str]) -> Iterator[Attack]:
    """Ask for every route but the exports: at most two seconds and 2 MB each.

    Of what there are many the largest and another.
    """
    attack = Attack("every route, large record")
    paths = list(MORE)
    for rule in rules:
        noun = rule.removeprefix("/api/v1").split("/")[1].removesuffix("s")
        if rule.startswith("/export") or "filename" in rule:
            continue
        asked = f"{rule}?{NEEDED[rule]}" if rule in NEEDED else rule
        paths += dict.fromkeys(
            asked.replace("<slug>", f"{noun}-{number}").replace("<number>", "1")
            for number in (0, 1)
        )
    for path in paths:
        answer = min((get(port, path) for _ in range(2)), key=lambda one: one.seconds)
        attack.note(path, answer.seconds, answer.status, answer.text)
        if answer.status not in (200, 301, 400) or (
            answer.status == 400 and "?" not in path and "/cite" not in path
        ):
            attack.fault(f"{path}: {answer.status}")
        if answer.seconds > 2 or answer.size > 2_000_000:
            attack.fault(f"{path}: {answer.seconds:.1f} s, {answer.size:,} bytes")
    yield attack


_HEAD = b"Host: localhost\r\nConnection: close\r\n"


def _odd() -> Iterator[bytes]:
    """Requests that no browser sends, and some that one might."""
    for target in (
        b"//evil.example/%2e%2e", b"/\\evil.example", b"http://evil.example/", b"*",
        b"/meetings//x", b"/%c0%af%c0%ae", b"/../../etc/passwd", b"/a\0b", b"/\xff",
        b"/questions?a=%0d%0aX-Evil:1", b"/search?" + b"&" * 15_000,
        b"/search?" + b"=" * 15_000, b"/search?q=" + b"%" * 900, b"/search?q=%ed%a0%80",
        b"/search?q=" + b"(" * 1_900, b"/search?q=" + b"NOT+" * 400,
        b"/search?q=" + b"*" * 300, b"/search?q=" + b"%22" * 301,
    ):  # fmt: skip
        yield b"GET " + target + b" HTTP/1.1\r\n" + _HEAD + b"\r\n"
    for header in (
        b"Range: bytes=" + b",".join(b"%d-" % n for n in range(3_000)),
        b"Range: bytes=-99999999999999999999",
        b"If-None-Match: " + b'"a",' * 5_000,
        b"If-Modified-Since: Sat, 99 Foo 99999 99:99:99 GMT",
        b"Cookie: " + b"a=b;" * 5_000,
        b"Accept: " + b"a/b;q=nan," * 2_000,
        b"Accept-Language: \xff;;;q=,",
        b"X: a\0b",
        b"no colon",
        b"X : a",
        b'Forwarded: for="\r\nX-Forwarded-Proto: javascript',
        b"Expect: 200-ok",
        b"Content-Length: -1",
        b"Content-Length: 3\r\nContent-Length: 4",
        b"Content-Length: " + b"9" * 400,
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n",
    ):
        for target in (b"/", b"/static/dragoman.css", b"/api/v1/meetings"):
            yield b"GET " + target + b" HTTP/1.1\r\n" + _HEAD + header + b"\r\n\r\n"
    for method in (b"get", b"G" * 8_000, b"<b>", b"CONNECT", b"TRACE", b"PRI"):
        yield method + b" / HTTP/1.1\r\n" + _HEAD + b"\r\n"
    for version in (b"HTTP/9.9", b"HTTP/1.x", b""):
        yield b"GET / " + version + b"\r\n" + _HEAD + b"\r\n"
    form = b"POST /search/batch HTTP/1.1\r\n" + _HEAD + b"Content-Type: "
    for kind, body in (
        (b"application/x-www-form-urlencoded", b"a&" * 2_000_000),
        (b"multipart/form-data; boundary=x", b"--x\r\n" * 800_000),
        (b"multipart/form-data; boundary=x", b"\r\n--" * 1_000_000),
        (b"multipart/form-data", b"--x\r\n" * 1_000),
        (b"application/json; charset=\xff", b"[" * 7_000),
    ):
        yield form + kind + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    several = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200
    yield several + b"GET / HTTP/1.1\r\n" + _HEAD + b"\r\n"


def odd_requests(port: int) -> Iterator[Attack]:
    """Send what is hardly HTTP: answered or refused, never a fault, always headers."""
    attack = Attack("odd requests")
    for request in _odd():
        answer = send(port, request)
        shown = request[:60].decode("latin-1")
        attack.note(shown, answer.seconds, answer.status, answer.text)
        if answer.status and "content-security-policy" not in answer.text.lower():
            attack.fault(f"{shown!r}: no headers")
    answer = get(port, "/healthz")
    if answer.status != 200:
        attack.fault(f"afterwards /healthz answers {answer.status}")
    yield attack
