"""What parsed queries mean: AND between words, stop words, names."""

import pytest
from sqlalchemy.orm import Session

from models import Actor, ActorName
from models.enums import NameKind
from search.highlight import find_marks
from search.language import parse
from search.meaning import LiteralNames, Matching, as_typed, resolve
from search.names import MOST_LEVELS, DatabaseNames
from search.tree import (
    And,
    AnyOf,
    Named,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    wanted,
)
from tests import factories as make
from tests.queries.world import make_world

a, b, c = Term("a1"), Term("b1"), Term("c1")


def meant(query: str, match: Matching = "all") -> Node:
    return resolve(parse(query), LiteralNames(), match)


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
    assert resolve(parse(query), names) == AnyOf(field, slugs)


def test_a_name_that_nobody_bears_is_remembered(names):
    resolve(parse('actor:nobody holder:"no one" topic:x*'), names)
    assert names.unknown == [
        'No actor is called "nobody".',
        'No actor is called "no one".',
        'No topic is called "topic:x*".',
    ]


def test_topics_know_what_is_below_and_above_them(names):
    assert names.below_topics(["trade"]) == ("salt", "trade")
    assert names.above_topics == {"salt": ("trade",)}


def name_of(session: Session, actor: Actor, name: str, kind: str = "alias") -> None:
    session.add(ActorName(actor=actor, name=name, kind=NameKind(kind)))
    session.flush()


@pytest.fixture
def known(session: Session) -> DatabaseNames:
    zelensky = make.actor(session, slug="zelensky", name="Volodymyr Zelenskyy")
    for name in ("Зеленский", "Zelensky", "Wolodymyr Selenskyj"):
        name_of(session, zelensky, name)
    america = make.actor(session, slug="usa", name="United States", kind="state")
    for name, kind in (("US", "short"), ("Washington", "metonym"), ("USA", "short")):
        name_of(session, america, name, kind)
    for number in (1, 2):
        smith = make.actor(session, slug=f"smith-{number}", name=f"A{number} Smith")
        name_of(session, smith, "Smith")
    return DatabaseNames(session)


@pytest.mark.parametrize(
    "query", ["Zelensky", "зеленский", "Volodymyr Zelenskyy", "met ZELENSKY today"]
)
def test_a_name_among_plain_words_is_searched_for_under_all_names(known, query):
    tree = resolve(parse(query), known)
    below = tree.children if isinstance(tree, And) else (tree,)
    [named] = [leaf for leaf in below if isinstance(leaf, Named)]
    for name in ("Зеленского", "Volodymyr Zelenskyy", "Selenskyj Wolodymyr Selenskyj"):
        assert find_marks(f"and {name} too", "ru", tree) or "today" in query
    assert known.named == {named: "Volodymyr Zelenskyy"}


@pytest.mark.parametrize(
    "query",
    [
        '"Zelensky"',
        "+Zelensky met",
        "text:Zelensky",
        "Zelen*",
        "Washington",
        "Smith",
        "the",
    ],
)
def test_what_is_quoted_shared_or_a_metonym_is_searched_for_as_it_is_typed(
    known, query
):
    resolve(parse(query), known)
    assert not known.named


def test_a_short_name_that_is_a_word_as_well_is_not_added(known):
    tree = resolve(parse("United States"), known)
    assert isinstance(tree, Named) and tree.names == ("USA",)
    assert not find_marks("they told us in Washington", "en", tree)


def test_an_occurrence_under_one_of_many_names_counts_once(known):
    tree = resolve(parse("Zelensky"), known)
    marks = find_marks("Volodymyr Zelensky spoke", "en", tree)
    assert len(marks) == 1


def test_a_recognised_name_can_be_quoted_to_be_left_alone(known):
    query = parse("met Volodymyr Zelenskyy today")
    resolve(query, known)
    [named] = known.named
    assert str(as_typed(query, named)) == 'met "Volodymyr Zelenskyy" today'
    assert not [
        leaf
        for leaf in wanted(resolve(as_typed(query, named), known))
        if isinstance(leaf, Named)
    ]


def test_an_actor_with_very_many_names_is_searched_for_under_some_and_says_so(session):
    many = make.actor(session, slug="many", name="Manyname")
    for number in range(1_000):
        name_of(session, many, f"Alias number {number}")
    names = DatabaseNames(session)
    tree = resolve(parse("Manyname"), names)
    assert isinstance(tree, Named) and len(tree.names) == 64
    assert "1,000 other names" in names.unknown[0]


def test_part_of_a_name_is_looked_up_and_several_are_offered(known):
    assert resolve(parse("actor:Selensky"), known) == AnyOf("actor", ("zelensky",))
    assert known.unknown.pop() == "“Selensky” is read as Volodymyr Zelenskyy."
    assert resolve(parse("holder:A1"), known) == AnyOf("holder", ("smith-1",))
    known.unknown.clear()
    assert resolve(parse('person:"Smith A"'), known) == AnyOf("actor", ())
    assert "smith-1" in known.unknown[0] and "smith-2" in known.unknown[0]


def test_a_chain_of_topics_is_read_in_time_that_grows_with_it(session: Session) -> None:
    above = None
    for number in range(MOST_LEVELS + 20):
        above = make.topic(session, slug=f"t-{number:03}", parent=above)
    broader = DatabaseNames(session).above_topics
    assert len(broader) == MOST_LEVELS + 19
    assert broader["t-002"] == ("t-001", "t-000")
    assert max(map(len, broader.values())) == MOST_LEVELS
    assert len(DatabaseNames(session).below_topics(["t-000"])) == MOST_LEVELS + 20
