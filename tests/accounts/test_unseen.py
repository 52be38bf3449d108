"""Whoever reads the record sees nothing of accounts: no view, export, page or JSON."""

import sqlalchemy as sa

from accounts.sessions import find_token
from app import create_app
from models import Account, ApiToken, SignIn, SignInAttempt, make_engine, open_session
from queries.views import VIEWS
from settings import Settings
from tests.web.writing import Browser, add_account, bearer, browser_of
from web.writers import Role

TABLES = [table.__tablename__ for table in (Account, SignIn, ApiToken, SignInAttempt)]


def test_no_view_reads_a_table_of_accounts(database_url: str) -> None:
    engine = make_engine(database_url)
    views = sa.inspect(engine)
    for name in views.get_view_names():
        words = set(str(views.get_view_definition(name)).replace('"', " ").split())
        words |= {word.rpartition(".")[2] for word in words}
        assert not words & set(TABLES), name
    engine.dispose()


def test_nothing_that_is_read_names_who_may_write(sqlite_settings: Settings) -> None:
    app = create_app(sqlite_settings)
    name = "Zuleikha Quist"
    add_account(app, name, Role.ADMIN)
    browser_of(app, name)
    token = bearer(app, name)["Authorization"].removeprefix("Bearer ")
    with open_session(sqlite_settings.database_url) as session:
        found = find_token(session, token)
        assert found is not None
        secrets = {name, token, found.digest, found.account.password_hash}
        secrets |= set(session.scalars(sa.select(SignIn.digest)))
    stranger = Browser(app)
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    paths += [f"/export/{view.name}.csv" for view in VIEWS]
    for path in paths:
        with stranger.get(path) as answer:
            assert not [
                secret for secret in secrets if secret.encode() in answer.data
            ], path
