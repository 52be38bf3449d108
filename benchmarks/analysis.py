"""The questions at 50,000 stances of 200 actors on 500 propositions.

The goal is 300 ms of server time at the median, for the whole page: the question, its
picture and its template, or its JSON. The readouts of `../shared` are loaded too where
they are at hand. What carries the numbers stands in `RESULTS.md`.
"""

import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

import migrations
from app import create_app
from benchmarks.generated import fill
from benchmarks.runner import benchmark
from benchmarks.runner import run as run
from exchange.load import load
from models import open_session
from models.database import shared_engine
from settings import CHECKOUT, load_settings

READOUTS = CHECKOUT.parent / "shared/data/kremlin-readouts.sources.jsonl.gz"
GOAL = 0.3

_folder = TemporaryDirectory(prefix="dragoman-bench-")


@cache
def client() -> FlaskClient:
    """A client over the generated record."""
    settings = load_settings({"DRAGOMAN_INSTANCE": str(Path(_folder.name))})
    migrations.upgrade(shared_engine(settings.database_url))
    with open_session(settings.database_url, write=True) as session:
        fill(session)
        session.commit()
    if READOUTS.exists():
        load(READOUTS, settings.database_url)
    else:
        print(f"{READOUTS.name} is not at hand: without it", file=sys.stderr)
    return create_app(settings).test_client()


def page(address: str) -> Generator[Callable[[], object], None, None]:
    """Time a page."""
    site = client()

    def ask() -> None:
        response = site.get(address)
        assert response.status_code == 200, response.text

    yield ask


PAGES = {
    "timeline of an actor": "/actors/g-state-3/timeline",
    "timeline of an actor on a topic": "/actors/g-state-3/timeline?topic=g-topic-7",
    "timeline of a proposition": "/propositions/g-proposition-5/timeline",
    "matrix": "/matrix",
    "matrix by topics": "/matrix?by=topic",
    "matrix by disagreement": "/matrix?sort=disagreement",
    "matrix of a topic, on a day": "/matrix?topic=g-topic-7&to=2020-07-12",
    "stances": "/networks/stances",
    "stances, Jaccard": "/networks/stances?normalisation=jaccard&duplicates=all",
    "stances, once a source": "/networks/stances?duplicates=source",
    "stances, strengths": "/networks/stances?levels=strength&normalisation=cosine",
    "stances, who speaks of what": "/networks/stances?nodes=affiliation",
    "stances, by week": "/networks/stances?windows=week",
    "meetings": "/networks/meetings",
    "contested": "/contested",
}


def add(name: str, address: str) -> None:
    """Put a page and its JSON into the table."""

    @benchmark(goal=GOAL, name=f"analysis, {name}")
    def as_page() -> Generator[Callable[[], object], None, None]:
        return page(address)

    @benchmark(goal=GOAL, name=f"analysis, {name}, JSON")
    def as_json() -> Generator[Callable[[], object], None, None]:
        return page(f"/api/v1{address}")


for _name, _address in PAGES.items():
    add(_name, _address)


@benchmark(times=3)
def matrix_as_csv() -> Generator[Callable[[], object], None, None]:
    """All cells as a file."""
    return page("/matrix?format=csv")


@benchmark(times=3)
def network_as_graphml() -> Generator[Callable[[], object], None, None]:
    """All edges as a file."""
    return page("/networks/stances?format=graphml")
