"""The local user: one key, one browser, and nobody from elsewhere."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask

from app import create_app
from settings import Settings
from tests.web.writing import Browser, local_browser
from web.local import ADDRESS, KEY, make_key, why_not_local
from web.secret import make_secret, read_secret


@pytest.fixture
def site(sqlite_settings: Settings) -> Flask:
    return create_app(sqlite_settings)


def is_writing(browser: Browser, **named: object) -> bool:
    return "writing as" in browser.get("/meetings", **named).text


def test_a_key_signs_one_browser_in_and_works_once(
    site: Flask, sqlite_settings: Settings
) -> None:
    address = f"{ADDRESS}?{KEY}={make_key(sqlite_settings.instance)}"
    first, second = Browser(site), Browser(site)
    assert first.client.head(address).status_code == 403  # it looks, and uses nothing
    assert first.get(address).headers["Location"] == "/"
    assert is_writing(first)
    assert second.get(address).status_code == 403
    assert not is_writing(second)
    assert first.get(address).status_code == 303, "who is signed in just goes on"


def test_of_many_who_use_a_key_at_once_one_is_signed_in(
    sqlite_settings: Settings,
) -> None:
    """Each app is another process's: nothing but the instance is common to them."""
    address = f"{ADDRESS}?{KEY}={make_key(sqlite_settings.instance)}"
    apps = [create_app(sqlite_settings) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(lambda app: app.test_client().get(address).status_code, apps)
        )
    assert sorted(statuses) == [303, *[403] * 7]


def test_every_process_believes_the_cookie_of_another(
    site: Flask, sqlite_settings: Settings
) -> None:
    browser = local_browser(site)
    browser.client.application = create_app(sqlite_settings)
    assert is_writing(browser)


def test_the_cookie_is_for_this_site_and_no_script(
    site: Flask, sqlite_settings: Settings
) -> None:
    for scheme, secure in (("http", False), ("https", True)):
        address = f"{ADDRESS}?{KEY}={make_key(sqlite_settings.instance)}"
        set_ = (
            site.test_client()
            .get(address, base_url=f"{scheme}://localhost")
            .headers["Set-Cookie"]
        )
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_.split("; "))
        assert ("Secure" in set_) == secure


@pytest.mark.parametrize("key", ["", "x", "../secret.key", "\0", "é" * 50, "/", "."])
def test_no_other_text_is_a_key(site: Flask, sqlite_settings: Settings, key) -> None:
    make_key(sqlite_settings.instance)
    answer = site.test_client().get(ADDRESS, query_string={KEY: key})
    assert answer.status_code == 403
    assert read_secret(sqlite_settings.instance)


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP"],
)
def test_what_a_proxy_passed_on_never_writes(site: Flask, header: str) -> None:
    browser = local_browser(site)
    assert is_writing(browser)
    assert not is_writing(browser, headers={header: "127.0.0.1"})


@pytest.mark.parametrize(
    ("address", "writes"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("", False),
        ("unix", False),
    ],
)
def test_another_machine_never_writes(site: Flask, address: str, writes: bool) -> None:
    browser = local_browser(site)
    environ = {"REMOTE_ADDR": address}
    assert is_writing(browser, environ_overrides=environ) == writes


@pytest.mark.parametrize(
    "change",
    [
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"host": "192.0.2.7"},
        {"host": "dragoman.example"},
        {"hosts": ("dragoman.example",)},
        {"prefix": "/dragoman"},
        {"proxies": (ip_network("127.0.0.1"),)},
    ],
)
def test_a_site_for_others_has_no_local_user_and_says_why(
    site: Flask, sqlite_settings: Settings, change
) -> None:
    changed = replace(sqlite_settings, **change)
    browser = local_browser(site)
    browser.client.application = create_app(changed)
    assert why_not_local(changed)
    assert not is_writing(browser)
    refused = browser.get(f"{ADDRESS}?{KEY}={make_key(changed.instance)}")
    assert refused.status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_a_site_on_loopback_has_one(sqlite_settings: Settings, host: str) -> None:
    assert why_not_local(replace(sqlite_settings, host=host)) is None


def test_the_secret_is_made_once_and_is_its_owners_alone(
    sqlite_settings: Settings,
) -> None:
    instance = sqlite_settings.instance
    assert read_secret(instance) is None
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: make_secret(instance), range(16)))
    assert len(made) == 1
    file = instance / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(instance.glob(".secret*"))
    assert made == {read_secret(instance)}


@pytest.mark.parametrize("content", ["", "x", "00", "é"])
def test_a_secret_that_is_none_is_a_sentence(
    site: Flask, sqlite_settings: Settings, content: str
) -> None:
    browser = local_browser(site)
    (sqlite_settings.instance / "secret.key").write_text(content)
    answer = browser.get("/meetings")
    assert answer.status_code == 200
    assert "writing as" not in answer.text
    assert browser.get(ADDRESS).status_code == 503


def test_removing_the_secret_ends_every_session(
    site: Flask, sqlite_settings: Settings
) -> None:
    browser = local_browser(site)
    (sqlite_settings.instance / "secret.key").unlink()
    assert not is_writing(browser)


def test_no_log_holds_a_key(
    site: Flask, sqlite_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "dragoman.access")
    key = make_key(sqlite_settings.instance)
    for address in (f"{ADDRESS}?a=1&{KEY}={key}&b=2", f"/meetings?{KEY}={key}"):
        with site.test_client().get(address):
            pass
    queries = [vars(record)["access"]["query"] for record in caplog.records]
    assert queries == ["a=1&key=...&b=2", "key=..."]
