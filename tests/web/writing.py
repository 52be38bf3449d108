"""A browser that writes: it has the cookie, and sends what a form of ours sends."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.csrf import FIELD
from web.local import ADDRESS, KEY, make_key
from web.writers import csrf_token

OWN = "http://localhost"


class Browser:
    """One person's browser. `client` sends what no form of ours would."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **named: Any) -> TestResponse:
        return self.client.get(path, **named)

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **named: Any,
    ) -> TestResponse:
        """Send a form of this site's own page."""
        return self.client.post(
            path,
            data={FIELD: self.token(), **(data or {})},
            headers={"Origin": OWN, **(headers or {})},
            **named,
        )

    def token(self) -> str:
        """A token that a page of this session would have; none when nobody writes."""
        with self.client as client:
            client.get("/healthz")
            return csrf_token()


def local_browser(app: Flask) -> Browser:
    """The browser of the local user, who opened the address that `serve` prints."""
    browser = Browser(app)
    key = make_key(app.extensions["dragoman"].settings.instance)
    assert browser.get(f"{ADDRESS}?{KEY}={key}").status_code == 303
    return browser
