"""Building: from documents to the arrays of a segment (`shaping` lists them).

Nothing here runs once per word: a document leaves the numbers of its spellings and
values, and when enough have come together numpy makes postings of them.
"""

from array import array
from collections.abc import Sequence

import numpy as np

from search.analyzer import stemmed_language
from search.engine import Document
from search.engines.whoosh.rules import COLUMNS, GROUPS
from search.engines.whoosh.shaping import Arrays, column_of, named
from search.engines.whoosh.words import Texts

#: How many words a builder takes before it is full: what bounds its memory.
MOST_TOKENS = 3_000_000


class Builder:
    """Takes documents until it is full, then gives the arrays of a segment."""

    def __init__(self) -> None:
        self._texts = {group: Texts(fields) for group, fields in GROUPS.items()}
        self._empty()

    def _empty(self) -> None:
        self.size = 0
        self._values = {field: Column() for field in COLUMNS}
        self._days = array("i")
        self._digests: list[bytes] = []

    @property
    def full(self) -> bool:
        """Whether it is time to take the arrays."""
        return sum(len(texts.numbers) for texts in self._texts.values()) >= MOST_TOKENS

    def add(self, document: Document) -> None:
        """Take a document."""
        texts = {
            "text": document.text,
            "title": document.title,
            "subject": tuple((label, None) for label in document.subjects),
        }
        languages: set[str | None] = set()
        for group, fields in GROUPS.items():
            for number, field in enumerate(fields):
                self._texts[group].add(self.size, number, texts[field])
                languages.update(stemmed_language(tag) for _, tag in texts[field])
        values = {
            **document.values,
            "id": (document.id,),
            "owner": (document.owner,),
            "kind": (document.kind.value,),
            "language": tuple(filter(None, languages)),
        }
        for field, given in values.items():
            if given:
                self._values[field].add(self.size, given)
        self._days.extend(document.days())
        self._digests.append(document.digest())
        self.size += 1

    def take(self) -> Arrays:
        """Return the arrays of what it took, and begin anew."""
        found: Arrays = {}
        for group, texts in self._texts.items():
            found |= texts.take(group, self.size)
        for field, column in self._values.items():
            found |= named(field, column.take(self.size))
        days = np.array(self._days).reshape(-1, 2)
        found["earliest"], found["latest"] = days.T
        found["digest"] = np.frombuffer(b"".join(self._digests), np.uint64)
        self._empty()
        return found


class Column:
    """The values of one field, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._values = array("i")
        self._docs = array("i")

    def add(self, doc: int, values: Sequence[str]) -> None:
        numbers = self._numbers
        for value in values:
            self._values.append(numbers.setdefault(value, len(numbers)))
            self._docs.append(doc)

    def take(self, size: int) -> Arrays:
        """Return the arrays of *size* documents."""
        counts = np.bincount(np.array(self._docs), minlength=size)
        return column_of(list(self._numbers), np.array(self._values), counts)
