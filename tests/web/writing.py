"""A browser that writes: it has the cookie, and sends what a form of ours sends."""

from typing import Any

from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.people import find_account, key_of
from accounts.sessions import begin_sign_in, make_token
from app import create_app
from models import Account, open_session
from models.enums import AccountRole
from settings import Settings
from web.cookies import cookie_name
from web.csrf import FIELD
from web.local import ADDRESS, KEY, make_key
from web.secret import make_secret
from web.writers import Role, csrf_token, requires, writer

OWN = "http://localhost"
PASSWORD = "seven lamps of the harbour"
OTHER = "eleven boats in a bay"


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
    key = make_key(settings_of(app).instance)
    assert browser.get(f"{ADDRESS}?{KEY}={key}").status_code == 303
    return browser


def settings_of(app: Flask) -> Settings:
    """The settings that an app was made with."""
    settings: Settings = app.extensions["dragoman"].settings
    return settings


def add_account(
    app: Flask, name: str = "Ada", role: AccountRole = AccountRole.EDITOR
) -> int:
    """Add an account with `PASSWORD`, hashed so that it costs no time."""
    from argon2 import PasswordHasher  # a site without accounts does without it

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with open_session(settings_of(app).database_url, write=True) as session:
        account = Account(
            name=name,
            key=key_of(name),
            role=role,
            password_hash=cheap.hash(PASSWORD),
            disabled=False,
            stamp=1,
        )
        session.add(account)
        session.commit()
        return account.id


def browser_of(app: Flask, name: str = "Ada") -> Browser:
    """A browser that somebody with an account is signed in with."""
    settings = settings_of(app)
    with open_session(settings.database_url, write=True) as session:
        account = find_account(session, name)
        assert account is not None
        secret = begin_sign_in(session, account, "127.0.0.1", "a test", 1)
        session.commit()
    browser = Browser(app)
    browser.client.set_cookie(cookie_name(make_secret(settings.instance)), secret)
    return browser


def bearer(
    app: Flask, name: str = "Ada", role: AccountRole = AccountRole.EDITOR
) -> dict[str, str]:
    """The header of a program with a token of somebody's."""
    with open_session(settings_of(app).database_url, write=True) as session:
        account = find_account(session, name)
        assert account is not None
        token = make_token(session, account, "a test", role, 1)
        session.commit()
    return {"Authorization": f"Bearer {token}"}


def site_with_a_form(settings: Settings) -> Flask:
    """A site with a route that saves what a form says, and one account."""
    app = create_app(settings)
    tried = Blueprint("tried", __name__)

    @tried.route("/tried", methods=["GET", "POST"])
    @requires(Role.EDITOR)
    def save() -> str:
        found = writer()
        assert found is not None
        return f"{found.name} saved {request.form.getlist('text')}"

    app.register_blueprint(tried)
    add_account(app)
    return app


def sign_in(
    browser: Browser, password: str = PASSWORD, name: str = "Ada", **more: Any
) -> TestResponse:
    """Send the form to sign in."""
    return browser.client.post(
        "/sign-in",
        data={"name": name, "password": password, **more},
        headers={"Origin": OWN},
    )
