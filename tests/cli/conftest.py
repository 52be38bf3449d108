"""What the tests of the command line share: an instance, and a way to type commands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.verbs import dragoman
from settings import Settings
from tests.conftest import Templates

Type = Callable[..., Result]


@pytest.fixture
def environ(sqlite_settings: Settings) -> dict[str, str]:
    """The environment of an instance with a migrated, empty SQLite database."""
    return environment(sqlite_settings)


@pytest.fixture
def loaded(templates: Templates, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an instance that holds the bundled dataset, indexed."""
    with templates.copy("sqlite", tmp_path / "loaded", as_served) as settings:
        yield environment(settings)


def as_served(settings: Settings) -> None:
    """Load the bundled dataset as a user would."""
    assert typing(environment(settings))("load", "data/tehran-2022").exit_code == 0


def environment(settings: Settings) -> dict[str, str]:
    return {
        "DRAGOMAN_INSTANCE": str(settings.instance),
        "DRAGOMAN_DATABASE_URL": settings.database_url,
    }


def typing(environ: dict[str, str], **more: str) -> Type:
    """Return what runs `dragoman` with arguments, in this process."""

    def run(*arguments: str | Path, stdin: str | None = None) -> Result:
        result = CliRunner(env=environ | more).invoke(
            dragoman, [str(argument) for argument in arguments], input=stdin
        )
        error = result.exception
        # A traceback is never an answer.
        assert error is None or isinstance(error, SystemExit), error
        return result

    return run


@pytest.fixture
def type_(environ: dict[str, str]) -> Type:
    """Type a command, on an empty database."""
    return typing(environ)


@pytest.fixture
def type_loaded(loaded: dict[str, str]) -> Type:
    """Type a command, on the bundled dataset."""
    return typing(loaded)
