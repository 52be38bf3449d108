"""Derived texts fold under their originals, where both are on the page."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

import queries
from models import open_session
from queries.search.page import SearchPage
from search.engines import open_engine
from search.sync import drain
from settings import Settings
from tests import factories as make


def record(settings: Settings) -> None:
    """A readout, its summary and the translation of that; and one of its own."""
    with open_session(settings.database_url, write=True) as session:
        _record(session)
        session.commit()
    drain(open_engine("whoosh", settings.index_dir), settings.database_url)


def _record(session: Session) -> None:
    report = make.source(session, slug="report", title="Report")
    make.source_text(
        session, "Pepper sold in the port.\n\nPepper and salt.", source=report
    )
    above = report
    for slug, how in (("summary", "summary"), ("translation", "translation")):
        source = make.source(
            session, slug=slug, title=slug, original=above, derivation=how
        )
        make.source_text(session, "Pepper sold.\n\nMace.", source=source)
        above = source
    other = make.source(session, slug="other", title="Other")
    make.source_text(session, "Pepper here as well.", source=other)


@pytest.fixture
def find(settings: Settings):
    record(settings)
    engine = open_engine("whoosh", settings.index_dir)
    with open_session(settings.database_url) as session:

        def find(query: str, **given: Any) -> SearchPage:
            return queries.search(session, query, engine=engine, **given)

        yield find


def folds(page: SearchPage) -> dict[str, str | None]:
    return {hit.slug: hit.folded_under for hit in page.hits}


def test_a_derived_text_folds_under_the_best_passage_of_the_first_original(find):
    page = find("pepper")
    found = folds(page)
    best = next(hit.slug for hit in page.hits if hit.source.slug == "report")
    assert found.pop("summary/1") == found.pop("translation/1") == best
    assert set(found.values()) == {None} and "other/1" in found
    assert page.total == len(page.hits) == 5


def test_where_the_original_is_not_on_the_page_it_stands_by_itself(find):
    assert folds(find("mace")) == {"summary/2": None, "translation/2": "summary/2"}
    assert folds(find("pepper", source="summary")) == {"summary/1": None}
    for page in (1, 2, 3, 4, 5):
        assert set(folds(find("pepper", limit=1, page=page)).values()) == {None}


def test_what_has_all_of_the_words_never_folds_under_what_has_some(find):
    found = folds(find("mace pepper sold port", source=["summary", "report"]))
    assert found["summary/1"] is not None
    page = find("mace sold", source=["summary", "report"])
    for hit in page.hits:
        if hit.folded_under:
            [under] = [one for one in page.hits if one.slug == hit.folded_under]
            assert under.all_words == hit.all_words
