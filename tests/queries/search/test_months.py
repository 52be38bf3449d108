"""Hits of a short time are counted by month, and a month narrows to what it counts."""

from collections import Counter
from datetime import date
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import open_session
from search.sync import drain
from settings import Settings
from tests import factories as make
from tests.queries.search.conftest import Finder

DAYS = st.dates(date(2021, 1, 1), date(2023, 12, 31))


@given(
    days=st.lists(DAYS, min_size=1, max_size=6),
    year=st.sampled_from([None, "2021", "2022", "2023"]),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_short_time_is_counted_by_month_and_narrowed_to_one(
    find: Finder, settings: Settings, days: list[date], year: str | None
) -> None:
    word = f"x{uuid4().hex}"
    with open_session(settings.database_url, write=True) as session:
        for number, day in enumerate(days):
            source = make.source(session, slug=f"{word}-{number}", published=f"{day}")
            make.source_text(session, f"Clove {word}.", source=source)
        session.commit()
    drain(find.engine, settings.database_url)
    counted = Counter(f"{day:%Y-%m}" for day in days if year in (None, f"{day:%Y}"))
    span = sorted({f"{day:%Y}" for day in days}) if year is None else [year]
    page = find(word, year=year)
    if len(counted) < 2 or int(span[-1]) - int(span[0]) > 1:
        assert page.months == ()
        return
    assert {one.month: one.count for one in page.months if one.count} == counted
    months = [one.month for one in page.months]
    assert months == sorted(months) and months[0] == min(counted)
    assert max(one.height for one in page.months) == 100
    for one in filter(lambda one: one.count, page.months):
        narrowed = find(word, year=year, month=one.month)
        assert narrowed.total == one.count
        chosen = [bar.month for bar in narrowed.months if bar.selected]
        assert chosen == [one.month]
        assert [one.selected for one in narrowed.facets["month"]].count(True) == 1
