"""`dragoman serve`: everything that is needed to see the record in a browser."""

import errno
import signal
import socket
from contextlib import suppress
from types import FrameType

import click
from sqlalchemy import select

from cli.database import upgrade_database
from cli.index import bring_up_to_date
from cli.speech import Failure, remark, say
from models import Actor, Meeting, Source, open_session
from queries.search.service import engine_of
from search.drainer import Drainer
from settings import CHECKOUT, Settings, load_settings

BUNDLED = CHECKOUT / "data" / "tehran-2022"


@click.command()
@click.option("--host", help="The address to listen on, instead of DRAGOMAN_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port likewise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages and the JSON API.

    Brings the database up to date first, loads the bundled dataset into an empty one,
    and keeps the search index up to date while it serves.
    """
    settings = load_settings()
    upgrade_database(settings)
    if _is_empty(settings):
        import exchange.load  # takes time, and is needed the first time only

        remark(f"The database is empty: loading {BUNDLED.name}.")
        exchange.load.load(BUNDLED, settings.database_url)
        bring_up_to_date(settings)
    # What others load while we serve is indexed too; and so is, meanwhile, whatever
    # waits now, which may take long.
    drainer = Drainer(engine_of(settings), settings.database_url)
    drainer.start()
    try:
        _listen(
            settings, host or settings.host, settings.port if port is None else port
        )
    finally:
        drainer.stop()


def _is_empty(settings: Settings) -> bool:
    with open_session(settings.database_url) as session:
        return not any(
            session.scalar(select(table.id).limit(1))
            for table in (Source, Meeting, Actor)
        )


def _listen(settings: Settings, host: str, port: int) -> None:
    # Flask and the server take time to import, which no other command needs.
    from app import create_app
    from cli.server import make_server, share_memory

    share_memory()
    with _bound(host, port) as bound:
        server = make_server(create_app(settings), bound)
        signal.signal(signal.SIGTERM, _stop)
        shown = f"[{host}]" if ":" in host else host
        with suppress(KeyboardInterrupt):
            port = bound.getsockname()[1]
            address = f"http://{shown}:{port}{settings.prefix}/"
            say(f"Dragoman is at {address} (Ctrl-C stops it)")
            server.run()  # returns on Ctrl-C, when requests under way are answered
    remark("Stopped.")


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
