"""Hostile records in a browser: nothing stretches a page, and nothing of them runs."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize

from models import open_session
from settings import Settings
from tests import factories as make
from tests.browser.conftest import serve
from tests.conftest import Templates

LONG = "W" * 400
RUNS = f'{LONG}"><img src=x onerror=alert(1)><script>alert(2)</script>{{{{7*7}}}}'

PAGES = (
    "/",
    "/search?q=" + "W" * 300,
    "/search?q=said",
    "/help/search",
    "/sql?query=select+*+from+stances,meetings,sources",
    "/sql?query=select+%27" + "W" * 300 + "%27+as+" + "x" * 60,
    "/analysis",
    "/matrix",
    "/matrix?by=topic",
    "/contested",
    "/networks/stances",
    "/networks/stances?nodes=affiliation",
    "/networks/relations",
    "/networks/meetings",
    "/meetings/calendar?month=2022-07",
    "/meetings/m-{long}/brief",
    "/meetings/m-{long}/readouts",
    "/meetings/m-{long}/cite",
    "/actors/a-{long}/timeline",
    "/propositions/p-{long}/timeline",
    "/stances/s-{long}/cite",
    "/sources/d-{long}/cite",
    "/nowhere/" + "W" * 300,
    *("/meetings", "/actors", "/topics", "/propositions", "/stances", "/sources"),
    *("/meetings/m-{long}", "/actors/a-{long}", "/topics/t-{long}"),
    *("/propositions/p-{long}", "/stances/s-{long}", "/sources/d-{long}"),
    "/meetings/" + "w" * 300,
)
SLUG = "w" * 60


def hostile(settings: Settings) -> None:
    """Write a record in which every text is one long word that would like to run."""
    with open_session(settings.database_url, write=True) as session:
        topic = make.topic(session, slug=f"t-{SLUG}", name=RUNS)
        actor = make.actor(
            session, slug=f"a-{SLUG}", name=RUNS, kind="state", description=RUNS
        )
        other = make.actor(session, slug="b", name=LONG, kind="state")
        make.office(session, title=RUNS, body=actor)
        said = make.proposition(session, slug=f"p-{SLUG}", text=RUNS, topic=topic)
        source = make.source(
            session,
            slug=f"d-{SLUG}",
            title=RUNS,
            publisher=RUNS,
            url=f"https://example.org/{LONG}",
            issuer=actor,
        )
        text = make.source_text(session, f"{RUNS}\n\nsaid {LONG}", source=source)
        meeting = make.meeting(
            session,
            slug=f"m-{SLUG}",
            title=RUNS,
            date="2022-07-19",
            venue=RUNS,
            city=LONG,
        )
        make.participation(session, meeting=meeting, represented=actor)
        make.participation(session, meeting=meeting, label=RUNS)
        make.agenda_item(session, meeting=meeting, text=RUNS, topic=topic)
        event = make.status_event(session, meeting=meeting, status="held")
        make.evidence(session, source_text=text, status_event=event, note=RUNS)
        for holder, slug, polarity in ((actor, f"s-{SLUG}", 1), (other, "s-2", -1)):
            stance = make.stance(
                session,
                slug=slug,
                holder=holder,
                proposition=said,
                meeting=meeting,
                position="for" if polarity > 0 else "against",
                polarity=polarity,
                note=RUNS,
                stated="2022-07-19",
            )
            make.evidence(session, source_text=text, stance=stance, said_by=[actor])
        session.commit()


@pytest.fixture(scope="module")
def site(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve that record."""
    instance = tmp_path_factory.mktemp("hostile") / "instance"
    with templates.copy("sqlite", instance, hostile) as settings:
        from search.engines import open_engine
        from search.sync import drain

        url = settings.database_url
        drain(open_engine(settings.search_engine, settings.index_dir, url), url)
        with serve(settings) as address:
            yield address


@pytest.fixture(params=[360, 1280])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page as wide as a telephone, and as wide as a desk."""
    size = ViewportSize(width=request.param, height=800)
    with closing(browser.new_context(viewport=size)) as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page


def test_no_page_is_wider_than_the_screen_and_nothing_runs(
    site: str, screen: Page
) -> None:
    ran: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    screen.on("dialog", note)
    wide = {}
    for path in PAGES:
        address = path.replace("{long}", SLUG)
        answer = screen.goto(f"{site}{address}", wait_until="load")
        assert answer is not None and answer.status < 500, address
        assert "{" in path or answer.status < 400 or "WWW" in path or "www" in path, (
            path
        )
        width = screen.evaluate("document.documentElement.scrollWidth - innerWidth")
        if width > 0:
            wide[address[:60]] = (
                width,
                screen.evaluate(
                    "[...document.querySelectorAll('body *')].filter(e => "
                    "e.getBoundingClientRect().right > innerWidth + 1 "
                    "&& !e.closest('.scroll, pre'))"
                    ".slice(0, 3)"
                    ".map(e => e.outerHTML.slice(0, 80))"
                ),
            )
    assert not ran
    assert not wide
