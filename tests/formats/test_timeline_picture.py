"""The picture of a timeline: what took the place of what, and no label cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from analysis.timeline import load_proposition_timeline
from formats.pictures.frames import DESK, PHONE, Frame
from formats.pictures.labels import text_width, wrap
from formats.pictures.timeline import BEHIND, TimelinePicture, draw_timeline
from models import Stance
from models.enums import StanceLink
from tests import factories as make

FRAMES = pytest.mark.parametrize("frame", [DESK, PHONE])


def places(found: TimelinePicture) -> dict[str, float]:
    return {mark.dot.stance.slug: mark.x for band in found.bands for mark in band.marks}


def chain(session: Session, *dates: str, length: int = 3) -> list[Stance]:
    """Stances of one actor on one thing, each superseding the one before."""
    issue = make.proposition(session, slug="issue", text="It should be " * 60)
    holder = make.actor(session, kind="state")
    made = [
        make.stance(
            session,
            slug=f"no-{length - number}",  # the order of slugs tells nothing
            proposition=issue,
            holder=holder,
            stated=dates[number % len(dates)],
            polarity=1 - 2 * (number % 2),
            position="against" if number % 2 else "for",
        )
        for number in range(length)
    ]
    for one, other in zip(made, made[1:], strict=False):
        make.relation(session, other, StanceLink.SUPERSEDES, one)
    session.flush()
    return made


@FRAMES
def test_what_superseded_stands_after_what_it_superseded_with_an_arrow(
    session: Session, frame: Frame
) -> None:
    made = chain(session, "2022-07", "2022-07-01/2022-07-12", "../2022-07-13")
    timeline = load_proposition_timeline(session, "issue")
    assert {(one.earlier, one.later) for one in timeline.successions} == {
        ("no-3", "no-2"),
        ("no-2", "no-1"),
    }
    found = draw_timeline(timeline, frame)
    assert found
    x = [places(found)[stance.slug] for stance in made]
    assert all(
        after - before >= BEHIND for before, after in zip(x, x[1:], strict=False)
    )
    assert len(found.arrows) == 2


@FRAMES
def test_a_long_chain_and_one_in_a_circle_are_drawn_within_the_picture(
    session: Session, frame: Frame
) -> None:
    made = chain(session, "0001-01-01", "9999-12-31", "2022", length=40)
    make.relation(session, made[0], StanceLink.SUPERSEDES, made[-1])
    found = draw_timeline(load_proposition_timeline(session, "issue"), frame)
    assert found
    assert len(places(found)) == 40
    assert all(0 <= x <= frame.width for x in places(found).values())
    assert len(found.arrows) >= 30


@FRAMES
def test_labels_of_lanes_and_days_are_inside_the_picture(
    session: Session, frame: Frame
) -> None:
    issue = make.proposition(session, slug="issue")
    names = (
        "Иран и соседи " * 9,
        "سلام دنیا " * 20,
        "和平" * 90,
        "<b>" * 70,
        "x" * 999,
    )
    for name, day in zip(
        names, ("2022-07-01", "2022-09", "2024", None, "../2020"), strict=True
    ):
        holder = make.actor(session, name=name, kind="state")
        make.stance(session, proposition=issue, holder=holder, stated=day)
    found = draw_timeline(load_proposition_timeline(session, "issue"), frame)
    assert found
    assert len(found.bands) == 4
    for band in found.bands:
        assert 1 <= len(band.label) <= 4
        assert all(text_width(line) <= found.right - found.left for line in band.label)
    for tick in found.ticks:
        half = text_width(tick.label, 12) / 2
        assert half <= tick.text_x <= frame.width - half


def test_only_what_is_on_the_timeline_has_an_arrow(session: Session) -> None:
    one, other, _ = chain(session, "2022-07-01", "2022-07-02", "2022-07-03")
    make.relation(session, other, StanceLink.CLARIFIES, one)
    found = load_proposition_timeline(session, "issue", limit=2)
    assert [(pair.earlier, pair.later) for pair in found.successions] == [
        ("no-2", "no-1")
    ]


@given(st.text(), st.floats(20, 400), st.integers(1, 5))
def test_a_text_is_broken_into_lines_that_fit_and_loses_nothing_unsaid(
    text: str, width: float, most: int
) -> None:
    lines = wrap(text, width, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line) <= width for line in lines)
    whole, shown = re.sub(r"\s", "", text), re.sub(r"\s", "", "".join(lines))
    if shown != whole:
        assert shown.endswith("…")
        assert whole.startswith(shown[:-1])
