"""Signing in and out, one's own account, and what each leaves behind."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.attempts import MOST_FOR_BOTH
from accounts.people import find_account, set_disabled, set_role
from app import create_app
from models import ApiToken, SignIn, open_session
from settings import Settings
from tests.web.html import Html
from tests.web.writing import (
    OTHER,
    PASSWORD,
    Browser,
    add_account,
    bearer,
    browser_of,
    local_browser,
    settings_of,
    sign_in,
    site_with_a_form,
)
from web.cookies import cookie_name
from web.csrf import FIELD
from web.secret import make_secret
from web.writers import Role, writer


@pytest.fixture
def site(sqlite_settings: Settings) -> Flask:
    return site_with_a_form(sqlite_settings)


def test_who_signs_in_goes_where_they_were_going_and_writes(site: Flask) -> None:
    browser = Browser(site)
    sent = browser.get("/tried?a=1&b=%C3%A9")
    assert sent.status_code == 303
    page = Html(browser.get(sent.headers["Location"]).text)
    [field] = page.all("input", name="next")
    answer = sign_in(browser, next=str(field["value"]))
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/tried?a=1&b=%C3%A9",
    )
    assert browser.post("/tried", {"text": "x"}).text == "Ada saved ['x']"
    assert "<bdi>Ada</bdi>" in browser.get("/meetings").text


def test_all_that_can_be_wrong_is_told_the_same(site: Flask) -> None:
    add_account(site, "Grace")
    with open_session(settings_of(site).database_url, write=True) as session:
        grace = find_account(session, "Grace")
        assert grace is not None
        set_disabled(grace, True)
        session.commit()
    answers = [
        sign_in(Browser(site), *pair)
        for pair in (
            (OTHER, "Ada"),
            (PASSWORD, "Nobody"),
            (PASSWORD, "Grace"),
            ("", ""),
            (PASSWORD, "A\0da"),
        )
    ]
    texts = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(texts) == 1
    assert {answer.status_code for answer in answers} == {403}
    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]


def test_after_a_few_wrong_passwords_none_is_looked_at(site: Flask) -> None:
    browser = Browser(site)
    statuses = [sign_in(browser, f"{PASSWORD} {n}").status_code for n in range(20)]
    assert statuses == [403] * MOST_FOR_BOTH + [429] * (20 - MOST_FOR_BOTH)
    answer = sign_in(browser)
    assert answer.status_code == 429, "not even the right one is looked at"
    assert int(answer.headers["Retry-After"]) == 900
    other = create_app(settings_of(site))
    assert sign_in(Browser(other)).status_code == 429, "by no other process either"


def test_a_mistake_is_forgotten_once_the_password_was_right(site: Flask) -> None:
    for _ in range(3):
        for _ in range(MOST_FOR_BOTH - 1):
            assert sign_in(Browser(site), OTHER).status_code == 403
        assert sign_in(Browser(site)).status_code == 303


def test_signing_in_begins_another_session_each_time(site: Flask) -> None:
    browser = browser_of(site)
    before = cookie_of(browser)
    token = browser.token()
    sign_in(browser)
    assert cookie_of(browser) != before
    assert browser.post("/tried", {FIELD: token}).status_code == 403
    with open_session(settings_of(site).database_url) as session:
        assert session.scalar(sa.select(sa.func.count(SignIn.id))) == 1


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie(name_of_cookie(browser.client.application))
    assert cookie is not None
    return cookie.value


def name_of_cookie(app: Flask) -> str:
    return cookie_name(make_secret(settings_of(app).instance))


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Flask) -> None:
    browser = browser_of(site)
    secret = cookie_of(browser)
    answer = browser.post("/sign-out")
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    with open_session(settings_of(site).database_url) as session:
        assert session.scalar(sa.select(sa.func.count(SignIn.id))) == 0
    again = Browser(site)
    again.client.set_cookie(name_of_cookie(site), secret)
    assert again.get("/account").status_code == 303


@pytest.mark.parametrize("next_", ["//e.example", "http://e.example", "/\\e.example"])
def test_nobody_is_sent_elsewhere(site: Flask, next_: str) -> None:
    assert sign_in(Browser(site), next=next_).headers["Location"] == "/"
    signed_in = browser_of(site).get(f"/sign-in?{urlencode({'next': next_})}")
    assert signed_in.headers["Location"] == "/"


def test_another_password_ends_all_but_this_browser(site: Flask) -> None:
    browser, other = browser_of(site), browser_of(site)
    program = bearer(site)
    form = {"current-password": PASSWORD, "password": OTHER, "password-again": OTHER}
    for change in ({"current-password": OTHER}, {"password-again": "x"}):
        assert browser.post("/account/password", form | change).status_code in (
            400,
            403,
        )
        assert other.get("/account").status_code == 200
    short = browser.post(
        "/account/password", form | {"password": "short", "password-again": "short"}
    )
    assert short.status_code == 400
    assert browser.post("/account/password", form).status_code == 200
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert other.get("/api/v1/meetings", headers=program).status_code == 401
    assert sign_in(Browser(site)).status_code == 403
    assert sign_in(Browser(site), OTHER).status_code == 303


def test_a_token_is_shown_once_and_can_be_ended(site: Flask) -> None:
    browser = browser_of(site)
    form = {"label": "a script", "role": "coder", "days": "30"}
    page = browser.post("/account/tokens", form)
    [token] = re.findall(r"dragoman_[\w-]{43}", page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert token not in browser.get("/account").text
    program = {"Authorization": f"Bearer {token}"}
    assert browser.get("/api/v1/meetings", headers=program).status_code == 200
    assert Browser(site).get("/tried", headers=program).status_code == 403, "a coder"
    with open_session(settings_of(site).database_url) as session:
        number = session.scalar(sa.select(ApiToken.id))
    assert browser.post(f"/account/tokens/{number}/end").status_code == 303
    assert browser.get("/api/v1/meetings", headers=program).status_code == 401
    assert browser.post(f"/account/tokens/{number}/end").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"label": ""},
        {"role": "admin"},
        {"role": "king"},
        {"days": "0"},
        {"days": "١"},
        {"days": "9" * 50},
    ],
)
def test_a_token_that_cannot_be_made_is_a_sentence(site: Flask, change) -> None:
    form = {"label": "a script", "role": "coder", "days": "30"} | change
    answer = browser_of(site).post("/account/tokens", form)
    assert answer.status_code in (400, 403)
    assert Html(answer.text).has("div", role="alert")


def test_another_browser_can_be_signed_out(site: Flask) -> None:
    lost, browser = browser_of(site), browser_of(site)
    page = browser.get("/account").text
    [action] = re.findall(r'action="(/account/sign-ins/\d+/end)"', page)
    add_account(site, "Grace")
    assert browser_of(site, "Grace").post(action).status_code == 404
    assert lost.get("/account").status_code == 200
    assert browser.post(action).status_code == 303
    assert lost.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_program_makes_no_tokens(site: Flask) -> None:
    answer = Browser(site).client.post(
        "/account/tokens",
        data={"label": "x", "role": "reader", "days": "1"},
        headers=bearer(site),
    )
    assert answer.status_code == 403


def test_rights_are_those_of_now(site: Flask) -> None:
    browser, program = browser_of(site), bearer(site)
    assert browser.get("/tried").status_code == 200
    url = settings_of(site).database_url
    with open_session(url, write=True) as session:
        ada = find_account(session, "Ada")
        assert ada is not None
        set_role(ada, Role.READER)
        session.commit()
    assert browser.get("/tried").status_code == 303, "signed out"
    assert Browser(site).get("/tried", headers=program).status_code == 401


def test_the_first_account_ends_the_local_user(sqlite_settings: Settings) -> None:
    app = create_app(sqlite_settings)
    local = local_browser(app)
    assert local.get("/account").status_code == 200
    add_account(app)
    assert local.get("/account").status_code == 303
    assert "Sign in" in local.get("/meetings").text
    assert local.get("/sign-in/local?key=x").status_code == 403


def test_where_writing_is_off_who_signs_in_reads(sqlite_settings: Settings) -> None:
    settings = replace(sqlite_settings, editing="off", readers="accounts")
    app = create_app(settings)
    add_account(app, role=Role.ADMIN)
    browser = browser_of(app)
    assert "signed in as" in browser.get("/meetings").text
    with browser.client as client:
        client.get("/meetings")
        found = writer()
    assert found is not None and found.role is Role.READER


def test_where_nobody_signs_in_there_is_no_form(sqlite_settings: Settings) -> None:
    for editing in ("local", "off"):
        app = create_app(replace(sqlite_settings, editing=editing))
        assert Browser(app).get("/sign-in").status_code == 403
        assert sign_in(Browser(app)).status_code == 403


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_for_this_site_and_no_script(site: Flask, scheme: str) -> None:
    own = f"{scheme}://localhost"
    answer = site.test_client().post(
        "/sign-in",
        data={"name": "Ada", "password": PASSWORD},
        headers={"Origin": own},
        base_url=own,
    )
    given = set(answer.headers["Set-Cookie"].split("; "))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= given
    assert ("Secure" in given) == (scheme == "https")
    [name] = [part.partition("=")[0] for part in given if "dragoman_" in part]
    assert name.startswith("__Host-") == (scheme == "https")
    page = site.test_client()
    page.set_cookie(name, answer.headers["Set-Cookie"].partition("=")[2].split(";")[0])
    assert "<bdi>Ada" in page.get("/meetings", base_url=own).text, "and it is read"


def test_no_log_and_no_error_page_holds_a_secret(
    site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "dragoman.access")
    browser, program = browser_of(site), bearer(site)
    secrets = {PASSWORD, OTHER, cookie_of(browser), program["Authorization"][7:]}
    pages = [
        sign_in(Browser(site), OTHER),
        sign_in(browser, PASSWORD),
        browser.get("/nowhere", headers=program),
        browser.client.post("/tried", data={"text": "x"}, headers=program),
        browser.post("/account/password", {"current-password": OTHER}),
        browser.get(f"/meetings?token={program['Authorization'][7:]}"),
        browser.get("/api/v1/nowhere", headers={"Authorization": "Bearer wrong-one"}),
    ]
    for page in pages:
        page.close()  # what is sent is logged then
    logged = " ".join(
        f"{record.getMessage()} {vars(record).get('access')}"
        for record in caplog.records
    )
    assert "/tried" in logged
    shown = logged + " ".join(page.text for page in pages[:-2])
    assert not [secret for secret in secrets | {"wrong-one"} if secret in shown]


def test_both_databases_know_who_signs_in(settings: Settings) -> None:
    app = site_with_a_form(settings)
    browser = Browser(app)
    for name in ("A\0da", "\N{GREEK SMALL LETTER ALPHA}", "Ada' --"):
        assert sign_in(browser, name=name).status_code == 403
    assert sign_in(browser).status_code == 303
    assert browser.post("/tried", {"text": "x"}).text == "Ada saved ['x']"
    program = bearer(app)
    assert Browser(app).get("/tried", headers=program).status_code == 200
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/tried").status_code == 303


def test_what_is_wrong_on_this_machine_is_told_without_its_places(
    site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    instance = settings_of(site).instance
    (instance / "secret.key").write_text("none")
    answer = sign_in(Browser(site))
    assert answer.status_code == 503
    assert str(instance) not in answer.text
    assert str(instance) in caplog.text
