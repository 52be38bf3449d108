"""One table: every route that changes something, every role, every state of a token.

The routes are those of the application, so that a new one is tried without another
line. Only the gate is tried here: the views are replaced by one that says it was
reached.
"""

from functools import wraps
from typing import Any

import pytest
from flask import Flask

from app import create_app
from settings import Settings
from tests.web.writing import OWN, Browser, add_account, bearer, browser_of
from web.csrf import FIELD, HEADER
from web.writers import OPEN, READS_ONLY, SIGNS_IN, UNSAFE, Role, role_needed

REACHED = "the view was reached"
NAMES = {role: f"a {role}" for role in Role}
FOREIGN = ("null", "http://evil.example", "https://localhost", "http://localhost:81")


@pytest.fixture
def site(sqlite_settings: Settings) -> Flask:
    """The application, with an account of each role, and views that do nothing."""
    app = create_app(sqlite_settings)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint != "static":
            app.view_functions[endpoint] = hollow(view)
    for role, name in NAMES.items():
        add_account(app, name, role)
    return app


def hollow(view: Any) -> Any:
    @wraps(view)
    def reached(**_: object) -> str:
        return REACHED

    return reached


def unsafe(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of each route that changes something."""
    addresses = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, addresses.build(rule.endpoint, examples(rule), method))
        for rule in app.url_map.iter_rules()
        for method in sorted(UNSAFE & (rule.methods or set()))
    ]


def examples(rule: Any) -> dict[str, Any]:
    return {
        name: 1 if "Integer" in type(converter).__name__ else "x"
        for name, converter in rule._converters.items()
    }


def reaches(
    app: Flask, browser: Browser, method: str, path: str, headers: dict[str, str]
) -> bool:
    """Ask, and say whether the view was reached; a refusal is one, and a sentence."""
    named: dict[str, Any] = {"json": {}} if path.startswith("/api/") else {}
    answer = browser.client.open(path, method=method, headers=headers, **named)
    if answer.text == REACHED:
        return True
    assert answer.status_code in (401, 403), (method, path, answer.status_code)
    return False


def states(browser: Browser, other: Browser) -> dict[str, tuple[dict[str, str], bool]]:
    """What a browser may send along, and whether it is what its own pages send."""
    token = browser.token()
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    own = {"Origin": OWN}
    return {
        "good": ({**own, HEADER: token}, True),
        "missing": (own, False),
        "empty": ({**own, HEADER: ""}, False),
        "forged": ({**own, HEADER: forged}, False),
        "of another session": ({**own, HEADER: other.token()}, False),
        "no origin": ({HEADER: token}, False),
        **{
            f"from {origin}": ({"Origin": origin, HEADER: token}, False)
            for origin in FOREIGN
        },
    }


def test_every_route_asks_every_role_for_every_token(site: Flask) -> None:
    tried = 0
    for role, name in NAMES.items():
        browser, other = browser_of(site, name), browser_of(site, name)
        for word, (headers, good) in states(browser, other).items():
            for endpoint, method, path in unsafe(site):
                needed = role_needed(site, endpoint)
                if endpoint in READS_ONLY:
                    expected = True
                elif endpoint in SIGNS_IN:
                    expected = headers.get("Origin") == OWN
                else:
                    expected = good and needed is not None and role.includes(needed)
                found = reaches(site, browser, method, path, headers)
                assert found == expected, (role, word, method, path)
                tried += 1
    assert tried > 200


def test_who_is_not_signed_in_reaches_nothing(site: Flask) -> None:
    stranger, other = Browser(site), browser_of(site, NAMES[Role.ADMIN])
    for token in ("", other.token()):
        for endpoint, method, path in unsafe(site):
            headers = {"Origin": OWN, HEADER: token}
            found = reaches(site, stranger, method, path, headers)
            assert found == (endpoint in READS_ONLY or endpoint in SIGNS_IN), path


def test_a_program_may_what_its_token_and_its_owner_may_whatever_cookies_it_has(
    site: Flask,
) -> None:
    admin = browser_of(site, NAMES[Role.ADMIN])
    for role in Role:
        for at_most in [lower for lower in Role if role.includes(lower)]:
            headers = bearer(site, NAMES[role], at_most)
            for endpoint, method, path in unsafe(site):
                needed = role_needed(site, endpoint)
                expected = needed is None or at_most.includes(needed)
                found = reaches(site, admin, method, path, headers)
                assert found == expected, (role, at_most, method, path)


def test_a_wrong_token_is_nobody_even_beside_a_good_cookie(site: Flask) -> None:
    admin = browser_of(site, NAMES[Role.ADMIN])
    for text in ("Bearer x", "bearer ", "Bearer dragoman_" + "A" * 43, "BEARER é"):
        headers = {"Authorization": text, "Origin": OWN, HEADER: admin.token()}
        for _, method, path in unsafe(site):
            assert not reaches(site, admin, method, path, headers), (text, path)


def test_a_page_for_writing_asks_for_the_same_role(site: Flask) -> None:
    addresses = site.url_map.bind("localhost")
    for role, name in NAMES.items():
        browser = browser_of(site, name)
        for rule in site.url_map.iter_rules():
            needed = role_needed(site, rule.endpoint)
            if needed is not None and "GET" in (rule.methods or ()):
                path = addresses.build(rule.endpoint, examples(rule), "GET")
                found = reaches(site, browser, "GET", path, {})
                assert found == role.includes(needed), (role, path)


def test_every_route_that_changes_something_names_a_role(site: Flask) -> None:
    forgotten = {
        endpoint
        for endpoint, _, _ in unsafe(site)
        if role_needed(site, endpoint) is None
    }
    assert forgotten == {*READS_ONLY, *SIGNS_IN}


def test_what_is_excepted_is_there(site: Flask) -> None:
    assert {*READS_ONLY, *SIGNS_IN, *OPEN} <= set(site.view_functions)


def test_where_reading_needs_an_account_only_a_few_addresses_do_not(
    sqlite_settings: Settings,
) -> None:
    from dataclasses import replace

    app = create_app(replace(sqlite_settings, readers="accounts"))
    add_account(app, "Ada", Role.READER)
    signed_in, stranger = browser_of(app), Browser(app)
    headers = bearer(app, role=Role.READER)
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in OPEN:
            continue
        path = addresses.build(rule.endpoint, examples(rule), "GET")
        answer = stranger.get(path)
        if path.startswith("/api/") or "." in path:
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        else:
            assert answer.status_code == 303
            assert answer.headers["Location"].startswith("/sign-in?next=")
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/meetings", "/api/v1/meetings"):
        assert signed_in.get(path).status_code == 200
        assert stranger.get(path, headers=headers).status_code == 200
    assert stranger.get("/sign-in").status_code == 200
    assert (
        stranger.client.post(
            "/search/batch", data={FIELD: ""}, headers={"Origin": OWN}
        ).status_code
        == 401
    )
