"""The records that travel in and out: one pydantic model per kind of record.

A dataset folder (YAML) and a JSON Lines stream carry the same records; these models are
the one definition of both, and the published JSON Schema is generated from them. They
check what a record can say about itself: its keys, enums, slugs, dates, and the rules
between its own fields. What needs other records (does this slug exist, does the quote
stand in that text) is checked in `exchange.checks`.

Each also knows which other records it names and on what evidence it rests. All kinds
stand in this one file, longer than others, because they are read side by side with the
published schemas.

Unknown keys are errors: a misspelt key would otherwise lose what somebody coded.

Long because it is the definition of the records: a field, its help and its bound each
take their lines.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Protocol, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exchange.fields import (
    CROWD,
    FEW,
    MANY,
    MASS,
    Body,
    Context,
    Edtf,
    GivenDate,
    Name,
    Note,
    Offset,
    Quote,
    Sentence,
    Sha256,
    Slug,
    Title,
    Word,
    read_words,
)
from exchange.yaml12 import Keys
from models.dates import LONGEST_DATE
from models.enums import (
    ActorKind,
    AgendaStatus,
    Certainty,
    Derivation,
    EvidenceRole,
    Level,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    MembershipStatus,
    Mode,
    NameKind,
    OutcomeType,
    Position,
    Presence,
    PropositionKind,
    Role,
    SourceKind,
    StanceLink,
    Verb,
)
from models.stance import POLARITIES

Kind = Literal[
    "dataset",
    "actor",
    "office",
    "topic",
    "proposition",
    "source",
    "meeting",
    "stance",
]
Reference = tuple[Keys, Kind, str | None]
"""Where a record names another, the other's kind and its slug, if any."""


class Record(BaseModel):
    """What all records share: no unknown keys, no guessing of types, no change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def canonical(self) -> bytes:
        """Return the record as JSON that is the same for the same content."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()

    def digest(self) -> str:
        """Return the SHA-256 of `canonical`, by which a repeated load knows it."""
        return hashlib.sha256(self.canonical()).hexdigest()


class Root(Record):
    """A record of its own, known by its slug."""

    slug: Slug

    def references(self) -> Iterator[Reference]:
        """Yield the other records that this one names, each with its place."""
        yield from self._named()
        for path, item in self.evidence_items():
            yield (*path, "source"), "source", item.source
            for i, link in enumerate(item.said_by):
                yield (*path, "said_by", i, "speaker"), "actor", link.speaker

    def _named(self) -> Iterator[Reference]:
        """Yield what the record itself names; its evidence is added to it."""
        yield from ()

    def evidence_items(self) -> Iterator[tuple[Keys, "EvidenceItem"]]:
        """Yield every piece of evidence in the record, with its place."""
        yield from ()


class WrittenDate(Record):
    """A date with the words in which the source gives it."""

    edtf: Edtf
    as_written: Word | None = None


def _date(value: object) -> object:
    """Keep the words of a date that is given in words, beside its EDTF."""
    if isinstance(value, dict | WrittenDate):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_DATE:
        read = read_words(value)
        return {"edtf": read.date.edtf, "as_written": read.as_written}
    return {"edtf": value}


Date = Annotated[
    WrittenDate,
    BeforeValidator(_date, json_schema_input_type=GivenDate | WrittenDate),
]


class Speaker(Record):
    """One link of the chain of attribution. The source may only be the last link."""

    speaker: Slug | None = Field(None, description="an actor's slug")
    source: Slug | None = Field(None, description="a source's slug, last link only")
    verb: Verb
    certainty: Certainty = Certainty.CERTAIN

    @model_validator(mode="after")
    def _one_speaker(self) -> Self:
        if (self.speaker is None) == (self.source is None):
            raise ValueError("either speaker (an actor) or source")
        return self


class EvidenceItem(Record):
    """The passage that says so, as a quote or by positions, and its attribution."""

    source: Slug
    quote: Quote | None = None
    prefix: Context | None = Field(None, description="what stands just before it")
    suffix: Context | None = Field(None, description="what stands just after it")
    start: Offset | None = Field(None, description="first code point, from 0")
    end: Offset | None = Field(None, description="code point after the last")
    version: Annotated[int, Field(ge=1, strict=True)] | None = Field(
        None, description="of the source's text, if not the newest"
    )
    role: EvidenceRole = EvidenceRole.SUPPORTS
    note: Note | None = None
    said_by: Annotated[list[Speaker], FEW] = []

    @model_validator(mode="after")
    def _located(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end together")
        if self.quote is None and self.start is None:
            raise ValueError("a quote, or start and end")
        if self.quote is None and (self.prefix or self.suffix):
            raise ValueError("prefix and suffix only with a quote")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("an end after the start")
        for link in self.said_by[:-1]:
            if link.source is not None:
                raise ValueError("the source as the last link of said_by only")
        if self.said_by and self.said_by[-1].source not in (None, self.source):
            raise ValueError("the evidence's own source as the last link of said_by")
        return self


Evidence = Annotated[list[EvidenceItem], Field(min_length=1, max_length=1_000)]


class _Claim(Protocol):
    @property
    def evidence(self) -> list[EvidenceItem]: ...


def _evidence_of(**claims: Sequence[_Claim]) -> Iterator[tuple[Keys, EvidenceItem]]:
    for name, items in claims.items():
        for i, claim in enumerate(items):
            for j, item in enumerate(claim.evidence):
                yield (name, i, "evidence", j), item


class Recorded(Record):
    """When and by whom a record was made."""

    at: Annotated[Edtf, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    by: Name


class DatasetRecord(Root):
    """What a dataset is, and who answers for it."""

    title: Title
    description: Note | None = None
    licence: Name | None = None
    contacts: Annotated[list[Name], FEW] = []
    recorded: Recorded | None = Field(None, description="the default for stances")


class NameItem(Record):
    """One more name of an actor."""

    name: Name
    language: Word | None = Field(None, description="BCP 47")
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")] | None = (
        Field(None, description="ISO 15924")
    )
    kind: NameKind = NameKind.ALIAS


class MembershipItem(Record):
    """The standing of an actor in an organization."""

    organization: Slug
    status: MembershipStatus
    since: Date | None = None
    until: Date | None = None
    attested: Date | None = None
    evidence: Evidence


class ActorRecord(Root):
    """A person, state, organization or group that acts or holds a position."""

    name: Name
    kind: ActorKind
    parent: Slug | None = Field(None, description="a body's state; not a nationality")
    description: Note | None = None
    names: Annotated[list[NameItem], CROWD] = []
    identifiers: Annotated[dict[Slug, Word], FEW] = {}
    memberships: Annotated[list[MembershipItem], MANY] = []

    @model_validator(mode="after")
    def _no_parent_of_persons(self) -> Self:
        if self.kind is ActorKind.PERSON and self.parent is not None:
            raise ValueError("no parent for a person (a nationality is not recorded)")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("parent",), "actor", self.parent
        for i, item in enumerate(self.memberships):
            yield ("memberships", i, "organization"), "actor", item.organization

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        return _evidence_of(memberships=self.memberships)


class TenureItem(Record):
    """A person's time in an office."""

    person: Slug
    since: Date | None = None
    until: Date | None = None
    attested: Date | None = None
    evidence: Evidence


class OfficeRecord(Root):
    """An office of a state or another body, with those who held it."""

    title: Name
    body: Slug = Field(description="the actor that it is an office of")
    tenures: Annotated[list[TenureItem], MANY] = []

    def _named(self) -> Iterator[Reference]:
        yield ("body",), "actor", self.body
        for i, item in enumerate(self.tenures):
            yield ("tenures", i, "person"), "actor", item.person

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        return _evidence_of(tenures=self.tenures)


class TopicRecord(Root):
    """A subject, in a hierarchy."""

    name: Name
    parent: Slug | None = None

    def _named(self) -> Iterator[Reference]:
        yield ("parent",), "topic", self.parent


class PropositionRecord(Root):
    """A declarative sentence that actors affirm, deny or want."""

    text: Sentence
    kind: PropositionKind
    topic: Slug | None = None
    about: Date | None = None
    contrary: Annotated[list[Slug], MANY] = Field(
        [],
        description="propositions that cannot be wanted, or be true, together with it; "
        "named by either of the two",
    )

    @model_validator(mode="after")
    def _not_itself(self) -> Self:
        if self.slug in self.contrary:
            raise ValueError("contrary to other propositions, not to itself")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("topic",), "topic", self.topic
        for i, other in enumerate(self.contrary):
            yield ("contrary", i), "proposition", other


class SubjectItem(Record):
    """A label under which the publisher files the source, as given.

    Publishers call the label `name` and add what they know (`id`, `code`, `office`,
    `in_text`): all of it is taken, so that their files load as they are.
    """

    label: Name | None = None
    name: Name | None = Field(None, description="another word for label")
    actor: Slug | None = None
    topic: Slug | None = None
    id: Name | None = Field(None, description="the publisher's own number")
    code: Name | None = Field(None, description="a country's code")
    office: Name | None = None
    in_text: Name | None = Field(None, description="as the text names it")

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if (self.label is None) == (self.name is None):
            raise ValueError("one label (or name)")
        if self.actor is not None and self.topic is not None:
            raise ValueError("either an actor or a topic")
        return self

    @property
    def as_given(self) -> str:
        """The publisher's label."""
        return self.label or self.name or ""


def _subject(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


Subject = Annotated[
    SubjectItem, BeforeValidator(_subject, json_schema_input_type=Name | SubjectItem)
]


class Subjects(Record):
    """What the publisher says that the source is about."""

    persons: Annotated[list[Subject], MANY] = []
    countries: Annotated[list[Subject], MANY] = []
    topics: Annotated[list[Subject], MANY] = []


class SpanItem(Record):
    """A half-open span of code points: a passage."""

    start: Offset
    end: Offset
    speaker: Slug | None = Field(None, description="the actor whose turn it is")
    page: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] | None = Field(
        None, description="the page of the document on which it begins, from 1"
    )


def _check_spans(spans: list[SpanItem], length: int) -> None:
    last = 0
    for number, span in enumerate(spans, 1):
        if not last <= span.start < span.end <= length:
            raise ValueError(
                f"passages in order, not empty and within the length "
                f"({length}); number {number} is not"
            )
        last = span.end


class Withheld(Record):
    """A text that may not be shipped: what is needed to recognise it and to cite it."""

    sha256: Sha256
    length: Annotated[Offset, Field(ge=1)]
    passages: Annotated[list[SpanItem], MASS]

    @model_validator(mode="after")
    def _spans_in_order(self) -> Self:
        _check_spans(self.passages, self.length)
        return self


class MentionItem(Record):
    """An actor that a coder recognised in a passage, as by a metonym."""

    passage: Annotated[int, Field(ge=1, strict=True)]
    actor: Slug


class FileItem(Record):
    """The file out of which a text was read."""

    sha256: Sha256 = Field(description="of the file's bytes, not of the text")
    reader: Word = Field(description="what read it, with its version, such as pdf 1")


class EarlierText(Record):
    """A former wording of a source, which claims may still cite."""

    text: Body | None = None
    withheld: Withheld | None = None
    passages: Annotated[list[SpanItem], MASS] | None = None
    retrieved: Edtf | None = None
    file: FileItem | None = None
    mentions: Annotated[list[MentionItem], MASS] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.text is None) == (self.withheld is None):
            raise ValueError("one of text and withheld")
        if self.passages is not None:
            if self.text is None:
                raise ValueError("passages beside a text; withheld has its own")
            _check_spans(self.passages, len(self.text))
        return self


class SourceRecord(Root):
    """A document: who published it, when, and its text or what is known of it."""

    kind: SourceKind
    title: Title
    publisher: Name | None = None
    issuer: Slug | None = Field(None, description="an actor's slug")
    contributors: Annotated[list[Name], MANY] = []
    published: Date | None = None
    url: Title | None = None
    language: Word | None = Field(None, description="BCP 47")
    licence: Name | None = None
    place: Name | None = None
    derived_from: Slug | None = Field(None, description="the original's slug")
    derivation: Derivation | None = None
    retrieved: Edtf | None = None
    file: FileItem | None = Field(None, description="what the text was read out of")
    subjects: Subjects = Subjects()
    text_file: Name | None = Field(None, description="a file beside this one")
    text: Body | None = None
    paragraphs: Annotated[list[Body], MASS] | None = None
    withheld: Withheld | None = None
    passages: Annotated[list[SpanItem], MASS] | None = Field(
        None, description="where they are not simply the text's paragraphs"
    )
    earlier: Annotated[list[EarlierText], FEW] = Field(
        [], description="former wordings, oldest first"
    )
    mentions: Annotated[list[MentionItem], MASS] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = [self.text_file, self.text, self.paragraphs, self.withheld]
        if self.passages is not None:
            if self.text is None and self.text_file is None:
                raise ValueError("passages only beside text or text_file")
            if self.text is not None:
                _check_spans(self.passages, len(self.text))
        if self.earlier and not any(text is not None for text in given):
            raise ValueError("earlier wordings only of a source with a text")
        if self.file is not None and not any(text is not None for text in given):
            raise ValueError("file only beside the text that was read out of it")
        if sum(text is not None for text in given) > 1:
            raise ValueError("one of text_file, text, paragraphs and withheld")
        if (self.derived_from is None) != (self.derivation is None):
            raise ValueError("derived_from and derivation together")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("issuer",), "actor", self.issuer
        yield ("derived_from",), "source", self.derived_from
        for group in ("persons", "countries", "topics"):
            for i, subject in enumerate(getattr(self.subjects, group)):
                yield ("subjects", group, i, "actor"), "actor", subject.actor
                yield ("subjects", group, i, "topic"), "topic", subject.topic
        wordings: list[tuple[Keys, SourceRecord | EarlierText]] = [((), self)]
        wordings += [(("earlier", i), each) for i, each in enumerate(self.earlier)]
        for path, wording in wordings:
            for i, mention in enumerate(wording.mentions):
                yield (*path, "mentions", i, "actor"), "actor", mention.actor
            for i, span in enumerate(wording.passages or ()):
                yield (*path, "passages", i, "speaker"), "actor", span.speaker
            if wording.withheld is not None:
                for i, span in enumerate(wording.withheld.passages):
                    here = (*path, "withheld", "passages", i, "speaker")
                    yield here, "actor", span.speaker


class StatusItem(Record):
    """What a source says of a meeting's standing on a day."""

    status: MeetingStatus
    date: Date | None = None
    evidence: Evidence


class ParticipantItem(Record):
    """A participant: a person, a label, or only the actor represented."""

    person: Slug | None = None
    label: Name | None = None
    represents: Slug | None = None
    office: Slug | None = None
    role: Role
    presence: Presence = Presence.UNKNOWN
    evidence: Evidence

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person is self.label is self.represents is None:
            raise ValueError("one of person, label and represents at least")
        return self


class AgendaEntry(Record):
    """An agenda item."""

    text: Sentence
    topic: Slug | None = None
    side: Slug | None = Field(None, description="the actor whose agenda it is")
    status: AgendaStatus
    evidence: Evidence


class OutcomeItem(Record):
    """What came of it."""

    type: OutcomeType
    text: Sentence
    evidence: Evidence


class MeetingRecord(Root):
    """A meeting with its participants, agenda, status events and outcomes."""

    title: Title
    kind: MeetingKind
    format: MeetingFormat = MeetingFormat.UNKNOWN
    medium: Medium = Medium.UNKNOWN
    level: Level | None = None
    date: Date | None = None
    venue: Name | None = None
    city: Name | None = None
    country: Slug | None = Field(None, description="a state's slug")
    several: bool = Field(
        False, strict=True, description="an uncounted set of meetings"
    )
    series: Name | None = None
    parent: Slug | None = Field(None, description="a meeting's slug")
    relation: MeetingRelation | None = Field(None, description="to the parent")
    evidence: Evidence
    status: Annotated[list[StatusItem], MANY] = []
    participants: Annotated[list[ParticipantItem], CROWD] = []
    agenda: Annotated[list[AgendaEntry], MANY] = []
    outcomes: Annotated[list[OutcomeItem], MANY] = []

    @model_validator(mode="after")
    def _related(self) -> Self:
        if (self.parent is None) != (self.relation is None):
            raise ValueError("parent and relation together")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("country",), "actor", self.country
        yield ("parent",), "meeting", self.parent
        for i, participant in enumerate(self.participants):
            here: Keys = ("participants", i)
            yield (*here, "person"), "actor", participant.person
            yield (*here, "represents"), "actor", participant.represents
            yield (*here, "office"), "office", participant.office
        for i, entry in enumerate(self.agenda):
            yield ("agenda", i, "topic"), "topic", entry.topic
            yield ("agenda", i, "side"), "actor", entry.side

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        for i, item in enumerate(self.evidence):
            yield ("evidence", i), item
        yield from _evidence_of(
            status=self.status,
            participants=self.participants,
            agenda=self.agenda,
            outcomes=self.outcomes,
        )


class RelationItem(Record):
    """How a stance bears on another."""

    relation: StanceLink
    other: Slug


class StanceRecord(Root):
    """Where an actor stands on a proposition or towards another actor."""

    holder: Slug
    represents: Slug | None = None
    represents_nobody: bool = Field(
        False, description="true if the holder speaks for nobody else, on purpose"
    )
    proposition: Slug | None = None
    actor: Slug | None = Field(None, description="the target, if not a proposition")
    position: Position
    polarity: Annotated[int, Field(ge=-2, le=2, strict=True)] | None = Field(
        None, validate_default=True
    )
    mode: Mode
    certainty: Certainty = Certainty.CERTAIN
    stated: Date | None = None
    valid_from: Date | None = None
    valid_to: Date | None = None
    topic: Slug | None = None
    meeting: Slug | None = None
    agenda_item: Annotated[int, Field(ge=1, strict=True)] | None = Field(
        None, description="a position in the meeting's agenda, from 1"
    )
    note: Note | None = None
    recorded: Recorded | None = None
    relations: Annotated[list[RelationItem], MANY] = []
    evidence: Evidence

    @field_validator("polarity", mode="after")
    @classmethod
    def _fits_position(cls, value: int | None, info: ValidationInfo) -> int | None:
        position = info.data.get("position")
        if position is not None:
            allowed = POLARITIES.get(position)
            if value not in (allowed or (None,)):
                wanted = " or ".join(map(str, allowed)) if allowed else "no polarity"
                raise ValueError(f"{wanted} with the position {position}")
        return value

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if (self.proposition is None) == (self.actor is None):
            raise ValueError("exactly one target: proposition or actor")
        if self.agenda_item is not None and self.meeting is None:
            raise ValueError("agenda_item only with a meeting")
        if self.represents_nobody and self.represents is not None:
            raise ValueError("represents or represents_nobody, not both")
        for other in {each.other for each in self.relations}:
            kinds = {each.relation for each in self.relations if each.other == other}
            if {StanceLink.CORRECTS, StanceLink.SUPERSEDES} <= kinds:
                raise ValueError(
                    f"{other} is either corrected (our slip) or superseded (their "
                    "change), not both"
                )
        if any(relation.other == self.slug for relation in self.relations):
            raise ValueError("relations to other stances, not to itself")
        return self

    def _named(self) -> Iterator[Reference]:
        yield ("holder",), "actor", self.holder
        yield ("represents",), "actor", self.represents
        yield ("proposition",), "proposition", self.proposition
        yield ("actor",), "actor", self.actor
        yield ("topic",), "topic", self.topic
        yield ("meeting",), "meeting", self.meeting
        for i, relation in enumerate(self.relations):
            yield ("relations", i, "other"), "stance", relation.other

    def evidence_items(self) -> Iterator[tuple[Keys, EvidenceItem]]:
        for i, item in enumerate(self.evidence):
            yield ("evidence", i), item


RECORDS: dict[Kind, type[Root]] = {
    "dataset": DatasetRecord,
    "actor": ActorRecord,
    "office": OfficeRecord,
    "topic": TopicRecord,
    "proposition": PropositionRecord,
    "source": SourceRecord,
    "meeting": MeetingRecord,
    "stance": StanceRecord,
}
"""Every kind of record by the name that its JSON Lines `type` uses."""


def json_schemas() -> Iterator[tuple[str, str]]:
    """Yield file name and content of the JSON Schema of every kind of record."""
    for kind, model in RECORDS.items():
        schema = model.model_json_schema()
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        yield f"{kind}.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
