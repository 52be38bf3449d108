"""Pages of what was corrected, of contrary propositions, of who speaks for nobody."""

from app import create_app
from models import PropositionRelation, open_session
from models.enums import StanceLink
from settings import Settings
from tests import factories as make
from tests.queries.world import make_world
from tests.web.html import Html


def test_pages_tell_corrections_contrary_propositions_and_who_speaks_for_nobody(
    sqlite_settings: Settings,
) -> None:
    with open_session(sqlite_settings.database_url, write=True) as session:
        world = make_world(session)
        other = make.proposition(session, slug="keep", text="Aden should keep salt.")
        session.add(
            PropositionRelation(
                proposition=world.proposition, relation="contrary", other=other
            )
        )
        slip = make.stance(session, slug="slip", proposition=other, polarity=2)
        right = make.stance(
            session, slug="right", proposition=other, holder=world.envoy,
            represents_nobody=True,
        )  # fmt: skip
        make.relation(session, right, StanceLink.CORRECTS, slip)
        session.commit()
    client = create_app(sqlite_settings).test_client()
    page = Html(client.get("/stances/slip", follow_redirects=True).text)
    assert page.faults == []
    assert "who speaks for nobody else" in page.words
    assert "for (+2)" in page.words and "Corrected by right" in page.words
    page = Html(client.get("/propositions/sell-salt").text)
    assert page.faults == []
    assert "Contrary to Aden should keep salt." in page.words
    assert "counts as against this (derived): The Envoy" in page.words
    assert "contradiction" not in page.words
