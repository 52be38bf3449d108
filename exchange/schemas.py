"""Write the published JSON Schemas: `python -m exchange.schemas`."""

from pathlib import Path

from exchange.records import json_schemas

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schema"


def write_schemas(folder: Path = FOLDER) -> None:
    """Bring the schema files in `folder` up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in json_schemas():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
