"""What parsed queries mean: AND between words, stop words, names."""

import pytest
from sqlalchemy.orm import Session

from search.language import parse
from search.meaning import LiteralNames, settle
from search.names import DatabaseNames
from search.tree import And, AnyOf, Node, Not, Or, Phrase, Prefix, Term
from tests import factories as make
from tests.queries.world import make_world

a, b, c = Term("a1"), Term("b1"), Term("c1")


def meant(query: str, match: str = "all") -> Node:
    return settle(parse(query), LiteralNames(), match)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a1 b1", And((a, b))),
        ("a1 b1 OR c1", And((a, Or((b, c))))),
        ("a1 -b1", And((a, Not(b)))),
        ("-a1 -b1", And((Not(a), Not(b)))),
        ("the a1", a),
        ("+the a1", And((Term("the"), a))),
        ('"the" a1', And((Phrase("the"), a))),
        ("the of", And((Term("the"), Term("of")))),
        ("the -a1", And((Term("the"), Not(a)))),
        ("a1 AND the", And((a, Term("the")))),
        ("source:x a1", And((AnyOf("source", ("x",)), a))),
        ("source:x*", Prefix("x", "source")),
    ],
)
def test_all_words_must_match_but_those_that_mean_little(query, tree):
    assert meant(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a1 b1", Or((a, b))),
        ("the a1 b1", Or((a, b))),
        ("+a1 b1 c1", And((a,), (b, c))),
        ("a1 b1 -c1", And((Or((a, b)), Not(c)))),
        ("+a1 b1 -c1", And((a, Not(c)), (b,))),
        ("-a1", Not(a)),
        ("+a1 -b1", And((a, Not(b)))),
        ("a1 AND b1", And((a, b))),
        ("a1 b1 source:x", And((Or((a, b)), AnyOf("source", ("x",))))),
        ("source:x kind:actor", meant("source:x AND kind:actor")),
        ("a1 (source:x OR b1)", Or((a, Or((AnyOf("source", ("x",)), b))))),
        ("+a1 b1 source:x", And((a, AnyOf("source", ("x",))), (b,))),
    ],
)
def test_with_any_one_word_will_do(query, tree):
    assert meant(query, "any") == tree


@pytest.fixture
def names(session: Session) -> DatabaseNames:
    make_world(session)
    make.actor(session, slug="queen", name="The Queen")
    return DatabaseNames(session)


@pytest.mark.parametrize(
    ("query", "field", "slugs"),
    [
        ("actor:king", "actor", ("king",)),
        ('actor:"the king"', "actor", ("king",)),
        ("actor:KIRAL", "actor", ("king",)),
        ("actor:the*", "actor", ("envoy", "king", "queen")),
        ("actor:k?r*", "actor", ("king",)),
        ("holder:Kıral", "holder", ("king",)),
        ("person:king", "actor", ("king",)),
        ("person:aden", "actor", ()),
        ("state:ADEN", "actor", ("aden", "court")),
        ("state:king", "actor", ()),
        ("topic:trade", "topic", ("salt", "trade")),
        ("topic:Salt", "topic", ("salt",)),
        ('publisher:"the gazette"', "publisher", ("The Gazette",)),
        ("publisher:the*", "publisher", ("The Gazette",)),
    ],
)
def test_a_name_means_all_who_bear_it(names, query, field, slugs):
    assert settle(parse(query), names) == AnyOf(field, slugs)


def test_a_name_that_nobody_bears_is_remembered(names):
    settle(parse('actor:nobody holder:"no one" topic:x*'), names)
    assert names.unknown == [
        "No actor is called “nobody”.",
        "No actor is called “no one”.",
        "No topic is called “topic:x*”.",
    ]


def test_topics_know_what_is_below_and_above_them(names):
    assert names.below_topics(["trade"]) == ("salt", "trade")
    assert names.above_topics == {"salt": ("trade",)}
