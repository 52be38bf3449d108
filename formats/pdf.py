"""The brief as a PDF: the HTML, printed by Chromium.

Chromium shapes Persian, breaks Chinese and finds the fonts of the machine, where the
libraries that make PDFs in Python alone want each font brought along, and most of them
know no right-to-left. The cost is that Chromium must be there; where it is not, a
sentence says how to get it.
"""

import os
import shutil
import subprocess
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.brief import Brief
from errors import Unavailable
from formats.html import as_html

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SECONDS = 60
_printing = threading.Semaphore(2)
"""Each printing starts a browser: two at a time are enough for one machine."""


def find_browser() -> str | None:
    """The browser that prints PDFs, if there is one."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def as_pdf(brief: Brief) -> bytes:
    """Print the brief as a PDF, by a browser without a window.

    Raises:
        Unavailable: there is no Chromium, it is busy, or it fails.
    """
    browser = find_browser()
    if browser is None:
        raise Unavailable(
            "PDFs are printed by Chromium, which is not installed: on Debian and "
            "Ubuntu run “apt-get install chromium”, elsewhere install Chromium or "
            "Chrome. "
            "The page of the brief can be printed from any browser."
        )
    if not _printing.acquire(timeout=_SECONDS):
        raise Unavailable("Other briefs are being printed. Try again in a minute.")
    try:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return _print(browser, as_html(brief), Path(folder))
    finally:
        _printing.release()


def _print(browser: str, html: str, folder: Path) -> bytes:
    page, pdf = folder / "brief.html", folder / "brief.pdf"
    page.write_text(html, encoding="utf-8")
    flags = [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={pdf}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium has no sandbox for root
    try:
        done = subprocess.run(
            [browser, *flags, page.as_uri()],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(
            f"Chromium did not print the brief within {_SECONDS} seconds. Try again, "
            "or print the page of the brief from a browser."
        ) from None
    if not pdf.exists():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        why = " ".join(said) or "no reason given"
        raise Unavailable(
            f"Chromium could not print the brief ({why}). "
            "Print the page of the brief from a browser."
        )
    return pdf.read_bytes()
