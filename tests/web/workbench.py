"""A small record whose text is being coded, and a browser that may code it."""

import re
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from exchange.load import load_folder
from settings import Settings
from tests.exchange.small import write_small
from tests.web.html import Html
from tests.web.writing import Browser, local_browser

CODE = "/sources/report/code"


def small_record(settings: Settings) -> None:
    """Load the small dataset, for a template that each test copies."""
    with TemporaryDirectory() as folder:
        load_folder(write_small(Path(folder)), settings.database_url)


class Desk:
    """The browser of somebody who codes: it sends forms as a page does."""

    def __init__(self, app: Flask) -> None:
        self.browser: Browser = local_browser(app)

    def open(self, path: str, **query: Any) -> Html:
        """Look at a page, which is there."""
        answer = self.browser.get(path, **({"query_string": query} if query else {}))
        assert answer.status_code == 200, answer.text
        return Html(answer.text)

    def send(self, path: str, **values: Any) -> TestResponse:
        """Send a form as the browser does: with line ends of two characters."""
        texts = {
            name: value.replace("\n", "\r\n") if isinstance(value, str) else value
            for name, value in values.items()
        }
        return self.browser.post(path, texts, content_type="multipart/form-data")

    def stance(self, **values: Any) -> TestResponse:
        """Send the form of a stance, about the second passage unless told."""
        return self.stance_form(f"{CODE}/stance", **values)

    def stance_form(self, path: str, **values: Any) -> TestResponse:
        """Send it, or the correction of one, to its address."""
        given = {
            "passage": "2",
            "holder": "Anna Berg",
            "issue": "Norland and Suria should make peace.",
            "position": "for 1",
            "mode": "said",
            "certainty": "certain",
            "quote": "We want peace",
        }
        return self.send(path, **(given | values))


def faults(answer: TestResponse) -> dict[str, str]:
    """The faults of a form by the field at which they stand."""
    assert answer.status_code == 422, answer.text
    assert Html(answer.text).has("div", role="alert")
    pairs = re.findall(
        r'<p class="fault" id="f-(\w+)-fault">(.*?)</p>', answer.text, re.DOTALL
    )
    return {name: unescape(re.sub("<[^>]+>", "", text)) for name, text in pairs}
