"""Two readouts side by side: which are compared, by what words and sentences."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.orm import Session

from analysis.readouts import (
    SourceSentence,
    align,
    count_words,
    load_readouts,
    log_odds,
    split_sentences,
    typical,
)
from errors import NotFound
from models import Meeting, Source, SourceSubject
from queries.words import words_of
from tests import factories as make
from tests.queries.world import statements

ADEN = (
    "The ministers met in Aden and spoke of grain.\n\n"
    "They agreed to open the port for salt. Ships will sail in spring."
)
BASRA = (
    "The ministers met in Aden.\n\n"
    "Basra asked for the port to be opened for salt. Prisoners were mentioned."
)


def readout(
    session: Session, meeting: Meeting, text: str, state: str, **given: Any
) -> Source:
    """A readout of one side, cited for the meeting."""
    actor = make.actor(session, slug=state, name=state.title(), kind="state")
    ministry = make.actor(session, kind="government_body", parent=actor)
    source = make.source(
        session, slug=f"{state}-readout", kind="readout", issuer=ministry, **given
    )
    held = make.source_text(session, text, source=source)
    event = make.status_event(session, meeting=meeting, status="held")
    make.evidence(session, status_event=event, source_text=held)
    return source


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return make.meeting(session, slug="talks")


def test_the_readouts_of_two_sides_are_compared(
    session: Session, meeting: Meeting
) -> None:
    one = readout(session, meeting, ADEN, "aden")
    readout(session, meeting, BASRA, "basra")
    topic = make.topic(session, slug="grain")
    one.subjects.append(
        SourceSubject(position=1, kind="topic", label="Grain", topic=topic)
    )
    one.subjects.append(SourceSubject(position=2, kind="topic", label="Ports"))
    item = make.agenda_item(session, meeting=meeting, text="Salt")
    make.evidence(session, agenda_item=item, source_text=one.texts[0])
    session.flush()
    session.expire_all()
    found = load_readouts(session, "talks")
    assert found.missing is None
    assert found.sides == ("Aden", "Basra")
    assert found.left is not None
    assert found.right is not None
    assert found.left.witness.source.slug == "aden-readout"
    assert [topic.slug for topic in found.left.topics] == ["grain"]
    assert found.left.labels == ("Ports",)
    assert [one.claim.label for one in found.left.agenda] == [
        f"{meeting.title}: agenda: Salt"
    ]
    assert found.right.agenda == ()
    pairs = [(one.left.text[:12], one.right.text[:12]) for one in found.correspondences]
    assert ("The minister", "The minister") in pairs
    assert ("They agreed ", "Basra asked ") in pairs
    assert [one.text for one in found.right.alone] == ["Prisoners were mentioned."]
    assert [one.text for one in found.left.alone] == ["Ships will sail in spring."]
    assert all(one.left.url.startswith("/sources/") for one in found.correspondences)


def test_without_two_sides_it_says_what_is_missing(
    session: Session, meeting: Meeting
) -> None:
    assert load_readouts(session, "talks").missing == (
        "No source is cited for this meeting."
    )
    readout(session, meeting, ADEN, "aden")
    found = load_readouts(session, "talks")
    assert found.left is None
    assert found.missing is not None
    assert found.missing.endswith("of one side: Aden.")


def test_any_two_sources_can_be_asked_for(session: Session, meeting: Meeting) -> None:
    readout(session, meeting, ADEN, "aden")
    other = make.source(session, slug="elsewhere")
    make.source_text(session, BASRA, source=other)
    found = load_readouts(session, "talks", left="aden-readout", right="elsewhere")
    assert found.right is not None
    assert found.correspondences
    with pytest.raises(NotFound):
        load_readouts(session, "talks", left="nothing")
    with pytest.raises(NotFound):
        load_readouts(session, "nothing")


def test_texts_that_are_withheld_or_in_two_languages_are_not_compared(
    session: Session, meeting: Meeting
) -> None:
    readout(session, meeting, ADEN, "aden")
    readout(session, meeting, BASRA, "basra", language="tr")
    found = load_readouts(session, "talks")
    assert found.missing is not None
    assert "the one is in en, the other in tr" in found.missing
    withheld = make.source(session, slug="withheld")
    make.source_text(session, BASRA, source=withheld, withheld=True)
    found = load_readouts(session, "talks", right="withheld")
    assert found.missing is not None
    assert "withheld" in found.missing
    assert found.correspondences == ()


def test_the_log_odds_of_a_worked_example() -> None:
    """3 of a and 1 of b against 1 of a and 3 of b: 8 words, so the prior has 8, 4 each.

    y₁ + α = 7 of 12, y₂ + α = 5 of 12: δ = log(7 / 5) − log(5 / 7), and the variance
    1 / 7 + 1 / 5.
    """
    found = log_odds(Counter(a=3, b=1), Counter(a=1, b=3))
    assert found["a"] == pytest.approx(0.672944 / 0.585540, rel=1e-5)
    assert found["b"] == pytest.approx(-found["a"])


def test_equal_texts_have_no_typical_words() -> None:
    words = Counter(a=5, b=2)
    assert log_odds(words, words) == {"a": 0, "b": 0}
    assert log_odds(Counter(), Counter()) == {}
    assert log_odds(Counter(a=1), Counter(a=1)) == {}


def test_words_are_counted_by_stem_without_stop_words() -> None:
    counts, forms = count_words(words_of("The ships ship 12 goods; ship them.", "en"))
    assert sorted(counts.values()) == [1, 3]
    here = count_words(words_of("grain " * 9 + "talks", "en"))
    there = count_words(words_of("talks " * 9, "en"))
    assert [one.word for one in typical(here, there)] == ["grain"]
    assert forms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Smith met J. Doe.", ["Mr. Smith met J. Doe."]),
        ("He said “No.” She left.", ["He said “No.”", "She left."]),
        ("It cost 3.5 million. Этого мало.", ["It cost 3.5 million.", "Этого мало."]),
        ("e.g. this", ["e.g. this"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


def test_sentences_correspond_when_each_is_the_others_nearest() -> None:
    def sentences(*texts: str) -> list[SourceSentence]:
        return [SourceSentence(text=text, passage=1, url="/") for text in texts]

    left = sentences("Grain and salt.", "Salt alone.", "Nothing in common.")
    right = sentences("Grain and salt, again.", "Weather.")
    pairs, (over, there) = align(left, right, "en")
    assert [(one.left.text, one.right.text) for one in pairs] == [
        ("Grain and salt.", "Grain and salt, again.")
    ]
    assert [one.text for one in over] == ["Salt alone.", "Nothing in common."]
    assert [one.text for one in there] == ["Weather."]
    assert align([], [], "en") == ((), [(), ()])


def test_the_number_of_statements_does_not_grow(
    session: Session, meeting: Meeting
) -> None:
    readout(session, meeting, ADEN, "aden")
    readout(session, meeting, BASRA, "basra")
    with statements(session) as few:
        load_readouts(session, "talks")
    for at in range(6):
        readout(session, meeting, ADEN + f"\n\nMore of {at}.", f"state-{at}")
    with statements(session) as many:
        load_readouts(session, "talks")
    assert len(many) <= len(few)
