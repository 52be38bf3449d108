"""Tables as CSV (RFC 4180), safe in a spreadsheet and reversible.

**Spreadsheets run what they read.** A text that begins with `=`, `+`, `-`, `@` (or
their full-width forms), a tab or a line break is taken for a formula, so an apostrophe
is put before it. To be reversible, a text that begins with an apostrophe gets one more,
and so does the empty text, which would else look like a missing value: `unguarded`
takes one apostrophe away again. Numbers, days and truth values are not texts and stay
as they are.

Every CSV that Dragoman writes follows this, views and answers alike. It imports
nothing of ours, so that `exchange` can use it too.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

MARK = "\ufeff"
"""The byte order mark."""
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")


def guarded(value: object) -> object:
    """Return a value as it stands in a CSV cell, safe for spreadsheets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (not value or value.startswith(_DANGEROUS)):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def unguarded(cell: str) -> str | None:
    """Return the text of a cell; None if there was none."""
    return cell.removeprefix("'") if cell else None


def csv_lines(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, marked: bool = False
) -> Iterator[str]:
    """Yield a table as CSV (RFC 4180), a line at a time.

    Args:
        columns: the head.
        rows: the rows.
        marked: begin with a byte order mark, without which Excel takes UTF-8 for the
            encoding of its country. Other programs take the mark for a letter.
    """
    writer = csv.writer(_Echo())
    head = writer.writerow(columns)
    yield f"{MARK}{head}" if marked else head
    for row in rows:
        yield writer.writerow([guarded(value) for value in row])


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a whole table as CSV."""
    return "".join(csv_lines(columns, rows))


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
