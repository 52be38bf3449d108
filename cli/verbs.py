"""All verbs of the `dragoman` command, each imported only when it is called.

All of them together take two seconds of imports; a person who asks for help, and a
shell that completes a word, wait for none of those. That costs a summary here for each
verb, which a test holds to be the first line of the verb's own help.
"""

from importlib import import_module
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem

from cli import cannot_start
from cli.speech import Failure, Verbs


class Verb(NamedTuple):
    """Where a verb is defined, as `module:name`, and what the list of verbs says."""

    home: str
    summary: str


VERBS = {
    "serve": Verb("serving:serve", "Serve the pages and the JSON API."),
    "db": Verb("database:db", "Set up the database and bring it up to date."),
    "load": Verb(
        "data:load",
        "Load PATHS: datasets (folders) and streams of records (.jsonl, .jsonl.gz).",
    ),
    "import": Verb(
        "importing:import_",
        "Import PATHS: documents and tables, folders of them, addresses of pages.",
    ),
    "template": Verb(
        "importing:template",
        "Print a KIND to fill in: YAML of a dataset, or a document's front matter.",
    ),
    "attach": Verb(
        "data:attach",
        "Give SOURCE, whose text is withheld, its text from FILE.",
    ),
    "anchor": Verb(
        "data:anchor",
        "Turn the quotes from SOURCE in DATASET into positions in FILE.",
    ),
    "search": Verb(
        "reading:search",
        "Search the passages and all that is recorded for QUERY.",
    ),
    "meetings": Verb(
        "lists:meetings",
        "List meetings: participants, dates and status.",
    ),
    "actors": Verb(
        "lists:actors",
        "List actors: persons, states, bodies, and how much is recorded of each.",
    ),
    "stances": Verb(
        "lists:stances",
        "List stances: who stands where on what, and who says so.",
    ),
    "sources": Verb(
        "lists:sources",
        "List sources: the documents that everything rests on.",
    ),
    "topics": Verb("lists:topics", "List topics, each with the topics above it."),
    "propositions": Verb(
        "lists:propositions",
        "List propositions: the sentences on which actors take positions.",
    ),
    "meeting": Verb(
        "reading:meeting",
        "Show the meeting SLUG: participants, agenda, and sources.",
    ),
    "brief": Verb(
        "brief:brief",
        "Write the brief of the meeting SLUG, each sentence with its citations.",
    ),
    "sql": Verb(
        "reading:sql",
        "Answer a read-only SQL QUERY over the views; `-` reads it from standard "
        "input.",
    ),
    "history": Verb(
        "history:history",
        "Show who changed what in the record: all changes, of a record, or one change.",
    ),
    "undo": Verb(
        "history:undo",
        "Undo the change NUMBER, or with --run all changes of the run NUMBER.",
    ),
    "withdraw": Verb(
        "history:withdraw",
        "Withdraw the stance SLUG, which was coded by mistake.",
    ),
    "delete": Verb(
        "history:delete",
        "Remove the record that is KIND and SLUG, and that nothing names.",
    ),
    "export": Verb(
        "export:export",
        "Write the record to files: nothing lost, or in other programs' forms.",
    ),
    "reindex": Verb(
        "index:reindex",
        "Build the search index anew, beside the one in use, and swap it in.",
    ),
    "check": Verb(
        "index:check",
        "Say whether database, evidence and index agree; exit 1 if not.",
    ),
    "backup": Verb(
        "backup:backup",
        "Copy the whole database to the new FILE, also while it is served and loaded.",
    ),
    "restore": Verb(
        "backup:restore",
        "Make the database from the backup FILE, and the search index from that.",
    ),
    "account": Verb(
        "account:account",
        "Say who may sign in, and what each may do.",
    ),
}


class _Lazy(Verbs):
    """The group of all verbs, which imports the one that is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all verbs, in the order in which they are needed."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Return the verb of this name; None if there is none.

        Raises:
            Failure: a package that it needs is not installed.
        """
        if name not in VERBS:
            return None
        module, _, attribute = VERBS[name].home.partition(":")
        try:
            found: click.Command = getattr(import_module(f"cli.{module}"), attribute)
        except ImportError as error:
            raise Failure(cannot_start(error)) from error
        return found

    def format_commands(
        self, _ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of verbs."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, VERBS[name].summary) for name in VERBS])

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the verbs that begin so, and the options of `dragoman` itself."""
        verbs = [
            CompletionItem(name, help=VERBS[name].summary)
            for name in VERBS
            if name.startswith(incomplete)
        ]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dragoman", message="Dragoman %(version)s")
def dragoman() -> None:
    """Diplomatic meetings and where the actors stand, each with its passage.

    Settings come from the environment (DRAGOMAN_…); docs/settings.md lists them.
    """
