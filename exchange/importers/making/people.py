"""Actors and offices out of Popolo: persons, organizations and posts.

An actor that is stored is known by an identifier, else by the whole of a name; it gets
the names and identifiers that it lacks. Memberships are claims, and Popolo has no
passage that says so: they are left out, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from errors import Fault
from exchange.importers.making.base import (
    MOST_EXAMPLES,
    Loader,
    make,
    plain_values,
    stored_records,
)
from exchange.importers.making.merging import merged
from exchange.importers.making.names import Names
from exchange.importers.making.rows import digest_of, slug_for
from exchange.records import Kind
from exchange.report import Report
from models import Actor, ActorIdentifier, open_session
from models.enums import ActorKind
from models.parts import in_parts
from models.slugs import slugify

Data = dict[str, Any]

_KINDS = {
    "legislature": "government_body",
    "chamber": "government_body",
    "committee": "government_body",
    "ministry": "government_body",
    "government": "government_body",
    "executive": "government_body",
    "cabinet": "government_body",
    "company": "company",
    "ngo": "ngo",
}
_USED = ("id", "name", "label", "role", "other_names", "identifiers", "summary",
         "classification", "organization_id")  # fmt: skip
_AT_ONCE = 500


@dataclass
class PeopleMaker:
    """Makes the records of one file; `kinds` are more words for kinds of actors."""

    place: str
    kinds: Mapping[str, str]
    names: Names
    loader: Loader
    report: Report
    url: str | None
    examples: list[Data] = field(default_factory=list)
    _slugs: dict[str, str] = field(default_factory=dict)
    """The slug of each organization by its id."""
    _taken: set[str] = field(default_factory=set)
    _left_out: Counter[str] = field(default_factory=Counter)

    def run(self, lists: Mapping[str, list[Data]]) -> None:
        """Make actors and offices; what an entry lacks is one fault."""
        bearers = self._bearers()
        for kind in ("persons", "organizations"):
            for part in in_parts(enumerate(lists[kind], 1), _AT_ONCE):
                made = list(self._actors(kind, part, bearers))
                held = stored_records(self.url, "actor", (d["slug"] for _, d in made))
                for place, data in made:
                    self._add("actor", merged(held.get(data["slug"]), data), place)
        for number, post in enumerate(lists["posts"], 1):
            self._post(number, post)
        if lists["memberships"]:
            self._left_out["memberships (no passage says so)"] += len(
                lists["memberships"]
            )
        if self._left_out:
            parts = (f"{n:,} of {what}" for what, n in self._left_out.most_common())
            self.report.note(
                f"{PurePath(self.place).name}: left out: {', '.join(parts)}"
            )

    def _bearers(self) -> dict[tuple[str, str], str]:
        statement = sa.select(
            ActorIdentifier.scheme, ActorIdentifier.value, Actor.slug
        ).join(Actor)
        with open_session(self.url, history=True) as session:
            rows = session.execute(statement)
            return {(scheme, value): slug for scheme, value, slug in rows}

    def _actors(
        self,
        kind: str,
        part: list[tuple[int, Data]],
        bearers: dict[tuple[str, str], str],
    ) -> Iterator[tuple[str, Data]]:
        for number, entry in part:
            place = f"{kind} {number}"
            name = _text(entry.get("name"))
            if name is None:
                self._refuse("actor", place, None, "a name")
                continue
            sort = self._kind_of(kind, entry)
            if sort is None:
                said = _text(entry.get("classification"))
                word = said or "x"
                expected = (
                    f"a classification that is known: {', '.join(_KINDS)}, or a kind "
                    f"of actor (in a mapping, `values: {{kind: {{{word}: ngo}}}}` says "
                    "what it is)"
                )
                self._refuse("actor", place, said, expected)
                continue
            for key in entry.keys() - set(_USED):
                self._left_out[str(key)[:40]] += 1
            data = _actor(name, sort, entry)
            pairs = list(data["identifiers"].items())
            found = next((bearers[pair] for pair in pairs if pair in bearers), None)
            data["slug"] = found or self._slug(name, sort, entry)
            for pair in pairs:
                bearers.setdefault(pair, data["slug"])
            self._slugs[str(entry.get("id"))] = data["slug"]
            yield place, data

    def _kind_of(self, kind: str, entry: Data) -> str | None:
        if kind == "persons":
            return "person"
        said = (_text(entry.get("classification")) or "").lower()
        made = self.kinds.get(said) or _KINDS.get(said) or said.replace(" ", "_")
        return made if made in set(ActorKind) and made != "person" else None

    def _slug(self, name: str, sort: str, entry: Data) -> str:
        # Two of one name in a file are two; who is stored can only be one of them.
        free = {
            each
            for each in self.names.bearers("actor", name) - self._taken
            if self.names.is_person(each) == (sort == "person")
        }
        slug = slug_for(name)
        own = f"{slug}-{digest_of(entry.get('id'))}"
        if own in free:
            slug = own
        elif slug not in free and len(free) == 1:
            slug = free.pop()
        elif slug not in free and self._is_used(slug):
            slug = own
        self._taken.add(slug)
        return slug

    def _is_used(self, slug: str) -> bool:
        return slug in self._taken or self.names.knows("actor", slug)

    def _post(self, number: int, post: Data) -> None:
        place = f"posts {number}"
        title = _text(post.get("label")) or _text(post.get("role"))
        body = self._slugs.get(str(post.get("organization_id")))
        if title is None or body is None:
            expected = "a label, and the organization_id of one of the organizations"
            self._refuse("office", place, title, expected)
            return
        slug = slug_for(title, body.replace("-", " "))
        held = stored_records(self.url, "office", [slug])
        data = {"slug": slug, "title": title, "body": body}
        self._add("office", merged(held.get(slug), data), place)

    def _add(self, kind: Kind, data: Data, place: str) -> None:
        located, faults = make(kind, data, f"{self.place}, {place}", 1, {})
        if located is None:
            self.report.refuse(kind, faults[:1])
            return
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(plain_values(located))
        if kind == "actor":
            self.names.add("actor", data["slug"], [data["name"]])
        self.loader.add(located, len(str(data)))

    def _refuse(self, kind: str, place: str, value: str | None, expected: str) -> None:
        fault = Fault(self.place, None, place, value, expected)
        self.report.refuse(kind, [fault])


def _actor(name: str, sort: str, entry: Data) -> Data:
    names = {}
    for each in _objects(entry.get("other_names")):
        other, language = _text(each.get("name")), _text(each.get("lang"))
        if other and (other, language) not in names and other != name:
            item = {"name": other} | ({"language": language} if language else {})
            names[other, language] = item
    identifiers: dict[str, str] = {}
    for each in _objects(entry.get("identifiers")):
        scheme, value = _text(each.get("scheme")), _text(each.get("identifier"))
        if scheme and value and slugify(scheme):
            identifiers.setdefault(slugify(scheme), value)
    data: Data = {
        "name": name,
        "kind": sort,
        "names": list(names.values()),
        "identifiers": identifiers,
    }
    if summary := _text(entry.get("summary")):
        data["description"] = summary
    return data


def _objects(value: Any) -> list[Data]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, dict)]


def _text(value: Any) -> str | None:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return " ".join(str(value).split()) or None
    return None
