"""The composition root: one Flask application out of settings, pages and headers."""

from collections.abc import Mapping
from functools import partial

from flask import Flask
from sqlalchemy.exc import DBAPIError

from editing.saving import recorded, save
from editing.undo import undo
from errors import DragomanError, Unavailable
from models import open_session
from models.database import explain, look_for_damage, reach, shared_engine
from queries.search import service
from queries.search.batch import search_each
from queries.search.service import engine_of
from queries.suggestions import suggest
from search.engine import Engine
from search.fields import EXPLANATIONS, FIELDS, SORTS
from search.tie import ANOTHER_AGE, belongs
from settings import Settings, load_settings
from web import (
    Check,
    Services,
    batch,
    citing,
    console,
    exports,
    feeds,
    history,
    init_app,
)
from web.access import log_requests
from web.account import account
from web.analysis import routes as analysis
from web.api import api
from web.assets import init_assets
from web.caching import ask_each_time
from web.errors import handle_errors
from web.health import health
from web.jinja import init_templates
from web.limits import limit_queries
from web.pages import pages
from web.security import secure
from web.signing import accounts, ask_to_sign_in
from web.site import Site
from web.slots import limit_expensive
from web.workbench import BLUEPRINTS
from web.writers import init_writers


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; nothing is opened before the first request."""
    settings = settings or load_settings()
    url = settings.database_url
    app = Site(__name__, settings)
    engine = engine_of(settings)
    init_app(
        app,
        Services(
            settings=settings,
            open_session=lambda: open_session(url),
            open_to_write=lambda: open_session(url, write=True),
            search=partial(service.search, engine=engine),
            search_each=partial(search_each, engine=engine),
            suggest=partial(suggest, engine=engine),
            health_checks=_health_checks(url, engine),
            save=partial(save, url),
            recorded=partial(recorded, url),
            undo=partial(undo, url),
        ),
    )
    init_templates(
        app,
        search_fields=FIELDS,
        search_matches=EXPLANATIONS,
        search_sorts=SORTS,
        sql_console=settings.sql_console,
        notice=settings.notice,
    )
    log_requests(app)
    secure(app)
    limit_queries(app)
    init_writers(app)
    limit_expensive(app)
    init_assets(app)
    ask_each_time(app)
    handle_errors(app, partial(_explain, url))
    ask_to_sign_in(app)
    for blueprint in (
        pages,
        batch.blueprint,
        health,
        api,
        console.blueprint,
        console.api,
        analysis.blueprint,
        analysis.api,
        feeds.feeds,
        exports.exports,
        citing.citing,
        history.history,
        accounts,
        account,
        *BLUEPRINTS,
    ):
        app.register_blueprint(blueprint)
    return app


def _explain(url: str, error: Exception) -> DragomanError | None:
    """Say what is wrong with the database, where that is what an error comes from."""
    database = shared_engine(url)
    known = explain(error, database) if isinstance(error, DBAPIError) else None
    return known or look_for_damage(database)


def _health_checks(url: str, engine: Engine) -> Mapping[str, Check]:
    """What `/healthz` looks at."""

    def schema() -> None:
        with open_session(url) as session:
            session.connection()  # each session looks at the revision

    def index() -> None:
        engine.check()
        with open_session(url) as session:
            if not belongs(engine, session):
                raise Unavailable(ANOTHER_AGE)

    return {"database": partial(reach, url), "schema": schema, "index": index}
