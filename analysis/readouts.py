"""Two readouts side by side: what each side says of the same meeting.

The **sides** are those who issued the sources that are cited for a meeting: the
issuer's state, or the issuer itself, or where no issuer is recorded the publisher. A
summary, copy or translation is no side of its own. Two
sources are compared, by default the first readout of each of two sides; any two can be
asked for.

**Words typical of each** are weighted log-odds ratios with an informative Dirichlet
prior: Burt L. Monroe, Michael P. Colaresi and Kevin M. Quinn, “Fightin' Words: Lexical
Feature Selection and Evaluation for Identifying the Content of Political Conflict”,
*Political Analysis* 16 (2008), pages 372 to 403, equations 16, 20 and 22. With *y* the
count of a word in a text, *n* of all words, and the prior *α* spread over the words as
both texts together use them (500 words in all, as far as there are so many):

    δ = log((y₁ + α) / (n₁ + α₀ − y₁ − α)) − log((y₂ + α) / (n₂ + α₀ − y₂ − α))
    z = δ / √(1 / (y₁ + α) + 1 / (y₂ + α))

Words are counted by stem and shown in their most frequent form; stop words do not
count. A word is shown from z = 1 on, which is little: texts are short, and the
number stands beside it.

**Sentences correspond** when each is the other's nearest: by the cosine of their words,
weighted by tf-idf over the sentences of both texts (Manning, Raghavan and Schütze,
*Introduction to Information Retrieval*, 2008, chapter 6), from 0.25 on. It finds the
same words, not the same thoughts: what is left over on one side may be said in others.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from analysis.statements import Fold, Sides
from errors import NotFound, quoted
from models import (
    AgendaItem,
    Evidence,
    Meeting,
    MeetingStatusEvent,
    Outcome,
    Participation,
    Proposition,
    Source,
    SourceText,
    Stance,
    Topic,
)
from models.enums import SourceKind, SubjectKind
from queries.evidence import last_changed
from queries.refs import meeting_ref, topic_ref
from queries.shapes import Basis, ClaimRef, PassageItem, Ref
from queries.sources import SourceDetail, SourceItem, load_source
from queries.sources import load_items as load_sources
from queries.words import Word, words_of

WORDS = 15
"""How many typical words are shown of each side."""
FROM_Z = 1.0
PRIOR = 500
NEAR = 0.25
"""From which likeness on two sentences may correspond."""
SENTENCES = 800
"""How many sentences of a text are compared, the first."""

#: Which kind of source is a side's own account, the best first.
_KINDS = (
    SourceKind.READOUT,
    SourceKind.COMMUNIQUE,
    SourceKind.OFFICIAL_STATEMENT,
    SourceKind.TRANSCRIPT,
    SourceKind.BRIEFING,
)


@dataclass(frozen=True, kw_only=True)
class Witness:
    """A source that is cited for the meeting, and whose side it gives."""

    source: SourceItem
    """The source."""
    side: str
    """Who issued it: the state, the issuer, or the publisher; empty if nobody knows."""
    side_actor: Ref | None
    """The same as an actor, if it is one."""


@dataclass(frozen=True, kw_only=True)
class TypicalWord:
    """A word that one text uses more than the other."""

    word: str
    """Its most frequent form."""
    z: float
    """The weighted log-odds ratio, in standard deviations."""
    here: int
    """How often it stands in this text."""
    there: int
    """How often it stands in the other."""


@dataclass(frozen=True, kw_only=True)
class SourceSentence:
    """A sentence of a source."""

    text: str
    """Its words."""
    passage: int
    """The passage in which it stands."""
    url: str
    """The passage in its source."""


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """Two sentences that correspond."""

    left: SourceSentence
    """The sentence of the one."""
    right: SourceSentence
    """The sentence of the other."""
    likeness: float
    """The cosine of their words, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class CitedClaim:
    """A claim that rests on a source."""

    claim: ClaimRef
    """The claim."""
    url: str
    """The first span on which it rests, marked in the source."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """What one source says of the meeting."""

    witness: Witness
    """The source and its side."""
    topics: tuple[Ref, ...]
    """The topics that it mentions and the other does not: by its publisher's subjects,
    and by the agenda items and stances that are cited from it."""
    labels: tuple[str, ...]
    """Its publisher's topics that resolve to none of ours, and the other has not."""
    agenda: tuple[CitedClaim, ...]
    """The agenda items that rest on it."""
    stances: tuple[CitedClaim, ...]
    """The stances that rest on it."""
    words: tuple[TypicalWord, ...]
    """The words typical of it, the most typical first."""
    length: int
    """How many words it has, without stop words."""
    alone: tuple[SourceSentence, ...]
    """The sentences that correspond to none of the other's."""


@dataclass(frozen=True, kw_only=True)
class Readouts:
    """What two sources say of the same meeting."""

    meeting: Ref
    """The meeting."""
    witnesses: tuple[Witness, ...]
    """All sources that are cited for it, with their sides."""
    sides: tuple[str, ...]
    """The sides that issued them."""
    left: Account | None
    """The one; null if there are no two to compare."""
    right: Account | None
    """The other."""
    missing: str | None
    """What keeps them from being compared, in a sentence."""
    common_topics: tuple[Ref, ...]
    """The topics that both mention."""
    correspondences: tuple[Correspondence, ...]
    """The sentences that correspond, in the order of the one."""
    basis: Basis
    """What the page rests on: the two sources, or those cited for the meeting."""


def load_readouts(
    session: Session, slug: str, *, left: str | None = None, right: str | None = None
) -> Readouts:
    """Compare what two sources say of a meeting.

    Args:
        session: an open session.
        slug: the meeting.
        left: the one source; chosen, if not given.
        right: the other.

    Raises:
        NotFound: there is no such meeting or source.
    """
    meeting = session.scalar(select(Meeting).where(Meeting.slug == slug))
    if meeting is None:
        raise NotFound(f"No meeting is called {quoted(slug)}.")
    witnesses = _witnesses(session, meeting.id)
    sides = tuple(dict.fromkeys(one.side for one in witnesses if one.side))
    pair = _choose(session, witnesses, left, right)
    changed = last_changed(session)
    if pair is None:
        return Readouts(
            meeting=meeting_ref(meeting),
            witnesses=witnesses,
            sides=sides,
            left=None,
            right=None,
            missing=_why(witnesses, sides),
            common_topics=(),
            correspondences=(),
            basis=Basis(sources=len(witnesses), passages=0, changed=changed),
        )
    one, other = (load_source(session, witness.source.slug) for witness in pair)
    topics = [_topics(session, source) for source in (one, other)]
    labels = [_labels(source) for source in (one, other)]
    missing = _incomparable(one, other)
    words: list[tuple[TypicalWord, ...]] = [(), ()]
    lengths = [0, 0]
    found: tuple[Correspondence, ...] = ()
    alone: list[tuple[SourceSentence, ...]] = [(), ()]
    if missing is None:
        counts = [_count(source) for source in (one, other)]
        lengths = [sum(count.values()) for count, _ in counts]
        words = [
            typical(counts[0], counts[1]),
            typical(counts[1], counts[0]),
        ]
        found, alone = align(_sentences(one), _sentences(other), one.language)
    accounts = [
        Account(
            witness=pair[at],
            topics=tuple(
                ref for key, ref in topics[at].items() if key not in topics[1 - at]
            ),
            labels=tuple(x for x in labels[at] if x not in labels[1 - at]),
            agenda=_claims(source, "agenda_item"),
            stances=_claims(source, "stance"),
            words=words[at],
            length=lengths[at],
            alone=alone[at],
        )
        for at, source in enumerate((one, other))
    ]
    return Readouts(
        meeting=meeting_ref(meeting),
        witnesses=witnesses,
        sides=sides,
        left=accounts[0],
        right=accounts[1],
        missing=missing,
        common_topics=tuple(ref for key, ref in topics[0].items() if key in topics[1]),
        correspondences=found,
        basis=Basis(
            sources=2, passages=len(one.text) + len(other.text), changed=changed
        ),
    )


# Which sources


def _witnesses(session: Session, meeting_id: int) -> tuple[Witness, ...]:
    """Load the sources that are cited for a meeting."""
    at_it = [
        Evidence.meeting_id == meeting_id,
        Evidence.stance_id.in_(
            select(Stance.id).where(Stance.meeting_id == meeting_id)
        ),
    ]
    for claim, column in (
        (MeetingStatusEvent, Evidence.status_event_id),
        (Participation, Evidence.participation_id),
        (AgendaItem, Evidence.agenda_item_id),
        (Outcome, Evidence.outcome_id),
    ):
        of_it = select(claim.id).where(claim.meeting_id == meeting_id)
        at_it.append(column.in_(of_it))
    cited = (
        select(SourceText.source_id)
        .join(Evidence, Evidence.source_text_id == SourceText.id)
        .where(or_(*at_it))
    )
    return _as_witnesses(session, Source.id.in_(cited))


def _as_witnesses(session: Session, condition: object) -> tuple[Witness, ...]:
    statement = (
        select(Source)
        .where(condition)  # type: ignore[arg-type]
        .order_by(
            Source.published_earliest.is_(None), Source.published_earliest, Source.slug
        )
    )
    items = load_sources(session, statement)
    actors = Sides(session, Fold.REPRESENTED)

    def side(issuer: Ref) -> Ref:
        return actors.state_of(actors.find(issuer.slug)).ref

    return tuple(
        Witness(
            source=item,
            side=state.label if state else _publisher(item),
            side_actor=state,
        )
        for item in items
        for state in (side(item.issuer) if item.issuer else None,)
    )


def _publisher(item: SourceItem) -> str:
    return "" if item.derived_from else item.publisher or ""


def _choose(
    session: Session,
    witnesses: Sequence[Witness],
    left: str | None,
    right: str | None,
) -> tuple[Witness, Witness] | None:
    """Choose the two sources: those asked for, else the best of two sides."""
    asked = [slug for slug in (left, right) if slug]
    given = {
        one.source.slug: one for one in _as_witnesses(session, Source.slug.in_(asked))
    }
    for slug in asked:
        if slug not in given:
            raise NotFound(f"No source is called {quoted(slug)}.")
    ranked = sorted(witnesses, key=_rank)
    one = given[left] if left else None
    other = given[right] if right else None
    if one is None:
        one = _first(ranked, other)
    if other is None:
        other = _first(ranked, one)
    return (one, other) if one and other else None


def _rank(witness: Witness) -> tuple[bool, bool, int]:
    source = witness.source
    kind = _KINDS.index(source.kind) if source.kind in _KINDS else len(_KINDS)
    return source.text_state != "held", source.derived_from is not None, kind


def _first(ranked: Sequence[Witness], other: Witness | None) -> Witness | None:
    """The best source of another side; without another, one that has a counterpart."""
    for witness in ranked:
        if not witness.side:
            continue
        if other is not None:
            if witness.side != other.side:
                return witness
        elif any(one.side and one.side != witness.side for one in ranked):
            return witness
    return None


def _why(witnesses: Sequence[Witness], sides: Sequence[str]) -> str:
    if not witnesses:
        return "No source is cited for this meeting."
    if not sides:
        return "Of no source that is cited for this meeting is the issuer known."
    if len(sides) == 1:
        return (
            f"All sources that are cited for this meeting are of one side: {sides[0]}."
        )
    return "No two sources of different sides are cited for this meeting."


def _incomparable(one: SourceDetail, other: SourceDetail) -> str | None:
    for source in (one, other):
        if source.text_state != "held":
            return (
                f"Words and sentences are not compared: the text of “{source.title}” "
                f"is {'withheld' if source.text_state == 'withheld' else 'not here'}."
            )
    here, there = (source.language.partition("-")[0] for source in (one, other))
    if here != there:
        return (
            "Words and sentences are not compared: the one is in "
            f"{one.language}, the other in {other.language}."
        )
    return None


# What each says


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
    return tuple(found.values())


# Words

Counted = tuple[Counter[str], Mapping[str, Counter[str]]]
"""How often each stem stands in a text, and in which forms."""


def _count(source: SourceDetail) -> Counted:
    return count_words(
        word
        for passage in source.text
        for word in words_of(passage.text or "", source.language)
    )


def count_words(words: Iterable[Word]) -> Counted:
    """Count words by their stems."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        counts[word.stem] += 1
        forms[word.stem][word.shown] += 1
    return counts, forms


def typical(here: Counted, there: Counted) -> tuple[TypicalWord, ...]:
    """The words typical of one text against another, the most typical first."""
    (counts, forms), (others, _) = here, there
    scores = log_odds(counts, others)
    ordered = sorted(
        ((z, stem) for stem, z in scores.items() if z >= FROM_Z and counts[stem]),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return tuple(
        TypicalWord(
            word=min(forms[stem], key=lambda form: (-forms[stem][form], form)),
            z=round(z, 3),
            here=counts[stem],
            there=others[stem],
        )
        for z, stem in ordered[:WORDS]
    )


def log_odds(one: Counter[str], other: Counter[str]) -> dict[str, float]:
    """Weighted log-odds ratios of two counts, in standard deviations.

    Positive: more of the first. See the module's head for the measure.
    """
    total_one, total_other = sum(one.values()), sum(other.values())
    both = one + other
    words = total_one + total_other
    prior = min(PRIOR, words)
    if len(both) < 2:
        return {}
    scores = {}
    for stem, count in both.items():
        alpha = prior * count / words
        y, x = one[stem] + alpha, other[stem] + alpha
        delta = math.log(y / (total_one + prior - y)) - math.log(
            x / (total_other + prior - x)
        )
        scores[stem] = delta / math.sqrt(1 / y + 1 / x)
    return scores


# Sentences

_END = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+(?=[\"“‘«(\[]*[^\W\d_a-zа-я])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|Col|Lt|Sen|Rep|vs|etc)|\b[A-Z])\.\Z"
)


def split_sentences(text: str) -> list[str]:
    """Cut a passage into sentences; an abbreviation does not end one."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.start()]
        if _ABBREVIATED.search(piece):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [" ".join(piece.split()) for piece in found if piece]


def _sentences(source: SourceDetail) -> list[SourceSentence]:
    return [
        SourceSentence(text=text, passage=passage.position, url=passage.url)
        for passage in source.text
        for text in _of(passage)
    ][:SENTENCES]


def _of(passage: PassageItem) -> list[str]:
    return split_sentences(passage.text or "")


def align(
    left: Sequence[SourceSentence],
    right: Sequence[SourceSentence],
    language: str | None = None,
) -> tuple[tuple[Correspondence, ...], list[tuple[SourceSentence, ...]]]:
    """Find the sentences that correspond, and those of each side that are left over."""
    vectors = _vectors([one.text for one in (*left, *right)], language)
    ours, theirs = vectors[: len(left)], vectors[len(left) :]
    where: dict[str, list[int]] = defaultdict(list)
    for at, vector in enumerate(theirs):
        for stem in vector:
            where[stem].append(at)
    likeness: dict[tuple[int, int], float] = defaultdict(float)
    for at, vector in enumerate(ours):
        for stem, weight in vector.items():
            for other in where.get(stem, ()):
                likeness[at, other] += weight * theirs[other][stem]
    best_left: dict[int, tuple[float, int]] = {}
    best_right: dict[int, tuple[float, int]] = {}
    for (a, b), value in likeness.items():
        best_left[a] = max(best_left.get(a, (0.0, 0)), (value, -b))
        best_right[b] = max(best_right.get(b, (0.0, 0)), (value, -a))
    pairs = [
        (a, -b, value)
        for a, (value, b) in sorted(best_left.items())
        if value >= NEAR and best_right[-b][1] == -a
    ]
    taken_left = {a for a, _, _ in pairs}
    taken_right = {b for _, b, _ in pairs}
    found = tuple(
        Correspondence(left=left[a], right=right[b], likeness=round(min(value, 1.0), 3))
        for a, b, value in pairs
    )
    return found, [
        tuple(one for at, one in enumerate(left) if at not in taken_left),
        tuple(one for at, one in enumerate(right) if at not in taken_right),
    ]


def _vectors(texts: Sequence[str], language: str | None) -> list[dict[str, float]]:
    """The words of each sentence by tf-idf, each vector of length 1."""
    counts = [Counter(word.stem for word in words_of(text, language)) for text in texts]
    holding = Counter(stem for count in counts for stem in count)
    vectors = []
    for count in counts:
        vector = {
            stem: (1 + math.log(number)) * math.log(1 + len(texts) / holding[stem])
            for stem, number in count.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1
        vectors.append({stem: value / length for stem, value in vector.items()})
    return vectors
