"""A field of a form: what it asks for, in which words, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from models.enums import (
    ActorKind,
    Certainty,
    Coded,
    EvidenceRole,
    MeetingKind,
    PropositionKind,
    Verb,
)

if TYPE_CHECKING:
    from editing.forms.reading import Reading
    from editing.saving import Change

Control = Literal["name", "choice", "date", "line", "text", "check", "number"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer of several."""

    value: str
    label: str
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    control: Control = "line"
    help: str = ""
    kinds: tuple[str, ...] = ()
    """Of a name: the kinds of records that it may be of."""
    choices: tuple[Choice, ...] = ()
    makes: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    """Of a name that is new: as what it may be made, by kind of record."""
    default: str = ""
    required: bool = False
    more: bool = False
    """Whether it stands under “More”, because it is seldom needed."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form: `build` turns its answers into changes."""

    name: str
    title: str
    key: str
    """The key that opens it, on the page with script."""
    own: tuple[Field, ...]
    build: Callable[[Reading], list[Change]]
    quotes: bool = True
    """Whether it takes a quote as evidence."""
    needs_quote: bool = True
    """Whether it is refused without one; a correction may keep what there was."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Fields of the record whose faults stand at a field of the form."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All its fields, in order: its own, then those of the evidence."""
        if not self.quotes:
            return self.own
        quote, *rest = EVIDENCE
        return (*self.own, replace(quote, required=self.needs_quote), *rest)


def choices(values: Iterable[Coded]) -> tuple[Choice, ...]:
    """Return coded values as choices, each with its meaning."""
    return tuple(
        Choice(value=one.value, label=one.label, meaning=one.meaning) for one in values
    )


ACTORS = ("actor", choices(ActorKind))
PROPOSITIONS = ("proposition", choices(PropositionKind))
TOPICS = ("topic", (Choice(value="topic", label="a new topic"),))
MEETINGS = ("meeting", choices(MeetingKind))


def actor(
    name: str,
    label: str,
    help: str = "",
    *,
    required: bool = False,
    more: bool = False,
) -> Field:
    """Return a field for the name of an actor, who may be new."""
    return Field(
        name=name,
        label=label,
        control="name",
        help=help,
        kinds=("actor",),
        makes=(ACTORS,),
        required=required,
        more=more,
    )


EVIDENCE = (
    Field(
        name="quote",
        label="Words of the passage that say so",
        control="text",
        help="Copied letter for letter; the narrowest that carry it.",
        required=True,
    ),
    actor("said_by", "On whose word", "Empty: the source’s own."),
    Field(
        name="said_verb",
        label="Their words are",
        control="choice",
        choices=choices(Verb),
        default=Verb.QUOTED.value,
        more=True,
    ),
    Field(
        name="said_certainty",
        label="Their certainty",
        control="choice",
        choices=choices(Certainty),
        default=Certainty.CERTAIN.value,
        more=True,
    ),
    actor("said_by_2", "Who passes it on", "The next link to the source.", more=True),
    Field(
        name="said_verb_2",
        label="In words that are",
        control="choice",
        choices=choices(Verb),
        default=Verb.PARAPHRASED.value,
        more=True,
    ),
    Field(
        name="evidence_role",
        label="The passage",
        control="choice",
        choices=choices(EvidenceRole),
        default=EvidenceRole.SUPPORTS.value,
        more=True,
    ),
    Field(
        name="evidence_note",
        label="How you read it",
        help="If the words do not say it plainly.",
        more=True,
    ),
)
"""What every form asks that takes a quote as evidence."""
