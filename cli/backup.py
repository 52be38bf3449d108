"""`dragoman backup` and `restore`: the whole database in one file."""

import shutil
from pathlib import Path

import click

import exchange.backup
from cli.database import upgrade_database
from cli.speech import say
from cli.tables import progress
from queries.search.service import engine_of
from search import sync
from settings import load_settings
from wording import counted

_file = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_file)
def backup(file: Path) -> None:
    """Copy the whole database to the new FILE, also while it is served and loaded.

    The search index is not in it: a restore makes it anew. On PostgreSQL, pg_dump does
    this.
    """
    with progress("Copying") as move:
        size = exchange.backup.back_up(load_settings().database_url, file, move)
    say(f"{file}: {counted(size, 'byte')}, whole and on disk.")


@click.command()
@click.argument("file", type=_file)
def restore(file: Path) -> None:
    """Make the database from the backup FILE, and the search index from that.

    Nothing is overwritten: the database must be empty or not there, and not in use.
    """
    settings = load_settings()
    with progress("Restoring") as move:
        exchange.backup.restore(settings.database_url, file, move)
    # An index of another record must not answer for this one, also if we end here:
    # where there is none, a server makes it.
    shutil.rmtree(settings.index_dir, ignore_errors=True)
    _, revision, name = upgrade_database(settings)
    with progress("Indexing") as move:
        count = sync.rebuild(engine_of(settings), settings.database_url, move)
    documents = counted(count, "document")
    say(f"{name} is restored ({revision}); the index holds {documents}.")
