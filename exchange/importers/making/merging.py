"""What is stored with what a row adds to it: nothing is taken away."""

from collections.abc import Mapping
from typing import Any

Data = dict[str, Any]


def merged(held: Data | None, data: Data) -> Data:
    """Return a stored record with what a row adds or says otherwise.

    Lists grow by what they do not have; nothing is taken out of them.
    """
    if held is None:
        return data
    made = dict(held)
    for name, value in data.items():
        if name == "slug" or value in (None, "", [], {}):
            continue
        if isinstance(value, list) and isinstance(held.get(name), list):
            kept = [_bare(each) for each in held[name]]
            made[name] = held[name] + [
                each for each in value if not any(_covers(one, each) for one in kept)
            ]
        elif isinstance(value, Mapping) and isinstance(held.get(name), Mapping):
            made[name] = merged(dict(held[name]), dict(value))
        elif name != "text" or held.get("text") != value:
            made[name] = value
            if name == "text":
                for beside in ("passages", "file", "earlier", "withheld", "mentions"):
                    made.pop(beside, None)
    return made


def _bare(value: Any) -> Any:
    return value if not isinstance(value, Mapping) else dict(value)


def _covers(held: Any, given: Any) -> bool:
    """Tell whether an entry of a list says already what another says."""
    if not isinstance(held, Mapping) or not isinstance(given, Mapping):
        return bool(held == given)
    return all(
        name in held and _alike(held[name], value)
        for name, value in given.items()
        if name != "evidence"
    ) and _rest_on(held.get("evidence"), given.get("evidence"))


def _rest_on(held: Any, given: Any) -> bool:
    if not held or not given:
        return True
    return all(
        any(
            one.get("source") == item.get("source")
            and one.get("quote") == item.get("quote")
            for one in held
        )
        for item in given
    )


def _alike(held: Any, given: Any) -> bool:
    if isinstance(held, Mapping) and "edtf" in held and not isinstance(given, Mapping):
        return given in (held["edtf"], held.get("as_written"))
    return bool(held == given)
