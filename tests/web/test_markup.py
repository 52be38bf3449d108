"""Evidence in a passage: escaped, marked, and an element for each anchor."""

import re

from hypothesis import given
from hypothesis import strategies as st

from models.dates import parse_edtf
from queries.dates import WrittenDate
from queries.shapes import Mark, PassageItem, Ref, Segment
from web.markup import marked

DAY = parse_edtf("2022-07-12")


def passage(text: str, *spans: tuple[int, int]) -> PassageItem:
    """A passage with these spans of evidence, cut as `queries/evidence.py` cuts it."""
    edges = {cut for span in spans for cut in span if 0 <= cut <= len(text)}
    cuts = sorted({0, len(text), *edges})
    segments = tuple(
        Segment(
            text=text[start:end],
            start=start,
            end=end,
            anchors=tuple(f"e{s}-{e}" for s, e in spans if s <= start and end <= e),
            begins=tuple(f"e{s}-{e}" for s, e in spans if s == start),
        )
        for start, end in zip(cuts, cuts[1:], strict=False)
    )
    return PassageItem(
        source=Ref(kind="source", slug="x", label="X"),
        published=WrittenDate(
            edtf=DAY.edtf, earliest=DAY.earliest, latest=DAY.latest, as_written=None
        ),
        position=1,
        start=0,
        end=len(text),
        speaker=None,
        text=text,
        segments=segments,
        marks=tuple(
            Mark(anchor=f"e{s}-{e}", start=s, end=e, claims=()) for s, e in spans
        ),
        url="/sources/x#p1",
    )


def test_everything_in_a_passage_is_escaped() -> None:
    assert marked(passage("<b>&", (0, 3))) == "<mark>&lt;b&gt;</mark>&amp;"


def test_each_span_is_one_element_with_its_anchor() -> None:
    html = marked(passage("abcdef", (1, 3), (4, 5)), anchors=True)
    assert html == 'a<mark id="e1-3">bc</mark>d<mark id="e4-5">e</mark>f'


def test_spans_that_begin_together_nest_the_shorter_in_the_longer() -> None:
    html = marked(passage("abcd", (0, 2), (0, 4)), anchors=True)
    assert html == '<mark id="e0-4"><mark id="e0-2">ab</mark>cd</mark>'


def test_a_span_that_crosses_another_is_cut_and_its_anchor_stands_once() -> None:
    html = marked(passage("abcdef", (0, 3), (2, 5)), anchors=True)
    assert html == (
        '<mark id="e0-3">ab<mark id="e2-5">c</mark></mark><mark class="rest">de</mark>f'
    )


def test_a_span_over_several_passages_says_where_it_goes_on_and_comes_over() -> None:
    first = marked(passage("abcd", (2, 9)), anchors=True)
    assert first == 'ab<mark id="e2-9" class="on">cd</mark>'
    last = marked(passage("abcd", (-2, 2)), anchors=True)
    assert last == '<mark class="over">ab</mark>cd'
    between = marked(passage("abcd", (-2, 9), (1, 2)), anchors=True)
    assert between == '<mark class="over on">a<mark id="e1-2">b</mark>cd</mark>'


@given(
    text=st.text(min_size=1, max_size=20),
    cuts=st.sets(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=6),
)
def test_any_spans_make_balanced_elements_around_the_same_words(
    text: str, cuts: set[tuple[int, int]]
) -> None:
    spans = sorted((s, e) for s, e in cuts if s < e <= len(text))
    item = passage(text, *spans)
    html = marked(item, anchors=True)
    depth = 0
    for closing in re.findall(r"<(/?)mark", html):
        depth += -1 if closing else 1
        assert depth >= 0
    assert depth == 0
    assert html.striptags() == marked(passage(text)).striptags()
    ids = re.findall(r'id="([^"]+)"', html)
    assert sorted(ids) == sorted({f"e{s}-{e}" for s, e in spans})
