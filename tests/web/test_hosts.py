"""A site answers to its own names, under its prefix, and believes its own proxies."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from app import create_app
from settings import Settings, load_settings
from web.forwarding import REQUEST_ID, follow_proxies
from web.security import HEADERS

ADDRESSES = ("/", "/meetings.ics", "/feeds/status.atom", "/api/v1/openapi.json")
OWN = ("localhost", "LOCALHOST:5000", "127.0.0.1:81", "[::1]:5000")
MALFORMED = ("", "a b", "localhost, evil.example", "x/y", "[::1", "a:99999", "ü", "a@b")


@pytest.fixture
def site(sqlite_settings: Settings) -> FlaskClient:
    """A client of an empty site that has two names and a proxy."""
    given = load_settings(
        {
            "DRAGOMAN_INSTANCE": str(sqlite_settings.instance),
            "DRAGOMAN_HOSTS": "dragoman.example, .below.example",
            "DRAGOMAN_PROXIES": "10.0.0.0/8",
        }
    )
    return create_app(given).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_loopback_and_configured_names_are_answered_whatever_the_port(
    site: FlaskClient, address: str
) -> None:
    names = (*OWN, "dragoman.example", "dragoman.EXAMPLE:8443", "x.below.example")
    for name in names:
        assert site.get(address, headers={"Host": name}).status_code == 200, name


@pytest.mark.parametrize("address", [*ADDRESSES, "/static/dragoman.css", "/nowhere"])
@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "10.1.2.3"])
def test_another_name_is_refused_and_the_setting_named(
    site: FlaskClient, address: str, name: str
) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        response = site.open(address, method=method, headers={"Host": name})
        assert response.status_code == 400
        assert "DRAGOMAN_HOSTS" in response.text
        assert HEADERS.items() <= dict(response.headers).items()
    assert f"//{name}" not in response.text


@pytest.mark.parametrize("address", ["/", "/api/v1/meetings", "/feeds/meetings.atom"])
@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_host_is_400_with_every_header(
    site: FlaskClient, address: str, name: str
) -> None:
    response = site.get(
        address, environ_overrides={"HTTP_HOST": name.encode().decode("latin-1")}
    )
    assert response.status_code == 400
    assert HEADERS.items() <= dict(response.headers).items()


def test_http_1_1_without_a_host_is_400_and_http_1_0_is_answered(
    site: FlaskClient,
) -> None:
    for protocol, status in (("HTTP/1.1", 400), ("HTTP/1.0", 200)):
        environ = create_environ("/")
        del environ["HTTP_HOST"]
        environ["SERVER_PROTOCOL"] = protocol
        _, line, _ = run_wsgi_app(site.application, environ)
        assert int(line.split()[0]) == status


def test_health_is_told_to_anybody_but_only_whether_all_is_well(
    site: FlaskClient,
) -> None:
    for name in ("evil.example", "10.1.2.3:5000", "a b"):
        response = site.get("/healthz", environ_overrides={"HTTP_HOST": name})
        assert response.status_code in (200, 503)
        assert response.json is not None
        assert set(response.json) == {"status"}


def ask(settings: Settings, **environ: str) -> dict[str, str]:
    """Return what is made of a request."""
    found = {"PATH_INFO": "/meetings", "SCRIPT_NAME": "", "HTTP_HOST": "localhost"}
    found |= {"wsgi.url_scheme": "http", **environ}
    follow_proxies(found, settings)
    return found


@pytest.fixture(scope="module")
def proxied() -> Settings:
    return load_settings({"DRAGOMAN_PROXIES": "127.0.0.1 10.0.0.0/8 fd00::/8"})


FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.7",
    "HTTP_X_FORWARDED_HOST": "evil.example, dragoman.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PREFIX": "/dragoman",
}


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.9.8.7", "::ffff:10.1.1.1", "fd00::1"]
)
def test_a_named_proxy_is_believed(proxied: Settings, address: str) -> None:
    found = ask(proxied, REMOTE_ADDR=address, **FORWARDED)
    assert found["REMOTE_ADDR"] == "203.0.113.7"
    assert found["HTTP_HOST"] == "dragoman.example"
    assert found["wsgi.url_scheme"] == "https"
    assert found["SCRIPT_NAME"] == "/dragoman"


@pytest.mark.parametrize("address", ["127.0.0.2", "192.0.2.1", "::1", "", "unix"])
def test_nobody_else_is(proxied: Settings, address: str) -> None:
    found = ask(proxied, REMOTE_ADDR=address, **FORWARDED)
    other = ask(proxied, REMOTE_ADDR=address)
    assert found.pop(REQUEST_ID) != other.pop(REQUEST_ID)
    assert found == other | FORWARDED


@pytest.mark.parametrize("name", ["a1", "x" * 64, "", "x" * 65, "a b", "a\n", "é"])
def test_a_request_has_the_name_that_a_proxy_gave_it(
    proxied: Settings, name: str
) -> None:
    sent = {"HTTP_X_REQUEST_ID": name}
    good = name in ("a1", "x" * 64)
    assert (ask(proxied, REMOTE_ADDR="127.0.0.1", **sent)[REQUEST_ID] == name) == good
    assert ask(proxied, REMOTE_ADDR="192.0.2.1", **sent)[REQUEST_ID] != name


@given(st.text("/.~_-aZ0 %:<>\\?#", max_size=20))
def test_a_forwarded_prefix_that_is_no_path_is_ignored(prefix: str) -> None:
    settings = load_settings({"DRAGOMAN_PROXIES": "127.0.0.1"})
    found = ask(settings, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_PREFIX=prefix)
    prefix = prefix.strip()
    steps = prefix.split("/")[1:] if prefix.startswith("/") else []
    good = all(step and not set(step) & set(" %:<>\\?#") for step in steps) and steps
    assert found["SCRIPT_NAME"] == (prefix if good else "")


def test_the_configured_prefix_wins_and_may_stand_in_the_path_or_not(
    proxied: Settings,
) -> None:
    settings = replace(proxied, prefix="/a/b")
    for path in ("/meetings", "/a/b/meetings"):
        found = ask(settings, REMOTE_ADDR="127.0.0.1", **FORWARDED, PATH_INFO=path)
        assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/a/b", "/meetings")
    found = ask(settings, PATH_INFO="/a/bc")
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/a/b", "/a/bc")


def test_a_refused_name_is_the_forwarded_one(site: FlaskClient) -> None:
    def status(host: str, forwarded: str, address: str) -> int:
        headers = {"Host": host, "X-Forwarded-Host": forwarded}
        environ = {"REMOTE_ADDR": address}
        return site.get("/", headers=headers, environ_overrides=environ).status_code

    assert status("internal:8000", "dragoman.example", "10.1.1.1") == 200
    assert status("localhost", "evil.example", "10.1.1.1") == 400
    assert status("evil.example", "dragoman.example", "203.0.113.1") == 400
