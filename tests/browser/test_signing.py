"""Signing in, in a real browser: nothing typed is lost, and axe finds nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from app import create_app
from settings import Settings
from tests.browser.conftest import serve
from tests.browser.test_axe import SCREENS, violations
from tests.web.writing import PASSWORD, add_account

pytestmark = pytest.mark.slow

TEXT = "The minister said that talks would go on.\n\nNobody else spoke."


@pytest.fixture
def site(sqlite_settings: Settings) -> Iterator[str]:
    """The address of a site where Ada has an account."""
    add_account(create_app(sqlite_settings))
    with serve(sqlite_settings) as address:
        yield address


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def faults(page: Page) -> list[str]:
    found = []
    for scheme, (width, height) in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found += violations(page)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{page.url}: {wide} px wide")
    return found


def test_a_text_outlives_the_session_in_which_it_was_typed(
    browser: Chromium, site: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site}/sources/new")
    assert not faults(page)
    sign_in(page)
    assert page.url == f"{site}/sources/new"
    page.locator("textarea[name=text]").fill(TEXT)
    page.context.clear_cookies()
    page.locator("main form button").last.click()
    assert not faults(page)
    sign_in(page)
    assert not faults(page)
    page.get_by_role("button", name="Send it to /sources/new").click()
    assert page.url.startswith(f"{site}/sources/the-minister-said")
    page.goto(f"{site}/account")
    page.get_by_label("What it is for").fill("a script")
    page.get_by_role("button", name="Make a token").click()
    assert "dragoman_" in page.locator(".token").inner_text()
    assert not faults(page)
    page.get_by_role("button", name="Sign out").first.click()
    assert page.get_by_role("link", name="Sign in").is_visible()
    page.close()
