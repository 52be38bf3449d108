"""Journeys and visits of the Office of the Historian become meetings."""

import re
from html import escape
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exchange.importers.child import read_records
from exchange.importers.document import Given, Unreadable
from exchange.importers.door import ImportReport, Request, import_documents
from exchange.importers.kinds import KINDS
from exchange.importers.making.journeys import counterparts
from exchange.load import load
from models import Actor, Meeting, Source, open_session
from settings import Settings

REAL = Path(__file__).parents[4] / "shared" / "data" / "foreign" / "historian"


def trips(*remarks: str, country: str = "Suria") -> str:
    entries = "".join(
        f'<trip role="president" who="berg-anna"><id>{number}</id>'
        f"<role>president</role><name>Anna Berg</name>"
        f"<start-date>1969-02-23</start-date>"
        f'<end-date>1969-02-24</end-date><country id="suria">{country}</country>'
        f"<locale>Sur\n   City</locale><remarks>{escape(each)}</remarks>"
        "<created-by>editor</created-by></trip>"
        for number, each in enumerate(remarks)
    )
    return f'<?xml version="1.0"?>\n<trips>\n{entries}</trips>'


VISITS = """<?xml version="1.0"?>
<visits>
<visit><id>7</id><start-date>1950-04-12</start-date><end-date>1950-04-12</end-date>
<visitor>President Lund</visitor><from id="suria">Suria</from>
<description>Met with President Berg
   April 12. Also visited New York City.</description></visit>
<visit><id>8</id><start-date>1950-05-03</start-date><visitor>Nobody</visitor></visit>
<visit><id>9</id><visitor>No day</visitor></visit>
</visits>"""


def importing(url: str, *paths: Path) -> ImportReport:
    return import_documents(Request(paths=paths), url)


def test_a_journey_becomes_a_visit_with_those_who_were_met(
    database_url: str, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    (small / "dataset.yaml").write_text("slug: small\ntitle: Small\n")
    (small / "actors.yaml").write_text(
        "- {slug: usa, name: United States of America, kind: state}\n"
        "- {slug: anna-berg, name: Anna Berg, kind: person}\n"
    )
    load(small, database_url)
    path = tmp_path / "berg-anna.xml"
    remarks = (
        "Informal visit; held talks with Prime Minister\n      Lund. Saw the fish.",
        "Attended a council of ministers.",
        "Attended a council of ministers.",
    )
    path.write_text(trips(*remarks))
    report = importing(database_url, path)
    assert report.refusals == []
    assert report.counts["meeting"].added == 2
    assert "1 entry that another says word for word" in " ".join(report.notes)
    with open_session(database_url) as session:
        first, second = session.scalars(sa.select(Meeting).order_by(Meeting.slug))
        assert (first.title, first.city) == ("Anna Berg in Suria", "Sur City")
        assert first.country is not None and first.country.slug == "suria"
        assert (first.date, first.status_events[0].status) == (
            "1969-02-23/1969-02-24", "held",
        )  # fmt: skip
        who = [
            (
                each.person and each.person.slug,
                each.label,
                each.represented and each.represented.slug,
                str(each.role),
            )
            for each in first.participations
        ]
        assert who == [
            ("anna-berg", None, "usa", "visitor"),
            (None, None, "suria", "host"),
            (None, "Prime Minister Lund", None, "delegate"),
        ]
        [evidence] = first.participations[2].evidence
        assert evidence.quote == "held talks with Prime Minister Lund"
        assert len(second.participations) == 2
    assert not importing(database_url, path).changed


def test_a_visit_becomes_a_meeting_in_the_united_states(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    url = sqlite_settings.database_url
    path = tmp_path / "1950.xml"
    path.write_text(VISITS)
    report = importing(url, path)
    assert [str(fault).rpartition(": ")[2] for fault in report.refusals] == [
        "expected a start-date"
    ]
    with open_session(url) as session:
        first, _ = session.scalars(sa.select(Meeting).order_by(Meeting.date))
        assert first.country is not None and first.country.name == "United States"
        labels = [each.label for each in first.participations if each.label]
        assert labels == ["President Lund", "President Berg"]
        source = session.scalars(sa.select(Source)).one()
        assert len(source.texts[0].passages) == 3


def test_files_of_one_import_share_what_they_name(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("a.xml", "b.xml")]
    for path in paths:
        path.write_text(trips(f"Remarks of {path.name}."))
    report = importing(sqlite_settings.database_url, *paths)
    assert report.refusals == []
    with open_session(sqlite_settings.database_url) as session:
        slugs = session.scalars(sa.select(Actor.slug).order_by(Actor.slug)).all()
        assert slugs == ["anna-berg", "suria", "united-states"]


@pytest.mark.parametrize(
    ("prose", "names"),
    [
        ("Met with King Baudouin I.", ["King Baudouin I"]),
        ("Met with President Saragat, Prime Minister Rumor, and other officials.",
         ["President Saragat", "Prime Minister Rumor"]),
        ("Met with King Abdullah bin Abdel Aziz al-Saud.",
         ["King Abdullah bin Abdel Aziz al-Saud"]),
        ("Private visit. Met with President Carter May 10.", ["President Carter"]),
        ("Received by Queen Elizabeth II.", ["Queen Elizabeth II"]),
        ("Accompanied President Bush to the summit.", []),
        ("Attended a meeting; at invitation of the President.", []),
        ("Met with senior officials.", []),
        ("Met with President Mills and addressed Parliament.", ["President Mills"]),
        ("Met with St. Paul’s mayor and with President-elect Gül.",
         ["President-elect Gül"]),
    ],
)  # fmt: skip
def test_those_who_were_met_are_found_in_prose(prose: str, names: list[str]) -> None:
    found = list(counterparts(prose))
    assert [name for name, _ in found] == names
    assert all(name in prose[start:end] for name, (start, end) in found)


@given(st.text("Met with President Kin.;,abÖ \n’-", max_size=200))
def test_what_is_found_in_any_prose_stands_in_its_sentence(prose: str) -> None:
    for name, (start, end) in counterparts(prose):
        assert name in prose[start:end]


def test_entities_are_refused() -> None:
    content = b'<!DOCTYPE t [<!ENTITY a "a">]><trips><trip/></trips>'
    with pytest.raises(Unreadable, match="without entities"):
        read_records(content, KINDS["historian"], Given())
    with pytest.raises(Unreadable, match="Office of the Historian"):
        read_records(b"<trips/>", KINDS["historian"], Given())


def test_the_surnames_in_real_prose_are_found() -> None:
    """Of who is named right after “met with” and an office, nobody is missed."""
    if not REAL.is_dir():
        pytest.skip(f"{REAL} is absent: real journeys are not in the repository")
    offices = "President|Prime Minister|Foreign Minister|Chancellor|King"
    plainly = re.compile(rf"[Mm]et with (?:{offices}) ([A-Z][a-z]+)\b")
    wanted = found = 0
    for path in sorted(REAL.glob("*/*.xml")):
        answer = read_records(path.read_bytes(), KINDS["historian"], Given())
        assert answer is not None
        assert len(answer["entries"]) == path.read_text("utf-8").count("<id>")
        for entry in answer["entries"]:
            prose = entry.get("remarks") or entry.get("description") or ""
            names = " ".join(name for name, _ in counterparts(prose))
            for surname in plainly.findall(prose):
                wanted += 1
                found += surname in names
    assert wanted > 300 and found / wanted > 0.95
