"""The templates load as they are, and name all that a record may say."""

from pathlib import Path

import pytest

from exchange.importers.child import read
from exchange.importers.document import Given
from exchange.importers.kinds import KINDS as FILES
from exchange.load import load
from exchange.reading import no_line, read_record
from exchange.records import RECORDS
from exchange.templates import KINDS, template_of
from exchange.yaml12 import parse_yaml


@pytest.mark.parametrize("kind", RECORDS)
def test_a_template_is_a_record_and_names_all_its_keys(kind) -> None:
    text = template_of(kind)
    parsed = parse_yaml(text, kind)
    assert parsed.faults == []
    located, faults = read_record(kind, parsed.value, kind, no_line)
    assert faults == []
    assert located is not None
    for name in RECORDS[kind].model_fields:
        assert f"{name}:" in text or f"#   {name}" in text


def test_the_templates_together_are_a_dataset(tmp_path: Path, database_url) -> None:
    made: dict[str, str] = {kind: template_of(kind) for kind in RECORDS}
    (tmp_path / "dataset.yaml").write_text(made["dataset"])
    for kind in ("actor", "office", "topic", "proposition", "stance"):
        more = "- {slug: anna-berg, name: Anna Berg, kind: person}\n"
        listed = _listed(made[kind]) + (more if kind == "actor" else "")
        (tmp_path / f"{kind}s.yaml").write_text(listed)
    for kind in ("source", "meeting"):
        (tmp_path / f"{kind}s").mkdir()
        (tmp_path / f"{kind}s" / "one.yaml").write_text(made[kind])
    assert load(tmp_path, database_url).total("added") == 9


def _listed(text: str) -> str:
    """Return a record as the one entry of a list."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return "".join(
        f"{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines)
    )


def test_the_template_of_a_document_is_read_with_nothing_left_out() -> None:
    text = template_of("document")
    document = read(text.encode(), "a.md", FILES["markdown"], Given())
    assert document.notes == []
    assert (document.title, document.published) == ("Readout of the call", "2025-03-03")
    assert [block.text for block in document.blocks] == [
        "The first paragraph.", "The second paragraph.",
    ]  # fmt: skip
    assert KINDS[: len(RECORDS) + 1] == ("document", *RECORDS)
