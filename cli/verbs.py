"""All verbs of the `dragoman` command."""

import click

from cli import (
    backup,
    brief,
    data,
    database,
    export,
    importing,
    index,
    lists,
    reading,
    serving,
)
from cli.speech import Verbs


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dragoman", message="Dragoman %(version)s")
def dragoman() -> None:
    """Diplomatic meetings and where the actors stand, each with its passage.

    Settings come from the environment (DRAGOMAN_…); docs/settings.md lists them.
    """


for command in (
    serving.serve,
    database.db,
    data.load,
    importing.import_,
    importing.template,
    data.attach,
    data.anchor,
    reading.search,
    *lists.LISTS,
    reading.meeting,
    brief.brief,
    reading.sql,
    export.export,
    index.reindex,
    index.check,
    backup.backup,
    backup.restore,
):
    dragoman.add_command(command)
