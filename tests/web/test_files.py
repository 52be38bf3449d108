"""Files to take away: a page offers those that there are."""

import sys

import pytest
from flask.testing import FlaskClient

from app import create_app
from settings import Settings
from tests.web.html import Html

BRIEF = "/meetings/tehran-trilateral-2022-07/brief"


def formats(client: FlaskClient, address: str) -> set[str]:
    """The files that a page links to."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    links = Html(response.text).links
    return {to.rpartition("format=")[2] for to in links if "format=" in to}


def test_what_is_not_installed_is_not_offered_and_asked_for_says_what_is_needed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for package in ("resvg_py", "docx"):
        monkeypatch.setitem(sys.modules, package, None)
    assert formats(client, "/networks/stances") >= {"csv", "svg"}
    assert "png" not in formats(client, "/networks/stances")
    assert formats(client, BRIEF) == {"md"}
    needs = {"docx": "python-docx", "pdf": "Chromium"}
    for form, needed in needs.items():
        response = client.get(f"{BRIEF}?format={form}")
        assert response.status_code == 503
        assert needed in response.text


def test_what_is_installed_is_offered(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formats.pdf.shutil.which", lambda name: f"/bin/{name}")
    for package in ("resvg_py", "docx"):
        pytest.importorskip(package)
    assert formats(client, BRIEF) == {"md", "docx", "pdf"}
    assert formats(client, "/networks/stances") >= {"svg", "png"}


@pytest.mark.parametrize("address", ["/networks/stances", "/networks/meetings"])
def test_a_page_without_a_picture_offers_none(
    sqlite_settings: Settings, address: str
) -> None:
    empty = create_app(sqlite_settings).test_client()
    assert Html(empty.get(address).text).has("div", **{"class": "empty"})
    found = formats(empty, address)
    assert found and not found & {"svg", "png"}
    for form in found:
        assert empty.get(f"{address}?format={form}").status_code == 200
