"""Coded values as words for people, so that the page says how firm a thing is.

The record keeps what was planned, what was reported, what was held and what was denied
apart, and so must the eye. A `Badge` is a word and a class (`kind`); these are the
classes:

========================  ============================================================
planned                   expected or announced: it had not happened when it was said
under-way                 going on when it was said
held                      happened, in the source's own words or quoted from a speaker
reported                  happened, according to somebody the source paraphrases
unverified                happened, says somebody who is not sure; or a guess
denied                    somebody says that it did not, or will not, happen
off                       postponed, cancelled, stalled, deferred, absent
unknown                   the record does not say
for, for-strong, against, against-strong, neutral, mixed, undetermined, declined,
unclear                   positions
========================  ============================================================

**Held or reported** is never entered; it is read off the attribution chain of the
supporting evidence (`firmness`). A meeting that the paper itself describes, or of which
a participant speaks in quotation marks, is *held*. Where every supporting citation
comes through a speaker whom the source only paraphrases or names as its authority, it
is *reported*; where on every chain a speaker finds it only probable or possible, it is
*unverified* (a certainty that is not said lowers nothing). The firmest citation
decides: one good witness is enough, and the weaker ones stay visible in the chain. A
summary or translation is no witness beside its original: where it leaves out to whom
the original attributes it, the original's chain decides.
"""

from collections.abc import Iterable, Sequence

from models.enums import AgendaStatus, MeetingStatus, Phase, Phased, Position, Presence
from queries.shapes import Badge, Citation, Speaker

HELD, REPORTED, UNVERIFIED = "held", "reported", "unverified"

_FIRMNESS = {
    HELD: "",
    REPORTED: ", according to somebody the source paraphrases",
    UNVERIFIED: ", says somebody who is not sure",
}

_DOUBTS = ("probable", "possible")


def firmness(citations: Iterable[Citation]) -> str:
    """How firmly the evidence says that something happened.

    Returns:
        `held`, `reported` or `unverified`, by the firmest supporting citation; without
        any, `unverified`.
    """
    supporting = [item for item in citations if item.role == "supports"]
    sources = {item.source.slug for item in supporting}
    found = {
        _firmness_of(item.chain) for item in supporting if item.original not in sources
    }
    return next((level for level in _FIRMNESS if level in found), UNVERIFIED)


def _firmness_of(chain: Sequence[Speaker]) -> str:
    if any(speaker.certainty in _DOUBTS for speaker in chain):
        return UNVERIFIED
    speakers = [speaker for speaker in chain if speaker.kind == "actor"]
    return HELD if all(item.verb == "quoted" for item in speakers) else REPORTED


_KINDS = {
    Phase.PLANNED: "planned",
    Phase.HAPPENED: HELD,
    Phase.ENDED: "off",
    Phase.OFF: "off",
    Phase.UNKNOWN: "unknown",
}
#: Values with a class of their own; every other has that of its phase.
_OWN_KINDS: tuple[tuple[Phased, str], ...] = (
    (MeetingStatus.UNDER_WAY, "under-way"),
    (MeetingStatus.DENIED, "denied"),
    (Presence.DENIED, "denied"),
    (AgendaStatus.SPECULATED, UNVERIFIED),
)


def status_badge(
    status: str | None, firm: str = HELD, ended: str | None = None
) -> Badge:
    """The badge of a meeting's status; `firm` is what `firmness` says of its evidence.

    `ended` is how it ended, if the record says so: "held, stalled".

    A meeting without any status event is unknown, not expected.
    """
    if status is None:
        return Badge(word="unknown", kind="unknown", meaning="The record does not say.")
    badge = _how_far(MeetingStatus(status), firm)
    if ended is None:
        return badge
    how = MeetingStatus(ended)
    return Badge(
        word=f"{badge.word}, {how.label}",
        kind=badge.kind,
        meaning=f"{badge.meaning} {_sentence(how.meaning)}",
    )


def presence_badge(presence: str, firm: str = HELD) -> Badge:
    """The badge of a participant's presence."""
    return _how_far(Presence(presence), firm)


def agenda_badge(status: str, firm: str = HELD) -> Badge:
    """The badge of an agenda item's status."""
    return _how_far(AgendaStatus(status), firm)


def _how_far(value: Phased, firm: str) -> Badge:
    """Only what is said to have happened can be reported rather than held."""
    kind, word, meaning = _kind(value), value.label, value.meaning
    if kind == HELD and firm != HELD:
        kind = firm
        word = firm if value is MeetingStatus.HELD else f"{word}, {firm}"
        meaning += _FIRMNESS[firm]
    return Badge(word=word, kind=kind, meaning=_sentence(meaning))


def _kind(value: Phased) -> str:
    # By identity: members of two enums with one value are equal strings.
    own = (kind for known, kind in _OWN_KINDS if known is value)
    return next(own, _KINDS[value.phase])


#: Position and polarity: word, word for a factual proposition, class, sign.
_POSITIONS = {
    ("for", 2): ("strongly for", "firmly affirms", "for-strong", "++"),
    ("for", 1): ("for", "affirms", "for", "+"),
    ("neutral", 0): ("neutral", "neutral", "neutral", "0"),
    ("against", -1): ("against", "denies", "against", "−"),
    ("against", -2): ("strongly against", "firmly denies", "against-strong", "−−"),
    ("mixed", None): ("mixed", "mixed", "mixed", "±"),
    ("undetermined", None): (*2 * (Position.UNDETERMINED.label,), "undetermined", "?"),
    ("declined", None): (*2 * (Position.DECLINED.label,), "declined", "…"),
    ("unclear", None): ("unclear", "unclear", "unclear", "~"),
}
#: The order in which pages show positions, from for to unclear.
POSITION_ORDER = tuple(dict.fromkeys(Position(name) for name, _ in _POSITIONS))


def position_badge(
    position: str, polarity: int | None = None, proposition_kind: str | None = None
) -> Badge:
    """The badge of a stance's position.

    Without a polarity the plain word is meant, as at the head of a group. Of a factual
    proposition, for and against read *affirms* and *denies*.
    """
    plain = {"for": 1, "neutral": 0, "against": -1}.get(position)
    value = Position(position)
    key = (value.value, plain if polarity is None else polarity)
    word, of_fact, kind, sign = _POSITIONS[key]
    if proposition_kind == "factual":
        word = of_fact
    return Badge(word=word, kind=kind, sign=sign, meaning=_sentence(value.meaning))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
