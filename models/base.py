"""What every table shares: names of constraints, column types, computed bounds."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, mapped_column

from models.dates import date_columns, parse_edtf
from models.slugs import LONGEST_SLUG, is_slug

EDTF = "edtf"
SLUG = "slug"


def _values(enum: Any) -> Sequence[str]:
    return [member.value for member in enum]


# Bytewise order wherever a slug is compared: `dyads` puts a_slug before b_slug, and a
# server's own collation must not change which of the two that is.
SlugType = sa.String(LONGEST_SLUG).with_variant(
    sa.String(LONGEST_SLUG, collation="C"), "postgresql"
)

type_id = Annotated[int, mapped_column(primary_key=True)]
type_slug = Annotated[str, mapped_column(SlugType, unique=True, info={SLUG: True})]
type_edtf = Annotated[str | None, mapped_column(sa.Text, info={EDTF: True})]
type_day = Annotated[date | None, mapped_column(sa.Date)]


class Base(DeclarativeBase):
    """The declarative base of the record."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        str: sa.Text(),
        # By value, in a VARCHAR with a named CHECK: the same on both databases, and
        # adding a value is one ALTER, not a new type.
        Enum: sa.Enum(
            Enum,
            native_enum=False,
            create_constraint=True,
            values_callable=_values,
            length=32,
            validate_strings=True,
        ),
    }

    def __repr__(self) -> str:
        name = getattr(self, "slug", None) or getattr(self, "id", None)
        return f"<{type(self).__name__} {name}>"


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _watch_attribute(class_: type[Base], key: str, attribute: Any) -> None:
    """Check slugs and coded values, and compute a date's bounds, where they are set."""
    columns = getattr(attribute.property, "columns", None)
    info = columns[0].info if columns else {}
    if info.get(EDTF):
        event.listen(attribute, "set", _bound(key), retval=True)
    if info.get(SLUG):
        event.listen(attribute, "set", _check_slug, retval=True)
    coded = getattr(columns[0].type, "enum_class", None) if columns else None
    if coded is not None:
        event.listen(attribute, "set", _to_member(coded), retval=True)


def _bound(key: str) -> Any:
    columns = date_columns(key)

    def set_bounds(target: Any, value: str | None, *_: object) -> str | None:
        parsed = parse_edtf(value) if value is not None else None
        setattr(target, columns.earliest, parsed and parsed.earliest)
        setattr(target, columns.latest, parsed and parsed.latest)
        return value

    return set_bounds


def _to_member(coded: type[Enum]) -> Any:
    """A value set by its text is the member at once, not only when it is read again."""

    def to_member(_: object, value: Any, *__: object) -> Any:
        return None if value is None else coded(value)

    return to_member


def _check_slug(target: object, value: str, *_: object) -> str:
    if not is_slug(value):
        raise ValueError(
            f"“{value}” is not a slug: use a to z, 0 to 9 and hyphens, "
            f"at most {LONGEST_SLUG} characters"
        )
    return value
