"""The HTTP server: waitress, with what keeps slow clients from shutting others out.

Waitress reads requests in one thread and answers them in others, so that a slow client
costs a socket and no thread. It has no deadlines, though, only a time without activity,
and it stops accepting at its limit of connections (docs/decisions/0010). Here:

- a request must have arrived `REQUEST_SECONDS` after its first byte, and be short;
- an answer must be taken at some speed;
- at the limit, connections that ask for nothing make room for new ones;
- the server's own refusals carry the headers of every other answer.
"""

import ctypes
import gc
import logging
import resource
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import (
    HTTPRequestParser,
    ParsingError,
    TransferEncodingNotImplemented,
)
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import Error

from web.errors import SENTENCES
from web.security import HEADERS, LONGER_BODIES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

CONNECTIONS = 1_000
"""How many clients may be connected; the rest waits until room is made, a second."""

LONGEST_HEAD = 32_000
"""Bytes of a request line with all its headers; a page asks for at most 16,000."""

REQUEST_SECONDS = 10
"""From the first byte of a request, or from connecting, to its last byte."""

IDLE_SECONDS = 60
"""How long a connection is kept for a next request."""

STALLED_SECONDS, SLOWEST = 30, 64_000
"""An answer under way is given up if in so many seconds the client took fewer bytes."""


class _Parser(HTTPRequestParser):
    """Reads a request; one that is complete does not wait for leave to send a body."""

    def received(self, data: bytes) -> int:
        count: int = super().received(data)
        if self.completed:
            self.expect_continue = False
        return count

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; whatever is wrong with it is 400.

        Waitress lets through what Python says of an address that cannot be taken apart
        and of a number with thousands of digits, and answers 501 to encodings.
        """
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError("The head of the request cannot be read") from error
        except TransferEncodingNotImplemented as error:
            raise ParsingError(str(error)) from error


class _Refusal(ErrorTask):
    """An answer of the server itself: one sentence, and the headers of every page."""

    def execute(self) -> None:
        self.response_headers.extend(HEADERS.items())
        self.response_headers.append(("Cache-Control", "no-store"))
        error = self.request.error
        error.body = SENTENCES.get(error.code, error.body)
        super().execute()


class _TooSlow(Error):
    code, reason = 408, "Request Timeout"


class _Channel(HTTPChannel):
    """One connection, which knows since when it waits and how much was taken."""

    parser_class = _Parser
    error_task_class = _Refusal

    def __init__(self, *arguments: object, **named: object) -> None:
        self.request: HTTPRequestParser | None = None
        self.began = self.looked = time.time()
        self.sent = self.sent_before = 0
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.began = time.time()
        done: bool = super().received(data)
        return done

    def send(self, data: bytes, do_close: bool = True) -> int:
        count: int = super().send(data, do_close=do_close)
        self.sent += count
        return count

    @property
    def is_asking(self) -> bool:
        """Whether a request is being answered, or its answer is still to be sent."""
        return bool(self.requests or self.total_outbufs_len)

    def look(self, now: float) -> None:
        """Refuse or close what has taken too long. Called about once a second."""
        if self.total_outbufs_len and self.sent - self.sent_before < SLOWEST:
            if now - self.looked > STALLED_SECONDS:
                self.hang_up()
            return
        self.looked, self.sent_before = now, self.sent
        if self.is_asking:
            return
        if self.request is not None:
            if now - self.began > REQUEST_SECONDS:
                self._refuse(self.request, _TooSlow(""))
        elif now - self.last_activity > (
            IDLE_SECONDS if self.sent else REQUEST_SECONDS
        ):
            self.hang_up()

    def hang_up(self) -> None:
        """Close the connection, even if the client takes nothing that is sent."""
        self.will_close = True
        try:
            # The loop then finds the socket ready, and closes it as it always does.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the client was faster

    def _refuse(self, request: HTTPRequestParser, error: Error) -> None:
        request.error = error
        with self.requests_lock:
            self.request = None
            self.requests.append(request)
        self.server.add_task(self)


class Server(TcpWSGIServer):
    """Waitress with deadlines, and with room for who asks when others only wait."""

    channel_class = _Channel

    def readable(self) -> bool:
        tenth: int = self.adj.connection_limit // 10
        if len(self._map) >= self.adj.connection_limit - tenth:
            for channel in self._idlest(tenth):
                channel.hang_up()
        ready: bool = super().readable()
        return ready

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            channel.look(now)

    def _idlest(self, most: int) -> Iterator[_Channel]:
        waiting = [each for each in self.active_channels.values() if not each.is_asking]
        waiting.sort(key=lambda channel: channel.began)
        yield from waiting[:most]


def make_server(app: "WSGIApplication", bound: socket.socket, threads: int) -> Server:
    """Make a server of `app` on a socket that is bound already; `run` serves.

    Several processes may each have one on the same socket.
    """
    # It would write a line for each request that waits for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return Server(
        app,
        _sock=bound,
        bind_socket=False,
        sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
        adj=Adjustments(
            sockets=[bound],
            threads=threads,
            ident="Dragoman",
            connection_limit=_connections(),
            cleanup_interval=1,
            asyncore_use_poll=True,  # select knows no more than 1,024 files
            max_request_header_size=LONGEST_HEAD,
            max_request_body_size=max(LONGER_BODIES.values()) + 1,
            clear_untrusted_proxy_headers=False,  # web/forwarding.py sees to them
            log_socket_errors=False,  # that a client hangs up is no news
        ),
    )


def share_memory() -> None:
    """Have all threads take their memory from two heaps, where glibc gives it.

    It would give eight threads up to sixteen. What one of them sets free the others
    then cannot use, and the server of a large record went on growing by it for
    thousands of requests, from 139 MB to 200, though what it held never changed. With
    two it stays at 153. Python runs one thread at a time, so that they seldom wait.
    """
    limit_heaps = -8  # M_ARENA_MAX in malloc.h
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(limit_heaps, 2)


def collect_seldom() -> None:
    """Have the garbage collector look less often, and not at what was there before.

    A full collection over all that is imported takes a tenth of a second, in which
    nobody is answered, once in some three hundred pages. Call it in each process that
    answers, when everything is imported.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _connections() -> int:
    """How many connections the files allow that a process may open; asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS * 2 + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    files = wanted if soft == resource.RLIM_INFINITY else soft
    return max(20, min(CONNECTIONS, files - 200))
