"""What a query is read as, and what is refused with which words."""

import ast
import contextlib
import re
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.fields import FIELDS
from search.language import parse, plain_words
from search.query_error import LONGEST_QUERY, QueryError
from search.tree import (
    All,
    And,
    Boost,
    Days,
    Fuzzy,
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
from settings import CHECKOUT
from tests.search.engines.strategies import queries

a, b, c = Term("a1"), Term("b1"), Term("c1")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", All()),
        ("  ", All()),
        ("*:*", All()),
        ("a1", a),
        ("a1 b1", Together((a, b))),
        ("a1 AND b1", And((a, b))),
        ("a1 OR b1", Or((a, b))),
        ("a1 b1 OR c1", Together((a, Or((b, c))))),
        ("a1 OR b1 c1", Together((Or((a, b)), c))),
        ("a1 AND b1 OR c1", Or((And((a, b)), c))),
        ("(a1 b1) OR c1", Or((Together((a, b)), c))),
        ("NOT a1", Not(a)),
        ("-a1 b1", Together((Not(a), b))),
        ("a1 AND NOT b1", And((a, Not(b)))),
        ("+a1 b1", Together((Require(a), b))),
        ("+a1", a),
        ("or a1", Together((Term("or"), a))),
        ("a1^2.5", Boost(a, 2.5)),
        ("(a1 OR b1)^3", Boost(Or((a, b)), 3.0)),
        ("a1^2^3", Boost(a, 6.0)),
        ('"food security"', Phrase("food security")),
        ("“food security”", Phrase("food security")),
        ("«food security»", Phrase("food security")),
        ('"near words"~3', Phrase("near words", 3)),
        (r'"say \"no\""', Phrase('say "no"')),
        ("dro*", Prefix("dro")),
        ("d?o*n", Wildcard("d?o*n")),
        (r"d\*ne", Term("d*ne")),
        ("drnoe~1", Fuzzy("drnoe", 1)),
        ("drnoe~", Fuzzy("drnoe", 1)),
        ("negotation~", Fuzzy("negotation", 2)),
        ("title:a1", Term("a1", "title")),
        ('title:"a b"', Phrase("a b", 0, "title")),
        ("actor:iran", Value("actor", "iran")),
        (
            'actor:"islamic republic  of iran"',
            Value("actor", "islamic republic of iran"),
        ),
        (
            "actor:(iran OR russia)",
            Or((Value("actor", "iran"), Value("actor", "russia"))),
        ),
        ("actor:mb*", Prefix("mb", "actor")),
        ("kind:Meeting", Value("kind", "meeting")),
        ("position:-2", Value("position", "-2")),
        ("position:>0", Or((Value("position", "1"), Value("position", "2")))),
        ("position:[-1 TO 0]", Or((Value("position", "-1"), Value("position", "0")))),
        ("a1 & b1", Together((a, b))),
        ("'iran'", Term("iran")),
        ("l'Iran's", Term("Iran")),
        ("/etc/passwd", Term("etc/passwd")),
        ("Who sold drones?", Together((Term("Who"), Term("sold"), Term("drones")))),
    ],
)
def test_a_query_is_read(query, tree):
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("date:2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("date:2022-06~", date(2022, 6, 1), date(2022, 6, 30)),
        ("date:2022-07-12?", date(2022, 7, 12), date(2022, 7, 12)),
        ("date:2022-06-01/2022-06-10", date(2022, 6, 1), date(2022, 6, 10)),
        ("date:../2022-07-12", None, date(2022, 7, 12)),
        ('date:"2022-06~"', date(2022, 6, 1), date(2022, 6, 30)),
        ("date:[2022-06 TO 2022-09]", date(2022, 6, 1), date(2022, 9, 30)),
        ("date:[2022-06~ TO 2022-09?]", date(2022, 6, 1), date(2022, 9, 30)),
        ("date:{2022-06 TO 2022-09}", date(2022, 7, 1), date(2022, 8, 31)),
        ("date:[2022 TO *]", date(2022, 1, 1), None),
        ("date:<2022", None, date(2021, 12, 31)),
        ("date:>=2022-03", date(2022, 3, 1), None),
        ("date:*", None, None),
    ],
)
def test_a_date_is_read_as_days(query, first, last):
    tree = parse(query)
    assert isinstance(tree, Days)
    assert (tree.first, tree.last) == (first, last)


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ('a "b', 2, "quotation mark"),
        ("(a b", 4, "ends too early"),
        ("a b)", 3, "cannot stand here"),
        ("AND", 0, "cannot stand here"),
        ("a AND", 5, "ends too early"),
        ("colour:red", 0, 'No field is called "colour"'),
        ("http://x", 0, 'No field is called "http"'),
        ("a actor:", 8, "ends too early"),
        ("kind:letter", 5, "expected passage, meeting"),
        ("position:9", 9, "is not a position"),
        ("date:2022-13", 5, "not a date"),
        ("date:2022-02-30", 5, "no calendar"),
        ("date:[2023 TO 2022]", 5, "ends before it begins"),
        ("date:>9999", 5, "leaves the calendar"),
        ("[a TO b]", 0, "Ranges are for"),
        ("actor:iran~", 6, "~ means nothing"),
        ("a~3", 0, "~1 or ~2"),
        ("a~1.5", 0, "~1 or ~2"),
        ('"a b"~1.5', None, "cannot be read"),
        ('"a b"~999', 0, "At most ~100"),
        ("a^0", 0, "A boost is between"),
        ("a^1.2.3", None, "cannot be read"),
        ("a && b", 2, "write AND"),
        ("a || b", 2, "write OR"),
        ("!a", 0, "write NOT"),
        ("*", 0, "need a letter"),
        ("a ???*", 2, "need a letter"),
        ("actor:*", 6, "need a letter"),
        ("kind:pass*", 5, "takes passage"),
        ("actor:(title:a)", 7, "stands within actor"),
        ("&", 0, "no word"),
        ("nul\0byte", 3, "U+0000, which no text can hold"),
        ("x" * (LONGEST_QUERY + 1), LONGEST_QUERY, "are allowed"),
        ("(" * 60 + "a" + ")" * 60, 50, "50 levels"),
        ("NOT " * 400 + "a", None, "50 levels"),
        ("ab " * 101, None, "101 words and values; 100 are allowed"),
        ("*ab* " * 21, None, "21 words with"),
    ],
)
def test_what_is_refused_says_where_and_why(query, position, says):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in caught.value.detail
    assert caught.value.status == 400
    if position is not None:
        assert caught.value.position == position


def test_an_unknown_field_is_told_the_known_ones():
    with pytest.raises(QueryError) as caught:
        parse("colour:red")
    assert all(field.key in caught.value.detail for field in FIELDS)
    assert caught.value.field == "colour"


def test_every_field_has_an_example_that_uses_it():
    for field in FIELDS:
        tree = parse(field.example)
        assert str(tree).startswith(f"{field.key}:")


@given(queries.filter(lambda tree: not re.search("AnyOf|Days", repr(tree))))
def test_any_tree_prints_what_can_be_read(tree):
    try:
        assert parse(str(parse(str(tree)))) == parse(str(tree))
    except QueryError as error:
        assert "boost" in error.detail or "levels" in error.detail


_SYNTAX = st.lists(
    st.sampled_from(
        r"""a drones Erdoğan C-130 l'Iran ( ) " “ ' + - ! ~ ~1 ^ ^2 ^0.5 * ? : \ / [ ]
        { } TO AND OR NOT < > >= date: date:2022 date:[2022 position:-1 position:
        actor: actor:x title: kind: *:* 2022-06~ ] & && || \* 😀""".split()
        + [" ", " ", " ", "\t", "\u3000"]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(st.text(), _SYNTAX))
@example('date:"')
@example("date:[2022 TO")
@example("\\")
@example("a\\")
@example('"\\')
@example("position:-")
@example("date:\\ ")
@example("~")
@example("\ud800")
def test_any_text_is_read_and_prints_back_or_is_refused(query):
    try:
        tree = parse(query)
    except QueryError as error:
        assert error.detail
        assert error.position is None or 0 <= error.position <= len(query)
    else:
        assert parse(str(tree)) == tree
    words = plain_words(query)
    if words is not None:
        assert parse(str(words)) == words


@pytest.mark.parametrize(
    "piece",
    ['"', "\\\\", "[", "{", "(", "~", "^", "*", "?", "'", "/", "-", "+", ":", "!", "a:",
     "date:", "date:[", 'date:"', "position:-", "a~", "NOT ", "a OR ", "é" * 9 + " "],
)  # fmt: skip
def test_no_text_takes_long(piece):
    started = time.monotonic()
    query = (piece * LONGEST_QUERY)[:LONGEST_QUERY]
    for text in (query, f"a {query}", f"{query} a"):
        with contextlib.suppress(QueryError):
            parse(text[:LONGEST_QUERY])
        plain_words(text)
    assert time.monotonic() - started < 2


def test_the_words_of_a_broken_query_are_kept():
    assert plain_words('title:"food (AND drones^') == Together(
        (Term("food"), Term("drones"))
    )
    assert plain_words("?!") is None


def test_threads_may_parse_at_once():
    texts = [f"(a{n} OR b{n}) title:c{n}* NOT d{n}" for n in range(50)]
    expected = list(map(parse, texts))
    wrong: list[object] = []

    def read() -> None:
        for _ in range(5):
            wrong.extend(
                text
                for text, tree in zip(texts, expected, strict=True)
                if parse(text) != tree
            )

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nobody_uses_the_parser_that_threads_must_not_share():
    for path in (CHECKOUT / "search").rglob("*.py"):
        for node in ast.walk(ast.parse(Path(path).read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported = [alias.name for alias in node.names]
                if isinstance(node, ast.ImportFrom):
                    imported = [f"{node.module}.{name}" for name in imported]
                assert not any(name.startswith("luqum.parser") for name in imported)
