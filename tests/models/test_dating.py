"""By which day a source counts: that of its original."""

import random

import pytest
from sqlalchemy.orm import Session

from models import Source, load_dates
from tests import factories as make


def made_from(session: Session, original: Source | None, day: str | None) -> Source:
    if original is None:
        return make.source(session, published=day)
    return make.source(
        session, published=day, original=original, derivation="summary", kind="summary"
    )


def test_a_summary_counts_as_of_the_day_of_what_it_summarises(session: Session) -> None:
    report = made_from(session, None, "2022-07-12/2022-07-13")
    summary = made_from(session, report, "2026-11-22")
    found = load_dates(session, {report.id, summary.id})
    assert str(found[summary.id].published) == "2022-07-12/2022-07-13"
    assert found[summary.id][1:] == found[report.id][1:]


def test_of_an_original_without_a_day_the_summary_keeps_its_own(
    session: Session,
) -> None:
    summary = made_from(session, made_from(session, None, None), "2026-11-22")
    assert str(load_dates(session, {summary.id})[summary.id].published) == "2026-11-22"


@pytest.mark.parametrize("seed", range(4))
def test_of_any_tree_the_farthest_original_with_a_day_counts(
    session: Session, seed: int
) -> None:
    dice = random.Random(seed)
    sources: list[Source] = []
    for _ in range(25):
        original = dice.choice([None, *sources])
        day = dice.choice([None, "2020", "2021-05", "2022-07-12"])
        sources.append(made_from(session, original, day))
    found = load_dates(session, {source.id for source in sources})
    for source in sources:
        at, expected = source, source.published
        while at.original is not None:
            at = at.original
            expected = at.published or expected
        if expected is None:
            assert source.id not in found
        else:
            assert found[source.id].published == expected
