"""What holds in the bundled dataset, and what is noticed when it does not.

Damage that the database itself would refuse is tried in tests/cli/test_index.py.
"""

from models import Meeting, open_session
from models.enums import Medium, MeetingFormat, MeetingKind
from queries.soundness import unsound
from settings import Settings


def test_nothing_is_wrong_with_the_bundled_dataset(tehran: Settings) -> None:
    with open_session(tehran.database_url) as session:
        assert list(unsound(session)) == []


def test_a_claim_without_a_passage_is_named(settings: Settings) -> None:
    with open_session(settings.database_url, write=True) as session:
        session.add(
            Meeting(
                slug="atlantis",
                title="Rumour",
                kind=MeetingKind.MEETING,
                format=MeetingFormat.UNKNOWN,
                medium=Medium.UNKNOWN,
            )
        )
        session.flush()
        assert list(unsound(session)) == [
            "No passage is cited for the meeting atlantis."
        ]
