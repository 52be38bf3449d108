"""The query language: Lucene's syntax, read into our tree.

luqum parses; this module decides. Between words stands AND. ``OR`` binds the two
clauses beside it more tightly than the space between words, and ``AND`` more tightly
still: ``a b OR c`` is ``a (b OR c)``, and ``a AND b OR c`` is ``(a AND b) OR c``. That
is luqum's grammar and what people expect of a search box: ``iran drones OR missiles``.

What luqum would misread is settled before it sees the text, character for character,
so that positions in error messages stay true: typographic quotes are straightened, a
single quote or slash before a word is dropped, and the values of ``date:`` and
``position:`` are set aside (``date:2022-06~`` is not a fuzzy word, ``position:-2`` not
a negation).

Only ``luqum.thread.parse`` is used: ``luqum.parser.parse`` shares one lexer between
threads (8,273 of 12,000 parses by eight threads were wrong).

Long because the reader of the query language is one set of rules that lean on each
other.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import luqum.exceptions
import luqum.thread
from luqum import tree as lucene

from errors import BadRequest
from models.date_words import read_date
from models.dates import DateError, EdtfDate
from search.analyzer import folded_pattern, tokens
from search.fields import (
    BY_KEY,
    POLARITIES,
    Field,
    Match,
    known_fields,
    one_of,
)
from search.tree import (
    All,
    And,
    Boost,
    Days,
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
    children,
)
from wording import find_unreadable, none_called

LONGEST_QUERY = 2_000
DEEPEST_QUERY = 50
MOST_PARTS = 100
MOST_SHAPES = 20
WIDEST_SLOP = 100
MOST_EDITS = 2
STRONGEST_BOOST = 1_000
WEAKEST_BOOST = 0.001

_STRAIGHT = str.maketrans({char: '"' for char in "“”„‟«»＂"})
_RAW_FIELDS = ("date", "position")
_PIECE = re.compile(
    rf"""
    (?P<kept> \\. | "(?:[^"\\]|\\.)*" )
    | (?<![^\s(+\-!])(?P<raw> (?i:{"|".join(_RAW_FIELDS)}): ) (?![\s(])
    | (?<![^\s(:+\-])(?P<dropped> ['/]+ )
    | (?P<operator> && | \|\| | (?<![^\s(])!(?=\w) )
    """,
    re.VERBOSE | re.DOTALL,
)
_RAW_VALUE = re.compile(
    r"""
    (?P<quoted> "(?:[^"\\]|\\.)*" )
    | [\[{] \s* (?P<low> [^\s\]}]+ ) \s+ TO \s+ (?P<high> [^\s\]})]+ ) \s* [\]}]
    | (?P<set> [\[{] [^\[\]{}]* [\]}] )
    | (?P<than> [<>]=? ) (?P<bound> [^\s()\[\]{}"^]+ )
    | (?P<plain> [^\s()\[\]{}"<>^]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_MEANT = {"&&": "AND", "||": "OR", "!": "NOT"}
_INITIAL = re.compile(r"[^\W\d_]\.")
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?)+")
_NUMBER = re.compile(r"\d{1,3}(?: \d{3})*")
_THOUSANDS = re.compile(r"\d{3}")
# A quotation mark within a Hebrew word is a letter of an abbreviation.
_GERSHAYIM = re.compile(r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
_POSITION = re.compile(r"position (\d+)")


class QueryError(BadRequest):
    """A query that cannot be understood; says where, and what would be."""

    def __init__(
        self, detail: str, *, position: int | None = None, field: str = "q"
    ) -> None:
        super().__init__(detail, field=field, position=position)


def parse(query: str) -> Node:
    """Read a query into a tree; an empty query asks for everything.

    Raises:
        QueryError: whatever is wrong with the text; nothing else is raised.
    """
    _check_size(query)
    if not query.strip():
        return All()
    text = _prepared(query)
    try:
        parsed = luqum.thread.parse(text)
    except luqum.exceptions.ParseError as error:
        raise _syntax_error(query, error) from None
    except (ValueError, ArithmeticError):  # ~1.5 after a phrase, ^1.2.3
        raise QueryError(
            "A number after ~ or ^ cannot be read; write for example ~2 or ^1.5."
        ) from None
    node = _Reader(query, text).read(parsed, None)
    if node is None:
        raise QueryError("The query has no word to search for.", position=0)
    _check_depth(node)
    _check_parts(node)
    return _bare(node)


def plain_words(query: str) -> Node | None:
    """Read a query that cannot be parsed as the plain words in it, if any.

    Signs, operators and the names of fields are dropped, and what is too long is cut.
    """
    text = query[:LONGEST_QUERY].replace("\0", " ")
    text = re.sub(r"\b(?:AND|OR|NOT|TO)\b", " ", text)
    text = re.sub(rf"\b(?i:{'|'.join(BY_KEY)}):", " ", text)
    seen = {
        text[token.start : token.end]: None for token in tokens(text) if not token.whole
    }
    words = tuple(Term(word) for word in list(seen)[:50])
    if not words:
        return None
    return words[0] if len(words) == 1 else Together(words)


def _check_size(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise QueryError(
            f"The query has {len(query):,} characters; {LONGEST_QUERY:,} are allowed.",
            position=LONGEST_QUERY,
        )
    if unreadable := find_unreadable("The query", query):
        sentence, position = unreadable
        raise QueryError(sentence, position=position)
    depth = 0
    for place, char in enumerate(query):
        depth += (char == "(") - (char == ")")
        if depth > DEEPEST_QUERY:
            raise QueryError(_too_deep(), position=place)


def _too_deep() -> str:
    return f"The query nests more than {DEEPEST_QUERY} levels deep."


def _check_depth(node: Node, level: int = 0) -> None:
    if level > DEEPEST_QUERY:
        raise QueryError(_too_deep())
    for child in children(node):
        _check_depth(child, level + 1)


def _check_parts(node: Node) -> None:
    """Refuse a query that would keep an engine busy for too long."""
    leaves = list(_leaves(node))
    if len(leaves) > MOST_PARTS:
        raise QueryError(
            f"The query has {len(leaves):,} words and values; {MOST_PARTS} are allowed."
        )
    shapes = sum(isinstance(leaf, Prefix | Wildcard | Fuzzy) for leaf in leaves)
    shapes += sum(leaf.text.count("*") for leaf in leaves if isinstance(leaf, Phrase))
    if shapes > MOST_SHAPES:
        raise QueryError(
            f"The query has {shapes} words with *, ? or ~; {MOST_SHAPES} are allowed."
        )


def _leaves(node: Node) -> Iterator[Node]:
    below = children(node)
    if not below:
        yield node
    for child in below:
        yield from _leaves(child)


def _prepared(query: str) -> str:
    """Return the query as luqum may see it; each character keeps its place."""
    text = _GERSHAYIM.sub("\u05f4", query.translate(_STRAIGHT))
    out = list(text)
    place = 0
    while found := _PIECE.search(text, place):
        place = found.end()
        if found["dropped"]:
            out[found.start() : place] = " " * len(found["dropped"])
        elif operator := found["operator"]:
            raise QueryError(
                f"{operator} means nothing here; write {_MEANT[operator]}.",
                position=found.start(),
            )
        elif found["raw"] and (value := _RAW_VALUE.match(text, place)):
            place = value.end()
            for group in ("low", "high", "set", "bound", "plain"):
                start, end = value.span(group)
                if end > start and text[start:end] != "*":
                    out[start:end] = "x" * (end - start)
    return "".join(out)


def _syntax_error(query: str, error: Exception) -> QueryError:
    found = _POSITION.search(str(error))
    if found is None:
        return QueryError(
            "The query ends too early: an operand or a closing bracket is missing.",
            position=len(query),
        )
    place = min(int(found[1]), len(query))
    rest = query[place:].split(maxsplit=1)
    word = rest[0][:20] if rest else "the end"
    if query[place : place + 1] in ('"', "“", "”", "„", "«", "»"):
        return QueryError("A quotation mark is not closed.", position=place)
    return QueryError(f"“{word}” cannot stand here.", position=place)


class _Reader:
    """Turns luqum's tree of one query into ours."""

    def __init__(self, query: str, text: str) -> None:
        self._query = query
        self._text = text

    def read(self, item: Any, field: Field | None, level: int = 0) -> Node | None:
        """Return the node for *item*; None for one without a word."""
        if level > 4 * DEEPEST_QUERY:
            raise QueryError(_too_deep(), position=item.pos)
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
                return None if child is None else Not(_bare(child))
            case lucene.Plus():
                child = self.read(item.children[0], field, level + 1)
                return None if child is None else Require(_bare(child))
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
            found = tuple(map(_bare, found))
        return make(found) if len(found) > 1 else found[0] if found else None

    def _boost(self, item: Any, field: Field | None, level: int) -> Node | None:
        child = self.read(item.children[0], field, level + 1)
        if child is None:
            return None
        child = _bare(child)
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
            return self._date(item, field)
        raw = str(item.value)
        if field is not None and field.key in _RAW_FIELDS:
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
            return self._date(item, field)
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
        if field is None or field.key not in _RAW_FIELDS:
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
            return self._days(item, written, bounds)
        return self._polarities(item, written, bounds)

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

    def _date(self, item: Any, field: Field) -> Node:
        written = self._written(item)
        if written == "*":
            return Days(None, None, "*")
        days = self._edtf(written, item)
        plain = re.fullmatch(r"[^\s()\[\]{}\"\\<>*'“”„‟«»＂]+", written)
        shown = written if plain else '"' + re.sub(r'(["\\])', r"\\\1", written) + '"'
        return Days(days.earliest, days.latest, shown)

    def _days(
        self, item: Any, written: list[str | None], bounds: tuple[bool, bool]
    ) -> Days:
        first, last = None, None
        try:
            if written[0] is not None:
                low = self._edtf(written[0], item)
                first = low.earliest if bounds[0] else _shifted(low.latest, 1)
            if written[1] is not None:
                high = self._edtf(written[1], item)
                last = high.latest if bounds[1] else _shifted(high.earliest, -1)
        except OverflowError:
            detail = "The range leaves the calendar."
            raise QueryError(detail, position=item.pos) from None
        if first is not None and last is not None and first > last:
            raise QueryError(
                "The range ends before it begins.", position=item.pos, field="date"
            )
        low_text, high_text = (text or "*" for text in written)
        opening, closing = "{["[bounds[0]], "}]"[bounds[1]]
        return Days(first, last, f"{opening}{low_text} TO {high_text}{closing}")

    def _edtf(self, text: str, item: Any) -> EdtfDate:
        try:
            return read_date(text).date
        except DateError as error:
            raise QueryError(error.detail, position=item.pos, field="date") from None

    def _polarities(
        self, item: Any, written: list[str | None], bounds: tuple[bool, bool]
    ) -> Node:
        try:
            low = -9 if written[0] is None else int(written[0])
            high = 9 if written[1] is None else int(written[1])
        except ValueError:
            raise QueryError(
                "A range of position: goes from one number to another, -2 to 2.",
                position=item.pos,
                field="position",
            ) from None
        low += not bounds[0]
        high -= not bounds[1]
        found = [text for text in POLARITIES if low <= int(text) <= high]
        if not found:
            raise QueryError(
                "No polarity lies in that range; they go from -2 to 2.",
                position=item.pos,
                field="position",
            )
        values = tuple(Value("position", text) for text in found)
        return values[0] if len(values) == 1 else Or(values)


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


def _bare(node: Node) -> Node:
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


def _shifted(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days)


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
