"""The brief: what someone who prepares a meeting wants to read on four pages.

It invents nothing. Each sentence is made from rows by a fixed pattern and carries the
numbers of the citations that it rests on; where the record says nothing, the brief says
so ("No record of Turkey on …"), because the reader would otherwise take silence for
consent. It ranks and judges nothing either.

A *side* is whom a participant speaks for, as recorded for this meeting: the actor
represented, else the person, else the label. A stance is a side's when one of its
people or the actor itself holds it, or when it was spoken for that actor. Only stances
that no other supersedes or retracts count as where a side stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from analysis.contested import ContestedProposition, load_contested
from models import Meeting, Participation, Stance, StanceRelation, Tenure
from models.actor import Actor
from models.enums import Presence, StanceLink
from queries.dates import WrittenDate
from queries.evidence import basis_of, cite
from queries.meetings import (
    AgendaEntry,
    MeetingDetail,
    MeetingItem,
    Participant,
    load_meeting,
    select_meetings,
)
from queries.meetings import load_items as load_meetings
from queries.refs import written
from queries.shapes import Basis, Citation
from queries.stances import CURRENT, StanceItem
from queries.stances import load_items as load_stances

MOST_STANCES = 600
"""How many stances of the participants are read, the latest; more are said to be left
out."""
MOST_MEETINGS = 20
"""How many earlier meetings are listed, the latest."""
MOST_PER_ITEM = 6
"""How many stances of one side stand under one item of the agenda, the latest."""

_AWAY = (Presence.ABSENT, Presence.DENIED)
"""Who was not there has met nobody."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Words made from rows, with the numbers of the citations they rest on."""

    text: str
    """The words."""
    refs: tuple[int, ...] = ()
    """The citations, by their numbers at the end of the brief."""
    url: str | None = None
    """The page of what it is about, if it has one."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows that are read down as well as across."""

    columns: tuple[str, ...]
    """What stands in each column."""
    rows: tuple[tuple[Sentence, ...], ...]
    """The cells."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a section: an item of the agenda, or a pair of sides."""

    id: str
    """Its anchor."""
    title: str
    """Its heading."""
    sentences: tuple[Sentence, ...] = ()
    """What it says, one sentence each."""
    table: Table | None = None
    """The table below them."""


@dataclass(frozen=True, kw_only=True)
class Section(Part):
    """A section of the brief."""

    parts: tuple[Part, ...] = ()
    """Its parts."""


@dataclass(frozen=True, kw_only=True)
class NumberedCitation:
    """A citation with the number by which the brief refers to it."""

    number: int
    """Its number, from 1, in the order of first use."""
    citation: Citation
    """The span, its words if they may be shown, and on whose word."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A meeting as it concerns those who prepare for it."""

    slug: str
    """The meeting's slug."""
    title: str
    """The meeting's title."""
    url: str
    """The path of the brief's own page."""
    meeting: MeetingDetail
    """The meeting."""
    sections: tuple[Section, ...]
    """What there is to know, and what is not known."""
    citations: tuple[NumberedCitation, ...]
    """What the sentences rest on."""
    basis: Basis
    """What the brief as a whole rests on."""


def load_brief(session: Session, slug: str) -> Brief:
    """Write the brief of a meeting.

    Raises:
        NotFound: there is no such meeting.
    """
    meeting = load_meeting(session, slug)
    writer = _Writer(session, meeting)
    sections = tuple(writer.sections())
    citations = tuple(
        NumberedCitation(number=number, citation=citation)
        for citation, number in writer.numbers.items()
    )
    return Brief(
        slug=slug,
        title=meeting.title,
        url=f"{meeting.url}/brief",
        meeting=meeting,
        sections=sections,
        citations=citations,
        basis=basis_of(session, writer.numbers),
    )


@dataclass
class _Side:
    """A side of the meeting: its name, and the actors who are it."""

    name: str
    slugs: set[str] = field(default_factory=set)
    stances: list[StanceItem] = field(default_factory=list)

    def holds(self, stance: StanceItem) -> bool:
        spoken_for = stance.represents and stance.represents.slug in self.slugs
        return stance.holder.slug in self.slugs or bool(spoken_for)


class _Writer:
    """Writes one brief, and numbers its citations as they come up."""

    def __init__(self, session: Session, meeting: MeetingDetail) -> None:
        self.session = session
        self.meeting = meeting
        self.numbers: dict[Citation, int] = {}
        self.unknown: list[Sentence] = []
        self.sides = _sides(meeting.participants)
        self.people = {one.person.slug for one in meeting.participants if one.person}
        slugs = (
            set().union(*(side.slugs for side in self.sides)) if self.sides else set()
        )
        self.actor_ids = tuple(
            session.scalars(select(Actor.id).where(Actor.slug.in_(slugs)))
        )
        self.total = 0
        self._load_stances()

    def _load_stances(self) -> None:
        theirs = or_(
            Stance.holder_id.in_(self.actor_ids),
            Stance.represents_id.in_(self.actor_ids),
        )
        standing = select(Stance).where(theirs, CURRENT)
        self.total = (
            self.session.scalar(
                select(func.count()).select_from(Stance).where(theirs, CURRENT)
            )
            or 0
        )
        stated = Stance.stated_earliest
        latest = standing.order_by(stated.is_(None), stated.desc(), Stance.slug)
        for stance in load_stances(self.session, latest.limit(MOST_STANCES)):
            for side in self.sides:
                if side.holds(stance):
                    side.stances.append(stance)

    # Sentences and their numbers

    def say(
        self, text: str, *citations: Iterable[Citation], url: str | None = None
    ) -> Sentence:
        """Make a sentence; of each claim it cites the span shown first.

        Where the words of that one are withheld, the first whose words can be read is
        cited as well.
        """
        refs: list[int] = []
        for found in citations:
            for citation in _telling(list(found)):
                number = self.numbers.setdefault(citation, len(self.numbers) + 1)
                refs.append(number)
        return Sentence(text=text, refs=tuple(dict.fromkeys(refs)), url=url)

    def miss(self, text: str) -> Sentence:
        """Make a sentence about what is not recorded, for the last section too."""
        sentence = Sentence(text=text)
        self.unknown.append(sentence)
        return sentence

    # Sections

    def sections(self) -> Iterator[Section]:
        yield self._what()
        yield self._who()
        yield self._agenda()
        yield self._pairs()
        yield self._changes()
        yield self._earlier()
        yield self._contested()
        yield self._unknown()

    def _what(self) -> Section:
        meeting = self.meeting
        return Section(
            id="what",
            title="What, when, where",
            sentences=tuple(self._facts(meeting)),
        )

    def _facts(self, meeting: MeetingDetail) -> Iterator[Sentence]:
        kind = " ".join(
            part.label for part in (meeting.format, meeting.kind) if part != "unknown"
        )
        medium = "" if meeting.medium == "unknown" else f", {meeting.medium.label}"
        yield self.say(
            f"{meeting.title}: {kind}{medium}.", meeting.citations, url=meeting.url
        )
        if meeting.several:
            yield self.say("The source speaks of an uncounted set of meetings.")
        if meeting.level:
            yield self.say(f"Level: {meeting.level.label}.")
        if meeting.date.known:
            yield self.say(f"Date: {_when(meeting.date)}.", meeting.citations)
        else:
            yield self.miss(f"No record of a date{_as_written(meeting.date)}.")
        place = [meeting.venue, meeting.city]
        place.append(meeting.country.label if meeting.country else None)
        if any(place):
            where = ", ".join(part for part in place if part)
            yield self.say(f"Place: {where}.", meeting.citations)
        elif meeting.medium not in ("phone", "video", "written"):
            yield self.miss("No record of a place.")
        if meeting.parent and meeting.relation:
            yield self.say(
                f"It belongs to {meeting.parent.label} "
                f"({meeting.relation.meaning.rstrip('.')}).",
                url=meeting.parent.url,
            )
        for event in meeting.status_events:
            when = f", {_when(event.date)}" if event.date.known else ""
            whose = f", according to {event.said_by}" if event.said_by else ""
            text = f"Status: {event.badge.word}{when}{whose}."
            yield self.say(text, event.citations)
        if not meeting.status_events:
            yield self.miss("No record of whether it was announced or took place.")
        for outcome in meeting.outcomes:
            text = f"Outcome ({outcome.type.label}): {_ended(outcome.text)}"
            yield self.say(text, outcome.citations)

    def _who(self) -> Section:
        if not self.meeting.participants:
            nobody = self.miss("No record of participants.")
            return Section(id="who", title="Who comes", sentences=(nobody,))
        tenures = self._tenures()
        rows = []
        for one in self.meeting.participants:
            held = tenures.get(one.person.slug, []) if one.person else []
            mine = [tenure for tenure in held if tenure.title == one.office] or held
            office = one.office or ", ".join(tenure.title for tenure in mine)
            since = [tenure.since for tenure in mine if tenure.since]
            cites = [tenure.citations for tenure in mine]
            face = one.person or one.represents
            url = face.url if face else None
            rows.append(
                (
                    self.say(one.name, url=url),
                    self.say(one.represents.label if one.represents else ""),
                    self.say(office, *cites) if office else Sentence(text="no record"),
                    self.say("; ".join(since) or ("no record" if office else "")),
                    self.say(one.role.label),
                    self.say(one.badge.word, one.citations),
                )
            )
            if one.person and not office:
                self.unknown.append(
                    Sentence(text=f"No record of an office of {one.name}.")
                )
            if one.presence == "unknown":
                self.unknown.append(
                    Sentence(text=f"No record of whether {one.name} was to be there.")
                )
        columns = ("Who", "For", "Office", "Since", "Part", "Presence")
        return Section(
            id="who",
            title="Who comes",
            table=Table(columns=columns, rows=tuple(rows)),
        )

    def _tenures(self) -> dict[str, list["_Tenure"]]:
        rows = self.session.scalars(
            select(Tenure)
            .join(Actor, Actor.id == Tenure.person_id)
            .where(Actor.slug.in_(self.people))
            .options(joinedload(Tenure.person), joinedload(Tenure.office))
            .order_by(Tenure.id)
        ).all()
        citations = cite(self.session, {"tenure": [row.id for row in rows]})
        found: dict[str, list[_Tenure]] = {}
        for row in rows:
            since, attested = written(row, "since"), written(row, "attested")
            words = None
            if since.known:
                words = _when(since)
            elif attested.known:
                words = f"attested {_when(attested)}"
            tenure = _Tenure(row.office.title, words, citations["tenure", row.id])
            found.setdefault(row.person.slug, []).append(tenure)
        return found

    def _agenda(self) -> Section:
        if not self.meeting.agenda:
            nothing = self.miss("No record of an agenda.")
            return Section(id="agenda", title="On the table", sentences=(nothing,))
        return Section(
            id="agenda",
            title="On the table, and where each side stands",
            parts=tuple(self._item(item) for item in self.meeting.agenda),
        )

    def _item(self, item: AgendaEntry) -> Part:
        side = f", on the agenda of {item.side.label}" if item.side else ""
        whose = f", according to {item.said_by}" if item.said_by else ""
        status = self.say(
            f"{item.badge.word.capitalize()}{side}{whose}.", item.citations
        )
        rows: list[tuple[Sentence, ...]] = []
        silent: list[str] = []
        for one in self.sides:
            stances = [each for each in one.stances if self._bears_on(each, item)]
            if not stances:
                silent.append(one.name)
            for stance in stances[:MOST_PER_ITEM]:
                rows.append(self._row(one, stance))
            if len(stances) > MOST_PER_ITEM:
                more = f"{len(stances) - MOST_PER_ITEM} more, which are older."
                rows.append(
                    (
                        Sentence(text=one.name),
                        *[Sentence(text="")] * 2,
                        Sentence(text=more),
                    )
                )
        missing = tuple(
            self.miss(f"No record of {name} on “{item.text}”.") for name in silent
        )
        self._miss_on_propositions(item, silent)
        columns = ("Side", "Position", "On what", "Said by, when")
        return Part(
            id=f"item-{item.position}",
            title=f"{item.position}. {item.text}",
            sentences=(status, *missing),
            table=Table(columns=columns, rows=tuple(rows)) if rows else None,
        )

    def _miss_on_propositions(self, item: AgendaEntry, silent: Sequence[str]) -> None:
        """Note on which sentences under an item only some sides speak."""
        said: dict[str, set[str]] = {}
        for side in self.sides:
            for stance in side.stances:
                if stance.target_kind == "proposition" and self._bears_on(stance, item):
                    said.setdefault(stance.target.label, set()).add(side.name)
        for text, names in said.items():
            for side in self.sides:
                if side.name not in names and side.name not in silent:
                    self.miss(f"No record of {side.name} on “{text.rstrip('.')}”.")

    def _bears_on(self, stance: StanceItem, item: AgendaEntry) -> bool:
        if stance.meeting and stance.meeting.slug == self.meeting.slug:
            if stance.agenda_item == item.text:
                return True
        path = (stance.topic_path or "").split("/")
        return item.topic is not None and item.topic.slug in path

    def _row(self, side: _Side, stance: StanceItem) -> tuple[Sentence, ...]:
        who = stance.said_by or "no record"
        when = f", {_when(stance.stated)}" if stance.stated.known else ""
        return (
            self.say(_holder(side, stance)),
            self.say(_position(stance), url=stance.url),
            self.say(stance.target.label, url=stance.target.url),
            self.say(f"{who}{when}", stance.citations),
        )

    def _pairs(self) -> Section:
        parts: list[Part] = []
        for one, other in combinations(self.sides, 2):
            shared, differing = self._compare(one, other)
            names = f"{one.name} and {other.name}"
            sentences = (*shared, *differing)
            if not sentences:
                text = f"No record of a proposition on which both {names} take a side."
                sentences = (Sentence(text=text),)
            title = f"{names}: {len(shared)} shared, {len(differing)} different"
            anchor = f"pair-{len(parts) + 1}"
            parts.append(Part(id=anchor, title=title, sentences=sentences))
        lead: tuple[Sentence, ...] = ()
        if len(self.sides) < 2:
            lead = (Sentence(text="No record of two sides that could be compared."),)
        elif self.total > MOST_STANCES:
            text = (
                f"Compared are the latest {MOST_STANCES:,} of the {self.total:,} "
                "stances of these participants."
            )
            lead = (Sentence(text=text),)
        return Section(
            id="pairs",
            title="Shared ground and differences, pair by pair",
            sentences=lead,
            parts=tuple(parts),
        )

    def _compare(
        self, one: _Side, other: _Side
    ) -> tuple[list[Sentence], list[Sentence]]:
        """Compare where two sides stand on what both have taken a side on.

        The latest stance of each side on a proposition counts.
        """
        mine, theirs = _latest(one.stances), _latest(other.stances)
        shared: list[Sentence] = []
        differing: list[Sentence] = []
        for slug in sorted(mine.keys() & theirs.keys()):
            a, b = mine[slug], theirs[slug]
            if not a.polarity or not b.polarity:
                continue
            found = shared if (a.polarity > 0) == (b.polarity > 0) else differing
            text = (
                f"{_ended(a.target.label)} "
                f"{_holder(one, a)}: {_position(a)}{_whose(a)}; "
                f"{_holder(other, b)}: {_position(b)}{_whose(b)}."
            )
            found.append(self.say(text, a.citations, b.citations, url=a.target.url))
        return shared, differing

    def _changes(self) -> Section:
        new, old = aliased(Stance), aliased(Stance)
        links = self.session.execute(
            select(StanceRelation.relation, new.id, old.id)
            .join(new, new.id == StanceRelation.stance_id)
            .join(old, old.id == StanceRelation.other_id)
            .where(
                StanceRelation.relation.in_(
                    (StanceLink.SUPERSEDES, StanceLink.RETRACTS)
                ),
                or_(
                    new.holder_id.in_(self.actor_ids),
                    new.represents_id.in_(self.actor_ids),
                ),
            )
            .order_by(
                new.stated_earliest.is_(None), new.stated_earliest.desc(), new.slug
            )
            .limit(MOST_MEETINGS)
        ).all()
        ids = {id_ for _, *pair in links for id_ in pair}
        slugs = dict(
            (slug, id_)
            for id_, slug in self.session.execute(
                select(Stance.id, Stance.slug).where(Stance.id.in_(ids))
            )
        )
        items = {
            slugs[item.slug]: item
            for item in load_stances(
                self.session, select(Stance).where(Stance.id.in_(ids))
            )
        }
        sentences = [
            self._change(relation, items[after], items[before])
            for relation, after, before in links
        ]
        none = Sentence(text="No record of a change of position of these participants.")
        return Section(
            id="changes",
            title="Changes of position",
            sentences=tuple(sentences or [none]),
        )

    def _change(
        self, relation: StanceLink, new: StanceItem, old: StanceItem
    ) -> Sentence:
        since = f" ({_when(old.stated)})" if old.stated.known else ""
        when = f" ({_when(new.stated)})" if new.stated.known else ""
        whose = f"{_whose(old)}," if _whose(old) else ""
        first, then = "moved from", " to"
        if relation is StanceLink.RETRACTS:
            first, then = "took back", " and is now recorded as"
        text = (
            f"{new.holder.label} {first} “{_position(old)}”{since}{whose}{then} "
            f"“{_position(new)}”{when}{_whose(new)}: {_ended(new.target.label)}"
        )
        return self.say(text, new.citations, old.citations, url=new.url)

    def _earlier(self) -> Section:
        """List the meetings that are surely earlier: both dates must be known."""
        part = aliased(Participation)
        theirs = or_(
            part.person_id.in_(self.actor_ids), part.represented_id.in_(self.actor_ids)
        ) & part.presence.not_in(_AWAY)
        several = (
            select(part.meeting_id)
            .where(theirs)
            .group_by(part.meeting_id)
            .having(func.count(part.id) > 1)
        )
        before = select_meetings().where(
            Meeting.id.in_(several), Meeting.slug != self.meeting.slug
        )
        day = self.meeting.date.earliest
        found = load_meetings(
            self.session,
            before.where(Meeting.latest < day if day else false()).order_by(
                Meeting.earliest.is_(None), Meeting.earliest.desc(), Meeting.slug
            ),
        )
        met = [item for item in found if self._two_sides(item)]
        citations = self._citations_of(met[:MOST_MEETINGS])
        sentences = [
            self.say(
                f"{item.title}, {_when(item.date)}: {item.badge.word}.",
                citations.get(item.slug, ()),
                url=item.url,
            )
            for item in met[:MOST_MEETINGS]
        ]
        if len(met) > MOST_MEETINGS:
            more = len(met) - MOST_MEETINGS
            sentences.append(Sentence(text=f"And {more} before those."))
        if not sentences:
            text = "No record of an earlier meeting of two or more of these sides."
            sentences.append(Sentence(text=text))
        return Section(
            id="earlier",
            title="Earlier meetings of these participants",
            sentences=tuple(sentences),
        )

    def _two_sides(self, item: MeetingItem) -> bool:
        there = self._present.get(item.slug, set())
        return sum(bool(side.slugs & there) for side in self.sides) > 1

    @property
    def _present(self) -> dict[str, set[str]]:
        if not hasattr(self, "_there"):
            self._there: dict[str, set[str]] = {}
            rows = self.session.execute(
                select(Meeting.slug, Actor.slug)
                .join(Participation, Participation.meeting_id == Meeting.id)
                .join(
                    Actor,
                    or_(
                        Actor.id == Participation.person_id,
                        Actor.id == Participation.represented_id,
                    ),
                )
                .where(Actor.id.in_(self.actor_ids))
                .where(Participation.presence.not_in(_AWAY))
            )
            for meeting, actor in rows:
                self._there.setdefault(meeting, set()).add(actor)
        return self._there

    def _citations_of(
        self, items: Sequence[MeetingItem]
    ) -> dict[str, tuple[Citation, ...]]:
        slugs = [item.slug for item in items]
        rows = self.session.execute(
            select(Meeting.id, Meeting.slug).where(Meeting.slug.in_(slugs))
        ).all()
        found = cite(self.session, {"meeting": [id_ for id_, _ in rows]})
        return {slug: found["meeting", id_] for id_, slug in rows}

    def _contested(self) -> Section:
        topics = dict.fromkeys(
            item.topic.slug for item in self.meeting.agenda if item.topic
        )
        found: dict[str, ContestedProposition] = {}
        for topic in topics:
            for claim in load_contested(self.session, topic=topic).propositions:
                found.setdefault(claim.proposition.slug, claim)
        sentences = [self._contest(claim) for claim in found.values()]
        if not sentences:
            text = "No record of a contested claim under the topics of the agenda."
            sentences = [Sentence(text=text)]
        return Section(
            id="contested", title="Contested claims", sentences=tuple(sentences)
        )

    def _contest(self, claim: ContestedProposition) -> Sentence:
        sides = "; ".join(
            f"{', '.join(dict.fromkeys(_claimant(each) for each in side.stances))}: "
            f"{side.badge.word}"
            for side in claim.sides
        )
        return self.say(
            f"{_ended(claim.proposition.label)} {sides}.",
            *(each.citations for side in claim.sides for each in side.stances),
            url=claim.proposition.url,
        )

    def _unknown(self) -> Section:
        sentences = dict.fromkeys(self.unknown)
        none = Sentence(text="Of what a brief looks for, nothing is missing.")
        return Section(
            id="unknown",
            title="What is not known",
            sentences=tuple(sentences or [none]),
        )


@dataclass(frozen=True)
class _Tenure:
    title: str
    since: str | None
    citations: tuple[Citation, ...]


def _sides(participants: Sequence[Participant]) -> list[_Side]:
    """Group the participants by whom they speak for, in the order of the record."""
    sides: dict[str, _Side] = {}
    for one in participants:
        face = one.represents or one.person
        side = sides.setdefault(
            face.slug if face else one.name, _Side(face.label if face else one.name)
        )
        side.slugs.update(ref.slug for ref in (one.represents, one.person) if ref)
    return list(sides.values())


def _latest(stances: Sequence[StanceItem]) -> dict[str, StanceItem]:
    """Return the latest stance on each proposition; they come latest first."""
    found: dict[str, StanceItem] = {}
    for stance in stances:
        if stance.target_kind == "proposition":
            found.setdefault(stance.target.slug, stance)
    return found


def _telling(citations: Sequence[Citation]) -> Iterator[Citation]:
    """Yield the citation shown first and, if it is withheld, the first to be read."""
    yield from citations[:1]
    if citations and citations[0].quote is None:
        yield from [each for each in citations if each.quote is not None][:1]


def _position(stance: StanceItem) -> str:
    doubts = []
    if stance.certainty not in ("certain", "unknown"):
        doubts.append(stance.certainty.label)
    if stance.mode in ("ascribed", "inferred"):
        doubts.append(stance.mode.label)
    return f"{stance.badge.word} ({', '.join(doubts)})" if doubts else stance.badge.word


def _holder(side: _Side, stance: StanceItem) -> str:
    """Name a side, and whose stance it is where that is not the side itself."""
    if stance.holder.label == side.name:
        return side.name
    return f"{side.name} ({stance.holder.label})"


def _whose(stance: StanceItem) -> str:
    """Say on whose word a position is recorded, unless the holder's own."""
    if stance.said_by in (None, stance.holder.label):
        return ""
    return f", according to {stance.said_by}"


def _claimant(stance: StanceItem) -> str:
    return f"{stance.holder.label}{_whose(stance)}"


def _when(date: WrittenDate) -> str:
    return f"{date.for_people}{_as_written(date)}"


def _as_written(date: WrittenDate) -> str:
    return f" (“{date.remark}”)" if date.remark else ""


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
