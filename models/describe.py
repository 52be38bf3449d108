"""The data model, described from the models themselves, for ``docs/data-model.md``."""

import inspect
import sys
from collections.abc import Iterator

import sqlalchemy as sa

from models import Base
from models.enums import ENUMS

_ORDER = (
    "actor",
    "topic",
    "meeting",
    "source",
    "evidence",
    "stance",
    "journal",
    "housekeeping",
)
_INTRODUCTION = """\
# The data model

Written from `models/` by `make docs`; change it there.

Tables have singular names and are for programs. People read the
[plural views](sql.md), which show names instead of ids. What a coder decides, and by
which rules, stands in [coding.md](coding.md).

Every dated column holds an EDTF text (ISO 8601-2). Beside it stand its earliest and
latest day, computed when it is set (NULL is an open side), and the words as written.
"""


def describe_data_model() -> str:
    """Return the page: a section with a diagram for each module, the coded values."""
    parts = [_INTRODUCTION]
    for name, classes in _modules().items():
        doc = inspect.cleandoc(sys.modules[f"models.{name}"].__doc__ or "")
        diagram = "\n".join(dict.fromkeys(_diagram(classes)))
        parts.append(f"## `models/{name}.py`\n\n{doc}\n")
        if diagram:
            parts.append(f"```mermaid\nerDiagram\n{diagram}\n```\n")
        parts.extend(map(_describe_table, classes))
    return "\n".join([*parts, "## Coded values\n", *_describe_enums()])


def _modules() -> dict[str, list[type[Base]]]:
    """The classes of each module, in the order in which a reader needs them."""
    found: dict[str, list[type[Base]]] = {name: [] for name in _ORDER}
    for mapper in Base.registry.mappers:
        name = mapper.class_.__module__.removeprefix("models.")
        found.setdefault(name, []).append(mapper.class_)
    for classes in found.values():
        classes.sort(key=lambda class_: inspect.findsource(class_)[1])
    return found


def _table(class_: type[Base]) -> sa.Table:
    table = class_.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{class_.__name__} is not mapped to a table")
    return table


def _diagram(classes: list[type[Base]]) -> Iterator[str]:
    for table in map(_table, classes):
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            some = "|o" if key.parent.nullable else "||"
            label = key.parent.name.removesuffix("_id")
            yield f'    {key.column.table.name} {some}--o{{ {table.name} : "{label}"'


def _describe_table(class_: type[Base]) -> str:
    table = _table(class_)
    lines = [
        f"### `{table.name}` – {class_.__name__}\n",
        inspect.cleandoc(class_.__doc__ or "") + "\n",
        "| column | type | |\n|---|---|---|",
        *(_describe_column(column) for column in table.columns),
        "",
    ]
    return "\n".join(lines)


def _describe_column(column: sa.Column[object]) -> str:
    notes = []
    for key in column.foreign_keys:
        notes.append(f"→ `{key.column.table.name}`")
    if isinstance(column.type, sa.Enum) and column.type.enum_class:
        name = column.type.enum_class.__name__
        notes.append(f"[{name}](#{name.lower()})")
    if column.nullable:
        notes.append("may be unknown")
    if column.unique:
        notes.append("unique")
    return f"| `{column.name}` | {_type_name(column)} | {', '.join(notes)} |"


def _type_name(column: sa.Column[object]) -> str:
    if column.info.get("edtf"):
        return "EDTF date"
    if column.info.get("slug"):
        return "slug"
    names = {
        sa.Enum: "coded value",
        sa.Boolean: "boolean",
        sa.Integer: "integer",
        sa.Date: "day",
        sa.DateTime: "time, UTC",
        sa.JSON: "JSON",
    }
    for kind, name in names.items():
        if isinstance(column.type, kind):
            return name
    return "text"


def _describe_enums() -> Iterator[str]:
    for enum in ENUMS:
        yield f"### {enum.__name__}\n\n{inspect.cleandoc(enum.__doc__ or '')}\n"
        yield "| value | on pages | meaning |\n|---|---|---|"
        yield from (f"| `{one.value}` | {one.label} | {one.meaning} |" for one in enum)
        yield ""
