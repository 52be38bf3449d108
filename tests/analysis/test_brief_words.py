"""In whose words a brief speaks, and in which script."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from formats.wording import cited_spans
from models import ActorName
from models.enums import NameKind
from tests import factories as make
from tests.analysis.test_brief import said, table
from tests.analysis.test_brief_rules import DAY, Talks


@pytest.fixture
def talks(session: Session) -> Talks:
    return Talks(session)


def test_a_summary_speaks_in_the_place_of_a_withheld_text_and_for_its_day(
    talks: Talks,
) -> None:
    session = talks.session
    report = make.source(session, title="Cable", published=DAY)
    hidden = make.source_text(session, source=report, withheld=True)
    session.flush()
    told = make.source_text(
        session,
        source=make.source(
            session, title="Told", published="2030", publisher="We", kind="summary",
            derived_from_id=report.id, derivation="summary",
        ),
    )  # fmt: skip
    stance = make.stance(session, holder=talks.aden, proposition=talks.sentence("S."))
    for text in (hidden, told):
        make.evidence(session, stance=stance, source_text=text, said_by=[talks.basra])
    make.evidence(session, agenda_item=talks.item, source_text=talks.report)
    for day in (None, date(2022, 7, 15)):
        brief = talks.brief(day)
        (note,) = (one for one in brief.citations if one.tells)
        assert note.citation.source.label == "Told"
        assert note.citation.quote
        assert [one.source.label for one in note.tells] == ["Cable"]
        words = cited_spans(note)
        assert words.startswith(
            "Cable, in the summary by We, passage 1 (of the original"
        )
        assert words.endswith("Attributed to Basra (quoted).")


def test_names_are_in_latin_letters_and_their_own_script_stands_once(
    talks: Talks,
) -> None:
    talks.aden.name = "外交部"
    for language, name in (("fr", "Ministère"), ("en", "The Ministry"), ("zh", "部")):
        talks.aden.names.append(
            ActorName(name=name, language=language, kind=NameKind.OFFICIAL)
        )
    talks.basra.name = "Без имени"
    talks.say(talks.aden, "Salt is cheap.", said_by=[talks.aden])
    brief = talks.brief()
    assert [row[0] for row in table(brief, "who")] == [
        "The Ministry (外交部)",
        "Без имени",
    ]
    assert [row[0] for row in table(brief, "item-1")] == ["The Ministry"]
    assert "外交部" not in "".join(said(brief, "unknown"))
    assert [one.name for one in brief.citations[-1].citation.chain][:1] == [
        "The Ministry"
    ]
