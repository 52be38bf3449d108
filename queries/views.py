"""The SQL views, column by column, and queries worth starting from.

One table: the console page shows it, `docs/sql.md` is written from it, and a test
holds it against the views that the migrations make. The views are a public interface:
a column is added here and in a migration together, and none is renamed.

Long because it is a table: a line for each column of each view, and the examples.
"""

from dataclasses import dataclass

from models.enums import (
    AgendaStatus,
    Certainty,
    Coded,
    EvidenceRole,
    Medium,
    MeetingFormat,
    MeetingKind,
    MeetingRelation,
    MeetingStatus,
    MembershipStatus,
    Mode,
    Phase,
    Position,
    Presence,
    PropositionKind,
    PropositionLink,
    Role,
    StanceLink,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view and what stands in it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class View:
    """One view: one row per thing, names instead of ids."""

    name: str
    about: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the query that answers it."""

    question: str
    sql: str


def _view(name: str, about: str, /, **columns: str) -> View:
    return View(name, about, tuple(Column(*column) for column in columns.items()))


def _one_of(enum: type[Coded], but: Coded | Phase | None = None) -> str:
    values = [
        member.value
        for member in enum
        if but is None or but not in (member, getattr(member, "phase", None))
    ]
    return " or ".join(filter(None, [", ".join(values[:-1]), values[-1]]))


_EARLIEST = "first day that the date can mean; empty if open"
_LATEST = "last day that the date can mean; empty if open"
_SAID_BY = "who says so: the speaker nearest the claim"
_CLAIM_KIND = (
    "meeting, status_event, participation, agenda_item, outcome, stance, tenure or "
    "membership"
)
_CLAIM = "readable key of the claim: a slug, or a path such as tehran/agenda/1"

_STANCE = dict(
    slug="key of the stance",
    holder="name of who holds it",
    holder_slug="key of who holds it",
    holder_kind="person, state, government_body …",
    represents="the state or body that the holder speaks for",
    represents_nobody="whether the holder is known to speak for nobody else",
    state="the state that it counts for, if any",
    target_kind="proposition or actor",
    target="the sentence, or the actor's name",
    target_slug="key of the proposition or actor",
    proposition_kind=_one_of(PropositionKind),
    topic="name of the topic",
    topic_path="the topic with those above it, as in arms/drones",
    position=_one_of(Position),
    polarity="from -2 to 2 for the first three positions, else empty",
    mode=_one_of(Mode),
    certainty=f"how sure the holder is: {_one_of(Certainty)}",
    said_by=_SAID_BY,
    chain="the whole chain of speakers, the source last",
    stated_on="when it was stated, as an EDTF date",
    earliest="first day on which it may have been stated",
    latest="last day on which it may have been stated",
    valid_from="from when it holds, if said",
    valid_to="until when it holds, if said",
    current="whether no other stance supersedes or retracts it",
    meeting="key of the meeting where it was stated",
    agenda_item="text of the agenda item that it concerns",
    quote="the words that show it; empty where the text is withheld",
    source="key of the source of the quote",
    source_title="title of that source",
    published="when that source was published",
    evidence_count="how many passages show it",
)

VIEWS = (
    _view(
        "meetings",
        "Meetings, summits, visits, calls and talks, held or not.",
        slug="key of the meeting",
        title="its title",
        kind=_one_of(MeetingKind),
        format=_one_of(MeetingFormat),
        medium=_one_of(Medium),
        level="highest level present, if known",
        status=f"as last known: {_one_of(MeetingStatus, but=Phase.ENDED)}",
        date="when, as an EDTF date",
        earliest=_EARLIEST,
        latest=_LATEST,
        date_as_written="the date in the source's words",
        several="whether the source speaks of an uncounted set of meetings",
        venue="building or room",
        city="city",
        country="name of the country",
        country_slug="key of the country",
        parent="key of the meeting that this one belongs to",
        relation=f"how: {_one_of(MeetingRelation)}",
        series="the series it is one of",
        status_said_by="who says that the status is so",
        ended="how what was held ended: stalled; else empty",
    ),
    _view(
        "participations",
        "Who took part, or was to: one row per participant and meeting.",
        meeting="key of the meeting",
        person="name of the person, if known",
        person_slug="key of the person",
        represented="name of the state or body represented",
        represented_slug="key of the state or body represented",
        label="the source's words where nobody is named",
        office="office held at the time",
        role=_one_of(Role),
        presence=_one_of(Presence),
        said_by=_SAID_BY,
    ),
    _view(
        "dyads",
        "Pairs: each pair of a meeting's participants once.",
        meeting="key of the meeting",
        kind="the meeting's kind",
        format="the meeting's format",
        status="the meeting's status",
        date="when, as an EDTF date",
        earliest=_EARLIEST,
        latest=_LATEST,
        a="name of the one: the person or, if unknown, the actor represented",
        a_slug="key of the one; sorts before b_slug",
        b="name of the other",
        b_slug="key of the other",
        a_represents="what the first represents",
        b_represents="what the second represents",
        a_role="role of the one",
        b_role="role of the other",
        a_presence="presence of the one",
        b_presence="presence of the other",
    ),
    _view(
        "status_events",
        "What became of a meeting, step by step: announced, held, postponed …",
        meeting="key of the meeting",
        status="the status from then on",
        date="when it took effect, as an EDTF date",
        said_by=_SAID_BY,
        source="key of the source",
        published="when the source was published",
    ),
    _view(
        "agenda",
        "Agenda items.",
        meeting="key of the meeting",
        position="place on the agenda, from 1",
        item="the item",
        topic="key of its topic",
        side="whose agenda it is on, where the sides differ",
        status=_one_of(AgendaStatus),
        said_by=_SAID_BY,
    ),
    _view(
        "stances",
        "The positions of actors, attributed, with the passage.",
        **_STANCE,
    ),
    _view(
        "stances_history",
        "All stances, with those corrected or withdrawn: the history.",
        **_STANCE,
        corrected_by="key of the stance that corrects it; empty if there is none",
        withdrawn_in="number of the change that withdrew it; empty if none did",
    ),
    _view(
        "corrections",
        "Stances that were coded wrongly, and what stands in their place.",
        stance="key of the corrected stance",
        last_correction="key of the last stance of its corrections",
    ),
    _view(
        "proposition_relations",
        "Propositions that cannot both be wanted or be true; each pair both ways.",
        proposition="key of the one",
        relation=_one_of(PropositionLink),
        other="key of the other",
    ),
    _view(
        "stance_relations",
        "How one stance bears on another.",
        stance="key of the later stance",
        relation=_one_of(StanceLink, but=StanceLink.CORRECTS),
        other="key of the other stance",
    ),
    _view(
        "attributions",
        "Attribution: one row per link of a chain.",
        claim_kind=_CLAIM_KIND,
        claim=_CLAIM,
        source="key of the source of the passage",
        depth="0 for the speaker nearest the claim; the source comes last",
        speaker="name of the actor, or the source under its publisher's name",
        speaker_kind="the actor's kind, or source",
        verb=_one_of(Verb),
        certainty="how sure this speaker sounds",
    ),
    _view(
        "citations",
        "In which words: one row per passage cited for a claim.",
        claim_kind=_CLAIM_KIND,
        claim=_CLAIM,
        quote="the words; empty where the text is withheld",
        source="key of the source",
        start_char="where the words begin in the source's text, from 0",
        end_char="where they end; this character is not included",
        role=_one_of(EvidenceRole),
        passage="position of the passage where the words begin",
        last_passage="position of the passage where they end",
        page="page of the document on which the first of these passages begins",
        last_page="page on which the last of them begins",
    ),
    _view(
        "offices",
        "Who held which office.",
        person="name of the person",
        person_slug="key of the person",
        office="title of the office",
        body="the body that the office belongs to",
        state="that body's state",
        since="from when, as an EDTF date",
        until="until when, as an EDTF date",
        attested_on="a day on which a source shows the office held",
    ),
    _view(
        "memberships",
        "Who belongs to which organization.",
        member="name of the member",
        member_slug="key of the member",
        organization="name of the organization",
        organization_slug="key of the organization",
        status=_one_of(MembershipStatus),
        since="from when, as an EDTF date",
        until="until when, as an EDTF date",
        attested_on="a day on which a source shows the membership",
    ),
    _view(
        "actors",
        "Persons, states, bodies, organizations, companies and groups.",
        slug="key of the actor",
        name="usual name",
        kind="person, state, government_body, international_organization …",
        parent="key of the state or body above it",
    ),
    _view(
        "topics",
        "What meetings and stances are about, as a tree.",
        slug="key of the topic",
        name="name of the topic",
        path="the slugs from the root down, as in arms/drones",
    ),
    _view(
        "propositions",
        "The sentences that stances are for or against.",
        slug="key of the proposition",
        text="a declarative sentence",
        kind=_one_of(PropositionKind),
        topic="key of the topic",
    ),
    _view(
        "sources",
        "The documents that everything rests on.",
        slug="key of the source",
        kind="readout, transcript, communique, news_report …",
        title="title",
        publisher="who published it, if known",
        published="when, as an EDTF date",
        url="where it stands on the web",
        language="language, as a BCP 47 tag",
        licence="on what terms",
        text_held="whether the text is here, or withheld and only positions are known",
        derived_from="key of the source that this one summarises or translates",
    ),
    _view(
        "passages",
        "The paragraphs and turns of the sources.",
        source="key of the source",
        position="place in the source, from 1",
        start_char="where it begins in the source's text, from 0",
        end_char="where it ends; this character is not included",
        speaker="who speaks, where the source says so",
        text="the words; empty where the text is withheld",
        page="page of the document on which it begins, if the document has pages",
    ),
)

READ_INSTEAD = {
    "actor_identifier": "actors",
    "actor_name": "actors",
    "agenda_item": "agenda",
    "attribution": "attributions",
    "evidence": "citations",
    "meeting_status_event": "status_events",
    "membership": "memberships",
    "mention": "passages",
    "office": "offices",
    "outcome": "meetings",
    "source_subject": "sources",
    "source_text": "passages",
    "tenure": "offices",
}
"""The view to read where a table is asked for whose name does not lead there."""

EXAMPLES = (
    Example(
        "Which meetings are recorded, and what became of them?",
        "select earliest, title, format, status, status_said_by\n"
        "from meetings\n"
        "order by earliest, slug",
    ),
    Example(
        "Which actors met, or planned to?",
        "select a, b, count(distinct meeting) as meetings\n"
        "from dyads\n"
        "group by a, b\n"
        "order by meetings desc, a, b",
    ),
    Example(
        "What are the positions on arms, and who attributes them?",
        "select holder, position, target, said_by, stated_on, quote\n"
        "from stances\n"
        "where topic_path like 'arms%'\n"
        "order by earliest, slug",
    ),
    Example(
        "Where do holders differ over the same sentence?",
        "select target,\n"
        "       sum(case when polarity > 0 then 1 else 0 end) as in_favour,\n"
        "       sum(case when polarity < 0 then 1 else 0 end) as against\n"
        "from stances\n"
        "where target_kind = 'proposition'\n"
        "group by target\n"
        "having sum(case when polarity > 0 then 1 else 0 end) > 0\n"
        "   and sum(case when polarity < 0 then 1 else 0 end) > 0\n"
        "order by target",
    ),
    Example(
        "What is the current stance of each actor on each proposition?",
        "select s.holder, s.target, s.position, s.stated_on, s.said_by\n"
        "from stances s\n"
        "where s.target_kind = 'proposition' and s.current\n"
        "  and not exists (\n"
        "    select 1 from stances t\n"
        "    where t.holder_slug = s.holder_slug and t.target_slug = s.target_slug\n"
        "      and t.target_kind = 'proposition' and t.current\n"
        "      and t.latest > s.latest)\n"
        "order by s.holder, s.target, s.slug",
    ),
    Example(
        "How often did each pair meet, year by year?",
        "select a, b, substr(cast(earliest as text), 1, 4) as year,\n"
        "       count(distinct meeting) as meetings\n"
        "from dyads\n"
        "where status = 'held'\n"
        "group by a, b, substr(cast(earliest as text), 1, 4)\n"
        "order by year, meetings desc, a, b",
    ),
    Example(
        "Which claims are contested: affirmed by one, denied or declined by another?",
        "select distinct a.target, a.holder as affirmed_by, b.position,\n"
        "       b.holder as answered_by, b.stated_on, b.quote\n"
        "from stances a\n"
        "join stances b on b.target_slug = a.target_slug\n"
        "  and b.target_kind = a.target_kind and b.holder_slug <> a.holder_slug\n"
        "where a.target_kind = 'proposition' and a.position = 'for' and a.current\n"
        "  and b.position in ('against', 'declined', 'undetermined') and b.current\n"
        "order by a.target, b.position, b.holder",
    ),
    Example(
        "Which agenda items were agreed, and which only guessed at?",
        "select meeting, position, item, status, said_by\n"
        "from agenda\n"
        "order by meeting, position",
    ),
    Example(
        "Whose word does the record rest on?",
        "select speaker, speaker_kind, count(*) as claims\n"
        "from attributions\n"
        "where depth = 0\n"
        "group by speaker, speaker_kind\n"
        "order by claims desc, speaker",
    ),
    Example(
        "Which passages are cited most?",
        "select c.source, c.passage, count(*) as claims\n"
        "from citations c\n"
        "group by c.source, c.passage\n"
        "order by claims desc, c.source, c.passage\n"
        "limit 20",
    ),
)
