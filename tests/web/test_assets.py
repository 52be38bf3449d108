"""Static files: kept for good under an address that says what they hold."""

from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.web.html import Html
from web.assets import FOREVER, init_assets

PAGES = ("/", "/matrix", "/sql", "/nowhere")


def addresses(client: FlaskClient) -> set[str]:
    """Every static file that pages ask for."""
    found = set()
    for page in PAGES:
        parsed = Html(client.get(page).text)
        asked = [attributes for _, attributes in parsed.elements]
        found |= {a.get("src") or a.get("href") or "" for a in asked}
    return {address for address in found if address.startswith("/static/")}


def test_pages_ask_for_files_that_a_browser_may_keep(client: FlaskClient) -> None:
    asked = addresses(client)
    assert len(asked) == 7
    for address in asked:
        with client.get(address) as response:
            assert response.status_code == 200
            assert response.headers["Cache-Control"] == FOREVER
        with client.get(
            address, headers={"If-None-Match": response.headers["ETag"]}
        ) as again:
            assert again.status_code == 304
            assert again.headers["Cache-Control"] == FOREVER


def test_another_address_of_the_file_may_not_be_kept(client: FlaskClient) -> None:
    for address in ("/static/dragoman.css", "/static/dragoman.css?v=0123456789abcdef"):
        with client.get(address) as response:
            assert response.status_code == 200
            assert response.headers["Cache-Control"] == "no-cache"
    with client.get("/static/nothing.css?v=1") as response:
        assert response.status_code == 404
        assert response.headers.get("Cache-Control") != FOREVER


def test_a_changed_file_has_another_address(tmp_path: Path) -> None:
    path = tmp_path / "a.css"
    path.touch()
    app = Flask(__name__, static_folder=str(tmp_path))
    init_assets(app)
    found = set()
    for style in ("p {}", "a {}\n", "p {}"):
        path.write_text(style)
        with app.test_request_context():
            found.add(url_for("static", filename="a.css"))
    assert len(found) == 2
