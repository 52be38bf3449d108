"""The questions at 50,000 stances of 200 actors on 500 propositions.

The goal is 300 ms of server time at the median, for the whole page: the question, its
picture and its template. The readouts of `../shared` are loaded too where they are at
hand. What carries the numbers stands in `docs/analysis.md`.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

import migrations
from app import create_app
from benchmarks.generated import fill
from benchmarks.runner import benchmark
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


def page(address: str) -> Iterator[Callable[[], object]]:
    """Time a page."""
    site = client()

    def ask() -> None:
        response = site.get(address)
        assert response.status_code == 200, response.text  # noqa: S101

    yield ask


@benchmark(goal=GOAL)
def actor_timeline() -> Iterator[Callable[[], object]]:
    """One state with all who speak for it."""
    return page("/actors/g-state-3/timeline")


@benchmark(goal=GOAL)
def proposition_timeline() -> Iterator[Callable[[], object]]:
    """All actors on one proposition."""
    return page("/propositions/g-proposition-5/timeline")


@benchmark(goal=GOAL)
def matrix() -> Iterator[Callable[[], object]]:
    """All actors and propositions, the first 2,000 cells."""
    return page("/matrix")


@benchmark(goal=GOAL)
def matrix_of_a_topic() -> Iterator[Callable[[], object]]:
    """One topic as of a day."""
    return page("/matrix?topic=g-topic-7&to=2020-07-12")


@benchmark(goal=GOAL)
def contested() -> Iterator[Callable[[], object]]:
    """The first ten contested propositions."""
    return page("/contested")


@benchmark(goal=GOAL)
def stance_network() -> Iterator[Callable[[], object]]:
    """200 actors, every pair."""
    return page("/networks/stances")


@benchmark(goal=GOAL)
def stance_network_normalised() -> Iterator[Callable[[], object]]:
    """The same by Jaccard, all duplicates counted."""
    return page("/networks/stances?normalisation=jaccard&duplicates=all")


@benchmark(goal=GOAL)
def meeting_network() -> Iterator[Callable[[], object]]:
    """2,000 meetings."""
    return page("/networks/meetings")
