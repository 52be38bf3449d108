"""Sources: their text or what is known of it, its passages, and earlier wordings."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from exchange.fields import (
    FEW,
    MANY,
    MASS,
    Body,
    Edtf,
    Name,
    Offset,
    Ordinal,
    Sha256,
    Slug,
    Title,
    Word,
)
from exchange.records.base import Date, Record, Reference, Root
from exchange.yaml12 import Keys
from models.enums import (
    Derivation,
    SourceKind,
)


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
    page: Ordinal | None = Field(
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

    passage: Ordinal
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
