"""A table of votes of the shape that the UN Digital Library publishes, made up."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "undl_id ms_code ms_name ms_vote date session resolution draft committee_report "
    "meeting title agenda_title subjects vote_note total_yes total_no "
    "total_abstentions total_non_voting total_ms undl_link"
).split()


def write_votes(path: Path, resolutions: int, states: int, seed: int = 1) -> int:
    """Write a table; return how many rows it has."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        return sum(
            1 for row in _rows(resolutions, states, seed) if writer.writerow(row)
        )


def code_of(state: int) -> str:
    """The code of a state: three letters."""
    return "".join(chr(65 + state // power % 26) for power in (676, 26, 1))


def _rows(resolutions: int, states: int, seed: int) -> Iterator[list[object]]:
    drawn = random.Random(seed)
    for number in range(resolutions):
        votes = drawn.choices("YNAX", (70, 10, 15, 5), k=states)
        totals = [f"{votes.count(vote)}.0" for vote in "YNAX"]
        session = 1 + number % 78
        for state, vote in enumerate(votes):
            yield [
                4_000_000 + number, code_of(state), f"LAND {code_of(state)}", vote,
                f"{1946 + session}-10-{1 + number % 28:02}", session,
                f"A/RES/{session}/{number}", f"A/{session}/L.{number}", "",
                f"A/{session}/PV.{number % 90}", f"Matter {number} : resolution / "
                "adopted by the General Assembly", "Agenda", "FISH--QUOTAS", "",
                *totals, f"{states}.0", f"https://example.org/record/{number}",
            ]  # fmt: skip
