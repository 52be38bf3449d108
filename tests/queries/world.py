"""A small record that tests of the queries read: one meeting with all that hangs on it.

Two sources tell of it: a report, and a summary of that report whose text is withheld.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.orm import Session

from models import (
    Actor,
    ActorIdentifier,
    ActorName,
    Evidence,
    LoadRun,
    Meeting,
    Membership,
    Mention,
    Outcome,
    Proposition,
    Source,
    SourceContributor,
    SourceSubject,
    SourceText,
    Stance,
    Tenure,
    Topic,
)
from models.enums import StanceLink, Verb
from tests import factories as make

TEXT = (
    "The king met the envoy in Aden.\n\n"
    "They spoke of salt, the envoy said.\n\n"
    "No ship will sail before spring."
)
#: The span of each phrase that is evidence for something.
MET = (0, 31)
IN_ADEN = (23, 30)
SALT = (33, 68)
ACROSS = (15, 50)


@dataclass
class World:
    """What the small record holds."""

    king: Actor
    envoy: Actor
    aden: Actor
    court: Actor
    league: Actor
    meeting: Meeting
    preparation: Meeting
    trade: Topic
    salt: Topic
    proposition: Proposition
    stance: Stance
    earlier: Stance
    feeling: Stance
    report: Source
    summary: Source
    text: SourceText
    withheld: SourceText


def make_world(session: Session) -> World:
    """Record the meeting in Aden."""
    aden = make.actor(session, slug="aden", name="Aden", kind="state")
    court = make.actor(
        session, slug="court", name="Court", kind="government_body", parent=aden
    )
    league = make.actor(
        session, slug="league", name="League", kind="international_organization"
    )
    king = make.actor(session, slug="king", name="The King", description="A king.")
    king.names.append(ActorName(name="Kıral", language="tr", kind="official"))
    king.identifiers.append(ActorIdentifier(scheme="wikidata", value="Q0"))
    envoy = make.actor(session, slug="envoy", name="The Envoy")
    report = make.source(
        session,
        slug="report",
        title="A report",
        publisher="The Gazette",
        published="2022-07-12",
        contributors=[SourceContributor(position=1, name="A. Writer")],
        issuer=court,
    )
    summary = make.source(
        session,
        slug="summary",
        title="A summary",
        kind="summary",
        original=report,
        derivation="summary",
        published="2022-07-13",
    )
    text = make.source_text(session, TEXT, source=report)
    withheld = make.source_text(session, TEXT[:67], source=summary, withheld=True)
    for place, actor in ((0, king), (0, aden), (1, envoy)):
        session.add(Mention(passage=text.passages[place], actor=actor, method="name"))
    trade = make.topic(session, slug="trade", name="Trade")
    salt = make.topic(session, slug="salt", name="Salt", parent=trade)
    report.subjects.append(
        SourceSubject(position=1, kind="topic", label="Commerce", topic=trade)
    )
    report.subjects.append(SourceSubject(position=2, kind="person", label="Nobody"))
    meeting = make.meeting(
        session,
        slug="aden-meeting",
        title="The meeting in Aden",
        date="2022-07-18/2022-07-24",
        date_as_written="next week",
        city="Aden",
        country=aden,
        level="head_of_state",
    )
    preparation = make.meeting(
        session, slug="talks", title="Talks before", parent=meeting,
        relation="preparatory", kind="talks", date="2022-07-01",
    )  # fmt: skip
    announced = make.status_event(
        session, meeting=meeting, status="announced", date="2022-07-12"
    )
    held = make.status_event(session, meeting=meeting, status="held", date="2022-07-18")
    host = make.participation(
        session, meeting=meeting, person=king, represented=aden, role="host",
        office=make.office(session, slug="crown", title="Crown", body=aden),
    )  # fmt: skip
    guest = make.participation(session, meeting=meeting, person=envoy)
    item = make.agenda_item(session, meeting=meeting, text="Salt", topic=salt)
    outcome = make.add(
        session,
        Outcome(meeting=meeting, position=1, type="communique", text="A paper."),
    )
    proposition = make.proposition(
        session, slug="sell-salt", text="Aden should sell salt.", topic=salt
    )
    about_it = {"holder": king, "represents": court, "proposition": proposition}
    earlier = make.stance(
        session, slug="king-no", position="against", polarity=-1, stated="2022-06",
        **about_it,
    )  # fmt: skip
    stance = make.stance(
        session, slug="king-yes", stated="2022-07-12", meeting=meeting,
        agenda_item=item, note="Clear.", **about_it,
    )  # fmt: skip
    make.relation(session, stance, StanceLink.SUPERSEDES, earlier)
    feeling = make.stance(
        session, slug="envoy-on-aden", holder=envoy, target_actor=aden,
        position="mixed", polarity=None, topic=trade,
    )  # fmt: skip
    tenure = make.add(
        session,
        Tenure(key="king/crown", person=king, office=host.office, attested="2022-07"),
    )
    member = make.add(
        session,
        Membership(
            key="aden/league/member", member=aden, organization=league, status="member"
        ),
    )
    cite = {"source_text": text, "start_char": MET[0], "end_char": MET[1]}
    for claim, of in (
        ("meeting", meeting),
        ("status_event", announced),
        ("participation", guest),
        ("outcome", outcome),
        ("tenure", tenure),
        ("membership", member),
    ):
        make.evidence(session, **{claim: of}, **cite)
    paraphrased(make.evidence(session, status_event=held, said_by=[envoy], **cite))
    inside = {**cite, "start_char": IN_ADEN[0], "end_char": IN_ADEN[1]}
    make.evidence(session, participation=host, **inside)
    across = {**cite, "start_char": ACROSS[0], "end_char": ACROSS[1]}
    make.evidence(session, agenda_item=item, said_by=[envoy, king], **across)
    # The summary comes first, to see that the original is preferred.
    make.evidence(session, stance=stance, source_text=withheld, end_char=31)
    said = {**cite, "start_char": SALT[0], "end_char": SALT[1]}
    make.evidence(session, stance=stance, said_by=[envoy], note="Loosely.", **said)
    make.evidence(session, stance=earlier, **said)
    make.evidence(session, stance=feeling, **said)
    session.add(LoadRun(verb="load", name="world"))
    session.flush()
    return World(
        king=king, envoy=envoy, aden=aden, court=court, league=league,
        meeting=meeting, preparation=preparation, trade=trade, salt=salt,
        proposition=proposition, stance=stance, earlier=earlier, feeling=feeling,
        report=report, summary=summary, text=text, withheld=withheld,
    )  # fmt: skip


def paraphrased(evidence: Evidence) -> Evidence:
    """Let the first speaker of an evidence be paraphrased."""
    evidence.attributions[0].verb = Verb.PARAPHRASED
    return evidence


def add_more(session: Session, world: World, number: int) -> None:
    """Add records like those of the world, to see that statements stay as many."""
    for _ in range(number):
        meeting = make.meeting(session, parent=world.meeting, relation="stop")
        event = make.status_event(session, meeting=meeting)
        part = make.participation(session, meeting=meeting, represented=world.aden)
        item = make.agenda_item(session, meeting=meeting, topic=world.salt)
        topic = make.topic(session, parent=world.trade)
        proposition = make.proposition(session, topic=topic)
        stance = make.stance(
            session, holder=world.king, proposition=proposition, meeting=world.meeting
        )
        feeling = make.stance(session, target_actor=world.aden, topic=topic)
        again = make.stance(session, proposition=world.proposition)
        for claim, of in (
            ("meeting", meeting),
            ("status_event", event),
            ("participation", part),
            ("agenda_item", item),
            ("stance", stance),
            ("stance", feeling),
            ("stance", again),
        ):
            make.evidence(session, **{claim: of}, source_text=world.text)
        make.source(session, original=world.report, derivation="copy")


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect the SQL that runs meanwhile, with nothing left from before."""
    session.flush()
    session.expire_all()
    engine = session.get_bind().engine
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
