"""What somebody typed outlives the session, and leads to this site only."""

from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from models import SignIn, open_session
from settings import Settings
from tests.web.html import Html
from tests.web.writing import (
    OTHER,
    OWN,
    Browser,
    browser_of,
    local_browser,
    settings_of,
    sign_in,
    site_with_a_form,
)
from web.csrf import FIELD
from web.kept import here_only


@pytest.fixture
def site(sqlite_settings: Settings) -> Flask:
    return site_with_a_form(sqlite_settings)


@given(st.text() | st.text("/\\.:@?#%\t\n ahtps", max_size=12))
def test_no_address_leads_elsewhere(path: str) -> None:
    found = here_only(path)
    assert (
        urlsplit(urljoin("http://here.example/sign-in", found)).netloc == "here.example"
    )
    assert found == path or found == "/"


@pytest.mark.parametrize("multipart", [True, False])
def test_what_was_typed_outlives_the_session(site: Flask, multipart: bool) -> None:
    browser = browser_of(site)
    token = browser.token()
    with open_session(settings_of(site).database_url, write=True) as session:
        session.execute(sa.delete(SignIn))
        session.commit()
    typed = ["first <b>", 'second "two"\nlines  ', "ليبيا 🕊"]
    answer = browser.client.post(
        "/tried",
        data={FIELD: token, "text": typed, "empty": ""},
        headers={"Origin": OWN},
        content_type="multipart/form-data"
        if multipart
        else "application/x-www-form-urlencoded",
    )
    assert answer.status_code == 401
    [kept] = Html(answer.text).all("input", name="kept")
    wrong = sign_in(browser, OTHER, kept=str(kept["value"]))
    [kept] = Html(wrong.text).all("input", name="kept")
    page = sign_in(browser, kept=str(kept["value"]))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    form = Html(page.text)
    assert form.has("form", action="/tried", method="post")
    fields = [
        (str(one["name"]), str(one["value"]))
        for one in form.all("input", type="hidden")
    ]
    sent = browser.client.post(
        "/tried",
        data={name: [v for n, v in fields if n == name] for name, _ in fields},
        headers={"Origin": OWN},
    )
    assert sent.text == f"Ada saved {typed}"


def test_a_form_of_another_session_is_shown_to_be_sent_again(site: Flask) -> None:
    browser = browser_of(site)
    answer = browser.post("/tried", {FIELD: "old", "text": "what I typed"})
    assert answer.status_code == 403
    assert "what I typed" in answer.text
    page = Html(answer.text)
    [token] = page.all("input", name=FIELD)
    again = browser.post("/tried", {FIELD: str(token["value"]), "text": "x"})
    assert again.text == "Ada saved ['x']"


def test_what_the_local_user_typed_outlives_the_session(
    sqlite_settings: Settings,
) -> None:
    app = create_app(sqlite_settings)
    browser = Browser(app)
    lost = browser.post("/sources/new", {"text": "what I typed"})
    assert lost.status_code == 403
    assert "what I typed" in lost.text
    assert "dragoman serve" in lost.text
    browser.client = local_browser(app).client  # who opened the address meanwhile
    [token] = Html(lost.text).all("input", name=FIELD)
    again = browser.post("/sources/new", {FIELD: str(token["value"]), "text": "x"})
    assert again.status_code == 403
    [token] = Html(again.text).all("input", name=FIELD)
    sent = browser.post("/sources/new", {FIELD: str(token["value"]), "text": "x"})
    assert sent.status_code != 403


def test_a_form_of_another_site_is_never_kept(site: Flask) -> None:
    for browser in (browser_of(site), Browser(site)):
        answer = browser.post(
            "/tried", {"text": "theirs"}, {"Origin": "http://e.example"}
        )
        assert answer.status_code == 403
        assert "theirs" not in answer.text


def test_no_password_is_kept(site: Flask) -> None:
    answer = Browser(site).post("/account/password", {"password": OTHER, "text": "x"})
    assert answer.status_code == 401
    assert OTHER not in answer.text
    assert not Html(answer.text).all("input", name="kept")


@pytest.mark.parametrize(
    "text", ["x", "[]", "{}", "[1]", '["/a", 5]', '["/a", [[1]]]', "[" * 100_000, "1"]
)
def test_what_was_never_kept_is_a_sentence(site: Flask, text: str) -> None:
    assert sign_in(Browser(site), kept=text).status_code in (400, 413)
