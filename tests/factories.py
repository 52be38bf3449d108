"""Small whole records for the tests: each function makes one, with what it needs.

They add to the session and flush; slugs are counted up, so two calls never collide.
"""

import hashlib
import itertools
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models import (
    Account,
    Actor,
    AgendaItem,
    ApiToken,
    Attribution,
    Base,
    Change,
    Evidence,
    LoadRun,
    Meeting,
    MeetingStatusEvent,
    Office,
    Participation,
    Passage,
    Proposition,
    PropositionRelation,
    SignIn,
    SignInAttempt,
    Source,
    SourceText,
    Stance,
    StanceRelation,
    Topic,
)
from models.enums import Certainty, EvidenceRole, PropositionLink, StanceLink, Verb

TEXT = "The minister said that the talks went well.\n\nNobody else would comment."
_numbers = itertools.count(1)
Record = TypeVar("Record", bound=Base)


def add(session: Session, record: Record) -> Record:
    session.add(record)
    session.flush()
    return record


def slug(kind: str) -> str:
    return f"{kind}-{next(_numbers)}"


def actor(session: Session, **given: Any) -> Actor:
    key = given.setdefault("slug", slug("actor"))
    return add(session, Actor(**{"name": key.title(), "kind": "person", **given}))


def account(session: Session, **given: Any) -> Account:
    """An account that nobody can sign in with, signed in all the same."""
    name = slug("account")
    default = {"name": name, "key": name, "role": "editor", "password_hash": "none"}
    made = add(session, Account(**default | given))
    kept = {"account": made, "stamp": made.stamp, "began": 1, "ends": 2}
    add(session, SignIn(**kept, digest=slug("cookie"), address="", agent=""))
    digest = slug("token")
    add(session, ApiToken(**kept, label="x", digest=digest, role="coder"))
    add(session, SignInAttempt(name="x", address="", at=1))
    return made


def topic(session: Session, **given: Any) -> Topic:
    key = given.setdefault("slug", slug("topic"))
    return add(session, Topic(**{"name": key.title(), **given}))


def proposition(session: Session, **given: Any) -> Proposition:
    key = given.setdefault("slug", slug("proposition"))
    made = {"text": f"{key} should be done.", "kind": "normative", **given}
    return add(session, Proposition(**made))


def office(session: Session, **given: Any) -> Office:
    key = given.setdefault("slug", slug("office"))
    made = {"title": key.title(), **given}
    if "body" not in made:
        made["body"] = actor(session, kind="state")
    return add(session, Office(**made))


def source(session: Session, **given: Any) -> Source:
    key = given.setdefault("slug", slug("source"))
    made = {"title": key.title(), "kind": "news_report", "language": "en", **given}
    return add(session, Source(**made))


def source_text(session: Session, text: str = TEXT, **given: Any) -> SourceText:
    """A text with one passage for each paragraph, held unless ``withheld=True``.

    ``pages`` are the passages' pages.
    """
    withheld = given.pop("withheld", False)
    pages = given.pop("pages", ())
    made = SourceText(
        source=given.pop("source", None) or source(session),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        text=None if withheld else text,
        **given,
    )
    start = 0
    for position, (paragraph, page) in enumerate(
        itertools.zip_longest(text.split("\n\n"), pages), 1
    ):
        end = start + len(paragraph)
        made.passages.append(
            Passage(position=position, start_char=start, end_char=end, page=page)
        )
        start += len(paragraph) + 2
    return add(session, made)


def evidence(session: Session, **given: Any) -> Evidence:
    """Evidence for the claim given by name; the first words of a text, if no other."""
    text = given.pop("source_text", None) or source_text(session)
    start, end = given.pop("start_char", 0), given.pop("end_char", 12)
    quote = text.text[start:end] if text.text is not None else None
    made = {"quote": quote, "role": EvidenceRole.SUPPORTS, **given}
    speakers = made.pop("said_by", [])
    row = Evidence(source_text=text, start_char=start, end_char=end, **made)
    for depth, speaker in enumerate([*speakers, text.source]):
        link = {"source" if isinstance(speaker, Source) else "actor": speaker}
        row.attributions.append(
            Attribution(
                depth=depth, verb=Verb.QUOTED, certainty=Certainty.CERTAIN, **link
            )
        )
    return add(session, row)


def meeting(session: Session, **given: Any) -> Meeting:
    key = given.setdefault("slug", slug("meeting"))
    made = {
        "title": key.title(),
        "kind": "meeting",
        "format": "bilateral",
        "medium": "in_person",
        **given,
    }
    return add(session, Meeting(**made))


def status_event(session: Session, **given: Any) -> MeetingStatusEvent:
    position = next(_numbers)
    made = {"status": "announced", "position": position, "key": str(position), **given}
    if "meeting" not in made:
        made["meeting"] = meeting(session)
    return add(session, MeetingStatusEvent(**made))


def participation(session: Session, **given: Any) -> Participation:
    position = next(_numbers)
    made = {"role": "visitor", "presence": "attended", "position": position, **given}
    made.setdefault("key", str(position))
    if "meeting" not in made:
        made["meeting"] = meeting(session)
    if not {"person", "label", "represented"} & set(made):
        made["person"] = actor(session)
    return add(session, Participation(**made))


def agenda_item(session: Session, **given: Any) -> AgendaItem:
    made = {"text": "Grain", "status": "announced", "position": 1, **given}
    if "meeting" not in made:
        made["meeting"] = meeting(session)
    return add(session, AgendaItem(**made))


def stance(session: Session, **given: Any) -> Stance:
    made = {
        "slug": slug("stance"),
        "position": "for",
        "polarity": 1,
        "mode": "said",
        "certainty": "certain",
        **given,
    }
    if "holder" not in made:
        made["holder"] = actor(session)
    if not {"proposition", "target_actor"} & set(made):
        made["proposition"] = proposition(session)
    return add(session, Stance(**made))


def relation(
    session: Session, stance: Stance, kind: StanceLink, other: Stance
) -> StanceRelation:
    return add(session, StanceRelation(stance=stance, relation=kind, other=other))


def change(session: Session, **given: Any) -> Change:
    run = add(session, LoadRun(verb="load", name="test"))
    default = {"author": "somebody", "verb": "load"}
    return add(session, Change(run=run, **default | given))


def withdrawn(session: Session, stance: Stance) -> Stance:
    """Withdraw a stance with its evidence and its relations, as a change does."""
    number = change(session, verb="withdraw").id
    stance.withdrawn_change = number
    for evidence in stance.evidence:
        evidence.withdrawn_change = number
    for link in stance.relations:
        link.withdrawn_change = number
    session.flush()
    return stance


def contrary(session: Session, one: Proposition, other: Proposition) -> None:
    """Say of two propositions that they are contrary to each other."""
    first, second = sorted((one, other), key=lambda each: each.id)
    link = PropositionRelation(
        proposition=first, relation=PropositionLink.CONTRARY, other=second
    )
    add(session, link)
