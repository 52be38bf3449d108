"""Data in: `load`, `attach`, `anchor`; what `import` shares with them."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

import exchange.anchor
import exchange.attach
import exchange.load
import exchange.repair
from cli.completion import Slug
from cli.database import require_schema
from cli.index import bring_up_to_date
from cli.speech import Failure, Stopped, remark, say, say_json
from cli.tables import progress, say_table
from exchange.journal import LONGEST_MESSAGE, Author
from exchange.origins import Keep
from exchange.report import Report, alike
from settings import Settings, load_settings
from wording import counted

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
message_option = click.option(
    "--message", "-m", metavar="TEXT", help="Why, in a few words, for the history."
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.Choice(["ours", "theirs"]),
    help="Of a record changed both here and in the file: what is recorded, or the "
    "file's. Without it such a record is refused, field by field.",
)
@message_option
@as_json_option
def load(
    paths: Sequence[Path], keep: Keep | None, message: str | None, as_json: bool
) -> None:
    """Load PATHS: datasets (folders) and streams of records (.jsonl, .jsonl.gz).

    A folder is loaded as a whole or, with any fault, not at all. A stream is loaded in
    batches: what is refused is named, the rest stays, and the same command again goes
    on where it stopped. Loading the same records twice changes nothing, and what was
    changed here since stays as it is.
    """
    settings = ready_settings()
    author = author_of(settings, message)
    reports: list[Report] = []
    try:
        for path in paths:
            with progress(f"Loading {path.name}") as move:
                reports.append(
                    exchange.load.load(path, settings.database_url, move, author, keep)
                )
    except KeyboardInterrupt:
        raise Stopped(
            "Stopped. What was loaded stays; the same command goes on from there."
        ) from None
    finally:
        # Also after a fault: what an earlier path brought must be found.
        if reports:
            tell(reports, as_json)
            bring_up_to_date(settings)
    fail_if_refused(reports)


@click.command()
@click.argument("source", type=Slug("source"))
@click.argument("file", type=_file)
@message_option
@as_json_option
def attach(source: str, file: Path, message: str | None, as_json: bool) -> None:
    """Give SOURCE, whose text is withheld, its text from FILE.

    Only the very text that was coded is taken. Its quotes are filled in, and its
    passages are found by searches.
    """
    settings = ready_settings()
    author = author_of(settings, message)
    report = exchange.attach.attach(source, file, settings.database_url, author)
    tell([report], as_json)
    bring_up_to_date(settings)


@click.command()
@click.argument(
    "dataset", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.argument("source", required=False)
@click.argument("file", type=_file, required=False)
@click.option(
    "--repair",
    is_flag=True,
    help="Put right quotes that differ from the texts in what is easily missed.",
)
@as_json_option
def anchor(
    dataset: Path, source: str | None, file: Path | None, repair: bool, as_json: bool
) -> None:
    """Turn the quotes from SOURCE in DATASET into positions in FILE.

    For publishing a dataset without a text that may not be republished. The YAML files
    are edited in place, where the quotes stand and nowhere else.

    With --repair, and DATASET alone, quotes take the words of the dataset's texts where
    they differ only in apostrophes, dashes, white space, case, soft hyphens or the way
    in which accents are composed. Each change is said.
    """
    if repair and source is None:
        _repair(dataset, as_json)
        return
    if repair or source is None or file is None:
        raise Failure("Give DATASET SOURCE FILE, or --repair and DATASET alone.")
    anchored = exchange.anchor.anchor(dataset, source, file)
    if as_json:
        say_json(asdict(anchored))
        return
    if not anchored.files:
        say("Nothing to anchor: nothing was changed.")
    else:
        say(
            f"{counted(anchored.quotes, 'quote')} turned into positions in:",
            *anchored.files,
        )
    remark(*anchored.notes)


def _repair(dataset: Path, as_json: bool) -> None:
    repaired = exchange.repair.repair(dataset)
    if as_json:
        say_json(asdict(repaired))
    elif not repaired.files:
        say("Nothing to repair: nothing was changed.")
    else:
        say(*repaired.changes)
        say(f"{counted(len(repaired.changes), 'quote')} put right in:", *repaired.files)


def ready_settings() -> Settings:
    """Load the settings; nothing is written to a database of another version."""
    settings = load_settings()
    require_schema(settings)
    return settings


def author_of(settings: Settings, message: str | None) -> Author:
    """Return who runs the command, and what they say of it, for the journal."""
    if message is not None and len(message) > LONGEST_MESSAGE:
        raise Failure(
            f"The message is {len(message):,} characters long; at most "
            f"{LONGEST_MESSAGE:,} are kept. Nothing was changed."
        )
    name = settings.author or Author.of_system().name
    return Author(name, message=message)


_OUTCOMES = ("added", "updated", "unchanged", "refused")


def tell(reports: Sequence[Report], as_json: bool) -> None:
    """Say what was done; what was refused goes to standard error, a line each."""
    if as_json:
        say_json([as_dict(report) for report in reports])
        return
    for report in reports:
        remark(*alike(report.refusals))
        remark(*(f"Warning: {warning}" for warning in alike(report.warnings)))
        if not report.changed and not report.total("refused"):
            say(f"{report.name}: nothing changed.")
            if report.warned:
                say(f"warnings: {report.warned:,}")
            continue
        say_table(
            [report.name, *_OUTCOMES],
            [
                [kind, *(getattr(count, outcome) for outcome in _OUTCOMES)]
                for kind, count in report.counts.items()
            ],
        )
        say(*report.remarks())


def as_dict(report: Report) -> dict[str, Any]:
    return asdict(report) | {"refusals": [asdict(fault) for fault in report.refusals]}


def fail_if_refused(reports: Sequence[Report]) -> None:
    refused = sum(report.total("refused") for report in reports)
    if refused:
        records = counted(refused, "record was", "records were")
        loaded = any(report.total(each) for report in reports for each in _OUTCOMES[:3])
        rest = "the rest is loaded" if loaded else "nothing was loaded"
        raise Failure(f"{records} refused; {rest}.")
