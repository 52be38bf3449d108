"""The map: circles in their countries, names where there is room."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.places import Place
from formats.pictures.labels import free, text_width
from formats.pictures.make_outlines import (
    area,
    middle,
    path,
    project,
    thinned,
    unbroken,
)
from formats.pictures.map import ASPECT, DESK, PHONE, MapPicture, draw_map
from formats.pictures.outlines import FILE, world
from queries.shapes import Ref

CODES = sorted(world().countries)
NAMES = st.sampled_from(
    [
        "Iran",
        "ایران",
        "Верания",
        "中华人民共和国",
        "<script>alert(1)</script>",
        "x" * 400,
    ]
)


def place(code: str, total: int = 1, name: str | None = None) -> Place:
    return Place(
        country=Ref(kind="actor", slug="some-state", label=name or code),
        code=code,
        held=total,
        planned=0,
        who=(),
        more=0,
    )


PLACES = st.lists(
    st.builds(place, st.sampled_from(CODES), st.integers(1, 10_000), NAMES),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one.code,
)


def boxes(found: MapPicture, wide: int) -> list[tuple[float, float, float, float]]:
    """Where the labels stand on a page of this width, in pixels."""
    made = []
    for spot in found.spots:
        if spot.label and (wide == DESK or not spot.roomy):
            x, y = spot.x / 100 * wide + spot.dx, spot.y / 100 * wide / ASPECT + spot.dy
            width = text_width(spot.label)
            left = {"start": x, "end": x - width, "middle": x - width / 2}[spot.anchor]
            # A pixel less at each side, for what was rounded.
            made.append((left + 1, y - 10, left + width - 1, y + 2))
    return made


@settings(max_examples=40)
@given(PLACES)
def test_every_country_has_its_circle_on_the_map_and_no_name_is_cut_or_crossed(
    places: list[Place],
) -> None:
    found = draw_map(places)
    assert found
    assert len(found.spots) == len(places)
    assert all(0 <= spot.x <= 100 and 0 <= spot.y <= 100 for spot in found.spots)
    for wide in (PHONE, DESK):
        labels = boxes(found, wide)
        for number, box in enumerate(labels):
            assert free(box, labels[:number])
            assert box[0] >= 0 and box[2] <= wide
            assert box[1] >= 0 and box[3] <= wide / ASPECT


def test_a_record_whose_countries_are_not_on_the_map_has_none() -> None:
    assert draw_map([]) is None
    assert draw_map([place(""), place("QQQ")]) is None
    found = draw_map([place(""), place("IRN"), place("QQQ")])
    assert found and [one.code for one in found.nowhere] == ["", "QQQ"]


def test_the_map_shows_the_part_of_the_world_where_meetings_were() -> None:
    near = draw_map([place("IRN"), place("TUR"), place("UZB")])
    far = draw_map([place("USA"), place("NZL"), place("NOR")])
    assert near and far
    assert near.window[2] < world().width / 3
    assert far.window[2] > world().width * 0.9
    assert len(near.land) < len(far.land)
    assert len(near.marked) == len(far.marked) == 3


def test_larger_circles_mean_more_meetings() -> None:
    found = draw_map([place("IRN", 100), place("TUR", 25), place("UZB", 1)])
    assert found
    radii = [spot.radius for spot in found.spots]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] == 2 * radii[1]


def test_the_outlines_are_small_and_every_country_has_a_place() -> None:
    assert FILE.stat().st_size <= 60_000
    countries = json.loads(FILE.read_text("utf-8"))["countries"]
    assert len(countries) > 230
    for code in ("IRN", "SGP", "XKX", "FRA", "NOR", "VAT"):
        assert 0 <= countries[code]["x"] <= world().width
    # An outline is moves and lines in whole numbers, and nothing else.
    plain = re.compile(r"[Mlz\d -]*")
    assert all(plain.fullmatch(one.get("path", "")) for one in countries.values())


def test_a_country_lies_around_its_middle() -> None:
    for code in ("IRN", "TUR", "RUS", "BRA", "AUS"):
        one = world().countries[code]
        assert one.box
        assert one.box[0] < one.x < one.box[2]
        assert one.box[1] < one.y < one.box[3]
    assert world().countries["SWE"].y < world().countries["ITA"].y
    assert world().countries["USA"].x < world().countries["CHN"].x


def test_the_projection_is_galls() -> None:
    x, y = project(0, 0)
    assert x == 4_000
    # True along 45 degrees north: a degree of either is of one length there.
    across = project(1, 45)[0] - project(0, 45)[0]
    down = project(0, 44.5)[1] - project(0, 45.5)[1]
    assert abs(down / across / 2**0.5 - 1) < 0.001
    assert project(0, 60)[1] < y < project(0, -60)[1]


def test_a_ring_over_180_degrees_goes_on_beyond_the_edge() -> None:
    ring = [(7_900.0, 0.0), (7_990.0, 0.0), (10.0, 5.0), (100.0, 90.0), (7_950.0, 90.0)]
    assert unbroken(ring) == [*ring[:2], (8_010.0, 5.0), (8_100.0, 90.0), ring[4]]
    assert unbroken([ring[2], ring[1], ring[2]]) == [(8_010, 5), ring[1], (8_010, 5)]
    assert unbroken(ring[:2]) == ring[:2]


def test_lines_are_thinned_and_keep_their_ends() -> None:
    square = [(0.0, 0.0), (50.0, 1.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    assert thinned(square[:3]) == [(0.0, 0.0), (100.0, 0.0)]
    assert thinned(square) == [square[0], *square[2:]]
    assert abs(area([square[0], *square[2:]])) == 10_000
    assert middle([square[0], *square[2:]]) == (50, 50)
    assert path([*square[2:], square[2]]) == "M100 0l0 100 -100 0z"
