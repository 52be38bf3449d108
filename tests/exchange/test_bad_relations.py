"""Relations that cannot be, or only seem so: an answer that is right, or a sentence."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from exchange.load import load
from models import Stance, open_session
from settings import Settings
from tests.exchange.test_load import STANCE, folder, refused

__all__ = ["folder"]


def add(folder: Path, slug: str, relation: str, other: str, **given: str) -> None:
    """Add a stance that bears on another."""
    path = folder / "stances.yaml"
    text = STANCE.replace("supersedes", relation)
    text = text.replace("berg-for-peace-again", slug)
    text = text.replace("other: berg-for-peace", f"other: {other}")
    for old, new in given.items():
        text = text.replace(f"{old}: anna-berg", f"{old}: {new}")
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def standing(database_url: str) -> set[str]:
    with open_session(database_url) as session:
        return set(session.scalars(sa.select(Stance.slug)))


def test_a_proposition_contrary_to_itself_is_refused_with_file_line_and_remedy(
    folder: Path, database_url: str
) -> None:
    path = folder / "propositions.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("  topic: peace\n", "  topic: peace\n  contrary: [make-peace]\n"),
        "utf-8",
    )
    (line,) = refused(folder, database_url)
    assert line.startswith("propositions.yaml, line ")
    assert "contrary to other propositions, not to itself" in line


@pytest.mark.parametrize("relation", ["corrects", "supersedes"])
def test_a_stance_that_bears_on_itself_is_refused(
    folder: Path, database_url: str, relation: str
) -> None:
    add(folder, "berg-again", relation, "berg-again")
    lines = refused(folder, database_url)
    assert lines
    assert all("stances.yaml" in line for line in lines)


@pytest.mark.parametrize("size", [2, 3, 6])
def test_stances_that_replace_each_other_in_a_circle_are_refused_link_by_link(
    folder: Path, database_url: str, size: int
) -> None:
    """Be it by superseding or by retracting: else none of them would stand."""
    slugs = [f"berg-{number}" for number in range(size)]
    for number, slug in enumerate(slugs):
        how = "retracts" if number % 2 else "supersedes"
        add(folder, slug, how, slugs[(number + 1) % size])
    add(folder, "berg-beside", "supersedes", "berg-0")
    lines = refused(folder, database_url)
    assert len(lines) == size
    for line in lines:
        assert line.startswith("stances.yaml, line ")
        assert "in its turn" in line
        assert "berg-beside" not in line


def test_a_coder_may_have_taken_one_holder_for_another(
    folder: Path, database_url: str
) -> None:
    """So a correction may be of another holder's stance; only the right one stands."""
    add(folder, "lund-for-peace", "corrects", "berg-for-peace", holder="bo-lund")
    load(folder, database_url)
    assert "lund-for-peace" in standing(database_url)
    assert "berg-for-peace" not in standing(database_url)


def test_of_a_correction_of_a_correction_the_last_stands_and_the_first_leads_to_it(
    folder: Path, settings: Settings
) -> None:
    add(folder, "berg-second", "corrects", "berg-for-peace")
    add(folder, "berg-third", "corrects", "berg-second")
    load(folder, settings.database_url)
    found = standing(settings.database_url)
    assert "berg-third" in found
    assert not {"berg-for-peace", "berg-second"} & found
    client = create_app(settings).test_client()
    for old in ("berg-for-peace", "berg-second"):
        answer = client.get(f"/stances/{old}")
        assert answer.status_code in (301, 302, 308)
        assert answer.location.endswith("/stances/berg-third")
