"""The console's database: one for all tests of a file; no query may change it."""

from collections.abc import Iterator

import pytest

from models import Topic, open_session
from settings import Settings
from tests.conftest import Templates
from tests.queries.sandbox.asking import with_reader


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database, all of this file's on the same."""
    return str(request.param)


@pytest.fixture(scope="module")
def console(
    backend: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A database with one topic in it, and on PostgreSQL a role that reads the views.

    One for all tests: no query may change it.
    """
    with templates.copy(backend, tmp_path_factory.mktemp("console")) as settings:
        with open_session(settings.database_url, write=True) as session:
            session.add(Topic(slug="grain", name="Grain"))
            session.commit()
        settings.instance.chmod(0o777)  # the server may be another user
        yield with_reader(settings)
