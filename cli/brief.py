"""`dragoman brief`: what to read before a meeting."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from analysis.brief import load_brief
from cli.completion import Slug
from cli.options import option
from cli.speech import Failure
from formats.papers import PAPERS
from models import open_session
from queries.meetings import AS_KNOWN_ON


@click.command()
@click.argument("slug", type=Slug("meeting"))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(PAPERS)),
    default="md",
    show_default=True,
    help="Markdown, a page of HTML, Word or PDF.",
)
@option(replace(AS_KNOWN_ON, help="Leave out what no source had said by this day."))
@click.option(
    "--out",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
def brief(slug: str, form: str, as_known_on: str | None, out: Path | None) -> None:
    """Write the brief of the meeting SLUG, each sentence with its citations."""
    if out is None and form in ("docx", "pdf") and sys.stdout.isatty():
        raise Failure(f"A {form} file does not go to a terminal: give --out FILE.")
    write = PAPERS[form]
    known_on = AS_KNOWN_ON.check(as_known_on) if as_known_on else None
    with open_session() as session:
        content = write(load_brief(session, slug, as_known_on=known_on))
    data = content.encode() if isinstance(content, str) else content
    if out is None:
        click.echo(data, nl=False)
    else:
        out.write_bytes(data)
