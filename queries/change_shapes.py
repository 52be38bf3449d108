"""Changes as pages, JSON and commands show them."""

from dataclasses import dataclass, field
from datetime import datetime

from models.enums import ChangeAction
from queries.differences import Difference
from queries.shapes import Basis, Page
from wording import counted


@dataclass(frozen=True, kw_only=True)
class RecordRef:
    """A record that a change touched."""

    kind: str
    """dataset, topic, actor, office, source, proposition, meeting or stance."""
    slug: str
    """Its stable key."""
    action: ChangeAction
    """What became of it."""
    url: str | None
    """The path of its page; null if it has none, or is gone."""
    history: str = field(init=False)
    """The path of its own history."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "history", f"/changes?record={self.kind}/{self.slug}")


@dataclass(frozen=True, kw_only=True)
class ActionCount:
    """How many records of a change something became of."""

    action: ChangeAction
    """What became of them."""
    records: int
    """How many."""


@dataclass(frozen=True, kw_only=True)
class ChangeItem:
    """A change as lists show it."""

    number: int
    """Its number; a later change has a higher one."""
    url: str = field(init=False)
    """The path of its page."""
    at: datetime
    """When it was made, in UTC."""
    author: str
    """Who made it, as named at the time."""
    account: int | None
    """The number of the account that made it; null if none did."""
    verb: str
    """How it was made: load, import, attach, save, undo and so on."""
    message: str | None
    """What its author says of it."""
    run: int
    """The number of the run that it is part of: a load in batches makes several."""
    name: str
    """What was loaded or written, by its own name."""
    actions: tuple[ActionCount, ...]
    """How many records were added, updated and so on."""
    records: tuple[RecordRef, ...]
    """The first five of the records."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", f"/changes/{self.number}")

    @property
    def total(self) -> int:
        """How many records it touched."""
        return sum(each.records for each in self.actions)

    @property
    def summary(self) -> str:
        """What it did, in words: "3 records added, 1 updated"."""
        if not self.actions:
            return "no record"
        first, *rest = self.actions
        return ", ".join(
            [
                f"{counted(first.records, 'record')} {first.action.label}",
                *(f"{each.records:,} {each.action.label}" for each in rest),
            ]
        )


@dataclass(frozen=True, kw_only=True)
class FieldChange(Difference):
    """One field that a change gave another value."""

    quote: str | None = None
    """The words of the evidence, cut from the text; null while that is withheld, and
    for all that is no evidence."""


@dataclass(frozen=True, kw_only=True)
class RecordChange(RecordRef):
    """What a change did to a record."""

    fields: tuple[FieldChange, ...]
    """The fields that differ, the first 200; none of a record that was added, whose
    page says what it is."""
    more: int
    """How many further fields differ."""


@dataclass(frozen=True, kw_only=True)
class ChangeDetail(ChangeItem):
    """A change with what it did to each record."""

    changed: Page[RecordChange]
    """The records, fifty to a page."""
    basis: Basis
    """What the page rests on: nothing but the journal."""
