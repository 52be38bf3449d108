"""Badges keep planned, held, reported, denied and unverified apart."""

import pytest

from models.enums import (
    AgendaStatus,
    Certainty,
    EvidenceRole,
    MeetingStatus,
    Position,
    Presence,
    Verb,
)
from queries.badges import (
    agenda_badge,
    firmness,
    position_badge,
    presence_badge,
    status_badge,
)
from queries.dates import WrittenDate
from queries.shapes import Citation, Ref, Speaker

SOURCE = Speaker(
    name="Gazette", kind="source", slug="gazette",
    verb=Verb.ACCORDING_TO, certainty=Certainty.CERTAIN,
)  # fmt: skip


def speaker(verb: str = "quoted", certainty: str = "certain") -> Speaker:
    return Speaker(
        name="Envoy", kind="actor", slug="envoy",
        verb=Verb(verb), certainty=Certainty(certainty),
    )  # fmt: skip


def citation(
    *speakers: Speaker, role: str = "supports", original: str | None = None
) -> Citation:
    return Citation(
        source=Ref(kind="source", slug="gazette", label="Gazette"), original=original,
        published=WrittenDate(edtf=None, earliest=None, latest=None, as_written=None),
        dated=WrittenDate(edtf=None, earliest=None, latest=None, as_written=None),
        quote=None, passage=1, last_passage=1, start=0, end=1,
        role=EvidenceRole(role), note=None, chain=(*speakers, SOURCE), url="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("citations", "firm"),
    [
        ([citation()], "held"),
        ([citation(speaker("quoted"))], "held"),
        ([citation(speaker("paraphrased"))], "reported"),
        ([citation(speaker("according_to"))], "reported"),
        ([citation(speaker("quoted"), speaker("paraphrased"))], "reported"),
        ([citation(speaker("quoted", "possible"))], "unverified"),
        ([citation(speaker("quoted", "probable"))], "unverified"),
        ([citation(speaker("quoted", "unknown"))], "held"),
        ([citation(speaker("paraphrased")), citation()], "held"),
        ([citation(speaker("paraphrased")), citation(role="context")], "reported"),
        ([citation(role="contradicts")], "unverified"),
        # A summary that leaves the speaker out makes nothing firmer.
        ([citation(speaker("paraphrased")), citation(original="gazette")], "reported"),
        (
            [citation(speaker("quoted", "possible")), citation(original="gazette")],
            "unverified",
        ),
        ([citation(original="elsewhere")], "held"),
        ([citation(role="context"), citation(original="elsewhere")], "held"),
        ([], "unverified"),
    ],
)
def test_the_firmest_supporting_chain_says_how_firm_a_fact_is(
    citations: list[Citation], firm: str
) -> None:
    assert firmness(citations) == firm


def test_only_what_happened_can_be_merely_reported() -> None:
    assert status_badge("held", "reported").kind == "reported"
    assert status_badge("held", "unverified").word == "unverified"
    assert status_badge("announced", "reported").kind == "planned"
    assert status_badge("denied", "unverified").kind == "denied"
    assert presence_badge("attended", "reported").word == "attended, reported"
    assert agenda_badge("discussed", "reported").word == "discussed, reported"


def test_a_meeting_without_status_is_unknown_not_expected() -> None:
    assert status_badge(None).kind == "unknown"


def test_planned_held_and_denied_look_different() -> None:
    kinds = {status_badge(status).kind for status in ("announced", "held", "denied")}
    assert len(kinds) == 3


def test_a_newspapers_guess_is_unverified() -> None:
    assert agenda_badge("speculated").kind == "unverified"


def test_every_coded_value_has_a_badge_with_a_meaning() -> None:
    badges = [
        *map(status_badge, MeetingStatus),
        *map(presence_badge, Presence),
        *map(agenda_badge, AgendaStatus),
        *map(position_badge, Position),
    ]
    assert all(badge.word and badge.kind for badge in badges)
    assert all(badge.meaning.endswith(".") for badge in badges)


def test_of_a_fact_for_and_against_read_affirms_and_denies() -> None:
    assert position_badge("for", 1, "factual").word == "affirms"
    assert position_badge("against", -1, "factual").word == "denies"
    assert position_badge("against", -2, "normative").word == "strongly against"


def test_every_position_has_a_sign_of_its_own() -> None:
    signs = [position_badge(position).sign for position in Position]
    assert len(set(signs)) == len(signs)
