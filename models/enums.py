"""The coded values of the record, each defined once.

Every enum is stored by value in a ``VARCHAR`` column with a named CHECK, on SQLite
and PostgreSQL alike. ``DEFINITIONS`` says what each value means; the pages, the docs
and the published JSON Schema all read it from here.
"""

from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of body or person acts."""

    PERSON = "person"
    STATE = "state"
    GOVERNMENT_BODY = "government_body"
    INTERNATIONAL_ORGANIZATION = "international_organization"
    BLOC = "bloc"
    ARMED_FORCES = "armed_forces"
    ARMED_GROUP = "armed_group"
    COMPANY = "company"
    MEDIA = "media"
    RESEARCH_BODY = "research_body"
    NGO = "ngo"
    UNNAMED_GROUP = "unnamed_group"


class NameKind(StrEnum):
    """How a name relates to the actor that bears it."""

    OFFICIAL = "official"
    SHORT = "short"
    ALIAS = "alias"
    TRANSLITERATION = "transliteration"
    HISTORICAL = "historical"
    METONYM = "metonym"


class MembershipStatus(StrEnum):
    """Standing of a member in an organization."""

    CANDIDATE = "candidate"
    OBSERVER = "observer"
    DIALOGUE_PARTNER = "dialogue_partner"
    MEMBER = "member"
    SUSPENDED = "suspended"
    FORMER = "former"


class MeetingKind(StrEnum):
    """What sort of encounter a meeting is."""

    MEETING = "meeting"
    SUMMIT = "summit"
    SESSION = "session"
    VISIT = "visit"
    TALKS = "talks"


class MeetingFormat(StrEnum):
    """How many sides sit at the table."""

    BILATERAL = "bilateral"
    TRILATERAL = "trilateral"
    MINILATERAL = "minilateral"
    MULTILATERAL = "multilateral"
    UNKNOWN = "unknown"


class Medium(StrEnum):
    """How the sides were in touch."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    WRITTEN = "written"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """The rank of the highest person present, highest first."""

    HEAD_OF_STATE = "head_of_state"
    HEAD_OF_GOVERNMENT = "head_of_government"
    MINISTER = "minister"
    DEPUTY_MINISTER = "deputy_minister"
    SENIOR_OFFICIAL = "senior_official"
    AMBASSADOR = "ambassador"
    EXPERT = "expert"


class MeetingRelation(StrEnum):
    """How a meeting belongs to its parent."""

    SIDELINES = "sidelines"
    BESIDE = "beside"
    SESSION = "session"
    STOP = "stop"
    PREPARATORY = "preparatory"
    FOLLOW_UP = "follow_up"


class MeetingStatus(StrEnum):
    """What a status event says of a meeting."""

    EXPECTED = "expected"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    STALLED = "stalled"
    DENIED = "denied"


class Role(StrEnum):
    """The part that a participant plays in a meeting."""

    HOST = "host"
    CO_HOST = "co_host"
    CHAIR = "chair"
    VISITOR = "visitor"
    HEAD_OF_DELEGATION = "head_of_delegation"
    DELEGATE = "delegate"
    MEDIATOR = "mediator"
    OBSERVER = "observer"
    GUEST = "guest"


class Presence(StrEnum):
    """Whether a participant was there."""

    EXPECTED = "expected"
    ATTENDED = "attended"
    ABSENT = "absent"
    DENIED = "denied"
    UNKNOWN = "unknown"


class AgendaStatus(StrEnum):
    """How firmly an item stands, or stood, on the table."""

    SPECULATED = "speculated"
    EXPECTED = "expected"
    ANNOUNCED = "announced"
    DISCUSSED = "discussed"
    AGREED = "agreed"
    DEFERRED = "deferred"


class OutcomeType(StrEnum):
    """What came out of a meeting."""

    JOINT_STATEMENT = "joint_statement"
    COMMUNIQUE = "communique"
    AGREEMENT_SIGNED = "agreement_signed"
    MEMORANDUM = "memorandum"
    NO_STATEMENT = "no_statement"
    FOLLOW_UP_MEETING = "follow_up_meeting"
    STALLED = "stalled"
    BREAKDOWN = "breakdown"


class PropositionKind(StrEnum):
    """What a proposition asserts: a norm, a fact, a prediction or a judgement."""

    NORMATIVE = "normative"
    FACTUAL = "factual"
    FORECAST = "forecast"
    EVALUATIVE = "evaluative"


class SourceKind(StrEnum):
    """The genre of a source."""

    READOUT = "readout"
    TRANSCRIPT = "transcript"
    COMMUNIQUE = "communique"
    OFFICIAL_STATEMENT = "official_statement"
    OFFICIAL_DOCUMENT = "official_document"
    BRIEFING = "briefing"
    NEWS_REPORT = "news_report"
    INTERVIEW = "interview"
    SPEECH = "speech"
    VOTE_RECORD = "vote_record"
    SUMMARY = "summary"
    DATASET = "dataset"


class Derivation(StrEnum):
    """How a source was made from another; the two are one witness."""

    SUMMARY = "summary"
    TRANSLATION = "translation"
    COPY = "copy"
    EXCERPT = "excerpt"


class SubjectKind(StrEnum):
    """What a publisher's subject label names."""

    PERSON = "person"
    COUNTRY = "country"
    TOPIC = "topic"


class Position(StrEnum):
    """Where a holder stands towards the target of a stance."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"
    MIXED = "mixed"
    UNDETERMINED = "undetermined"
    DECLINED = "declined"
    UNCLEAR = "unclear"


class Mode(StrEnum):
    """How the stance came to be known."""

    SAID = "said"
    DID = "did"
    VOTED = "voted"
    SIGNED = "signed"
    ASCRIBED = "ascribed"
    INFERRED = "inferred"


class Certainty(StrEnum):
    """How sure a speaker or holder is."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class StanceLink(StrEnum):
    """How one stance bears on another."""

    SUPERSEDES = "supersedes"
    RETRACTS = "retracts"
    DENIES = "denies"
    CONTRADICTS = "contradicts"
    CLARIFIES = "clarifies"
    REPEATS = "repeats"


class EvidenceRole(StrEnum):
    """What a passage does for a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    CONTEXT = "context"


class Verb(StrEnum):
    """How a speaker's word reached the next link of the chain."""

    QUOTED = "quoted"
    PARAPHRASED = "paraphrased"
    ACCORDING_TO = "according_to"


class MentionMethod(StrEnum):
    """Who found an actor in a passage."""

    NAME = "name"
    CODER = "coder"


class JobKind(StrEnum):
    """The aggregate roots that the index follows."""

    SOURCE = "source"
    MEETING = "meeting"
    STANCE = "stance"
    ACTOR = "actor"
    PROPOSITION = "proposition"


DEFINITIONS: dict[type[StrEnum], dict[StrEnum, str]] = {
    ActorKind: {
        ActorKind.PERSON: "a human being",
        ActorKind.STATE: "a country, recognised or not",
        ActorKind.GOVERNMENT_BODY: "a ministry, presidency or other organ of a state",
        ActorKind.INTERNATIONAL_ORGANIZATION: "a body founded by states",
        ActorKind.BLOC: "states spoken of together without a founding treaty",
        ActorKind.ARMED_FORCES: "the forces of a state",
        ActorKind.ARMED_GROUP: "an armed body that is not a state's",
        ActorKind.COMPANY: "a business",
        ActorKind.MEDIA: "a newspaper, agency or broadcaster",
        ActorKind.RESEARCH_BODY: "a think tank, institute or university",
        ActorKind.NGO: "a non-governmental organization",
        ActorKind.UNNAMED_GROUP: "people whom the source does not name",
    },
    NameKind: {
        NameKind.OFFICIAL: "the full formal name",
        NameKind.SHORT: "the everyday short form",
        NameKind.ALIAS: "another name for the same actor",
        NameKind.TRANSLITERATION: "the name carried into another script",
        NameKind.HISTORICAL: "a name no longer in use",
        NameKind.METONYM: "a place or thing that stands for the actor",
    },
    MembershipStatus: {
        MembershipStatus.CANDIDATE: "has applied or been invited",
        MembershipStatus.OBSERVER: "attends without a vote",
        MembershipStatus.DIALOGUE_PARTNER: "a formal partner, not a member",
        MembershipStatus.MEMBER: "a full member",
        MembershipStatus.SUSPENDED: "a member whose rights are suspended",
        MembershipStatus.FORMER: "no longer a member",
    },
    MeetingKind: {
        MeetingKind.MEETING: "an encounter of two or more sides",
        MeetingKind.SUMMIT: "an encounter of leaders",
        MeetingKind.SESSION: "a sitting of a standing body",
        MeetingKind.VISIT: "a journey whose stops are meetings of their own",
        MeetingKind.TALKS: "negotiations, often in several rounds",
    },
    MeetingFormat: {
        MeetingFormat.BILATERAL: "two sides",
        MeetingFormat.TRILATERAL: "three sides",
        MeetingFormat.MINILATERAL: "a small group, four to about eight sides",
        MeetingFormat.MULTILATERAL: "many sides",
        MeetingFormat.UNKNOWN: "the source does not say",
    },
    Medium: {
        Medium.IN_PERSON: "face to face",
        Medium.PHONE: "by telephone",
        Medium.VIDEO: "by video link",
        Medium.WRITTEN: "by letter or message",
        Medium.UNKNOWN: "the source does not say",
    },
    Level: {
        Level.HEAD_OF_STATE: "a president or monarch",
        Level.HEAD_OF_GOVERNMENT: "a prime minister or chancellor",
        Level.MINISTER: "a minister or secretary of state",
        Level.DEPUTY_MINISTER: "a deputy minister",
        Level.SENIOR_OFFICIAL: "a national security adviser, envoy or director",
        Level.AMBASSADOR: "an ambassador or permanent representative",
        Level.EXPERT: "experts or working level",
    },
    MeetingRelation: {
        MeetingRelation.SIDELINES: "held at the margin of the parent",
        MeetingRelation.BESIDE: "a separate meeting on the same visit",
        MeetingRelation.SESSION: "one sitting of the parent",
        MeetingRelation.STOP: "one meeting of a visit",
        MeetingRelation.PREPARATORY: "prepares the parent",
        MeetingRelation.FOLLOW_UP: "follows up the parent",
    },
    MeetingStatus: {
        MeetingStatus.EXPECTED: "foreseen, not announced by a side",
        MeetingStatus.ANNOUNCED: "a side has said that it will take place",
        MeetingStatus.UNDER_WAY: "going on",
        MeetingStatus.HELD: "has taken place",
        MeetingStatus.POSTPONED: "put off",
        MeetingStatus.CANCELLED: "called off",
        MeetingStatus.STALLED: "begun and come to a standstill",
        MeetingStatus.DENIED: "a side says that it did not, or will not, take place",
    },
    Role: {
        Role.HOST: "receives the others",
        Role.CO_HOST: "receives the others together with another side",
        Role.CHAIR: "presides",
        Role.VISITOR: "is received",
        Role.HEAD_OF_DELEGATION: "leads a side",
        Role.DELEGATE: "takes part on a side",
        Role.MEDIATOR: "mediates between sides",
        Role.OBSERVER: "attends without taking part",
        Role.GUEST: "is invited without belonging to the circle",
    },
    Presence: {
        Presence.EXPECTED: "said to be coming",
        Presence.ATTENDED: "was there",
        Presence.ABSENT: "was not there",
        Presence.DENIED: "a side says that it was not, or will not be, there",
        Presence.UNKNOWN: "the source does not say",
    },
    AgendaStatus: {
        AgendaStatus.SPECULATED: "the source's own guess",
        AgendaStatus.EXPECTED: "foreseen by somebody other than a side",
        AgendaStatus.ANNOUNCED: "a side says that it will be discussed",
        AgendaStatus.DISCUSSED: "was discussed",
        AgendaStatus.AGREED: "was agreed on",
        AgendaStatus.DEFERRED: "was put off",
    },
    OutcomeType: {
        OutcomeType.JOINT_STATEMENT: "a statement of all sides",
        OutcomeType.COMMUNIQUE: "a formal communiqué",
        OutcomeType.AGREEMENT_SIGNED: "an agreement was signed",
        OutcomeType.MEMORANDUM: "a memorandum was signed",
        OutcomeType.NO_STATEMENT: "the sides parted without a statement",
        OutcomeType.FOLLOW_UP_MEETING: "a further meeting was arranged",
        OutcomeType.STALLED: "no progress",
        OutcomeType.BREAKDOWN: "the talks broke down",
    },
    PropositionKind: {
        PropositionKind.NORMATIVE: "something should, or should not, be so",
        PropositionKind.FACTUAL: "something is, or was, so",
        PropositionKind.FORECAST: "something will be so",
        PropositionKind.EVALUATIVE: "something is good, bad, strong, weak …",
    },
    SourceKind: {
        SourceKind.READOUT: "a side's account of a meeting",
        SourceKind.TRANSCRIPT: "a record of what was said, word for word",
        SourceKind.COMMUNIQUE: "a text agreed by the sides",
        SourceKind.OFFICIAL_STATEMENT: "a statement issued by an actor",
        SourceKind.OFFICIAL_DOCUMENT: "a document of a state or organization",
        SourceKind.BRIEFING: "a briefing of the press or of officials",
        SourceKind.NEWS_REPORT: "a report by a newspaper, agency or broadcaster",
        SourceKind.INTERVIEW: "questions and answers",
        SourceKind.SPEECH: "an address",
        SourceKind.VOTE_RECORD: "a record of votes",
        SourceKind.SUMMARY: "a summary of another source",
        SourceKind.DATASET: "another dataset",
    },
    Derivation: {
        Derivation.SUMMARY: "tells the original in other, fewer words",
        Derivation.TRANSLATION: "the original in another language",
        Derivation.COPY: "the same text elsewhere",
        Derivation.EXCERPT: "a part of the original",
    },
    SubjectKind: {
        SubjectKind.PERSON: "a person",
        SubjectKind.COUNTRY: "a country",
        SubjectKind.TOPIC: "a topic",
    },
    Position: {
        Position.FOR: "supports it; of a factual proposition: affirms it",
        Position.AGAINST: "opposes it; of a factual proposition: denies it",
        Position.NEUTRAL: "says that it takes no side",
        Position.MIXED: "for in part and against in part",
        Position.UNDETERMINED: "says that it cannot tell",
        Position.DECLINED: "will neither confirm nor deny",
        Position.UNCLEAR: "the coder cannot tell",
    },
    Mode: {
        Mode.SAID: "the holder's own words",
        Mode.DID: "shown by what the holder did",
        Mode.VOTED: "cast as a vote",
        Mode.SIGNED: "put under a text",
        Mode.ASCRIBED: "somebody else says so of the holder",
        Mode.INFERRED: "the source's own conclusion",
    },
    Certainty: {
        Certainty.CERTAIN: "put forward without reserve",
        Certainty.PROBABLE: "thought likely",
        Certainty.POSSIBLE: "thought possible",
        Certainty.UNKNOWN: "not said",
    },
    StanceLink: {
        StanceLink.SUPERSEDES: "replaces the other, which no longer stands",
        StanceLink.RETRACTS: "takes the other back",
        StanceLink.DENIES: "denies what the other says",
        StanceLink.CONTRADICTS: "cannot be true together with the other",
        StanceLink.CLARIFIES: "says more precisely what the other meant",
        StanceLink.REPEATS: "says the same again",
    },
    EvidenceRole: {
        EvidenceRole.SUPPORTS: "says that the claim is so",
        EvidenceRole.CONTRADICTS: "says that the claim is not so",
        EvidenceRole.CONTEXT: "helps to understand the claim",
    },
    Verb: {
        Verb.QUOTED: "in the speaker's own words",
        Verb.PARAPHRASED: "in other words than the speaker's",
        Verb.ACCORDING_TO: "named as the authority, the wording unknown",
    },
    MentionMethod: {
        MentionMethod.NAME: "a known name was found in the text",
        MentionMethod.CODER: "a person recognised the actor",
    },
    JobKind: {
        JobKind.SOURCE: "a source with its text, passages and mentions",
        JobKind.MEETING: "a meeting with all that hangs on it",
        JobKind.STANCE: "a stance",
        JobKind.ACTOR: "an actor with names, tenures and memberships",
        JobKind.PROPOSITION: "a proposition",
    },
}


def define(value: StrEnum) -> str:
    """Return the one-line definition of a coded value."""
    return DEFINITIONS[type(value)][value]
