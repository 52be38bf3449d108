"""The picture of a network, for a desk and for a phone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.networks import Node
from formats.pictures.frames import DESK, PHONE, Frame
from formats.pictures.labels import text_width
from formats.pictures.network import LINE, _circles, _draw, _Line
from models.enums import ActorKind
from queries.shapes import Ref

NAMES = st.sampled_from(
    ("Iran", "Putin’s closest allies in Central Asia (unnamed)", "ایران", "Верания")
    + ("中华人民共和国" * 9, "x" * 500, "<script>alert(1)</script>", "")
)
SIZES = st.integers(1, 300)


def node(number: int, name: str, size: int) -> Node:
    return Node(
        thing=Ref(kind="actor", slug=f"actor-{number}", label=name),
        kind=ActorKind.STATE,
        size=size,
        degree=1,
    )


@settings(max_examples=25)
@given(
    st.lists(st.tuples(NAMES, SIZES), min_size=2, max_size=30),
    st.sampled_from((DESK, PHONE)),
    st.booleans(),
)
def test_no_name_and_no_node_leaves_the_picture(
    given: list[tuple[str, int]], frame: Frame, directed: bool
) -> None:
    nodes = [node(number, *one) for number, one in enumerate(given)]
    lines = [
        _Line(one.thing.slug, nodes[0].thing.slug, 1.0, "met", "") for one in nodes[1:]
    ]
    found = _draw(nodes, len(nodes), lines, len(lines), frame, directed=directed)
    assert found
    assert len(found.circles) == min(len(nodes), frame.nodes)
    assert found.hidden_nodes == len(nodes) - len(found.circles)
    for circle in found.circles:
        assert circle.radius <= circle.x <= frame.width - circle.radius
        assert circle.radius <= circle.y <= frame.height - circle.radius
        width = max(map(text_width, circle.label), default=0)
        left = (
            circle.text_x
            - {"start": 0, "middle": width / 2, "end": width}[circle.anchor]
        )
        assert left >= 1 and left + width <= frame.width - 1
        assert circle.text_y >= 11
        assert circle.text_y - 11 + LINE * len(circle.label) <= frame.height


def test_a_name_does_not_stand_on_its_own_circle() -> None:
    """At the edge of a phone the name is moved into the picture, but not so far."""
    edge = PHONE.width - 30.0
    [circle] = _circles([node(1, "United States", 9)], [(edge, 200.0)], [14.0], PHONE)
    beside = circle.anchor == "end" and circle.text_x <= edge - 14
    above_or_below = abs(circle.text_y - 200) > 14
    assert beside or above_or_below
