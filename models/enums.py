"""The coded values of the record, each defined once.

Every enum is stored by value in a ``VARCHAR`` column with a named CHECK, on SQLite
and PostgreSQL alike. A member carries all that is known of the value: what it means,
what a page calls it and, where it says how far something has come, its phase. The
pages, badges, calendar, docs, views and the published JSON Schema read it from here, so
a new value is one member, one migration (the CHECK) and its tests.

Long because every coded value stands here once, with its meaning, label and phase.
"""

from enum import StrEnum
from typing import Self, TypeVar

C = TypeVar("C", bound="Coded")


class Coded(StrEnum):
    """A coded value with its meaning, and with its name on pages.

    A member is written ``NAME = "value", "meaning"`` or, where the page says something
    other than the value in words, ``NAME = "value", "meaning", "label"``.
    """

    _value_: str
    meaning: str
    label: str

    def __new__(cls, value: str, meaning: str = "", label: str | None = None) -> Self:
        """Make a member; without a label it is called by its value."""
        return _member(cls, value, meaning, label)


def _member(cls: type[C], value: str, meaning: str, label: str | None) -> C:
    member = str.__new__(cls, value)
    member._value_ = value
    member.meaning = meaning
    member.label = label or value.replace("_", " ")
    return member


class Phase(StrEnum):
    """How far the thing has come that a phased value speaks of."""

    PLANNED = "planned"
    HAPPENED = "happened"
    ENDED = "ended"
    """It happened, and this says how it ended: it does not undo that it happened."""
    OFF = "off"
    UNKNOWN = "unknown"


class Phased(Coded):
    """A coded value that says how far something has come.

    A member is written ``NAME = "value", Phase.PLANNED, "meaning"``, and a label if the
    page says something else.
    """

    phase: Phase

    def __new__(
        cls,
        value: str,
        phase: Phase = Phase.UNKNOWN,
        meaning: str = "",
        label: str | None = None,
    ) -> Self:
        """Make a member; without a label it is called by its value."""
        member = _member(cls, value, meaning, label)
        member.phase = phase
        return member

    @classmethod
    def of(cls, *phases: Phase) -> tuple[Self, ...]:
        """Return the values of these phases."""
        return tuple(member for member in cls if member.phase in phases)


class ActorKind(Coded):
    """What sort of body or person acts."""

    PERSON = "person", "a human being"
    STATE = "state", "a country, recognised or not"
    GOVERNMENT_BODY = (
        "government_body",
        "a ministry, presidency or other organ of a state",
    )
    INTERNATIONAL_ORGANIZATION = (
        "international_organization",
        "a body founded by states",
    )
    BLOC = "bloc", "states spoken of together without a founding treaty"
    ARMED_FORCES = "armed_forces", "the forces of a state"
    ARMED_GROUP = "armed_group", "an armed body that is not a state's"
    COMPANY = "company", "a business"
    MEDIA = "media", "a newspaper, agency or broadcaster"
    RESEARCH_BODY = "research_body", "a think tank, institute or university"
    NGO = "ngo", "a non-governmental organization"
    UNNAMED_GROUP = "unnamed_group", "people whom the source does not name"


class NameKind(Coded):
    """How a name relates to the actor that bears it."""

    OFFICIAL = "official", "the full formal name"
    SHORT = "short", "the everyday short form"
    ALIAS = "alias", "another name for the same actor"
    TRANSLITERATION = "transliteration", "the name carried into another script"
    HISTORICAL = "historical", "a name no longer in use"
    METONYM = "metonym", "a place or thing that stands for the actor"


class MembershipStatus(Coded):
    """Standing of a member in an organization."""

    CANDIDATE = "candidate", "has applied or been invited"
    OBSERVER = "observer", "attends without a vote"
    DIALOGUE_PARTNER = "dialogue_partner", "a formal partner, not a member"
    MEMBER = "member", "a full member"
    SUSPENDED = "suspended", "a member whose rights are suspended"
    FORMER = "former", "no longer a member"


class MeetingKind(Coded):
    """What sort of encounter a meeting is."""

    MEETING = "meeting", "an encounter of two or more sides"
    SUMMIT = "summit", "an encounter of leaders"
    SESSION = "session", "a sitting of a standing body"
    VISIT = "visit", "a visit or trip whose stops are meetings of their own"
    TALKS = "talks", "negotiations, often in several rounds"


class MeetingFormat(Coded):
    """How many sides sit at the table."""

    BILATERAL = "bilateral", "two sides"
    TRILATERAL = "trilateral", "three sides"
    MINILATERAL = "minilateral", "a small group, four to about eight sides"
    MULTILATERAL = "multilateral", "many sides"
    UNKNOWN = "unknown", "the source does not say"


class Medium(Coded):
    """How the sides were in touch."""

    IN_PERSON = "in_person", "face to face"
    PHONE = "phone", "by telephone"
    VIDEO = "video", "by video link"
    WRITTEN = "written", "by letter or message"
    UNKNOWN = "unknown", "the source does not say"


class Level(Coded):
    """The rank of the highest person present, highest first."""

    HEAD_OF_STATE = "head_of_state", "a president or monarch"
    HEAD_OF_GOVERNMENT = "head_of_government", "a prime minister or chancellor"
    MINISTER = "minister", "a minister or secretary of state"
    DEPUTY_MINISTER = "deputy_minister", "a deputy minister"
    SENIOR_OFFICIAL = (
        "senior_official",
        "a national security adviser, envoy or director",
    )
    AMBASSADOR = "ambassador", "an ambassador or permanent representative"
    EXPERT = "expert", "experts or working level"


class MeetingRelation(Coded):
    """How a meeting belongs to its parent."""

    SIDELINES = "sidelines", "held at the margin of the parent"
    BESIDE = "beside", "a separate meeting on the same visit"
    SESSION = "session", "one sitting of the parent"
    STOP = "stop", "one meeting of a visit"
    PREPARATORY = "preparatory", "prepares the parent"
    FOLLOW_UP = "follow_up", "follows up the parent"


class MeetingStatus(Phased):
    """What a status event says of a meeting."""

    EXPECTED = "expected", Phase.PLANNED, "foreseen, not announced by a side"
    ANNOUNCED = "announced", Phase.PLANNED, "a side has said that it will take place"
    UNDER_WAY = "under_way", Phase.HAPPENED, "going on"
    HELD = "held", Phase.HAPPENED, "has taken place"
    POSTPONED = "postponed", Phase.OFF, "put off"
    CANCELLED = "cancelled", Phase.OFF, "called off"
    STALLED = "stalled", Phase.ENDED, "begun and come to a standstill"
    DENIED = "denied", Phase.OFF, "a side says that it did not, or will not, take place"

    @property
    def implied(self) -> "MeetingStatus":
        """The status that an event gives if nothing but events of its phase are known.

        What has ended was held; every other status stands for itself.
        """
        return MeetingStatus.HELD if self.phase is Phase.ENDED else self


class Role(Coded):
    """The part that a participant plays in a meeting."""

    HOST = "host", "receives the others"
    CO_HOST = "co_host", "receives the others together with another side"
    CHAIR = "chair", "presides"
    VISITOR = "visitor", "is received"
    HEAD_OF_DELEGATION = "head_of_delegation", "leads a side"
    DELEGATE = "delegate", "takes part on a side"
    MEDIATOR = "mediator", "mediates between sides"
    OBSERVER = "observer", "attends without taking part"
    GUEST = "guest", "is invited without belonging to the circle"


class Presence(Phased):
    """Whether a participant was there."""

    EXPECTED = "expected", Phase.PLANNED, "said to be coming"
    ATTENDED = "attended", Phase.HAPPENED, "was there"
    ABSENT = "absent", Phase.OFF, "was not there"
    DENIED = "denied", Phase.OFF, "a side says that it was not, or will not be, there"
    UNKNOWN = "unknown", Phase.UNKNOWN, "the source does not say", "presence not stated"


class AgendaStatus(Phased):
    """How firmly an item is, or was, on the agenda."""

    SPECULATED = "speculated", Phase.PLANNED, "the source's own guess"
    EXPECTED = "expected", Phase.PLANNED, "foreseen by somebody other than a side"
    ANNOUNCED = "announced", Phase.PLANNED, "a side says that it will be discussed"
    DISCUSSED = "discussed", Phase.HAPPENED, "was discussed"
    SAID = "said", Phase.HAPPENED, "somebody spoke of it there; no agenda is known"
    AGREED = "agreed", Phase.HAPPENED, "was agreed on"
    DEFERRED = "deferred", Phase.OFF, "was put off"


class OutcomeType(Coded):
    """What came out of a meeting."""

    JOINT_STATEMENT = "joint_statement", "a statement of all sides"
    COMMUNIQUE = "communique", "a formal communiqué"
    AGREEMENT_SIGNED = "agreement_signed", "an agreement was signed"
    MEMORANDUM = "memorandum", "a memorandum was signed"
    NO_STATEMENT = "no_statement", "the sides parted without a statement"
    FOLLOW_UP_MEETING = "follow_up_meeting", "a further meeting was arranged"
    STALLED = "stalled", "no progress"
    BREAKDOWN = "breakdown", "the talks broke down"


class PropositionKind(Coded):
    """What a proposition asserts: a norm, a fact, a prediction or a judgement."""

    NORMATIVE = "normative", "something should, or should not, be so"
    FACTUAL = "factual", "something is, or was, so"
    FORECAST = "forecast", "something will be so"
    EVALUATIVE = "evaluative", "something is good, bad, strong, weak …"


class PropositionLink(Coded):
    """How two propositions bear on each other, either way round."""

    CONTRARY = "contrary", "the two cannot both be wanted, or both be true"


class SourceKind(Coded):
    """The genre of a source."""

    READOUT = "readout", "a side's account of a meeting"
    TRANSCRIPT = "transcript", "a record of what was said, word for word"
    COMMUNIQUE = "communique", "a text agreed by the sides"
    OFFICIAL_STATEMENT = "official_statement", "a statement issued by an actor"
    OFFICIAL_DOCUMENT = "official_document", "a document of a state or organization"
    BRIEFING = "briefing", "a briefing of the press or of officials"
    NEWS_REPORT = "news_report", "a report by a newspaper, agency or broadcaster"
    INTERVIEW = "interview", "questions and answers"
    SPEECH = "speech", "an address"
    VOTE_RECORD = "vote_record", "a record of votes"
    SUMMARY = "summary", "a summary of another source"
    DATASET = "dataset", "another dataset"


class Derivation(Coded):
    """How a source was made from another; a derived text, not an independent source."""

    SUMMARY = "summary", "tells the original in other, fewer words"
    TRANSLATION = "translation", "the original in another language"
    COPY = "copy", "the same text elsewhere"
    EXCERPT = "excerpt", "a part of the original"


class SubjectKind(Coded):
    """What a publisher's subject label names."""

    PERSON = "person", "a person"
    COUNTRY = "country", "a country"
    TOPIC = "topic", "a topic"


class Position(Coded):
    """Where a holder stands towards the target of a stance."""

    FOR = "for", "supports it; of a factual proposition: affirms it"
    AGAINST = "against", "opposes it; of a factual proposition: denies it"
    NEUTRAL = "neutral", "says that it takes no side"
    MIXED = "mixed", "for in part and against in part"
    UNDETERMINED = "undetermined", "says that it cannot tell", "does not know"
    DECLINED = "declined", "will neither confirm nor deny", "no comment"
    UNCLEAR = "unclear", "the coder cannot tell"


class Mode(Coded):
    """How the stance came to be known."""

    SAID = "said", "the holder's own words"
    DID = "did", "shown by what the holder did"
    VOTED = "voted", "cast as a vote"
    SIGNED = "signed", "put under a text"
    ASCRIBED = "ascribed", "somebody else says so of the holder", "reported by others"
    INFERRED = "inferred", "the source's own conclusion", "inferred by the source"


class Certainty(Coded):
    """How sure a speaker or holder is."""

    CERTAIN = "certain", "put forward without reserve"
    PROBABLE = "probable", "thought likely"
    POSSIBLE = "possible", "thought possible"
    UNKNOWN = "unknown", "not said"


class StanceLink(Coded):
    """How one stance bears on another."""

    SUPERSEDES = "supersedes", "replaces the other, which no longer stands"
    RETRACTS = "retracts", "takes the other back"
    DENIES = "denies", "denies what the other says"
    CONTRADICTS = "contradicts", "cannot be true together with the other"
    CLARIFIES = "clarifies", "says more precisely what the other meant"
    REPEATS = "repeats", "says the same again"
    CORRECTS = "corrects", "what the coder should have recorded in its place"


class EvidenceRole(Coded):
    """What a passage does for a claim."""

    SUPPORTS = "supports", "says that the claim is so"
    CONTRADICTS = "contradicts", "says that the claim is not so"
    CONTEXT = "context", "helps to understand the claim"


class Verb(Coded):
    """How a speaker's word reached the next link of the chain."""

    QUOTED = "quoted", "in the speaker's own words"
    PARAPHRASED = "paraphrased", "in other words than the speaker's"
    ACCORDING_TO = "according_to", "named as the authority, the wording unknown"


class MentionMethod(Coded):
    """Who found an actor in a passage."""

    NAME = "name", "a known name was found in the text"
    CODER = "coder", "a person recognised the actor"


class JobKind(Coded):
    """The aggregate roots that the index follows."""

    SOURCE = "source", "a source with its text, passages and mentions"
    MEETING = "meeting", "a meeting with all that hangs on it"
    STANCE = "stance", "a stance"
    ACTOR = "actor", "an actor with names, tenures and memberships"
    PROPOSITION = "proposition", "a proposition"


class RecordKind(Coded):
    """The kinds of record that travel in and out, and that the journal follows."""

    DATASET = "dataset", "a dataset as it describes itself"
    TOPIC = "topic", "a topic"
    ACTOR = "actor", "an actor with names, identifiers and memberships"
    OFFICE = "office", "an office with its tenures"
    SOURCE = "source", "a source with its texts"
    PROPOSITION = "proposition", "a proposition"
    MEETING = "meeting", "a meeting with all that hangs on it"
    STANCE = "stance", "a stance with its evidence"


class ChangeAction(Coded):
    """What a change did to a record."""

    ADDED = "added", "the record was not there before"
    UPDATED = "updated", "the record was there and says something else now"
    ATTACHED = "attached", "a withheld text was given its words", "text attached"
    WITHDRAWN = "withdrawn", "the stance no longer stands; the history keeps it"
    REMOVED = "removed", "the record is gone; the history keeps what it said"
    RESTORED = "restored", "the record was withdrawn or removed and is there again"


class AccountRole(Coded):
    """What an account may do; each role may also do what those before it may."""

    READER = "reader", "reads"
    CODER = "coder", "proposes records, and codes what is assigned"
    EDITOR = "editor", "writes, reviews, merges and withdraws records"
    ADMIN = "admin", "looks after accounts"

    def includes(self, other: "AccountRole") -> bool:
        """Whether this role may do what the other may."""
        roles = list(AccountRole)
        return roles.index(self) >= roles.index(other)


ENUMS: tuple[type[Coded], ...] = (
    ActorKind,
    NameKind,
    MembershipStatus,
    MeetingKind,
    MeetingFormat,
    Medium,
    Level,
    MeetingRelation,
    MeetingStatus,
    Role,
    Presence,
    AgendaStatus,
    OutcomeType,
    PropositionKind,
    PropositionLink,
    SourceKind,
    Derivation,
    SubjectKind,
    Position,
    Mode,
    Certainty,
    StanceLink,
    EvidenceRole,
    Verb,
    MentionMethod,
    JobKind,
    RecordKind,
    ChangeAction,
    AccountRole,
)
"""Every enum of coded values, in the order in which the docs describe them."""
