"""What the arrays of a segment must be like, whoever wrote them.

A checksum says that a file is what somebody wrote, not that one of our writers did: an
index is copied from machine to machine, and anyone can write one whose checksums are
right. So no number of it is used that leads out of what it counts, and none that makes
an answer larger than the index is. What is wrong is damage, in the place where it is
first read; a wrong number that leads to something is found by `dragoman check`.

The lengths follow from the directory of the file when it is opened; each block of an
array is looked at once, together with its checksum.
"""

import re
from datetime import date

import numpy as np

from search.days import OPEN_END, OPEN_START
from search.engines.whoosh.arrays import Array, ArrayFile, Damage, Rule
from search.fields import SCORED, VALUE_FIELDS

#: The fields with words, in groups that share a vocabulary, since they are searched
#: together; `subject` is not stemmed, its labels are compared as written.
GROUPS = {"scored": SCORED, "subject": ("subject",)}

#: Of these every document has exactly one value.
SINGLE = ("id", "owner", "kind")

#: The fields with values, as documents hold them, and four that every document has.
COLUMNS = tuple(dict.fromkeys([*SINGLE, "language", *VALUE_FIELDS]))

#: What a document's id is like.
ID = re.compile(
    r"(?:passage/[a-z0-9-]+/[0-9]{6,9}"
    r"|(?:meeting|actor|stance|proposition)/[a-z0-9/-]+)"
)

#: How many words of a vocabulary are read at a time.
BLOCK = 64

#: The types of numbers that a writer writes, by the last part of an array's name.
_TYPES = {
    "words": "u1",
    "whole": "b1",
    "counts": "u1 u2 u4",
    "places": "u1 u2 u4",
    "lengths": "u4",
    "starts": "u4",
    "at": "u4",
    "of": "u4",
    "blocks": "i8",
    "docs": "i4",
    "covered": "i4",
    "united": "i4",
    "ids": "i4",
    "earliest": "i4",
    "latest": "i4",
    "digest": "u8",
}


def keep(file: ArrayFile) -> None:
    """Have *file* refuse whatever breaks a rule.

    Raises:
        Damage: an array is missing, or is not as long or not of the type it must be.
    """
    for name in file:
        if file.kind(name) not in _TYPES.get(name.rpartition(".")[2], "").split():
            raise Damage(f"“{name}” is of another type than a writer writes")
    size = file.length("earliest")
    for name in ("earliest", "latest"):
        file.keep(name, _is_day)
    lengths = {"latest": size, "digest": size}
    for group, fields in GROUPS.items():
        count = file.length(f"{group}.covered")
        _keep_postings(file, group, count, size)
        lengths |= {f"{group}.whole": count, f"{group}.united": count}
        more = file.length(f"{group}.starts") - 1
        file.keep(f"{group}.covered", _from(-1, count))
        file.keep(f"{group}.united", _from(-1, more))
        for field in fields:
            lengths[f"{field}.counts"] = file.length(f"{group}.docs")
            lengths[f"{field}.at"] = count + 1
            lengths[f"{field}.lengths"] = size
            file.keep(f"{field}.at", _ascending(file.length(f"{field}.places")))
    for field in COLUMNS:
        count = file.length(f"{field}.starts") - 1
        _keep_postings(file, field, count, size)
        values = file.length(f"{field}.ids")
        lengths[f"{field}.of"] = size + 1
        file.keep(f"{field}.of", _ascending(values))
        file.keep(f"{field}.ids", _from(0, count))
    lengths |= {f"{field}.ids": size for field in SINGLE}
    for name, length in lengths.items():
        if file.length(name) != length:
            raise Damage(f"“{name}” has {file.length(name)} numbers, not {length}")


def add_up(file: ArrayFile) -> None:
    """Look whether the counts of words add up to their places, as a merge takes it.

    Raises:
        Damage: they do not.
    """
    for group, fields in GROUPS.items():
        starts = file[f"{group}.starts"][: file.length(f"{group}.covered") + 1]
        if starts[0] or (starts[1:] == starts[:-1]).any():
            raise Damage(f"“{group}.starts” has a word that no document has")
        for field in fields:
            counts = np.cumsum(file[f"{field}.counts"], dtype=np.int64)
            sums = np.concatenate(([0], counts))[starts]
            if (
                sums[-1] != file.length(f"{field}.places")
                or (sums != file[f"{field}.at"]).any()
            ):
                raise Damage(f"“{field}.counts” do not add up to “{field}.at”")


def _keep_postings(file: ArrayFile, field: str, count: int, size: int) -> None:
    starts, blocks = f"{field}.starts", f"{field}.blocks"
    if count < 0 or file.length(starts) <= count:
        raise Damage(f"“{starts}” is too short")
    file.keep(starts, _ascending(file.length(f"{field}.docs")))
    file.keep(f"{field}.docs", _postings(file, starts, size))
    if file.length(blocks) != -(-count // BLOCK) + 1:
        raise Damage(f"“{blocks}” has {file.length(blocks)} numbers")
    file.keep(blocks, _ascending(file.length(f"{field}.words")))


def _from(low: int, end: int) -> Rule:
    """Say that numbers are at least *low* and below *end*."""
    return lambda array, first, last: _within(array[first:last], low, end - 1)


def _ascending(end: int) -> Rule:
    """Say that numbers ascend from 0 or more, and that none is above *end*."""

    def holds(array: Array, first: int, last: int) -> bool:
        here = array[max(0, first - 1) : last]
        return _within(here, 0, end) and bool((here[1:] >= here[:-1]).all())

    return holds


def _postings(file: ArrayFile, starts: str, size: int) -> Rule:
    """Say that the documents of each word, of which there are *size*, ascend."""

    def holds(array: Array, first: int, last: int) -> bool:
        first = max(0, first - 1)
        here, begins = array[first:last], file[starts]
        ascends = np.concatenate(([True], here[1:] > here[:-1]))
        low, high = np.searchsorted(begins, (first, last))
        ascends[begins[low:high] - first] = True
        return _within(here, 0, size - 1) and bool(ascends.all())

    return holds


def _is_day(array: Array, first: int, last: int) -> bool:
    here = array[first:last]
    return _within(here[here != OPEN_END], OPEN_START, date.max.toordinal())


def _within(numbers: Array, low: int, high: int) -> bool:
    return not len(numbers) or bool(numbers.min() >= low and numbers.max() <= high)
