"""Hostile records in a real Chromium: nothing runs, and nothing stretches a page."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.attack.report import Attack

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

PATHS = (
    "/",
    "/sources",
    "/sources/source-1",
    "/meetings",
    "/meetings/meeting-4",
    "/actors/actor-4",
    "/propositions/proposition-4",
    "/stances",
    "/matrix",
    "/networks/stances",
    "/search?q=grain",
    "/search?q=" + "W" * 300,
)
WIDTHS = (360, 1280)


def hostile_pages(port: int) -> Iterator[Attack]:
    """Look at pages whose every text would like to run."""
    from playwright.sync_api import sync_playwright  # one of the tests' extras

    path = shutil.which("chromium") or shutil.which("google-chrome")
    attack = Attack("hostile records in Chromium")
    if path is None:
        attack.fault("there is no Chromium on the PATH: install it, or this is untried")
        yield attack
        return
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        with closing(
            playwright.chromium.launch(executable_path=path, args=flags)
        ) as it:
            for width in WIDTHS:
                page = it.new_page(viewport={"width": width, "height": 800})
                page.on("dialog", partial(_note, attack))
                for address in PATHS:
                    began = time.monotonic()
                    answer = page.goto(f"http://localhost:{port}{address}")
                    status = answer.status if answer else 0
                    attack.note(address, time.monotonic() - began, status, "seen")
                    over = page.evaluate(
                        "document.documentElement.scrollWidth - innerWidth"
                    )
                    if over > 0:
                        attack.fault(f"{address} at {width}: {over} pixels too wide")
                page.close()
    yield attack


def _note(attack: Attack, dialog: "Dialog") -> None:
    attack.fault(f"ran: {dialog.message}")
    dialog.dismiss()
