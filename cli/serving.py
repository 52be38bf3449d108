"""`dragoman serve`: everything that is needed to see the record in a browser."""

import errno
import importlib
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import FrameType

import click
from sqlalchemy import select

from accounts.people import has_accounts
from cli.database import upgrade_database
from cli.index import bring_up_to_date
from cli.logs import log_to_stderr
from cli.speech import Failure, remark, say
from cli.workers import look_after
from errors import Unavailable
from models import Actor, Meeting, Source, open_session
from models.database import shared_engine
from queries.search.service import engine_of
from search.drainer import Drainer
from settings import CHECKOUT, Settings, load_settings

BUNDLED = CHECKOUT / "data" / "tehran-2022"


@click.command()
@click.option("--host", help="The address to listen on, instead of DRAGOMAN_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port likewise.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="How many processes answer, instead of DRAGOMAN_WORKERS.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    help="How many requests each of them answers at once, instead of DRAGOMAN_THREADS.",
)
def serve(
    host: str | None, port: int | None, workers: int | None, threads: int | None
) -> None:
    """Serve the pages and the JSON API.

    Brings the database up to date first, loads the bundled dataset into an empty one,
    and keeps the search index up to date while it serves.
    """
    settings = load_settings()
    settings = replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
        threads=threads or settings.threads,
    )
    upgrade_database(settings)
    if _is_empty(settings):
        import exchange.load  # takes time, and is needed the first time only

        remark(f"The database is empty: loading {BUNDLED.name}.")
        exchange.load.load(BUNDLED, settings.database_url)
        bring_up_to_date(settings)
    with _bound(settings.host, settings.port) as bound:
        log_to_stderr(settings.log)
        if settings.workers == 1:
            _serve_alone(settings, bound)
        else:
            _serve_together(settings, bound)
    remark("Stopped.")


def _is_empty(settings: Settings) -> bool:
    with open_session(settings.database_url) as session:
        return not any(
            session.scalar(select(table.id).limit(1))
            for table in (Source, Meeting, Actor)
        )


def _serve_alone(settings: Settings, bound: socket.socket) -> None:
    # What others load while we serve is indexed too; and so is, meanwhile, whatever
    # waits now, which may take long.
    drainer = Drainer(engine_of(settings), settings.database_url)
    drainer.start()
    try:
        # SIGINT too: a shell starts what runs in the background deaf to it.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        with suppress(KeyboardInterrupt):
            _answer(settings, bound, lambda: _say_where(settings, bound))
    finally:
        drainer.stop()


def _serve_together(settings: Settings, bound: socket.socket) -> None:
    importlib.import_module("app")  # once for all, before the processes part

    def index() -> None:
        drainer = Drainer(engine_of(settings), settings.database_url)
        drainer.start()
        try:
            threading.Event().wait()
        finally:
            drainer.stop()

    def answer() -> None:
        _answer(settings, bound, lambda: None)

    _say_where(settings, bound)
    # A connection must not be in two processes.
    shared_engine(settings.database_url).dispose()
    look_after([index, *[answer] * settings.workers])


def _answer(
    settings: Settings, bound: socket.socket, ready: Callable[[], None]
) -> None:
    """Answer requests until a KeyboardInterrupt, and those under way to their end."""
    # Flask and the server take time to import, which no other command needs.
    from app import create_app
    from cli.server import collect_seldom, make_server, share_memory

    share_memory()
    server = make_server(create_app(settings), bound, settings.threads)
    collect_seldom()
    ready()
    server.run()


def _say_where(settings: Settings, bound: socket.socket) -> None:
    from web.local import ADDRESS, KEY, make_key, why_not_local

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    port = bound.getsockname()[1]
    address = f"http://{host}:{port}{settings.prefix}"
    say(f"Dragoman is at {address}/ (Ctrl-C stops it)")
    with open_session(settings.database_url) as session:
        people_sign_in = has_accounts(session)
    if "accounts" in (settings.editing, settings.readers) and not people_sign_in:
        remark("Nobody has an account yet: `dragoman account add NAME` makes one.")
    elif people_sign_in and settings.editing != "off":
        say(f"To write in it, sign in at {address}/sign-in")
    elif settings.editing == "local" and not why_not_local(settings):
        try:
            key = make_key(settings.instance)
        except Unavailable as error:  # readers need nothing of it
            remark(f"Writing is off. {error.detail}")
        else:
            say(f"To write in it, open {address}{ADDRESS}?{KEY}={key} (works once)")


def _bound(host: str, port: int) -> socket.socket:
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(
                f"Port {port} is taken. Set DRAGOMAN_PORT to another; 0 takes any free "
                "one."
            ) from error
        raise Failure(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
