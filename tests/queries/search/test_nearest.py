"""Where nothing is found, the nearest that exists is offered."""

from collections.abc import Collection

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.search.nearest import MOST_TRIED, nearest
from search.language import parse
from tests.queries.search.conftest import Finder

WORDS = ["salt", "ship", "king", "envoy", "spring"]
NAMES = ["kind", "actor", "topic", "source", "year"]

#: A document: its words, and one value of each filter.
DOCUMENTS = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from(WORDS), min_size=1),
        st.fixed_dictionaries({name: st.sampled_from("ab") for name in NAMES}),
    ),
    max_size=6,
)
FILTERS = st.dictionaries(
    st.sampled_from(NAMES), st.sampled_from("abc").map(lambda one: (one,))
)
QUERY = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)


@given(DOCUMENTS, FILTERS, QUERY)
def test_something_is_offered_if_a_word_is_found_anywhere(documents, filters, words):
    asked = 0

    def counts(query: str, without: Collection[str]) -> int:
        nonlocal asked
        asked += 1
        wanted = set(query.split())
        return sum(
            wanted <= held
            and all(
                values[name] in given
                for name, given in filters.items()
                if name not in without
            )
            for held, values in documents
        )

    query = " ".join(words)
    if counts(query, ()):
        return
    asked = 0
    found = nearest(parse(query), filters, counts)
    assert asked <= 3 * MOST_TRIED + len(filters) + 1
    changeable = filters or len(words) > 1
    assert bool(found) == any(changeable and counts(word, filters) for word in words)
    for one in found:
        assert one.total == counts(one.query, one.drops)
        assert set(one.drops) <= set(filters)
        assert one.without == (one.drops[0] if len(one.drops) == 1 else None)
        for name in one.drops:
            assert f"{name}:{filters[name][0]}" in one.sentence


@given(
    query=st.sampled_from(["salt", "ship sail", "king", "envoy nosuchword", ""]),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["passage", "meeting", "actor", "stance"]),
            "actor": st.sampled_from(["king", "envoy", "aden", "court"]),
            "topic": st.sampled_from(["trade", "salt"]),
            "source": st.sampled_from(["report", "summary"]),
            "meeting": st.sampled_from(["aden-meeting", "talks"]),
            "year": st.sampled_from(["2022", "1999"]),
        },
    ),
    match=st.sampled_from([None, "all", "any"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_is_offered_is_found_when_it_is_followed(
    find: Finder, query, filters, match
):
    page = find(query, match=match, **filters)
    if page.total or page.some:
        assert page.nearest == ()
        return
    for one in page.nearest:
        kept = {name: value for name, value in filters.items() if name not in one.drops}
        assert find(one.query, match=match, **kept).total == one.total > 0
    if find(query, match=match).total:
        assert page.nearest
