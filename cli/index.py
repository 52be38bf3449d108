"""The search index: `reindex` and `check`."""

from collections.abc import Iterator

import click

from cli.database import require_schema, schema_of
from cli.speech import Failure, remark, say, say_json
from cli.tables import progress
from errors import DragomanError
from exchange.states import changed_by_hand
from models import open_session
from models.revisions import why_unfit
from queries.search.service import engine_of
from queries.soundness import unsound
from search import agreement, sync
from settings import Settings, load_settings
from wording import counted

_NAMED = 20
"""How many records that were changed by hand are named."""


def bring_up_to_date(settings: Settings) -> None:
    """Index what has changed; what somebody else is indexing stays queued."""
    with progress("Indexing") as move:
        report = sync.drain(engine_of(settings), settings.database_url, move)
    if report != sync.DrainReport():
        remark(str(report))


@click.command()
def reindex() -> None:
    """Build the search index anew, beside the one in use, and swap it in."""
    settings = load_settings()
    require_schema(settings)
    with progress("Indexing") as move:
        count = sync.rebuild(engine_of(settings), settings.database_url, move)
    say(f"The index holds {counted(count, 'document')}.")


@click.command()
@click.option(
    "--repair",
    is_flag=True,
    help="Mend the index: write again what differs, or build it anew.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(repair: bool, as_json: bool) -> None:
    """Say whether database, evidence and index agree; exit 1 if not.

    Compares every text with its hash, every quote with its text, every claim with its
    evidence, and every document of the index with the database. Records whose rows
    were changed by other programs since Dragoman wrote them are named too; that is no
    disagreement. A repair changes nothing but the index and its queue, and then
    compares again.
    """
    settings = load_settings()
    mended: list[str] = []
    by_hand: list[str] = []
    findings = list(_unsound(settings))
    if findings:
        findings.append(
            "The index was not compared: the database must be put right first."
            + (" A repair mends only the index." if repair else "")
        )
    else:
        by_hand = _changed_by_hand(settings)
        try:
            compared = _repaired(settings, mended) if repair else _compared(settings)
            findings = [] if compared.agrees else list(compared.sentences())
        except DragomanError as error:
            findings = [error.detail]
    if as_json:
        said = {
            "agree": not findings,
            "findings": findings,
            "changed_by_hand": by_hand,
        }
        say_json(said | {"mended": mended} if repair else said)
    else:
        say(*mended, *(findings or ["Database, evidence and index agree."]))
        for name in by_hand[:_NAMED]:
            remark(
                f"The rows of the {name} were changed by another program since "
                "Dragoman wrote them; its history does not show how."
            )
        if len(by_hand) > _NAMED:
            remark(
                f"So were those of {len(by_hand) - _NAMED:,} more; --json names all."
            )
    if findings:
        count = counted(len(findings), "finding")
        raise Failure(f"{count}.")


def _unsound(settings: Settings) -> Iterator[str]:
    if unfit := why_unfit(schema_of(settings)):
        yield f"The database {unfit}"
        return
    with open_session(settings.database_url) as session:
        yield from unsound(session)


def _changed_by_hand(settings: Settings) -> list[str]:
    with open_session(settings.database_url) as session:
        return [f"{kind} {slug}" for kind, slug in changed_by_hand(session)]


def _compared(settings: Settings) -> agreement.CheckReport:
    return agreement.check(engine_of(settings), settings.database_url)


def _repaired(settings: Settings, mended: list[str]) -> agreement.CheckReport:
    with progress("Mending") as move:
        report = sync.repair(engine_of(settings), settings.database_url, move)
    if report.found:
        mended += [*report.found, str(report)]
    return report.left
