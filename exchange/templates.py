"""What to fill in: a record of each kind, a table of each, a document's front matter.

The part that stands is the least that loads; what else the record may say follows as
comments, from the same models that check it.
"""

from exchange.importers.making.fields import FIELDS, ROWS
from exchange.records import RECORDS, Root
from exchange.yaml12 import parse_yaml
from formats.spreadsheets import csv_text
from wording import with_article

_EVIDENCE = """
    - source: the-source
      quote: The words that say so.
"""
_LEAST = {
    "dataset": """
slug: my-dataset
title: What it is about
""",
    "actor": """
slug: norland
name: Norland
kind: state
""",
    "office": """
slug: minister-of-norland
title: Minister for Foreign Affairs
body: norland
""",
    "topic": """
slug: fisheries
name: Fisheries
""",
    "proposition": """
slug: share-the-quota
text: Norland and Suria should share the quota.
kind: normative
topic: fisheries
""",
    "source": """
slug: the-source
kind: readout
title: Readout of the call
publisher: Ministry of Norland
published: 2025-03-03
language: en
text: |
  The words that say so.
""",
    "meeting": f"""
slug: norland-suria-call
title: Call between the ministers
kind: meeting
date: 2025-03-03
evidence:{_EVIDENCE}participants:
  - person: anna-berg
    represents: norland
    role: delegate
    presence: attended
    evidence:{_EVIDENCE.replace(chr(10) + "    ", chr(10) + "        ")}""",
    "stance": f"""
slug: norland-for-sharing
holder: norland
proposition: share-the-quota
position: for
polarity: 1
mode: said
stated: 2025-03-03
evidence:{_EVIDENCE}""",
}
_DOCUMENT = """\
---
# The front matter of a text or Markdown file for `dragoman import`; all of it may go.
title: Readout of the call
date: 2025-03-03
language: en
author: Press Office
publisher: Ministry of Norland
url: https://www.example.org/readout
licence: CC BY 4.0
kind: readout
---

The first paragraph.

The second paragraph.
"""

TABLES = tuple(f"{rows}.csv" for rows in ROWS)
KINDS = ("document", *RECORDS, *TABLES)


def template_of(kind: str) -> str:
    """Return a record of a kind to fill in; `document` is a text with front matter.

    `stances.csv` and its like are tables: all the columns, and a row to write over.
    """
    if kind == "document":
        return _DOCUMENT
    if kind in TABLES:
        fields = FIELDS[kind.removesuffix(".csv")]
        row = [[field.example or None for field in fields]]
        made = csv_text([field.name for field in fields], row)
        return made.replace("\r\n", "\n")
    model = next(model for name, model in RECORDS.items() if name == kind)
    least = _LEAST[kind].lstrip("\n")
    given = parse_yaml(least, kind).value
    more = [_comment(model, name) for name in model.model_fields if name not in given]
    head = (
        f"# {with_article(kind).capitalize()}: docs/schema/{kind}.json has all of it.\n"
    )
    return head + least + ("# It may also say:\n" + "".join(more) if more else "")


def _comment(model: type[Root], name: str) -> str:
    says = model.model_fields[name].description
    return f"#   {name}: {says}\n" if says else f"#   {name}\n"
