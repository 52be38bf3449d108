"""Fetch one page: only by http and https, bounded in size and time, from public places.

A name can lead to an address of this machine or the local network, at once or after a
redirection, and may lead elsewhere the next time it is looked up. So each hop is looked
up once, every address that it has is checked, and the connection goes to the address
that was checked. Proxies of the environment are not used: they would look it up again.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import SplitResult, urljoin, urlsplit

from exchange.importers.document import Unreadable
from models.slugs import slugify
from wording import printable, quoted

LARGEST = 50_000_000
SECONDS = 60.0
MOST_HOPS = 5
LONGEST_ADDRESS = 2_000
AGENT = "Dragoman (imports single pages on request)"

_READ_AT_ONCE = 65_536
_REDIRECTED = (301, 302, 303, 307, 308)
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the internet, and of a single machine."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is not None:
            return is_public(inside)
        if address.teredo is not None or address in _TRANSLATED:
            return False
    return address.is_global and not address.is_multicast


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def is_any(address: Address) -> bool:
    """Allow every address."""
    return True


@dataclass(frozen=True)
class Policy:
    """What may be fetched: which addresses, how much, and for how long."""

    allows: Callable[[Address], bool] = is_public
    look_up: Callable[[str, int], Sequence[str]] = look_up
    largest: int = LARGEST
    seconds: float = SECONDS


@dataclass(frozen=True)
class Fetched:
    """A page as it was fetched: where it was found in the end, and on which day."""

    url: str
    content: bytes
    suffix: str
    retrieved: date

    @property
    def name(self) -> str:
        """A name for a file of it, made of its address."""
        parts = urlsplit(self.url)
        path = re.sub(r"\.(?:html?|pdf|txt|md|php|aspx?)$", "", parts.path)
        made = slugify(f"{parts.hostname or ''} {path} {parts.query}")[-100:]
        return f"{made.strip('-') or 'page'}{self.suffix}"


def is_address(text: str) -> bool:
    """Tell whether what a user types is an address and no path."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None


def fetch(url: str, policy: Policy | None = None) -> Fetched:
    """Fetch a page, following at most five redirections.

    Raises:
        Unreadable: with what was expected instead.
    """
    policy = policy or Policy()
    until = time.monotonic() + policy.seconds
    for _ in range(MOST_HOPS + 1):
        parts = _parts(url)
        with (
            _connection(parts, policy, until) as connection,
            _ask(connection, parts) as answer,
        ):
            if answer.status in _REDIRECTED:
                url = _next(url, answer)
                continue
            if answer.status != 200:
                reason = printable(answer.reason or "")[:60]
                raise Unreadable(
                    f"a page (the server answers {answer.status} {reason})"
                )
            content = _content(answer, policy, until)
            kind = (answer.getheader("Content-Type") or "").partition(";")[0]
            suffix = _SUFFIXES.get(kind.strip().lower(), "")
            return Fetched(url, content, suffix, date.today())
    raise Unreadable(f"an address that leads to a page in {MOST_HOPS} redirections")


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_ADDRESS:
        raise Unreadable(f"an address of at most {LONGEST_ADDRESS:,} characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreadable(f"an address ({error})") from None
    if parts.scheme not in ("http", "https"):
        raise Unreadable(f"an address with http or https (not {quoted(parts.scheme)})")
    if not parts.hostname or port == 0:
        raise Unreadable("an address with the name of a server")
    if parts.username is not None or parts.password is not None:
        raise Unreadable("an address without a name and a password in it")
    if re.search(r"[\x00-\x20\x7f]", url):
        raise Unreadable("an address without spaces and control characters")
    return parts


def _next(url: str, answer: http.client.HTTPResponse) -> str:
    where = answer.getheader("Location")
    if not where:
        raise Unreadable("a page (the server redirects, and does not say where to)")
    made = urljoin(url, where)
    if url.startswith("https:") and made.startswith("http:"):
        raise Unreadable(f"a page by https (it redirects to {quoted(made)})")
    return made


def _checked(parts: SplitResult, policy: Policy) -> tuple[str, int]:
    """Return the address to connect to; all that the host has must be allowed."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = policy.look_up(host, port)
    except (OSError, UnicodeError) as error:
        raise Unreadable(f"a server that is found ({quoted(host)}: {error})") from None
    for text in found:
        # The zone of a link-local address is no part of it.
        address = ipaddress.ip_address(text.partition("%")[0])
        if not policy.allows(address):
            raise Unreadable(
                f"a public address ({quoted(host)} leads to {address}, on this machine "
                "or its network; `--allow-private` allows that)"
            )
    if not found:
        raise Unreadable(f"a server that is found ({quoted(host)} has no address)")
    return found[0], port


@contextmanager
def _connection(
    parts: SplitResult, policy: Policy, until: float
) -> Iterator[http.client.HTTPConnection]:
    """Connect to the address that was checked; what takes too long is cut off."""
    address, port = _checked(parts, policy)
    host = parts.hostname or ""
    left = until - time.monotonic()
    if left <= 0:
        raise _too_slow(policy)
    cut = threading.Event()
    try:
        plain = socket.create_connection((address, port), timeout=left)
    except OSError as error:
        raise Unreadable(f"a server that answers ({error})") from None
    link: socket.socket = plain
    if parts.scheme == "https":
        link = ssl.create_default_context().wrap_socket(
            plain, server_hostname=host, do_handshake_on_connect=False
        )

    def end() -> None:
        cut.set()
        try:
            socket.socket.shutdown(link, socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself

    # The time-out of a socket begins anew with each byte; this one does not.
    timer = threading.Timer(max(0.0, until - time.monotonic()), end)
    timer.start()
    connection = http.client.HTTPConnection(host, parts.port)
    connection.sock = link
    try:
        if isinstance(link, ssl.SSLSocket):
            link.do_handshake()
        yield connection
    except (OSError, ValueError, http.client.HTTPException) as error:
        if cut.is_set() or isinstance(error, TimeoutError):
            raise _too_slow(policy) from None
        raise Unreadable(f"a page (the server breaks off: {error})") from None
    finally:
        timer.cancel()
        connection.close()
        link.close()


def _too_slow(policy: Policy) -> Unreadable:
    return Unreadable(f"a page that comes in {policy.seconds:g} seconds")


def _ask(
    connection: http.client.HTTPConnection, parts: SplitResult
) -> http.client.HTTPResponse:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    connection.putrequest("GET", _ascii(target), skip_accept_encoding=True)
    connection.putheader("User-Agent", AGENT)
    connection.putheader("Accept", "text/html, application/pdf, text/plain, */*;q=0.5")
    connection.putheader("Accept-Encoding", "identity")
    connection.putheader("Connection", "close")
    connection.endheaders()
    return connection.getresponse()


def _ascii(target: str) -> str:
    return "".join(
        char if char.isascii() else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in target
    )


def _content(answer: http.client.HTTPResponse, policy: Policy, until: float) -> bytes:
    encoding = answer.getheader("Content-Encoding", "identity")
    if encoding != "identity":
        raise Unreadable(f"a page that is not packed (it comes as {quoted(encoding)})")
    stated = answer.getheader("Content-Length") or ""
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > policy.largest:
        raise _too_large(policy)
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(_READ_AT_ONCE):
        parts.append(part)
        size += len(part)
        if size > policy.largest:
            raise _too_large(policy)
        if time.monotonic() > until:
            raise _too_slow(policy)
    if time.monotonic() > until:  # cut off, which looks like the end
        raise _too_slow(policy)
    if stated.isascii() and stated.isdigit() and size < int(stated[:20]):
        raise Unreadable("a whole page (the server breaks off)")
    return b"".join(parts)


def _too_large(policy: Policy) -> Unreadable:
    return Unreadable(f"a page of at most {policy.largest:,} bytes")
