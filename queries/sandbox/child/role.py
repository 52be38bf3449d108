"""Whether PostgreSQL's role for the console can do no more than read the views."""

from typing import Any

from .functions import POSTGRESQL, POSTGRESQL_REFUSED

_CHECKS = (
    (
        "it is a superuser or may make roles, databases or replicas",
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication "
        "or rolbypassrls from pg_roles where rolname = session_user",
    ),
    (
        "it is a member of another role, whose rights it could take on",
        "select exists (select from pg_auth_members m join pg_roles r "
        "on r.oid = m.member where r.rolname = session_user)",
    ),
    (
        "it may write to tables",
        "select exists (select from pg_class c join pg_namespace n "
        "on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') "
        "and n.nspname !~ '^(pg_|information_schema$)' and has_table_privilege("
        "session_user, c.oid, 'insert, update, delete, truncate'))",
    ),
    (
        "it may create tables",
        "select has_database_privilege(session_user, current_database(), 'create') "
        "or exists (select from pg_namespace n where n.nspname !~ '^pg_' "
        "and has_schema_privilege(session_user, n.oid, 'create'))",
    ),
    (
        "its temp_file_limit is not set",
        "select current_setting('temp_file_limit') = '-1'",
    ),
    (
        "its track_activities is on, so that one query could read another",
        "select current_setting('track_activities')::bool",
    ),
    (
        "it may read {}, which is not one of the views",
        "select min(n.nspname || '.' || c.relname) from pg_class c join pg_namespace n "
        "on n.oid = c.relnamespace where n.nspname !~ '^(pg_|information_schema$)' "
        "and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and case c.relkind "
        "when 'S' then has_sequence_privilege(session_user, c.oid, 'select, usage') "
        "else not (c.relname = any(%(views)s) and pg_table_is_visible(c.oid)) "
        "and has_schema_privilege(session_user, n.oid, 'usage') "
        "and has_any_column_privilege(session_user, c.oid, 'select') end",
    ),
    (
        "it may call {}, which does more than compute",
        "select min(p.proname) from pg_proc p where p.proname <> all(%(functions)s) "
        "and (p.provolatile = 'v' or p.proretset and p.provolatile <> 'i' "
        "or p.proname ~ %(refused)s) "
        "and has_function_privilege(session_user, p.oid, 'execute') "
        # Neither a trigger nor what only the server itself can call.
        "and not 'internal'::regtype = any(p.proargtypes) and p.prorettype not in ("
        "select oid from pg_type where typtype = 'p' and (typname ~ '_handler$' "
        "or typname in ('trigger', 'event_trigger', 'internal')))",
    ),
)


def why_unfit(connection: Any, views: list[str]) -> str | None:
    """Say why this role may not serve the console: it could do more than read."""
    given = {
        "views": views,
        "functions": list(POSTGRESQL),
        "refused": POSTGRESQL_REFUSED,
    }
    for reason, question in _CHECKS:
        (found,) = connection.execute(question, given).fetchone()
        if found:
            return reason.format(found)
    return None
