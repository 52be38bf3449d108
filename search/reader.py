"""From luqum's tree of a query to ours: what each part of it means, or why nothing."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from luqum import tree as lucene

from search import ranges
from search.analyzer import folded_pattern, tokens
from search.fields import (
    BY_KEY,
    Field,
    Match,
    known_fields,
    one_of,
)
from search.prescan import RAW_FIELDS
from search.query_error import (
    DEEPEST_QUERY,
    MOST_EDITS,
    STRONGEST_BOOST,
    WEAKEST_BOOST,
    WIDEST_SLOP,
    QueryError,
    too_deep,
)
from search.tree import (
    All,
    And,
    Boost,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Require,
    Term,
    Together,
    Value,
    Wildcard,
)
from wording import none_called

_INITIAL = re.compile(r"[^\W\d_]\.")
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?)+")
_NUMBER = re.compile(r"\d{1,3}(?: \d{3})*")
_THOUSANDS = re.compile(r"\d{3}")


class Reader:
    """Turns luqum's tree of one query into ours."""

    def __init__(self, query: str, text: str) -> None:
        self._query = query
        self._text = text

    def read(self, item: Any, field: Field | None, level: int = 0) -> Node | None:
        """Return the node for *item*; None for one without a word."""
        if level > 4 * DEEPEST_QUERY:
            raise QueryError(too_deep(), position=item.pos)
        match item:
            case lucene.SearchField():
                return self._search_field(item, field, level)
            case lucene.Group() | lucene.FieldGroup():
                return self.read(item.children[0], field, level + 1)
            case lucene.UnknownOperation():
                return self._several(item, field, level, Together)
            case lucene.AndOperation():
                return self._several(item, field, level, And)
            case lucene.OrOperation():
                return self._several(item, field, level, Or)
            case lucene.Not() | lucene.Prohibit():
                child = self.read(item.children[0], field, level + 1)
                return None if child is None else Not(bare(child))
            case lucene.Plus():
                child = self.read(item.children[0], field, level + 1)
                return None if child is None else Require(bare(child))
            case lucene.Boost():
                return self._boost(item, field, level)
            case lucene.Range() | lucene.From() | lucene.To():
                return self._range(item, field)
            case lucene.Word():
                return self._word(item, field)
            case lucene.Phrase():
                return self._phrase(item, 0, field)
            case lucene.Proximity():
                return self._phrase(item.term, int(item.degree), field)
            case lucene.Fuzzy():
                return self._fuzzy(item, field)
            case _:  # a regular expression
                raise QueryError(
                    "Regular expressions are not supported; use * and ? in a word.",
                    position=item.pos,
                )

    def _search_field(self, item: Any, outer: Field | None, level: int) -> Node | None:
        inner = item.children[0]
        if item.name == "*" and getattr(inner, "value", None) == "*":
            return All()
        field = BY_KEY.get(item.name.lower())
        if field is None:
            raise QueryError(
                f"{none_called('field', item.name)}. The fields are {known_fields()}. "
                f"To search for a colon's neighbours as words, quote them.",
                position=item.pos,
                field=item.name,
            )
        if outer is not None:
            raise QueryError(
                f"{field.key}: stands within {outer.key}:, and a value has one field.",
                position=item.pos,
            )
        return self.read(inner, field, level + 1)

    def _several(
        self,
        item: Any,
        field: Field | None,
        level: int,
        make: Callable[[tuple[Node, ...]], Node],
    ) -> Node | None:
        read = (
            Term(child, field.key if field else None)
            if isinstance(child, str)
            else self.read(child, field, level + 1)
            for child in _written_apart(item.children, field, make is Together)
        )
        found = tuple(child for child in read if child is not None)
        if make is not Together:
            found = tuple(map(bare, found))
        return make(found) if len(found) > 1 else found[0] if found else None

    def _boost(self, item: Any, field: Field | None, level: int) -> Node | None:
        child = self.read(item.children[0], field, level + 1)
        if child is None:
            return None
        child = bare(child)
        factor = float(item.force)
        if isinstance(child, Boost):
            factor *= child.factor
            child = child.child
        factor = round(factor, 3)
        if not WEAKEST_BOOST <= factor <= STRONGEST_BOOST:
            raise QueryError(
                f"A boost is between {WEAKEST_BOOST} and {STRONGEST_BOOST}.",
                position=item.pos,
            )
        return child if factor == 1 else Boost(child, factor)

    def _word(self, item: Any, field: Field | None) -> Node | None:
        if field is not None and field.match is Match.DATE:
            return self._date(item)
        raw = str(item.value)
        if field is not None and field.key in RAW_FIELDS:
            raw = self._written(item)
        pieces = _unescaped(raw)
        if any(wild for _, wild in pieces):
            return self._wildcard(item, pieces, field)
        return self._plain("".join(char for char, _ in pieces), item, field)

    def _plain(self, text: str, item: Any, field: Field | None) -> Node | None:
        """A word or value without wildcards."""
        if field is None or field.match is Match.WORDS:
            word = _trimmed(text)
            return Term(word, field.key if field else None) if word else None
        return self._value(text, item, field)

    def _value(self, text: str, item: Any, field: Field) -> Node:
        text = " ".join(text.split())
        if not text:
            raise QueryError(f"{field.key}: needs a value.", position=item.pos)
        if field.match is Match.CODE:
            text = text.lower()
            if text not in field.codes:
                raise QueryError(
                    f"“{text}” is not a {field.key}; expected {one_of(field.codes)}.",
                    position=item.pos,
                    field=field.key,
                )
        elif field.match is Match.SLUG:
            text = text.lower()
        return Value(field.key, text)

    def _wildcard(
        self, item: Any, pieces: list[tuple[str, bool]], field: Field | None
    ) -> Node:
        while pieces and pieces[-1] == ("?", True):
            pieces = pieces[:-1]  # "Who sold drones?" asks, it does not match
        text = "".join(char for char, _ in pieces)
        wild = [number for number, (_, wild) in enumerate(pieces) if wild]
        if not wild:
            plain = self._plain(text, item, field)
            if plain is None:
                raise QueryError("? stands for a letter.", position=item.pos)
            return plain
        key = field.key if field else None
        if not folded_pattern(text).strip("*?."):
            raise QueryError(
                "* and ? need a letter beside them; *:* finds everything.",
                position=item.pos,
            )
        if field is not None and field.match is Match.CODE:
            raise QueryError(
                f"{field.key}: takes {one_of(field.codes)}.",
                position=item.pos,
                field=field.key,
            )
        if wild == [len(pieces) - 1] and pieces[-1][0] == "*":
            return Prefix(text[:-1], key)
        literal = [char for char, is_wild in pieces if char in "*?" and not is_wild]
        if literal:
            raise QueryError("\\* and \\? match no letter.", position=item.pos)
        return Wildcard(text, key)

    def _phrase(self, item: Any, slop: int, field: Field | None) -> Node | None:
        if slop > WIDEST_SLOP:
            raise QueryError(
                f"At most ~{WIDEST_SLOP} words may stand between.", position=item.pos
            )
        if field is not None and field.match is Match.DATE:
            return self._date(item)
        text = "".join(char for char, _ in _unescaped(item.value[1:-1]))
        if field is None or field.match is Match.WORDS:
            key = field.key if field else None
            return Phrase(text, slop, key) if _has_word(text) else None
        if slop:
            raise QueryError(
                f"{field.key}: has values, not words; ~{slop} means nothing there.",
                position=item.pos,
                field=field.key,
            )
        return self._value(text, item, field)

    def _fuzzy(self, item: Any, field: Field | None) -> Node | None:
        pieces = _unescaped(str(item.term.value))
        text = "".join(char for char, _ in pieces)
        if field is not None and field.match is not Match.WORDS:
            raise QueryError(
                f"{field.key}: has values, not words; ~ means nothing there.",
                position=item.pos,
                field=field.key,
            )
        if any(wild for _, wild in pieces):
            raise QueryError("A word takes * and ? or ~, not both.", position=item.pos)
        word = folded_pattern(text)
        edits = float(item.degree)
        if str(item).endswith("~"):  # luqum would then have a number of its own
            edits = 1 if len(word) <= 5 else 2
        if edits not in range(1, MOST_EDITS + 1):
            raise QueryError("A word takes ~, ~1 or ~2.", position=item.pos)
        if not word:
            return None
        return Fuzzy(text, int(edits), field.key if field else None)

    def _range(self, item: Any, field: Field | None) -> Node:
        if field is None or field.key not in RAW_FIELDS:
            raise QueryError(
                "Ranges are for date: and position: only.", position=item.pos
            )
        if isinstance(item, lucene.Range):
            low, high = item.low, item.high
            bounds = (item.include_low, item.include_high)
        elif isinstance(item, lucene.From):
            low, high, bounds = item.children[0], None, (item.include, True)
        else:
            low, high, bounds = None, item.children[0], (True, item.include)
        written = [self._bound(low), self._bound(high)]
        if field.match is Match.DATE:
            return ranges.days(written, bounds, item.pos)
        return ranges.polarities(written, bounds, item.pos)

    def _bound(self, item: Any) -> str | None:
        if item is None:
            return None
        text = self._written(item)
        return None if text == "*" else text

    def _written(self, item: Any) -> str:
        """What the query says where *item* stands, undisguised."""
        if isinstance(item, lucene.Phrase):
            pieces = _unescaped(item.value[1:-1])
            return "".join(char for char, _ in pieces)
        end = item.pos + len(str(item.value))
        return self._query[item.pos : end]

    def _date(self, item: Any) -> Node:
        return ranges.day(self._written(item), item.pos)


def _written_apart(
    items: Sequence[Any], field: Field | None, beside: bool
) -> list[Any]:
    """Unite words that spaces part and texts write as one: J. F., 1 200 000."""
    if not beside or (field is not None and field.match is not Match.WORDS):
        return list(items)
    found: list[Any] = []
    for item in items:
        text = str(item.value) if isinstance(item, lucene.Word) else ""
        last = found[-1] if found else None
        before = last if isinstance(last, str) else str(getattr(last, "value", ""))
        if (_INITIAL.fullmatch(text) and _INITIALS.fullmatch(before)) or (
            _THOUSANDS.fullmatch(text) and _NUMBER.fullmatch(before)
        ):
            found[-1] = f"{before} {text}"
        else:
            found.append(item)
    return found


def bare(node: Node) -> Node:
    """Drop a plus that has no neighbours to matter to."""
    return node.child if isinstance(node, Require) else node


def _has_word(text: str) -> bool:
    return any(True for _ in tokens(text))


def _trimmed(text: str) -> str:
    """A word without the punctuation, article or ending around it; empty if nothing."""
    while True:
        spans = [(token.start, token.end) for token in tokens(text)]
        if not spans:
            return ""
        kept = text[spans[0][0] : max(end for _, end in spans)]
        if kept == text:
            return text
        text = kept


def _unescaped(text: str) -> list[tuple[str, bool]]:
    """Each character of a word, and whether it is a wildcard."""
    pieces = []
    chars = iter(text)
    for char in chars:
        if char == "\\":
            pieces.append((next(chars, "\\"), False))
        else:
            pieces.append((char, char in "*?"))
    return pieces
