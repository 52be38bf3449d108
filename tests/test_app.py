"""How the application is put together."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, UndefinedError

from app import create_app
from settings import CHECKOUT, Settings
from tests.conftest import settings_of

TEMPLATES = CHECKOUT / "templates"


def test_making_the_app_opens_nothing(tmp_path: Path) -> None:
    instance = tmp_path / "nothing-here"
    create_app(settings_of(instance, f"sqlite:///{instance}/dragoman.sqlite3"))
    assert not instance.exists()


def test_the_settings_are_the_configured_ones_unless_others_are_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DRAGOMAN_INSTANCE", str(tmp_path / "configured"))
    services = create_app().extensions["dragoman"]
    assert services.settings.instance == tmp_path / "configured"


def test_a_template_cannot_use_what_it_was_not_given(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nobody.knows }}").render()


@pytest.mark.parametrize(
    "path",
    sorted(TEMPLATES.rglob("*.html")),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_no_template_switches_escaping_off_or_holds_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for forbidden in ("|safe", "| safe", "autoescape", "<style", " style="):
        assert forbidden not in text
    scripts = text.count("<script")
    assert text.count("<script src=\"{{ url_for('static', ") == scripts
    assert text.count("></script>") == scripts  # none holds anything


def test_a_switched_off_console_is_not_in_the_navigation(
    sqlite_settings: Settings,
) -> None:
    on = create_app(sqlite_settings).test_client()
    off = create_app(replace(sqlite_settings, sql_console=False)).test_client()
    assert 'href="/sql"' in on.get("/help/search").text
    assert 'href="/sql"' not in off.get("/help/search").text
