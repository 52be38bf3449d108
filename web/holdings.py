"""What the whole record rests on, as the foot of every page says it."""

import time

from flask import current_app
from sqlalchemy.orm import Session

from queries.home import growth, load_basis
from queries.shapes import Basis

OLDEST = 60.0
"""After so many seconds it is counted again even if nothing has been added."""


class Holdings:
    """The counts of an app: anew when something has been added, else once a minute.

    Counting reads an index of all passages, a tenth of a page's time with 50,000.
    What was only removed is still counted for a minute.
    """

    def __init__(self) -> None:
        self._counted: tuple[tuple[int | None, ...], float, Basis] | None = None

    def load(self, session: Session) -> Basis:
        """Return how many passages and sources there are, and the last change."""
        now, newest = time.monotonic(), growth(session)
        if self._counted is not None:
            known, then, basis = self._counted
            if known == newest and now - then < OLDEST:
                return basis
        basis = load_basis(session)
        self._counted = newest, now, basis
        return basis


def holdings(session: Session) -> Basis:
    """Return the counts of the app that answers this request."""
    held: Holdings = current_app.extensions.setdefault("dragoman_held", Holdings())
    return held.load(session)
