"""Read people, organizations and posts in the JSON of Popolo."""

import json
from typing import Any

from exchange.importers.charsets import decode
from exchange.importers.document import Given, Unreadable
from wording import clean

LISTS = ("persons", "organizations", "posts", "memberships")
_MOST = 200_000


def read(content: bytes, given: Given) -> dict[str, Any]:
    """Return the lists, each of objects; what is no object is left out and counted.

    Raises:
        Unreadable: it is no Popolo.
    """
    text, _ = decode(content, given.encoding)
    try:
        value = json.loads(clean(text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"Popolo in JSON ({error})") from None
    if not isinstance(value, dict) or not {"persons", "organizations"} & value.keys():
        raise Unreadable("Popolo: persons and organizations")
    found: dict[str, Any] = {}
    for name in LISTS:
        listed = value.get(name) or []
        if not isinstance(listed, list) or len(listed) > _MOST:
            raise Unreadable(f"Popolo with a list of at most {_MOST:,} {name}")
        found[name] = [each if isinstance(each, dict) else {} for each in listed]
    return found
