"""From the values of a row to a record, for each kind of row.

A stance whose holder, proposition or source is not known yet makes it where the row
says its kind; of a source that is made so, the text is the quotes, and nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from exchange.importers.sources import in_latin
from models.enums import Position
from models.slugs import slugify

Values = Mapping[str, Any]
Data = dict[str, Any]

_POLARITY = {
    Position.FOR.value: 1,
    Position.AGAINST.value: -1,
    Position.NEUTRAL.value: 0,
}
_LONGEST_MADE = 100
NOBODY = "nobody"
"""What `represents` says where the holder speaks for nobody else."""


class Missing(ValueError):
    """A row without what its record needs; the first argument is the field."""


def slug_for(*parts: str | None) -> str:
    """Return a readable slug made of a title and what tells it from others."""
    made = slugify(in_latin(" ".join(part for part in parts if part)))[:_LONGEST_MADE]
    return made.strip("-") or f"row-{digest_of(parts)}"


def digest_of(value: object) -> str:
    """Return eight digits that are the same for the same values."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def actor(v: Values) -> Data:
    """Return the record of an actor."""
    identifiers = {
        scheme: v[name]
        for name, scheme in (("iso3", "iso3166-1-alpha3"), ("wikidata", "wikidata"))
        if name in v
    }
    return {
        "slug": v.get("slug") or slug_for(v.get("name")),
        **_taken(v, "name", "kind", "parent", "description"),
        "names": [
            {"name": name} for name in v.get("names", ()) if name != v.get("name")
        ],
        "identifiers": identifiers,
    }


def source(v: Values) -> Data:
    """Return the record of a source."""
    labels = {
        name: list(v.get(name, ())) for name in ("persons", "countries", "topics")
    }
    return {
        "slug": v.get("slug") or slug_for(v.get("title"), v.get("published")),
        **_taken(
            v, "kind", "title", "publisher", "issuer", "contributors", "published",
            "url", "language", "licence", "place", "derived_from", "derivation",
            "retrieved", "text",
        ),
        "subjects": {name: given for name, given in labels.items() if given},
    }  # fmt: skip


def proposition(v: Values) -> Data:
    """Return the record of a proposition."""
    slug = v.get("slug") or slug_for(v.get("text"))
    return {"slug": slug, **_taken(v, "text", "kind", "topic", "about")}


def stance(v: Values) -> Data:
    """Return the record of a stance.

    Raises:
        Missing: it has no source or no quote.
    """
    data = _taken(
        v, "holder", "proposition", "position", "polarity", "mode", "certainty",
        "stated", "valid_from", "valid_to", "topic", "meeting", "note",
    )  # fmt: skip
    if (given := v.get("represents")) == NOBODY:
        data["represents_nobody"] = True
    elif given:
        data["represents"] = given
    if "target" in v:
        data["actor"] = v["target"]
    position = data.get("position")
    if "polarity" not in data and position in _POLARITY:
        data["polarity"] = _POLARITY[position]
    data["evidence"] = evidence(v)
    about = data.get("proposition") or data.get("actor")
    made = slug_for(data.get("holder"), position, about)
    slug = v.get("slug") or f"{made}-{digest_of(data)}"
    if "recorded_by" in v and "recorded_at" in v:
        data["recorded"] = {"by": v["recorded_by"], "at": v["recorded_at"]}
    return {"slug": slug, **data}


def meeting(v: Values) -> Data:
    """Return the record of a meeting; its parts rest on the same passage.

    Raises:
        Missing: it has no source or no quote.
    """
    said = evidence(v)
    data = {
        "slug": v.get("slug") or slug_for(v.get("title"), v.get("date")),
        **_taken(
            v, "title", "kind", "format", "medium", "level", "date", "venue", "city",
            "country", "series", "parent", "relation",
        ),
        "evidence": said,
    }  # fmt: skip
    if "status" in v:
        date = v.get("status_date") or v.get("date")
        event = {"status": v["status"], **({"date": date} if date else {})}
        data["status"] = [event | {"evidence": said}]
    data["participants"] = [
        who | {"role": v.get("role", "delegate"), "evidence": said}
        | _taken(v, "presence")
        for who in v.get("participants", ())
    ]  # fmt: skip
    data["agenda"] = [
        {"text": text, "status": v.get("agenda_status", "discussed"), "evidence": said}
        for text in v.get("agenda", ())
    ]
    return data


def participant(v: Values) -> Data:
    """Return one more participant of a meeting.

    Raises:
        Missing: it has no source or no quote.
    """
    taken = _taken(v, "person", "label", "represents", "office", "role", "presence")
    return taken | {"evidence": evidence(v)}


def evidence(v: Values) -> list[Data]:
    """Return the passage that says so.

    Raises:
        Missing: there is no source or no quote.
    """
    for name in ("source", "quote"):
        if not v.get(name):
            raise Missing(
                name,
                "the source and its words that say so (nothing is recorded without a "
                "passage)",
            )
    item = _taken(v, "source", "quote", "prefix", "suffix")
    if "evidence_note" in v:
        item["note"] = v["evidence_note"]
    if "said_by" in v:
        item["said_by"] = [{"speaker": v["said_by"], "verb": v.get("verb", "quoted")}]
    return [item]


def _taken(v: Values, *names: str) -> Data:
    return {name: v[name] for name in names if v.get(name) not in (None, "", [])}


MAKERS: dict[str, Callable[[Values], Data]] = {
    "actors": actor,
    "sources": source,
    "propositions": proposition,
    "stances": stance,
    "meetings": meeting,
    "participations": participant,
}


def quotes_as_text(quotes: Iterable[str], before: str = "") -> str:
    """Return a text of quotes, each a paragraph, after those that it has already."""
    parts = [before] if before else []
    whole = before
    for quote in quotes:
        if quote not in whole:
            parts.append(quote)
            whole = f"{whole}\n\n{quote}"
    return "\n\n".join(parts)
