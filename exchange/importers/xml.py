"""XML of strangers, read without entities and without a tree of it in memory."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from exchange.importers.document import Unreadable

DEEPEST = 500
_AT_ONCE = 65_536


class Event(NamedTuple):
    """The start or the end of an element, or a text between."""

    kind: Literal["start", "end", "text"]
    tag: str = ""
    attributes: Mapping[str, str] = {}
    text: str = ""


def walk(content: bytes, name: str) -> Iterator[Event]:
    """Yield what an XML text holds, in order; faults call it by `name`.

    Raises:
        Unreadable: it is no XML, declares entities, or nests too deeply.
    """
    events = _Events(name)
    parser = defusedxml.ElementTree.XMLParser(target=events, forbid_dtd=True)
    try:
        for start in range(0, len(content), _AT_ONCE):
            parser.feed(content[start : start + _AT_ONCE])
            yield from events.taken()
        parser.close()
    except DefusedXmlException as error:
        raise Unreadable(
            f"XML without entities of its own (its part {name} declares some, which "
            "can fetch files or fill the memory)"
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise Unreadable(
            f"a whole file (its part {name} is not well-formed)"
        ) from error
    yield from events.taken()


class _Events:
    """Takes what the parser finds, until it is asked for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[Event] = []
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(
                f"XML nested at most {DEEPEST:,} deep (its part {self.name} is deeper)"
            )
        self._found.append(Event("start", tag, attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._found.append(Event("end", tag))

    def data(self, text: str) -> None:
        self._found.append(Event("text", text=text))

    def close(self) -> None:
        """End; the parser asks for it."""

    def taken(self) -> list[Event]:
        found, self._found = self._found, []
        return found
