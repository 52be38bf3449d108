"""A real Chromium on the real app, served as `dragoman serve` serves it."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import waitress
from playwright.sync_api import Browser, Page, sync_playwright
from waitress import wasyncore

from app import create_app
from settings import Settings
from tests.conftest import Templates, bundled_dataset, missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, without a window."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing(
            "The browser tests need Chromium: on Debian, `apt-get install chromium`; "
            "elsewhere, a chromium or google-chrome on the PATH."
        )
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to start as root, which is who runs in a container.
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, chromium_sandbox=not as_root
        )
        with closing(browser):
            yield browser


@pytest.fixture(scope="session")
def live_server(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve the bundled dataset for the whole run; yield the address."""
    instance: Path = tmp_path_factory.mktemp("live") / "instance"
    with templates.copy("sqlite", instance, bundled_dataset) as settings:
        with serve(settings) as address:
            yield address


@contextmanager
def serve(settings: Settings) -> Iterator[str]:
    """Serve a record; yield the address."""
    server = waitress.create_server(create_app(settings), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # Closed in its own thread: no socket may vanish under its `select`.
    server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))
    thread.join(10)
    server.task_dispatcher.shutdown()


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A fresh page of a fresh visitor; addresses may be relative to the server."""
    with closing(browser.new_context(base_url=live_server)) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
