"""The composition root: one Flask application out of settings, pages and headers."""

from collections.abc import Mapping
from functools import partial

from flask import Flask

import migrations
import queries
import search.fields
from errors import Unavailable
from models import open_session
from models.database import explain, shared_engine
from models.enums import define
from queries.suggestions import suggest
from search.engine import Engine
from search.engines import open_engine
from settings import Settings, load_settings
from web import Check, House, analysis, console, exports, feeds, furnish
from web.api import api
from web.assets import furnish_assets
from web.errors import handle_errors
from web.health import health
from web.jinja import furnish_templates
from web.limits import limit_queries
from web.pages import pages
from web.security import secure


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; nothing is opened before the first request."""
    settings = settings or load_settings()
    url = settings.database_url
    app = Flask(__name__)
    engine = open_engine(settings.search_engine, settings.index_dir, url)
    furnish(
        app,
        House(
            settings=settings,
            open_session=lambda: open_session(url),
            search=partial(queries.search, engine=engine),
            suggest=partial(suggest, engine=engine),
            health_checks=_health_checks(url, engine),
        ),
    )
    furnish_templates(
        app,
        define=define,
        language=search.fields,
        sql_console=settings.sql_console,
        notice=settings.notice,
    )
    secure(app)
    limit_queries(app)
    furnish_assets(app)
    handle_errors(app, lambda error: explain(error, shared_engine(url)))
    for blueprint in (
        pages,
        health,
        api,
        console.blueprint,
        console.api,
        analysis.blueprint,
        analysis.api,
        feeds.feeds,
        exports.exports,
    ):
        app.register_blueprint(blueprint)
    return app


def _health_checks(url: str, engine: Engine) -> Mapping[str, Check]:
    """What `/healthz` looks at."""

    def database() -> None:
        with open_session(url) as session:
            session.connection()

    def schema() -> None:
        database()
        revision = migrations.current_revision(shared_engine(url))
        if unfit := migrations.why_unfit(revision):
            raise Unavailable(f"The database {unfit}")

    return {"database": database, "schema": schema, "index": engine.check}
