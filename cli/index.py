"""The search index: `reindex` and `check`."""

import click

from settings import Settings


def bring_up_to_date(settings: Settings) -> None:
    """Index what has changed."""


@click.command()
def reindex() -> None:
    """Build the search index anew."""


@click.command()
def check() -> None:
    """Check."""
