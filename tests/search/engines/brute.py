"""What a search must answer, worked out the slow way: document by document.

It shares the analyzer with the engines, since that defines what a word is, and nothing
else: matching, scoring, counting and sorting are written again from their definitions.
"""

import calendar
import fnmatch
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, date

from search.analyzer import (
    TEXT_GAP,
    folded_pattern,
    stemmed_language,
    terms_of_word,
    tokens,
)
from search.engine import Count, Document, Hit, Request, Result
from search.tree import (
    All,
    And,
    AnyOf,
    Boost,
    Days,
    Favour,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    Words,
)

FIRST, LAST = date.min, date.max
WEIGHTS = {"text": (1.0, 0.5), "title": (0.5, 0.5)}


class Field:
    """The words of one field of a document, by position."""

    def __init__(self, texts: Iterable[tuple[str, str | None]]) -> None:
        self.terms: dict[int, set[str]] = {}
        self.words: dict[int, set[str]] = {}
        self.length = 0
        offset = 0
        for text, language in texts:
            last = -1
            for token in tokens(text, language):
                last = token.position
                self.terms.setdefault(last + offset, set()).update(token.terms)
                self.words.setdefault(last + offset, set()).add(token.word)
                self.length += not token.whole
            offset += last + 1 + TEXT_GAP


def edits(one: str, other: str) -> int:
    """Optimal string alignment, by the recurrence in the textbook."""
    table = {(i, 0): i for i in range(len(one) + 1)}
    table |= {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


class Corpus:
    """Some documents, and the answers that they give."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = {document.id: document for document in documents}
        self.fields = {
            document.id: {
                "text": Field(document.text),
                "title": Field(document.title),
                "subject": Field((label, None) for label in document.subjects),
            }
            for document in self.documents.values()
        }
        self.languages = {
            stemmed
            for document in self.documents.values()
            for _, language in document.text + document.title
            if (stemmed := stemmed_language(language))
        }

    def answer(self, request: Request) -> Result:
        """Answer a request."""
        scores = {
            id: score * (0.5 if id.startswith(("stance/", "proposition/")) else 1)
            for id, score in self.matches(request.query).items()
        }
        allowed = {facet: self.matches(node) for facet, node in request.filters}
        found = [id for id in scores if all(id in kept for kept in allowed.values())]
        facets = {}
        for facet in request.facets:
            broader = request.broader.get(facet, {})
            others = [kept for name, kept in allowed.items() if name != facet]
            counts = Counter(
                value
                for id in scores
                if all(id in kept for kept in others)
                for value in {
                    wider
                    for value in self.facet(facet, id, request.month_years)
                    for wider in (value, *broader.get(value, ()))
                }
            )
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            facets[facet] = tuple(
                Count(*pair) for pair in ordered[: request.most_values]
            )
        found.sort()
        if request.sort == "relevance":
            found.sort(key=lambda id: -round(scores[id], 6))
        else:
            found.sort(key=lambda id: self.day(id, request.sort))
        page = found[request.offset : request.offset + request.limit]
        hits = tuple(Hit(id, round(scores[id], 6)) for id in page)
        return Result(total=len(found), hits=hits, facets=facets)

    def facet(
        self, facet: str, id: str, month_years: tuple[int, int] = (MINYEAR, MAXYEAR)
    ) -> tuple[str, ...]:
        """The values of a document in a facet."""
        document = self.documents[id]
        if facet == "kind":
            return (document.kind.value,)
        if facet == "year":
            return tuple(
                f"{year:04}"
                for year in range(*(day.year + n for n, day in enumerate(self.days())))
                if overlaps(document, date(year, 1, 1), date(year, 12, 31))
            )
        if facet == "month":
            bounds = [day.isoformat()[:7] for day in self.days()]
            return tuple(
                f"{year:04}-{month:02}"
                for year in range(*(day.year + n for n, day in enumerate(self.days())))
                if month_years[0] <= year <= month_years[1]
                for month in range(1, 13)
                if bounds[0] <= f"{year:04}-{month:02}" <= bounds[1]
                and overlaps(document, date(year, month, 1), _last(year, month))
            )
        return document.values.get(facet, ())

    def days(self) -> tuple[date, date]:
        """The first and the last day that any date names, two years apart for none."""
        known = [
            day
            for document in self.documents.values()
            if document.dated
            for day in (document.earliest, document.latest)
            if day is not None
        ]
        return (min(known), max(known)) if known else (date(3, 1, 1), date(1, 1, 1))

    def day(self, id: str, sort: str) -> float:
        """What a document is sorted by."""
        document = self.documents[id]
        if not document.dated:
            return math.inf
        first, last = document.earliest, document.latest
        if sort == "date":
            day = first or last
            assert day is not None
            return day.toordinal()
        day = last or first
        assert day is not None
        return -day.toordinal()

    def matches(self, node: Node) -> dict[str, float]:
        """The documents that match, with their scores."""
        match node:
            case And(below, optional):
                parts = [self.matches(child) for child in below]
                extra = [self.matches(child) for child in optional]
                return {
                    id: sum(part[id] for part in parts)
                    + sum(part.get(id, 0.0) for part in extra)
                    for id in self.documents
                    if all(id in part for part in parts)
                }
            case Or(below):
                parts = [self.matches(child) for child in below]
                return {
                    id: sum(part.get(id, 0.0) for part in parts)
                    for id in self.documents
                    if any(id in part for part in parts)
                }
            case Not(child):
                found = self.matches(child)
                return {id: 0.0 for id in self.documents if id not in found}
            case Boost(child, factor):
                return {id: s * factor for id, s in self.matches(child).items()}
            case Favour(child, spans):
                near = {id for day in spans for id in self.matches(day)}
                return {
                    id: s * (1.3 if id in near else 1)
                    for id, s in self.matches(child).items()
                }
            case All():
                return dict.fromkeys(self.documents, 0.0)
            case Days(first, last, _):
                return {
                    id: 0.0
                    for id, document in self.documents.items()
                    if overlaps(document, first or FIRST, last or LAST)
                }
            case AnyOf(field, values):
                return {
                    id: 0.0
                    for id in self.documents
                    if set(values) & set(self.facet(field, id))
                }
            case Prefix(text, field) if field in ("source", "meeting", "proposition"):
                return self.shaped(field, text + "*")
            case Wildcard(shape, field) if field in (
                "source",
                "meeting",
                "proposition",
            ):
                return self.shaped(field, shape)
            case Term() | Phrase() | Prefix() | Wildcard() | Fuzzy():
                return self.leaf(node)
        raise AssertionError(node)

    def shaped(self, field: str, shape: str) -> dict[str, float]:
        """Documents with a value of a shape."""
        return {
            id: 0.0
            for id in self.documents
            if any(fnmatch.fnmatchcase(v, shape) for v in self.facet(field, id))
        }

    def leaf(self, leaf: Words) -> dict[str, float]:
        """Documents with a word or phrase, scored as `search.scoring` promises."""
        fields = [leaf.field] if leaf.field else ["text", "title"]
        counts = {
            id: {name: len(self.starts(leaf, self.fields[id][name])) for name in fields}
            for id in self.documents
        }
        matching = [id for id, found in counts.items() if any(found.values())]
        if fields == ["subject"]:
            return dict.fromkeys(matching, 0.0)
        total, d = len(self.documents), len(matching)
        scores = {}
        for id in matching:
            f = 0.0
            for name in fields:
                w, b = WEIGHTS[name]
                lengths = [
                    self.fields[other][name].length
                    for other, document in self.documents.items()
                    if document.kind == self.documents[id].kind
                ]
                mean = sum(lengths) / len(lengths)
                if counts[id][name]:
                    length = self.fields[id][name].length
                    f += w * counts[id][name] / (1 - b + b * length / mean)
            rarity = math.log(1 + (total - d + 0.5) / (d + 0.5))
            scores[id] = rarity * f * 2.2 / (f + 1.2)
        return scores

    def starts(self, leaf: Words, field: Field) -> set[int]:
        """The positions at which a leaf begins to match."""
        match leaf:
            case Term(text):
                found = self.rows(text, 0, field)
                wholes = [token for token in tokens(text) if token.whole]
                if len(wholes) == 1 and wholes[0].end - wholes[0].start == len(text):
                    terms = terms_of_word(wholes[0].word, self.languages)
                    found |= {p for p in field.terms if field.terms[p] & terms}
                return found
            case Phrase(text, slop):
                return self.rows(text, slop, field)
            case Prefix(text):
                shape = folded_pattern(text) + "*"
            case Wildcard(pattern):
                shape = folded_pattern(pattern)
            case Fuzzy(text, most):
                word = folded_pattern(text)
                return {
                    p
                    for p, words in field.words.items()
                    if any(edits(word, other) <= most for other in words)
                }
        return {
            p
            for p, words in field.words.items()
            if any(fnmatch.fnmatchcase(word, shape) for word in words)
        }

    def rows(self, text: str, slop: int, field: Field) -> set[int]:
        """Where the words of a text stand in order, with at most *slop* between."""
        steps = [
            terms_of_word(text[token.start : token.end], self.languages)
            for token in tokens(text)
            if not token.whole
        ]

        def follows(position: int, step: int, left: int) -> bool:
            if step == len(steps):
                return True
            return any(
                field.terms.get(position + 1 + gap, set()) & steps[step]
                and follows(position + 1 + gap, step + 1, left - gap)
                for gap in range(left + 1)
            )

        return {
            p
            for p, terms in field.terms.items()
            if steps and terms & steps[0] and follows(p, 1, slop)
        }


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def overlaps(document: Document, first: date, last: date) -> bool:
    """Whether a document may be dated within two days."""
    return (
        document.dated
        and (document.earliest or FIRST) <= last
        and (document.latest or LAST) >= first
    )


def without(
    documents: Mapping[str, Document], ids: Iterable[str], owners: Iterable[str]
) -> dict[str, Document]:
    """The documents that stay when some go."""
    gone = set(ids), set(owners)
    return {
        id: document
        for id, document in documents.items()
        if id not in gone[0] and document.owner not in gone[1]
    }
