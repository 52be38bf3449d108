"""One query of a user's, run in a process of its own.

The parent (`queries/sandbox/__init__.py`) writes one request, as JSON, to our
standard input. We answer with lines of JSON: the column names, a list per row, and last
of all an object that says how it ended. Without that last line we were killed.

Why a process: inside one opcode SQLite neither calls a progress handler nor heeds an
interrupt (`instr` of long strings ran for 20 s), and neither SQLite nor a PostgreSQL
client bounds the memory that one value may take. A process can be killed, and the
kernel bounds its memory. It costs about 25 ms on SQLite, 250 ms on PostgreSQL.

This package imports the standard library only, so that SQLite's child can run without
`site` (`-S`); psycopg is imported where the request asks for PostgreSQL. Its modules
import each other relatively: in the child there is no package `queries`.
"""
