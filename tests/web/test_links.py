"""Every link leaves with the prefix that the site stands under."""

import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from html import unescape
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest

from app import create_app
from settings import CHECKOUT, Settings
from tests.cli.test_serving import serving
from tests.conftest import Templates, bundled_dataset
from tests.web.html import Html

PREFIX = "/a/dragoman"
PAGES = 40
START = (
    "",
    "api/v1/meetings?limit=2",
    "api/v1/openapi.json",
    "api/v1/search?q=iran",
    "sql?query=select+1",
    "feeds/meetings.atom",
)
TEMPLATES = CHECKOUT / "templates"

#: An address that somebody recorded, and one that is whole already.
FOREIGN = ("{{ source.original_url }}", "{{ permalink }}")


def links_in(template: str) -> Iterator[str]:
    """Yield the addresses in a template as they are written there."""
    for found in re.finditer(r'\b(?:href|action|src)="', template):
        end = start = found.end()
        while template[end] != '"':
            end = (
                template.index("}}", end) + 2
                if template.startswith("{{", end)
                else end + 1
            )
        yield " ".join(template[start:end].split())


@pytest.mark.parametrize(
    "path",
    sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.svg")]),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_no_template_writes_a_link_without_the_prefix(path: Path) -> None:
    literal = [
        link
        for link in links_in(path.read_text(encoding="utf-8"))
        if not link.startswith(("#", "{{ url_for("))
        and link not in FOREIGN
        and not re.match(r"\{\{ .* \| here \}\}", link)
    ]
    assert not literal


def test_no_script_asks_for_a_literal_address() -> None:
    for path in (CHECKOUT / "static").glob("*.js"):
        assert not re.findall(r"[\"'`]/\w", path.read_text(encoding="utf-8")), path


def addresses(value: Any) -> Iterator[str]:
    """Yield every path that JSON holds under a name that says it is an address."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("url", "next") and isinstance(inner, str):
                yield inner
            yield from addresses(inner)
    if isinstance(value, list):
        for inner in value:
            yield from addresses(inner)


def kind_of(address: str) -> tuple[str, ...]:
    """Return what pages have in common: the path without slugs, the parameters."""
    parts = urlsplit(address)
    steps = parts.path.removeprefix(PREFIX).split("/")
    first = parts.query.partition("=")[0]
    return (steps[1] if len(steps) > 1 else "", str(len(steps)), steps[-1][-4:], first)


@pytest.mark.parametrize("way", ["in the path", "taken off", "by a proxy"])
def test_the_prefix_may_come_in_three_ways(sqlite_settings: Settings, way: str) -> None:
    headers = {}
    if way == "by a proxy":
        proxies = (ip_network("127.0.0.1"),)
        client = create_app(replace(sqlite_settings, proxies=proxies)).test_client()
        headers["X-Forwarded-Prefix"] = PREFIX
    else:
        client = create_app(replace(sqlite_settings, prefix=PREFIX)).test_client()
    before = PREFIX if way == "in the path" else ""
    for address in ("/", "/meetings?sort=-date", "/help/search", "/nowhere"):
        page = client.get(f"{before}{address}", headers=headers)
        found = links_of(page.text)
        assert len(found) > 10
        assert not [link for link in found if not link.startswith((PREFIX, "#"))]
    described = client.get(f"{before}/api/v1/openapi.json", headers=headers).json
    assert described is not None
    assert described["servers"] == [{"url": f"{PREFIX}/api/v1"}]


def links_of(page: str) -> list[str]:
    """Every address in a page's markup."""
    return [
        value
        for _, attributes in Html(page).elements
        for name in ("href", "src", "action", "data-suggest")
        if (value := attributes.get(name))
    ]


def get(address: str) -> tuple[int, str, str]:
    """Ask a server; return status, type and text."""
    try:
        with urlopen(address, timeout=60) as response:
            kind, body = response.headers.get_content_type(), response.read()
            return response.status, kind, body.decode("utf-8", "replace")
    except HTTPError as error:
        with error:
            return error.code, "", error.read().decode()


def test_a_walk_over_two_processes_never_leaves_the_prefix(
    templates: Templates, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        instance = tmp_path / "instance"
        stack.enter_context(templates.copy("sqlite", instance, bundled_dataset))
        environ = {"DRAGOMAN_INSTANCE": str(instance), "DRAGOMAN_PREFIX": PREFIX}
        sites = [
            stack.enter_context(serving(environ))[1].removesuffix(f"{PREFIX}/")
            for _ in range(2)
        ]
        waiting = deque(f"{PREFIX}/{path}" for path in START)
        seen: set[tuple[str, ...]] = set()
        while waiting and len(seen) < PAGES:
            address = waiting.popleft()
            kind = kind_of(address)
            if kind in seen or "format=p" in address:
                continue
            seen.add(kind)
            site = sites[len(seen) % 2]
            status, mimetype, text = get(site + address)
            assert status in (200, 400), (address, text)
            for link in links_sent(mimetype, text):
                target = urljoin(site + address, link)
                if urlsplit(target).hostname not in ("127.0.0.1", "localhost"):
                    continue  # a document somewhere else
                path = target.removeprefix(site)
                assert path.startswith(f"{PREFIX}/"), (address, link)
                if not path.endswith("/api/v1"):  # a root, not an address
                    waiting.append(path.partition("#")[0])
        assert len(seen) == PAGES


def links_sent(mimetype: str, text: str) -> list[str]:
    """Every address in a page, in JSON or in a feed."""
    if mimetype == "text/html":
        return links_of(text)
    if mimetype == "application/json":
        return list(addresses(json.loads(text)))
    if mimetype == "application/atom+xml":
        return [unescape(link) for link in re.findall(r'href="([^"]*)"', text)]
    return []
