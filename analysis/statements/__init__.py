"""Stances as rows to count, and the actors to whom they are attributed.

A statement is a stance without its words: ids, codes and days. They are kept as
columns, arrays of numpy, so that fifty thousand of them can be read and counted while a
page is waited for: a row as an object costs more than all that is done with it. What is
shown in the end is loaded as `queries.stances.StanceItem`, with its passages.

**Folding.** States act through people. A statement stands for a chain of actors, the
holder first, and is attributed to the last of them:

=============== ========================================================================
itself          the holder
represents      the state or body for which it spoke, where a coder recorded that
office          else, of a person: the body in whose office the record shows the person
                on a day that the statement's date may cover
body            the bodies to which those, or a holder that is a body, belong; up to
                the state
=============== ========================================================================

Nationality is never a reason. A recorded `represents` outranks an office, and so does a
record that the holder speaks for nobody: that statement stays with the person. Offices
that lead to different states decide nothing: it stays with the person too. An office
lasts from its recorded beginning, or else the first day on which a source shows it, to
its recorded end; without an end it lasts if its beginning is known, and else to the
last day on which a source shows it.
"""

from analysis.statements.columns import (
    Bools,
    Columns,
    Days,
    Floats,
    Ints,
    runs,
)
from analysis.statements.contrary import (
    Contrary,
    is_said,
    load_derived,
    select_contrary,
)
from analysis.statements.folding import REASONS, Fold, Folded, Reason, folded
from analysis.statements.loading import load_columns, load_statements
from analysis.statements.period import (
    ENDS,
    Period,
    find_topic,
    load_ends,
    load_not_valid,
)
from analysis.statements.rows import CODES, Statements
from analysis.statements.sides import Sides, Someone

__all__ = [
    "Bools",
    "CODES",
    "Columns",
    "Contrary",
    "Days",
    "ENDS",
    "Floats",
    "Fold",
    "Folded",
    "Ints",
    "Period",
    "REASONS",
    "Reason",
    "Sides",
    "Someone",
    "Statements",
    "find_topic",
    "folded",
    "is_said",
    "load_columns",
    "load_derived",
    "load_ends",
    "load_not_valid",
    "load_statements",
    "runs",
    "select_contrary",
]
