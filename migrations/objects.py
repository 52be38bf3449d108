"""Views and triggers, written once for SQLite and PostgreSQL.

Alembic knows tables; what else stands in the schema is made here. A `Trigger` refuses a
change when a condition holds, with a sentence; both databases report it as an integrity
error. A `JobTrigger` notes the aggregate root of a changed row in ``index_job``, so
that nobody who changes the record, by whatever way in, need think of the search index.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError


def _dialect() -> str:
    return op.get_context().dialect.name


def create_views(views: Mapping[str, str]) -> None:
    """Create views in the given order."""
    for name, select in views.items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def drop_views(views: Mapping[str, str]) -> None:
    """Drop views, last first."""
    for name in reversed(list(views)):
        op.execute(f"DROP VIEW {name}")


class Unsayable(CommandError):
    """The older schema cannot say what is stored; nothing has been changed."""


def refuse_if_any(counts: Mapping[str, str]) -> None:
    """Refuse to go down while rows exist that the older schema cannot say.

    Each thing, in the plural ("stances that correct another"), goes with the
    ``SELECT COUNT(*)`` that counts it.
    """
    found = {
        thing: op.get_bind().scalar(sa.text(count)) for thing, count in counts.items()
    }
    named = [f"{number} {thing}" for thing, number in found.items() if number]
    if named:
        raise Unsayable(
            f"The older schema cannot say {'; '.join(named)}. Nothing was changed."
        )


@dataclass(frozen=True)
class Trigger:
    """Refuse a change of *table* when *condition* holds.

    ``when`` is the timing and event, ``BEFORE DELETE`` or ``AFTER UPDATE OF slug``;
    ``condition`` is SQL over ``OLD`` and ``NEW`` that both databases read alike.
    """

    name: str
    table: str
    when: str
    condition: str
    message: str

    def create(self) -> None:
        if _dialect() == "sqlite":
            op.execute(
                f"CREATE TRIGGER {self.name} {self.when} ON {self.table} "
                f"WHEN {self.condition} "
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
            return
        row = "OLD" if "DELETE" in self.when else "NEW"
        op.execute(
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {self.condition} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {self.name} {self.when} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )

    def drop(self) -> None:
        if _dialect() == "sqlite":
            op.execute(f"DROP TRIGGER {self.name}")
        else:
            op.execute(f"DROP TRIGGER {self.name} ON {self.table}")
            op.execute(f"DROP FUNCTION {self.name}()")


# An update may move a row from one root to another: both have changed.
_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


@dataclass(frozen=True)
class JobTrigger:
    """Queue an index job for the root that a row of *table* belongs to.

    ``roots`` is SQL that selects ``slug`` of the root from ``{row}``, which stands for
    ``NEW`` or ``OLD``. Events are insert, update and delete.
    """

    table: str
    kind: str
    roots: str

    @property
    def name(self) -> str:
        return f"job_{self.table}_{self.kind}"

    def _queue(self, *rows: str) -> str:
        # The revision rises even while a drain holds the row: it then deletes nothing.
        roots = " UNION ".join(self.roots.format(row=row) for row in rows)
        return (
            "INSERT INTO index_job (kind, root) "
            f"SELECT '{self.kind}', roots.slug FROM ({roots}) AS roots "
            "WHERE roots.slug IS NOT NULL "
            "ON CONFLICT (kind, root) DO UPDATE SET revision = index_job.revision + 1;"
        )

    def create(self) -> None:
        if _dialect() == "sqlite":
            for event, rows in _EVENTS.items():
                op.execute(
                    f"CREATE TRIGGER {self.name}_{event} AFTER {event} "
                    f"ON {self.table} BEGIN {self._queue(*rows)} END"
                )
            return
        cases = " ".join(
            f"IF TG_OP = '{event}' THEN {self._queue(*rows)} END IF;"
            for event, rows in _EVENTS.items()
        )
        op.execute(
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {cases} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {self.name} AFTER INSERT OR UPDATE OR DELETE "
            f"ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )

    def drop(self) -> None:
        if _dialect() == "sqlite":
            for event in _EVENTS:
                op.execute(f"DROP TRIGGER {self.name}_{event}")
        else:
            op.execute(f"DROP TRIGGER {self.name} ON {self.table}")
            op.execute(f"DROP FUNCTION {self.name}()")
