"""The list in two parts: what has all words, a line, what has some."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from queries.search.ranking import rank
from search.engine import Hit, Result

ids = st.one_of(
    st.builds(
        lambda source, n: f"passage/{source}/{n:06}",
        st.sampled_from(["a", "b", "c", "d"]),
        st.integers(1, 40),
    ),
    st.integers(1, 40).map(lambda n: f"stance/{n}"),
)
parts = st.lists(ids, unique=True, max_size=80).flatmap(
    lambda some: st.integers(0, len(some)).map(lambda at: (some[:at], some[at:]))
)


def asker(first, rest, asked):
    """Ask a list of ids as an engine would."""

    def ask(is_first, offset, limit):
        asked.append("first" if is_first else "rest")
        part = first if is_first else rest
        hits = tuple(Hit(id, 1.0) for id in part[offset : offset + limit])
        return Result(total=len(part), hits=hits)

    return ask


def page(first, rest, number, limit, *, two=True, spreads=True, sort="relevance"):
    asked: list[str] = []
    found = rank(
        asker(first, rest, asked),
        two=two,
        sort=sort,
        spreads=spreads,
        page=number,
        limit=limit,
    )
    return found, asked


@given(parts, st.integers(1, 7), st.booleans())
def test_all_pages_together_hold_the_first_part_and_then_the_second(
    both, limit, spreads
):
    first, rest = both
    pages = -(-(len(first) + len(rest)) // limit)
    found = [
        page(first, rest, n, limit, spreads=spreads)[0] for n in range(1, pages + 1)
    ]
    shown = [hit.id for hit in chain.from_iterable(one.hits for one in found)]
    assert sorted(shown[: len(first)]) == sorted(first)
    assert sorted(shown[len(first) :]) == sorted(rest)
    assert sum(one.line for one in found) == len(first)
    for one in found:
        assert {hit.id for hit in one.hits[: one.line]} <= set(first)
        assert {hit.id for hit in one.hits[one.line :]} <= set(rest)
    if not spreads:
        assert shown == [*first, *rest]


@given(parts, st.integers(1, 7), st.integers(1, 12))
def test_the_second_part_is_asked_for_only_past_the_line(both, limit, number):
    first, rest = both
    found, asked = page(first, rest, number, limit)
    assert ("rest" in asked) == (number * limit >= len(first))
    assert found.some == (len(rest) if "rest" in asked else None)


@given(parts, st.integers(1, 7))
def test_the_first_page_holds_one_passage_of_a_source_while_there_are_others(
    both, limit
):
    first, rest = both
    found, _ = page(first, rest, 1, limit)
    shown = [id.split("/")[1] for hit in found.hits if (id := hit.id)[0] == "p"]
    if len(shown) > len(set(shown)) and found.line < limit <= len(first) + len(rest):
        # Only because no passage of another source was left to choose from.
        window = [id for id in [*first, *rest][: 5 * limit] if id[0] == "p"]
        assert {id.split("/")[1] for id in window} <= set(shown) or found.line


def test_in_an_order_of_dates_there_is_a_second_part_only_for_an_empty_first():
    found, asked = page(["stance/1"], ["stance/2"], 1, 10, sort="-date")
    assert asked == ["first"] and found.some is None
    found, asked = page([], ["stance/2"], 1, 10, sort="-date")
    assert asked == ["first", "rest"] and found.some == 1


def test_who_asks_for_all_words_gets_no_second_part():
    found, asked = page(["stance/1"], ["stance/2"], 1, 10, two=False)
    assert asked == ["first"] and [hit.id for hit in found.hits] == ["stance/1"]
