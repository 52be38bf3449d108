"""A small dataset folder for the tests to write, change and break."""

from pathlib import Path

TEXT = """Anna Berg of Norland met Bo Lund of Suria in Oslo on 3 May.

“We want peace,” Ms Berg said. The talks went on until late.

Suria’s delegation left. The talks will go on."""

FILES = {
    "dataset.yaml": """
slug: small
title: A small dataset
recorded: {at: 2026-05-04, by: A. Coder}
""",
    "topics.yaml": """
- {slug: security, name: Security}
- {slug: peace, name: Peace, parent: security}
""",
    "actors.yaml": """
- slug: norland
  name: Norland
  kind: state
  identifiers: {iso3166-1-alpha3: NOR}
  names: [{name: Oslo, kind: metonym}]
- {slug: suria, name: Suria, kind: state}
- slug: anna-berg
  name: Anna Berg
  kind: person
  names: [{name: Berg, kind: short}, {name: Анна Берг, language: ru, script: Cyrl}]
- {slug: bo-lund, name: Bo Lund, kind: person}
- slug: league
  name: The League
  kind: international_organization
- slug: norland-ministry
  name: Ministry of Norland
  kind: government_body
  parent: norland
  memberships:
    - organization: league
      status: observer
      attested: 2021
      evidence: [{source: report, quote: Anna Berg of Norland}]
""",
    "offices.yaml": """
- slug: minister-of-norland
  title: Minister
  body: norland
  tenures:
    - person: anna-berg
      attested: 2021-05-03
      evidence: [{source: report, quote: Ms Berg said}]
""",
    "propositions.yaml": """
- slug: make-peace
  text: Norland and Suria should make peace.
  kind: normative
  topic: peace
- {slug: talks-went-on, text: The talks went on., kind: factual}
""",
    "stances.yaml": """
# What was said.
- slug: berg-for-peace
  holder: anna-berg
  represents: norland
  proposition: make-peace
  position: for
  polarity: 2
  mode: said
  stated: {edtf: 2021-05-03, as_written: on 3 May}
  meeting: oslo-talks
  agenda_item: 1
  evidence:
    - source: report
      quote: “We want peace,” Ms Berg said.  # her words
      said_by: [{speaker: anna-berg, verb: quoted}]
- slug: norland-to-suria
  holder: norland
  actor: suria
  position: unclear
  mode: inferred
  evidence: [{source: report, quote: Suria’s delegation left, role: context}]
""",
    "meetings/oslo-talks.yaml": """
slug: oslo-talks
title: Talks in Oslo
kind: talks
format: bilateral
date: 2021-05-03
city: Oslo
country: norland
evidence: [{source: report, quote: met Bo Lund of Suria in Oslo}]
status:
  - {status: held, date: 2021-05-03, evidence: [{source: report, quote: on 3 May}]}
participants:
  - person: anna-berg
    represents: norland
    office: minister-of-norland
    role: host
    presence: attended
    evidence: [{source: report, quote: Anna Berg of Norland met}]
  - label: delegations
    represents: suria
    role: delegate
    evidence: [{source: report, quote: Suria’s delegation left}]
agenda:
  - text: Peace
    topic: peace
    status: discussed
    evidence: [{source: report, quote: We want peace}]
outcomes:
  - type: follow_up_meeting
    text: More talks
    evidence: [{source: report, quote: The talks will go on}]
""",
    "sources/report.yaml": """
slug: report
kind: news_report
title: A report
publisher: The Daily
published: 2021-05-04
language: en
contributors: [C. Writer, D. Writer]
subjects: {persons: [Berg Anna, Nobody Known], countries: [{label: N, actor: norland}]}
text_file: report.txt  # beside this file
mentions: [{passage: 1, actor: league}]
""",
    "sources/report.txt": TEXT,
}


def write_small(folder: Path) -> Path:
    """Write the dataset into a folder."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace words in one file of the dataset, which must hold them once."""
    path = folder / name
    content = path.read_text("utf-8")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times"
    path.write_text(content.replace(old, new), encoding="utf-8", newline="")
