"""Documents in: `import`, and `template` for what is written by hand."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.completion import Slug
from cli.data import (
    as_json_option,
    author_of,
    fail_if_refused,
    ready_settings,
    tell,
)
from cli.index import bring_up_to_date
from cli.speech import Failure, Stopped, remark, say
from cli.tables import progress, say_table
from errors import Fault
from exchange.importers.document import Given
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.fetching import Policy, is_address, is_any, is_public
from exchange.importers.kinds import READABLE, RECORDS, TABLES
from exchange.importers.making.fields import ROWS
from exchange.importers.making.mapping import Columns, read_mapping
from exchange.importers.records import Tabular
from exchange.importers.sources import Options
from exchange.report import alike
from exchange.templates import KINDS, template_of
from models.date_words import read_date
from models.enums import SourceKind
from search.lookup import look_up
from wording import counted

_OTHERS = tuple(kind.name for kind in RECORDS if kind not in TABLES)
_MOST_SHOWN = 40
_MOST_REASONS = 4


class _PathOrAddress(click.Path):
    """A path, or the address of a page, which stays as it is typed."""

    def convert(self, value: Any, param: Any, context: Any) -> Any:
        """Take an address as it is, and a path as a path."""
        if isinstance(value, str) and is_address(value):
            return value
        return Path(str(super().convert(value, param, context)))


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=_PathOrAddress())
@click.option(
    "--as",
    "as_kind",
    type=click.Choice([*READABLE, *_OTHERS, *ROWS]),
    metavar="KIND",
    help="What the files are, instead of looking at each: "
    f"{', '.join((*READABLE, *_OTHERS))}; or what the rows of tables are: "
    f"{', '.join(ROWS)}.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would come of it; write nothing."
)
@click.option(
    "--encoding",
    metavar="NAME",
    help="What texts that are not UTF-8 are in, such as windows-1251; “guess” takes "
    "any guess.",
)
@click.option(
    "--wrap",
    type=click.Choice(["join", "keep"]),
    default="join",
    show_default=True,
    help="Join lines that were broken to fit a width, or keep all line ends.",
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in SourceKind]),
    help="What sort of sources they are; official_document unless they say it.",
)
@click.option("--publisher", help="Who published them.")
@click.option(
    "--issuer", metavar="SLUG", type=Slug("actor"), help="The actor who issued them."
)
@click.option(
    "--published", metavar="DATE", help="When: EDTF, or words such as “3 March 2025”."
)
@click.option("--language", metavar="TAG", help="Their language, such as en or fa.")
@click.option("--licence", help="On what terms they may be used.")
@click.option(
    "--update",
    is_flag=True,
    help="Read files again that were imported before; a changed text is a new version.",
)
@click.option(
    "--map",
    "map_",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which columns of a table are which fields, in YAML; docs/importing.md.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Fetch pages of this machine and its network too.",
)
@click.option("--propose", is_flag=True, help="Not yet: for the workbench.")
@as_json_option
def import_(
    paths: Sequence[Path | str],
    as_kind: str | None,
    dry_run: bool,
    encoding: str | None,
    wrap: str,
    update: bool,
    map_: Path | None,
    allow_private: bool,
    propose: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Import PATHS: documents and tables, folders of them, addresses of pages.

    Text, Markdown, web pages, PDF, Word, OpenDocument, RTF, e-mails and EPUB are told
    apart by what they hold, and become one source each. The slug comes from the file's
    name. A file that was imported before is known again, so that the same command goes
    on where it stopped.

    Of tables (CSV, XLSX, ODS) each row becomes a record; --as says of what. `dragoman
    template stances.csv` shows the columns. A table imported again changes nothing.
    """
    if propose:
        raise Failure(
            "--propose needs the workbench, which this version does not have; nothing "
            "was imported. --dry-run shows what would come of it."
        )
    columns = Columns() if map_ is None else read_mapping(map_)
    settings = ready_settings()
    if options["kind"] is not None:
        options["kind"] = SourceKind(options["kind"])
    if options["published"] is not None:
        options["published"] = str(read_date(options["published"], date.today()).date)
    request = Request(
        paths=[path for path in paths if isinstance(path, Path)],
        addresses=[path for path in paths if isinstance(path, str)],
        policy=Policy(allows=is_any if allow_private else is_public),
        options=Options(**options),
        given=Given(encoding, keep_lines=wrap == "keep", sheet=columns.sheet),
        tabular=Tabular(
            rows=as_kind if as_kind in ROWS else None,
            columns=columns,
            remembered=settings.instance / "mappings",
            look_up=look_up,
        ),
        kind=None if as_kind in ROWS else as_kind,
        update=update,
        dry_run=dry_run,
    )
    try:
        with progress("Importing") as move:
            report = import_documents(
                request, settings.database_url, move, author_of(settings, None)
            )
    except KeyboardInterrupt:
        raise Stopped(
            "Stopped. What was imported stays; the same command goes on from there."
        ) from None
    finally:
        if not dry_run:
            bring_up_to_date(settings)
    if not as_json:
        _say_documents(report)
        _say_records(report)
    tell([report], as_json)
    if not dry_run:
        fail_if_refused([report])
        return
    remark("This was a dry run: nothing was written.")
    if refused := report.total("refused"):
        raise Failure(f"{counted(refused, 'record')} would be refused.")


def _say_documents(report: ImportReport) -> None:
    """Say what each document is and what it left out; remarks go to standard error."""
    shown = report.documents[:_MOST_SHOWN]
    if shown:
        say_table(
            [
                "file",
                "is",
                "slug",
                "published",
                "pages",
                "passages",
                "kept",
                "left out",
            ],
            [
                [
                    Path(each.file).name,
                    each.kind,
                    each.slug,
                    each.published,
                    each.pages,
                    each.passages,
                    f"{each.kept:,} of {each.found:,}",
                    _left_out(each.dropped),
                ]
                for each in shown
            ],
        )
    if len(report.documents) > len(shown):
        say(f"and {len(report.documents) - len(shown):,} more; --json names a thousand")
    said = [
        Fault(Path(each.file).name, None, None, None, note)
        for each in report.documents
        for note in each.notes
    ]
    remark(*(line.replace(": expected ", ": ", 1) for line in alike(said)))


def _say_records(report: ImportReport) -> None:
    """Say which names stand for nothing and, in a dry run, the first records."""
    remark(*report.unresolved[:_MOST_SHOWN])
    if more := len(report.unresolved) - _MOST_SHOWN:
        if more > 0:
            remark(f"and {more:,} names more; --json has all of them")
    if report.dry_run:
        for each in report.examples:
            say(json.dumps(each, ensure_ascii=False))


def _left_out(dropped: dict[str, int]) -> str:
    reasons = sorted(dropped.items(), key=lambda pair: -pair[1])
    words = [f"{number:,} {reason}" for reason, number in reasons[:_MOST_REASONS]]
    if more := sum(number for _, number in reasons[_MOST_REASONS:]):
        words.append(f"{more:,} for other reasons")
    return "; ".join(words)


@click.command()
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
def template(kind: str) -> None:
    """Print a KIND to fill in: YAML of a dataset, or a document's front matter.

    docs/dataset-format.md says where each stands in a dataset.
    """
    say(template_of(kind).rstrip())
