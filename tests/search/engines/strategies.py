"""Small corpora and queries over few words, so that everything meets everything."""

from datetime import date

from hypothesis import strategies as st

from search.engine import Changes, Document
from search.fields import Kind
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
)

WORDS = (
    "drone drones Iran Iran's iranian C-130 C130 UN-brokered brokered 130 the of met "
    "Erdoğan erdogan négociations negotiation négociée studies study дроны "
    "дрон ёлка ۱۳۰"
).split()
COMMON = "drone drones Iran C-130 C130 of".split()
LANGUAGES = ("en", "fr", "ru", None, "uk")

words = st.one_of(st.sampled_from(COMMON), st.sampled_from(WORDS))
texts = st.lists(words, max_size=9).map(" ".join)
languages = st.sampled_from(LANGUAGES)
days = st.dates(date(2021, 11, 1), date(2023, 2, 1))
slugs = st.sampled_from(["iran", "russia", "turkey"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with any of the fields."""
    kind = draw(st.sampled_from(Kind))
    number = draw(st.integers(1, 6))
    first, last = sorted([draw(days), draw(days)])
    bounds = draw(
        st.sampled_from(
            [(first, last), (first, first), (None, last), (first, None), None]
        )
    )
    owner = draw(st.sampled_from(["source/a", "source/b", "meeting/a"]))
    return Document(
        id=f"{kind}/{owner[-1]}/{number:06}",
        owner=owner,
        kind=kind,
        title=draw(st.lists(st.tuples(texts, languages), max_size=1).map(tuple)),
        text=draw(st.lists(st.tuples(texts, languages), max_size=2).map(tuple)),
        subjects=draw(st.lists(texts, max_size=1).map(tuple)),
        values={
            "actor": tuple(sorted(draw(st.sets(slugs)))),
            "source": (draw(st.sampled_from(["a", "ab", "b"])),),
        },
        dated=bounds is not None,
        earliest=bounds[0] if bounds else None,
        latest=bounds[1] if bounds else None,
    )


@st.composite
def changes(draw: st.DrawFn) -> Changes:
    """What one commit does."""
    added = draw(st.lists(documents(), max_size=5, unique_by=lambda d: d.id))
    ids = draw(st.frozensets(documents().map(lambda d: d.id), max_size=2))
    owners = draw(st.frozensets(st.sampled_from(["source/a", "source/b"]), max_size=1))
    return Changes(added, ids, owners)


fields = st.sampled_from([None, None, "text", "title", "subject"])
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, st.sampled_from(WORDS), fields),
    st.builds(
        Phrase,
        st.lists(words, min_size=1, max_size=3).map(" ".join),
        st.integers(0, 3),
        fields,
    ),
    st.builds(Prefix, st.sampled_from(["dro", "né", "C-1", "e", "stud"]), fields),
    st.builds(Wildcard, st.sampled_from(["d?one", "*ion", "e*n", "*ra*"]), fields),
    st.builds(
        Fuzzy, st.sampled_from(["drnoe", "iran", "stuy"]), st.integers(1, 2), fields
    ),
    st.builds(Prefix, st.sampled_from(["a", "b", "c"]), st.just("source")),
    st.builds(AnyOf, st.just("actor"), st.lists(slugs, max_size=2).map(tuple)),
    st.builds(AnyOf, st.just("kind"), st.just(("passage", "stance"))),
    st.builds(lambda a, b: Days(min(a, b), max(a, b), "x"), days, days),
    st.builds(lambda day: Days(day, None, "x"), days),
    st.just(All()),
)
queries = st.recursive(
    leaves,
    lambda below: st.one_of(
        st.builds(
            And,
            st.lists(below, min_size=1, max_size=3).map(tuple),
            st.lists(below, max_size=1).map(tuple),
        ),
        st.builds(Or, st.lists(below, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, below),
        st.builds(Boost, below, st.sampled_from([0.5, 2.0, 3.0])),
        st.builds(
            Favour,
            below,
            st.builds(lambda a, b: Days(min(a, b), max(a, b), "x"), days, days).map(
                lambda day: (day,)
            ),
        ),
    ),
    max_leaves=5,
)
