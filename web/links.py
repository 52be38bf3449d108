"""Links: every path is written from the site's root, and leaves with the prefix.

The dataclasses of `queries` and `analysis` hold paths such as `/meetings/x`, wherever
the site stands. What goes out adds the path that the site stands under, here and
nowhere else: templates by the filter `here`, JSON by `prefixed`. `url_for` adds it by
itself, and `request.url_root` has it for feeds and exports, which need whole addresses.
"""

from typing import Any

from flask import request


def here(path: str) -> str:
    """A path from the site's root as a link: behind the prefix, if there is one."""
    return f"{request.script_root}{path}"


def prefixed(body: Any) -> Any:
    """The same for each `url` and `next` of what is about to be sent as JSON."""
    if not request.script_root:
        return body
    if isinstance(body, dict):
        return {
            name: here(value)
            if name in ("url", "next")
            and isinstance(value, str)
            and value.startswith("/")
            else prefixed(value)
            for name, value in body.items()
        }
    if isinstance(body, list | tuple):
        return [prefixed(value) for value in body]
    return body
