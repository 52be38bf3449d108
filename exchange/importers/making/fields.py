"""What the columns of a table may be: the fields of each kind of row.

This one list reads the headers, makes the templates and stands in the documentation.
"""

import re
from dataclasses import dataclass

from exchange.records import Kind
from models.folding import fold

REFERENCES = ("actor", "topic", "proposition", "source", "meeting", "office")


@dataclass(frozen=True)
class Field:
    """A field of a row.

    `reads` is what its cells hold: text, number, truth, a list (with semicolons), or
    the name or slug of something; `also` are other headers that mean it.
    """

    name: str
    reads: str = "text"
    also: tuple[str, ...] = ()
    example: str = ""


_EVIDENCE = (
    Field("source", "source", ("source_slug",), "readout-of-the-call"),
    Field("quote", also=("passage", "citation", "words"),
          example="We want to share the quota."),
    Field("prefix"),
    Field("suffix"),
    Field("said_by", "actor", ("speaker",)),
    Field("verb"),
    Field("evidence_note"),
    Field("source_kind", example="readout"),
    Field("source_title", example="Readout of the call"),
    Field("publisher", example="Ministry of Norland"),
    Field("published", also=("publication_date",), example="2025-03-03"),
    Field("url", also=("source_url", "link"), example="https://www.example.org/1"),
    Field("language", also=("lang",), example="en"),
    Field("licence", also=("license",)),
)  # fmt: skip

FIELDS: dict[str, tuple[Field, ...]] = {
    "actors": (
        Field("slug", example="norland"),
        Field("name", also=("actor", "country", "title"), example="Norland"),
        Field("kind", also=("type",), example="state"),
        Field("parent", "actor", ("state",)),
        Field("names", "list", ("aliases", "alias", "other_names"),
              "Kingdom of Norland; Norlande"),
        Field("description", also=("note", "notes")),
        Field("iso3", also=("iso3166-1-alpha3", "iso", "iso_code"), example="NRL"),
        Field("wikidata", also=("qid",)),
    ),
    "sources": (
        Field("slug"),
        Field("kind", also=("type", "source_kind"), example="readout"),
        Field("title", also=("source_title", "headline"),
              example="Readout of the call"),
        Field("publisher", also=("outlet",), example="Ministry of Norland"),
        Field("issuer", "actor"),
        Field("contributors", "list", ("authors", "author")),
        Field("published", also=("date", "publication_date"), example="2025-03-03"),
        Field("url", also=("link", "source_url"), example="https://www.example.org/1"),
        Field("language", also=("lang",), example="en"),
        Field("licence", also=("license",)),
        Field("place"),
        Field("derived_from", "source"),
        Field("derivation"),
        Field("retrieved", also=("accessed",)),
        Field("persons", "list"),
        Field("countries", "list"),
        Field("topics", "list", ("keywords", "tags")),
        Field("text", also=("body", "content", "full_text"),
              example="The ministers spoke of fish.\n\nThey agreed."),
    ),
    "propositions": (
        Field("slug"),
        Field("text", also=("proposition", "statement"),
              example="Norland and Suria should share the quota."),
        Field("kind", also=("type",), example="normative"),
        Field("topic", "topic"),
        Field("about"),
    ),
    "stances": (
        Field("slug"),
        Field("holder", "actor", ("actor", "country", "who"), "Norland"),
        Field("holder_kind", also=("actor_kind",), example="state"),
        Field("represents", "actor"),
        Field("proposition", "proposition", ("statement",),
              "Norland and Suria should share the quota."),
        Field("proposition_kind", example="normative"),
        Field("target", "actor", ("target_actor",)),
        Field("position", also=("stance",), example="for"),
        Field("polarity", "number"),
        Field("mode", example="said"),
        Field("certainty"),
        Field("stated", also=("date", "stated_on"), example="2025-03-03"),
        Field("valid_from"),
        Field("valid_to"),
        Field("topic", "topic"),
        Field("meeting", "meeting"),
        Field("note", also=("notes", "comment", "remarks")),
        Field("recorded_by", also=("coder",)),
        Field("recorded_at"),
        *_EVIDENCE,
    ),
    "meetings": (
        Field("slug"),
        Field("title", also=("name", "meeting"), example="Call between the ministers"),
        Field("kind", also=("type",), example="meeting"),
        Field("format"),
        Field("medium", example="phone"),
        Field("level", example="minister"),
        Field("date", example="2025-03-03"),
        Field("venue"),
        Field("city", also=("place",)),
        Field("country", "actor"),
        Field("series"),
        Field("parent", "meeting"),
        Field("relation"),
        Field("status", example="held"),
        Field("status_date"),
        Field("participants", "actors", example="Norland"),
        Field("role", example="delegate"),
        Field("presence", example="attended"),
        Field("agenda", "list", example="Fish"),
        Field("agenda_status", example="discussed"),
        *_EVIDENCE,
    ),
    "participations": (
        Field("meeting", "meeting", example="call-between-the-ministers-2025-03-03"),
        Field("person", "actor", ("participant", "name")),
        Field("label", example="delegation"),
        Field("represents", "actor", ("country", "state"), "Norland"),
        Field("office", "office"),
        Field("role", example="delegate"),
        Field("presence", example="attended"),
        *_EVIDENCE,
    ),
}  # fmt: skip
"""The fields of each kind of row, by the word that `--as` takes."""

ROWS = tuple(FIELDS)
KIND_OF: dict[str, Kind] = {
    "actors": "actor",
    "sources": "source",
    "propositions": "proposition",
    "stances": "stance",
    "meetings": "meeting",
    "participations": "meeting",
}
"""What record a row becomes."""


def plain(header: str) -> str:
    """Return a header as it is compared: `Date of talks` is `date_of_talks`."""
    return "_".join(re.findall(r"[^\W_]+", fold(header)))


def field_of(kind: str, header: str) -> Field | None:
    """Return the field that a header means by itself."""
    asked = plain(header)
    for field in FIELDS[kind]:
        if asked in (plain(name) for name in (field.name, *field.also)):
            return field
    return None


def named(kind: str, name: str) -> Field | None:
    """Return the field of a name."""
    return next((field for field in FIELDS[kind] if field.name == name), None)
