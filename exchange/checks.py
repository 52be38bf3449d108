"""What records must satisfy together, and with what is already stored.

Every rule yields all its faults, so that a coder mends a dataset in one round. Nothing
here writes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from errors import Fault
from exchange.cycles import cycles, in_circles
from exchange.reading import Located
from exchange.records import (
    ActorRecord,
    EvidenceItem,
    Kind,
    MeetingRecord,
    MentionItem,
    OfficeRecord,
    PropositionRecord,
    SourceRecord,
    StanceRecord,
)
from exchange.stored import UNDETERMINED, Stored
from exchange.texts import NotLocated, Text, locate, text_of, texts_of
from exchange.yaml12 import Keys
from models.enums import ActorKind, PropositionKind, StanceLink


@dataclass(frozen=True)
class Finding:
    """A fault of one record; `dangling` when only another record is missing."""

    located: Located
    fault: Fault
    dangling: bool = False


class Batch:
    """Records that are loaded together, seen on top of what is stored.

    `broken` names records that are there but could not be read: what rests on them is
    neither right nor wrong. `kept` names records that stay as they are stored.
    """

    def __init__(
        self,
        records: Sequence[Located],
        stored: Stored,
        broken: Collection[tuple[Kind, str]] = (),
        kept: Collection[tuple[Kind, str]] = (),
    ) -> None:
        self.records = records
        self.stored = stored
        self.broken = broken
        self.kept = kept
        self.by_key: dict[tuple[Kind, str], Located] = {}
        for located in records:
            self.by_key.setdefault((located.kind, located.slug), located)
        self._texts: dict[str, Text | None] = {}
        wanted: dict[Kind, set[str]] = defaultdict(set)
        for located in records:
            wanted[located.kind].add(located.slug)
            for _, kind, slug in located.record.references():
                if slug is not None:
                    wanted[kind].add(slug)
        for kind, slugs in wanted.items():
            stored.prepare(kind, slugs)

    def of(self, kind: Kind) -> list[Located]:
        """Return the records of one kind, in their order."""
        return [located for located in self.records if located.kind == kind]

    def has(self, kind: Kind, slug: str) -> bool:
        """Tell whether a slug is in this batch or stored."""
        key = (kind, slug)
        if key in self.by_key or key in self.broken:
            return True
        entry = self.stored.get(kind, slug)
        return entry is not None and entry.withdrawn_change is None

    def actor_kind(self, slug: str) -> object:
        """Return the kind of an actor; None if there is no such actor."""
        if ("actor", slug) in self.broken:
            return None
        located = self.by_key.get(("actor", slug))
        if located and isinstance(located.record, ActorRecord):
            return located.record.kind
        entry = self.stored.get("actor", slug)
        return entry and entry.kind

    def text(self, slug: str, version: int | None = None) -> Text | None:
        """Return the text on which evidence of a source is located.

        That is the text in this batch; the stored one if the batch has none, or if
        both are the same and only the database has its words. A `version` asks for a
        former wording.
        """
        if version is not None:
            return self._version(slug, version)
        if ("source", slug) in self.kept and (stored := self.stored.text(slug)):
            text = self._text(slug)
            return text if text and text.sha256 == stored.sha256 else stored
        if slug not in self._texts:
            self._texts[slug] = self._text(slug)
        return self._texts[slug]

    def _version(self, slug: str, version: int) -> Text | None:
        located = self.by_key.get(("source", slug))
        if ("source", slug) in self.kept:
            located = None
        if located is not None and isinstance(located.record, SourceRecord):
            texts = texts_of(located.record)
            if located.record.earlier and version <= len(texts):
                return texts[version - 1]
        return self.stored.text_version(slug, version)

    def _text(self, slug: str) -> Text | None:
        located = self.by_key.get(("source", slug))
        if located is None or not isinstance(located.record, SourceRecord):
            return self.stored.text(slug)
        text = text_of(located.record)
        if text is None or text.text is None:
            stored = self.stored.text(slug)
            if text is None or (stored and stored.sha256 == text.sha256):
                return stored
        return text


def check(batch: Batch) -> list[Finding]:
    """Return everything that is wrong with the records of a batch."""
    findings = list(_duplicates(batch))
    for located in batch.records:
        findings.extend(_dangling(batch, located))
        findings.extend(
            Finding(located, located.fault(*each)) for each in _wrong(batch, located)
        )
    findings.extend(_identifiers_twice(batch))
    findings.extend(
        Finding(located, fault)
        for located, fault in cycles(batch.records, batch.stored)
    )
    findings.extend(_wrong_corrections(batch))
    findings.extend(_replaced_by_themselves(batch))
    return findings


def _replaced_by_themselves(batch: Batch) -> Iterator[Finding]:
    """No stance supersedes or retracts what replaces it: then none would stand.

    One circle is named, link by link; another shows when it is mended. What is stored
    stays as it is, so circles are within a batch.
    """
    links: dict[str, dict[str, tuple[Located, int]]] = {}
    for located in batch.records:
        if isinstance(located.record, StanceRecord):
            for i, relation in enumerate(located.record.relations):
                if relation.relation in (StanceLink.SUPERSEDES, StanceLink.RETRACTS):
                    links.setdefault(located.slug, {})[relation.other] = (located, i)
    try:
        TopologicalSorter(links).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        # The sorter names what comes before what: each is replaced by the next.
        for other, slug in pairwise(circle):
            located, i = links[slug][other]
            expected = f"a stance that does not replace {slug} in its turn"
            place: Keys = ("relations", i, "other")
            yield Finding(located, located.fault(place, other, expected))


def _wrong_corrections(batch: Batch) -> Iterator[Finding]:
    """A stance has one correction: a second is a correction of the first.

    And it corrects no stance that corrects it, be it by way of others: something must
    stand in the end. What is stored stays as it is, so circles are within a batch.
    """
    corrections = [
        (located, i, relation.other)
        for located in batch.records
        if isinstance(located.record, StanceRecord)
        for i, relation in enumerate(located.record.relations)
        if relation.relation is StanceLink.CORRECTS
    ]
    first = batch.stored.corrections(other for _, _, other in corrections)
    for located, i, other in corrections:
        place: Keys = ("relations", i, "other")
        standing = first.setdefault(other, located.slug)
        if standing != located.slug:
            expected = f"{standing}, which corrects {other} already"
            yield Finding(located, located.fault(place, other, expected))
    circles = in_circles(dict(first))
    for located, i, other in corrections:
        if other in circles and first[other] == located.slug != other:
            expected = f"a stance that does not correct {located.slug} in its turn"
            place = ("relations", i, "other")
            yield Finding(located, located.fault(place, other, expected))


def _duplicates(batch: Batch) -> Iterator[Finding]:
    for located in batch.records:
        first = batch.by_key[located.kind, located.slug]
        if first is not located:
            expected = (
                f"a slug of its own (this {located.kind} stands in {first.where})"
            )
            fault = located.fault(("slug",), located.slug, expected)
            yield Finding(located, fault)


def _dangling(batch: Batch, located: Located) -> Iterator[Finding]:
    for path, kind, slug in located.record.references():
        if slug is not None and not batch.has(kind, slug):
            fault = located.fault(path, slug, f"the slug of a known {kind}")
            yield Finding(located, fault, dangling=True)


Wrong = tuple[Keys, object, str]


def _wrong(batch: Batch, located: Located) -> Iterator[Wrong]:
    """Yield what is wrong in one record: path, value, what was expected."""
    record = located.record
    if isinstance(record, ActorRecord):
        yield from _wrong_in_actor(record)
    elif isinstance(record, OfficeRecord):
        for i, tenure in enumerate(record.tenures):
            yield from _wants(
                batch, ("tenures", i, "person"), tenure.person, _PEOPLE, "person"
            )
    elif isinstance(record, SourceRecord):
        yield from _wrong_in_source(batch, record)
    elif isinstance(record, MeetingRecord):
        state = {ActorKind.STATE}
        yield from _wants(batch, ("country",), record.country, state, "state")
        for i, participant in enumerate(record.participants):
            here: Keys = ("participants", i, "person")
            yield from _wants(batch, here, participant.person, _PEOPLE, "person")
    elif isinstance(record, StanceRecord):
        entry = batch.stored.get("stance", record.slug)
        if entry is not None and entry.withdrawn_change is not None:
            kept = ("stance", record.slug) in batch.kept
            if entry.digest != located.digest and not kept:
                expected = (
                    "a slug of its own (the stance of this one was withdrawn in change "
                    f"{entry.withdrawn_change}; a load with --keep ours leaves it so)"
                )
                yield ("slug",), record.slug, expected
        yield from _wrong_in_stance(batch, record)
    for path, item in located.record.evidence_items():
        yield from _wrong_in_evidence(batch, path, item)


_PEOPLE = {ActorKind.PERSON, ActorKind.UNNAMED_GROUP}


def _wants(
    batch: Batch, path: Keys, slug: str | None, kinds: set[ActorKind], name: str
) -> Iterator[Wrong]:
    kind = batch.actor_kind(slug) if slug is not None else None
    if kind is not None and kind not in kinds:
        yield path, slug, f"an actor of kind {name} (this one is of kind {kind})"


def _wrong_in_actor(record: ActorRecord) -> Iterator[Wrong]:
    seen: set[tuple[str, str]] = set()
    for i, item in enumerate(record.names):
        key = (item.name, item.language or UNDETERMINED)
        if key in seen:
            yield ("names", i, "name"), item.name, "each name of a language once"
        seen.add(key)
    for i, membership in enumerate(record.memberships):
        if membership.organization == record.slug:
            path: Keys = ("memberships", i, "organization")
            yield path, record.slug, "an organization other than the member"


def _wrong_in_source(batch: Batch, record: SourceRecord) -> Iterator[Wrong]:
    text = batch.text(record.slug) if record.mentions else None
    yield from _beyond(text, record.mentions, ("mentions",))
    if record.earlier:
        wordings = texts_of(record)
        for i, (former, text) in enumerate(zip(record.earlier, wordings, strict=False)):
            if any(text.sha256 == later.sha256 for later in wordings[i + 1 :]):
                expected = "a wording that no later one, and not the text itself, has"
                yield ("earlier", i), None, expected
            yield from _beyond(text, former.mentions, ("earlier", i, "mentions"))


def _beyond(
    text: Text | None, mentions: Sequence[MentionItem], path: Keys
) -> Iterator[Wrong]:
    count = len(text.spans) if text else 0
    for i, mention in enumerate(mentions):
        if mention.passage > count:
            expected = f"one of the {count} passages"
            yield (*path, i, "passage"), mention.passage, expected


def _wrong_in_stance(batch: Batch, record: StanceRecord) -> Iterator[Wrong]:
    if record.proposition is not None:
        kind, topic = _proposition(batch, record.proposition)
        if kind is PropositionKind.FACTUAL and record.polarity in (-2, 2):
            expected = "1 (affirms) or -1 (denies): the proposition is factual"
            yield ("polarity",), record.polarity, expected
        if topic and record.topic is not None:
            yield ("topic",), record.topic, "no topic: the proposition has one"
    known = ("meeting", record.meeting) not in batch.broken
    if known and record.meeting is not None and record.agenda_item is not None:
        located = batch.by_key.get(("meeting", record.meeting))
        if ("meeting", record.meeting) in batch.kept:
            located = None
        if located and isinstance(located.record, MeetingRecord):
            agenda = set(range(1, len(located.record.agenda) + 1))
        else:
            agenda = batch.stored.agenda(record.meeting)
        if record.agenda_item not in agenda:
            expected = f"one of the {len(agenda)} agenda items of {record.meeting}"
            yield ("agenda_item",), record.agenda_item, expected


def _proposition(batch: Batch, slug: str) -> tuple[object, bool]:
    """Return a proposition's kind, and whether it has a topic."""
    located = batch.by_key.get(("proposition", slug))
    if located and isinstance(located.record, PropositionRecord):
        return located.record.kind, located.record.topic is not None
    entry = batch.stored.get("proposition", slug)
    return (entry.kind, entry.topic_id is not None) if entry else (None, False)


def _wrong_in_evidence(batch: Batch, path: Keys, item: EvidenceItem) -> Iterator[Wrong]:
    if not batch.has("source", item.source) or ("source", item.source) in batch.broken:
        return
    text = batch.text(item.source, item.version)
    field = "quote" if item.quote is not None else "end"
    value = item.quote if item.quote is not None else item.end
    if text is None and item.version is not None:
        yield (*path, "version"), item.version, "a version of the source's text"
        return
    if text is None:
        yield (*path, "source"), item.source, "a source with a text, or a withheld one"
        return
    try:
        locate(text, item)
    except NotLocated as error:
        yield (*path, field), value, str(error)


def _identifiers_twice(batch: Batch) -> Iterator[Finding]:
    given = [
        (located, pair)
        for located in batch.of("actor")
        if isinstance(located.record, ActorRecord)
        for pair in located.record.identifiers.items()
    ]
    bearers = batch.stored.bearers(pair for _, pair in given)
    # Who is in the batch may be giving it up; the batch itself says who has it then.
    bearers = {
        pair: slug
        for pair, slug in bearers.items()
        if ("actor", slug) not in batch.by_key
    }
    for located, (scheme, value) in given:
        first = bearers.setdefault((scheme, value), located.slug)
        if first != located.slug:
            expected = f"an identifier of its own ({first} has this one)"
            path: Keys = ("identifiers", scheme)
            yield Finding(located, located.fault(path, value, expected))
