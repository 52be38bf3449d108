"""Loading two readouts and comparing what each says."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.readouts.sentences import align, sentences_of
from analysis.readouts.shapes import (
    Account,
    CitedClaim,
    Correspondence,
    Readouts,
    SourceSentence,
    TypicalWord,
)
from analysis.readouts.witnesses import (
    SHOWN,
    choose_pair,
    incomparable,
    load_witnesses,
    why_no_pair,
)
from analysis.readouts.words import count_source, typical
from errors import NotFound
from models import (
    AgendaItem,
    Evidence,
    Meeting,
    Proposition,
    Source,
    SourceText,
    Stance,
    Topic,
)
from models.enums import SubjectKind
from queries.evidence import last_changed
from queries.known import not_recorded
from queries.refs import meeting_ref, topic_ref
from queries.shapes import Basis, Ref
from queries.sources import SourceDetail, load_source
from wording import counted

ON_A_PAGE = 100
"""How many sentences of each kind stand on a page."""
MOST_CLAIMS = 100
"""How many topics, labels, agenda items and stances of a source are named."""


def load_readouts(
    session: Session,
    slug: str,
    *,
    left: str | None = None,
    right: str | None = None,
    page: int = 1,
    whole: bool = False,
) -> Readouts:
    """Compare what two sources say of a meeting.

    Args:
        session: an open session.
        slug: the meeting.
        left: the one source; chosen, if not given.
        right: the other.
        page: which page of their sentences, from 1.
        whole: all sentences on one page.

    Raises:
        NotFound: there is no such meeting or source, or no such page.
    """
    meeting = session.scalar(select(Meeting).where(Meeting.slug == slug))
    if meeting is None:
        raise not_recorded(session, slug, "meeting")
    witnesses, cited = load_witnesses(session, meeting.id)
    sides = tuple(dict.fromkeys(one.side for one in witnesses if one.side))
    pair = choose_pair(session, witnesses, left, right)
    changed = last_changed(session)
    if pair is None:
        return Readouts(
            meeting=meeting_ref(meeting),
            witnesses=witnesses[:SHOWN],
            total_witnesses=cited,
            sides=sides[:SHOWN],
            left=None,
            right=None,
            missing=why_no_pair(witnesses, sides),
            common_topics=(),
            correspondences=(),
            total_correspondences=0,
            page=1,
            pages=1,
            basis=Basis(sources=cited, passages=0, changed=changed),
        )
    one, other = (load_source(session, witness.source.slug) for witness in pair)
    topics = [_topics(session, source) for source in (one, other)]
    labels = [_labels(source) for source in (one, other)]
    missing = incomparable(one, other)
    words: list[tuple[TypicalWord, ...]] = [(), ()]
    lengths = [0, 0]
    found: tuple[Correspondence, ...] = ()
    alone: list[tuple[SourceSentence, ...]] = [(), ()]
    if missing is None:
        counts = [count_source(source) for source in (one, other)]
        lengths = [sum(count.values()) for count, _ in counts]
        words = [
            typical(counts[0], counts[1]),
            typical(counts[1], counts[0]),
        ]
        found, alone = align(sentences_of(one), sentences_of(other), one.language)
    longest = max(len(found), *map(len, alone))
    pages = 1 if whole else max(1, -(-longest // ON_A_PAGE))
    if page > pages:
        raise NotFound(f"The comparison has {counted(pages, 'page')} of sentences.")
    here = slice(None) if whole else slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    accounts = [
        Account(
            witness=pair[at],
            topics=tuple(
                ref for key, ref in topics[at].items() if key not in topics[1 - at]
            )[:MOST_CLAIMS],
            labels=tuple(x for x in labels[at] if x not in labels[1 - at]),
            agenda=_claims(source, "agenda_item"),
            stances=_claims(source, "stance"),
            words=words[at],
            length=lengths[at],
            alone=alone[at][here],
            total_alone=len(alone[at]),
            passages_read=len(source.text),
            passages=source.passages,
        )
        for at, source in enumerate((one, other))
    ]
    return Readouts(
        meeting=meeting_ref(meeting),
        witnesses=witnesses[:SHOWN],
        total_witnesses=cited,
        sides=sides[:SHOWN],
        left=accounts[0],
        right=accounts[1],
        missing=missing,
        common_topics=tuple(ref for key, ref in topics[0].items() if key in topics[1])[
            :MOST_CLAIMS
        ],
        correspondences=found[here],
        total_correspondences=len(found),
        page=page,
        pages=pages,
        basis=Basis(
            sources=2, passages=len(one.text) + len(other.text), changed=changed
        ),
    )


def _topics(session: Session, source: SourceDetail) -> dict[str, Ref]:
    """The topics of a source, by its subjects and by what is cited from it."""
    found = {
        subject.resolved.slug: subject.resolved
        for subject in source.subjects
        if subject.resolved is not None and subject.resolved.kind == "topic"
    }
    cited = (
        select(Topic)
        .distinct()
        .select_from(Evidence)
        .join(SourceText, SourceText.id == Evidence.source_text_id)
        .join(Source, Source.id == SourceText.source_id)
        .outerjoin(AgendaItem, AgendaItem.id == Evidence.agenda_item_id)
        .outerjoin(Stance, Stance.id == Evidence.stance_id)
        .outerjoin(Proposition, Proposition.id == Stance.proposition_id)
        .join(
            Topic,
            Topic.id
            == func.coalesce(
                AgendaItem.topic_id, Stance.topic_id, Proposition.topic_id
            ),
        )
        .where(Source.slug == source.slug)
        .order_by(Topic.name)
        .limit(2 * MOST_CLAIMS)
    )
    for topic in session.scalars(cited):
        found.setdefault(topic.slug, topic_ref(topic))
    return found


def _labels(source: SourceDetail) -> list[str]:
    return [
        subject.label
        for subject in source.subjects
        if subject.kind == SubjectKind.TOPIC and subject.resolved is None
    ]


def _claims(source: SourceDetail, kind: str) -> tuple[CitedClaim, ...]:
    found: dict[str, CitedClaim] = {}
    for passage in source.text:
        address = passage.url.partition("#")[0]
        for mark in passage.marks:
            for claim in mark.claims:
                if claim.kind == kind:
                    url = f"{address}#{mark.anchor}"
                    key = claim.url + claim.label
                    found.setdefault(key, CitedClaim(claim=claim, url=url))
    return tuple(found.values())[:MOST_CLAIMS]
