"""The search index: `reindex` and `check`."""

from collections.abc import Iterator

import click

import migrations
from cli.database import schema_of
from cli.speech import Failure, progress, remark, say, say_json
from errors import DragomanError
from models import open_session
from queries.soundness import unsound
from search import sync
from search.engines import Engine, open_engine
from settings import Settings, load_settings


def engine_of(settings: Settings) -> Engine:
    """Return the configured search engine."""
    return open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )


def bring_up_to_date(settings: Settings) -> None:
    """Index what has changed; what somebody else is indexing stays queued."""
    with progress("Indexing") as move:
        report = sync.drain(engine_of(settings), settings.database_url, move)
    if report.jobs or report.waiting or report.rebuilt:
        remark(str(report))


@click.command()
def reindex() -> None:
    """Build the search index anew, beside the one in use, and swap it in."""
    settings = load_settings()
    with progress("Indexing") as move:
        count = sync.rebuild(engine_of(settings), settings.database_url, move)
    say(f"The index holds {count:,} documents.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(as_json: bool) -> None:
    """Say whether database, evidence and index agree; exit 1 if not.

    Compares every text with its hash, every quote with its text, every claim with its
    evidence, and every document of the index with the database.
    """
    settings = load_settings()
    findings = list(_findings(settings))
    if as_json:
        say_json({"agree": not findings, "findings": findings})
    else:
        say(*findings or ["Database, evidence and index agree."])
    if findings:
        count = "1 finding" if len(findings) == 1 else f"{len(findings):,} findings"
        raise Failure(f"{count}.")


def _findings(settings: Settings) -> Iterator[str]:
    if unfit := migrations.why_unfit(schema_of(settings)):
        yield f"The database {unfit}"
        return
    with open_session(settings.database_url) as session:
        wrong = list(unsound(session))
    if wrong:
        yield from wrong
        yield "The index was not compared: the database must be put right first."
        return
    try:
        compared = sync.check(engine_of(settings), settings.database_url)
    except DragomanError as error:
        yield error.detail
    else:
        if not compared.agrees:
            yield from compared.sentences()
