"""What a request names is never opened: no path of the machine can be reached."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import create_app
from settings import CHECKOUT, Settings

METHODS = ("GET", "HEAD", "OPTIONS", "POST")

_opened: list[str] | None = None


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event in ("open", "os.listdir", "os.scandir"):
        path = arguments[0]
        if isinstance(path, (str, bytes, os.PathLike)):
            _opened.append(os.fsdecode(path))


sys.addaudithook(_note)  # one for the whole run: Python has no way to take it off again


@contextmanager
def opened() -> Iterator[list[str]]:
    """Collect the paths that are opened meanwhile."""
    global _opened
    found: list[str] = []
    _opened = found
    try:
        yield found
    finally:
        _opened = None


def written(path: str) -> st.SearchStrategy[str]:
    """A path out of a folder, in the ways that a request may write it."""
    slash = st.sampled_from(("/", "%2f", "/./", "//", "%2F", "%5c"))
    up = st.sampled_from(("..", "%2e%2e", ".%2e", "%252e%252e"))
    begin = st.sampled_from(("", "/", "%2f", "x%2f..%2f"))
    return st.builds(
        lambda begin, ups, slash: begin + slash.join((*ups, *path.split("/")[1:])),
        begin,
        st.lists(up, max_size=12),
        slash,
    )


def test_no_request_opens_a_path_that_it_names(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    app = create_app(sqlite_settings)
    client = app.test_client()
    instance = sqlite_settings.instance
    own = (sysconfig.get_path("stdlib"), sys.prefix, CHECKOUT, instance, "/dev/null")
    inside = tuple(map(str, own))
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments]
    assert "/static/<path:filename>" in rules
    paths = st.sampled_from((str(secret), "/etc/passwd", "/no/where")).flatmap(written)

    @settings(max_examples=15)
    @given(paths)
    @example("..%2f" * 12 + "etc%2fpasswd")
    def ask(path: str) -> None:
        for rule in rules:
            before, _, rest = rule.partition("<")
            address = before + path + rest.partition(">")[2]
            for method in METHODS:
                with opened() as found, client.open(address, method=method) as response:
                    assert response.status_code < 500
                outside = [name for name in found if not name.startswith(inside)]
                assert not outside, (method, address, outside)

    ask()
