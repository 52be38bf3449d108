"""What a dataset folder with faults is answered."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from errors import InputFaults
from exchange.load import load
from models import Actor, LoadRun, open_session
from settings import Settings
from tests.exchange.small import edit, write_small

# file, what to replace, by what, the lines of the answer
FAULTS = [
    (
        "actors.yaml",
        "kind: state\n  identifiers",
        "kind: realm\n  colour: red\n  identifiers",
        [
            'actors.yaml, line 4: kind: "realm": expected one of person, state, '
            "government_body, international_organization, bloc, armed_forces, "
            "armed_group, company, media, research_body, ngo, unnamed_group",
            'actors.yaml, line 5: colour: "red": expected one of the keys slug, name, '
            "kind, parent, description, names, identifiers, memberships",
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "role: host",
        "role: hosting",
        [
            'meetings/oslo-talks.yaml, line 16: participants[1].role: "hosting": '
            "expected one of host, co_host, chair, visitor, head_of_delegation, "
            "delegate, mediator, observer, guest"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "country: norland",
        "country: nowhere",
        [
            'meetings/oslo-talks.yaml, line 8: country: "nowhere": '
            "expected the slug of a known actor"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "country: norland",
        "country: league",
        [
            'meetings/oslo-talks.yaml, line 8: country: "league": expected an actor '
            "of kind state (this one is of kind international_organization)"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "title: Talks in Oslo",
        "title: 2021",
        [
            'meetings/oslo-talks.yaml, line 3: title: "2021": '
            "expected text (a number or word of YAML goes in quotes)"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "title: Talks in Oslo\n",
        "",
        ["meetings/oslo-talks.yaml, line 2: title: expected this key"],
    ),
    (
        "meetings/oslo-talks.yaml",
        "date: 2021-05-03\ncity",
        "date: 2021-13\ncity",
        [
            'meetings/oslo-talks.yaml, line 6: date: "2021-13": expected a date in '
            "EDTF, such as 2022-07-12, 2022-07 or 2022-06-01/2022-06-10 "
            "(it is not EDTF)"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "evidence: [{source: report, quote: met Bo Lund of Suria in Oslo}]",
        "evidence: []",
        ["meetings/oslo-talks.yaml, line 9: evidence: expected at least one"],
    ),
    (
        "meetings/oslo-talks.yaml",
        "quote: Anna Berg of Norland met",
        "quote: Anna  Berg of Norland met",
        [
            "meetings/oslo-talks.yaml, line 18: participants[1].evidence[1].quote: "
            '"Anna  Berg of Norland met": expected “Anna Berg of Norland met”, as it '
            "stands in line 1 of the text, at 0 (the quote differs in white space or "
            "line breaks); `dragoman anchor --repair` can put it right"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "quote: No such words",
        [
            "meetings/oslo-talks.yaml, line 31: outcomes[1].evidence[1].quote: "
            '"No such words": expected words that stand in the text, unchanged'
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "quote: The talks w",
        [
            "meetings/oslo-talks.yaml, line 31: outcomes[1].evidence[1].quote: "
            '"The talks w": expected words that stand in the text once (they stand '
            "at 92 and 148; add a prefix, a suffix or start and end)"
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "start: 150, end: 1000",
        [
            "meetings/oslo-talks.yaml, line 31: outcomes[1].evidence[1].end: "
            '"1000": expected a span within the 169 characters of the text'
        ],
    ),
    (
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "quote: The talks will go on, start: 1, end: 2",
        [
            "meetings/oslo-talks.yaml, line 31: outcomes[1].evidence[1].quote: "
            '"The talks will go on": expected the words that stand at start and end'
        ],
    ),
    (
        "stances.yaml",
        "polarity: 2",
        "polarity: -1",
        ['stances.yaml, line 8: polarity: "-1": expected 1 or 2 with the position for'],
    ),
    (
        "stances.yaml",
        "  actor: suria\n",
        "  actor: suria\n  proposition: make-peace\n",
        ["stances.yaml, line 17: expected exactly one target: proposition or actor"],
    ),
    (
        "stances.yaml",
        "proposition: make-peace",
        "proposition: talks-went-on",
        [
            'stances.yaml, line 8: polarity: "2": expected 1 (affirms) or -1 (denies): '
            "the proposition is factual"
        ],
    ),
    (
        "stances.yaml",
        "agenda_item: 1",
        "agenda_item: 2",
        [
            'stances.yaml, line 12: agenda_item: "2": '
            "expected one of the 1 agenda items of oslo-talks"
        ],
    ),
    (
        "stances.yaml",
        "  meeting: oslo-talks\n",
        "  meeting: oslo-talks\n  topic: peace\n",
        [
            'stances.yaml, line 12: topic: "peace": '
            "expected no topic: the proposition has one"
        ],
    ),
    (
        "stances.yaml",
        "slug: norland-to-suria",
        "slug: berg-for-peace",
        [
            'stances.yaml, line 17: slug: "berg-for-peace": expected a slug of its own '
            "(this stance stands in stances.yaml, line 3)"
        ],
    ),
    (
        "topics.yaml",
        "name: Security}",
        "name: Security, parent: peace}",
        [
            'topics.yaml, line 2: parent: "peace": '
            "expected a topic that is not itself under security",
            'topics.yaml, line 3: parent: "security": '
            "expected a topic that is not itself under peace",
        ],
    ),
    (
        "sources/report.yaml",
        "passage: 1, actor",
        "passage: 9, actor",
        [
            'sources/report.yaml, line 11: mentions[1].passage: "9": '
            "expected one of the 3 passages"
        ],
    ),
    (
        "sources/report.yaml",
        "text_file: report.txt",
        "text_file: ../../../etc/passwd",
        [
            'sources/report.yaml, line 10: text_file: "../../../etc/passwd": '
            "expected a file of this dataset"
        ],
    ),
    (
        "actors.yaml",
        "kind: person}",
        "kind: person, parent: suria}",
        [
            "actors.yaml, line 12: expected no parent for a person "
            "(a nationality is not recorded)"
        ],
    ),
    (
        "offices.yaml",
        "person: anna-berg",
        "person: suria",
        [
            'offices.yaml, line 6: tenures[1].person: "suria": expected an actor of '
            "kind person (this one is of kind state)"
        ],
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "answer"), FAULTS)
def test_each_fault_is_one_line_and_changes_nothing(
    sqlite_settings: Settings,
    tmp_path: Path,
    name: str,
    old: str,
    new: str,
    answer: list[str],
) -> None:
    folder = write_small(tmp_path / "small")
    edit(folder, name, old, new)
    with pytest.raises(InputFaults) as caught:
        load(folder, sqlite_settings.database_url)
    assert [str(fault) for fault in caught.value.faults] == answer
    with open_session(sqlite_settings.database_url) as session:
        assert session.scalar(sa.select(sa.func.count(Actor.id))) == 0
        assert session.scalar(sa.select(sa.func.count(LoadRun.id))) == 0


def test_all_faults_are_named_at_once(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "small")
    edit(folder, "topics.yaml", "name: Peace", "label: Peace")
    edit(folder, "stances.yaml", "mode: said", "mode: sung")
    edit(folder, "sources/report.yaml", "language: en", "language: [en]")
    with pytest.raises(InputFaults) as caught:
        load(folder, sqlite_settings.database_url)
    places = {fault.place for fault in caught.value.faults}
    assert places >= {"topics.yaml", "stances.yaml", "sources/report.yaml"}


def test_a_file_that_would_not_be_read_is_a_fault(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "small")
    (folder / "stance.yaml").write_text("[]")
    (folder / "meetings" / "other.yml").write_text("{}")
    (folder / "README.md").write_text("Read me.")
    with pytest.raises(InputFaults) as caught:
        load(folder, sqlite_settings.database_url)
    assert [fault.place for fault in caught.value.faults] == [
        "meetings/other.yml",
        "stance.yaml",
    ]


def test_a_quote_that_stands_twice_is_told_apart_by_what_is_around_it(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "small")
    edit(
        folder,
        "meetings/oslo-talks.yaml",
        "quote: The talks will go on",
        "quote: The talks w, suffix: ill",
    )
    assert load(folder, sqlite_settings.database_url).total("added") == 16
