"""The position matrix: actors against propositions, topics or other actors.

A cell holds the stances that count for one actor on one proposition, of which the page
shows the **current** one: of those that stand, the one stated last. A stance stands
unless another supersedes or retracts it, its `valid_to` is over, or its `valid_from` is
still to come; all of that as of the last day asked for (today, unless said), so that a
matrix of July knows nothing of August. A cell is

- **changed** when an earlier stance took another position and stands no longer;
- **contested** when stances that stand take different positions, or a source says of
  the current one that it is not so;
- **gone** when nothing in it stands any more;
- **derived** when the actor says nothing of the proposition that stands, but is for one
  that is contrary to it (`analysis.statements.contrary`), and a **contradiction** when
  it is for both;
- absent when there is no record. No record is not neutral: neutral is a position, with
  somebody who took it.

Positions that the coder could not tell (`unclear`) contest nothing. With actors as rows
the cells are relations: where the one stands towards the other, both grouped by the
same rule; what an actor holds of itself or of its own bodies is left out and counted.
"""

from analysis.matrix.loading import load_matrix
from analysis.matrix.shapes import By, Cell, Matrix, Order, Row

__all__ = [
    "By",
    "Cell",
    "Matrix",
    "Order",
    "Row",
    "load_matrix",
]
