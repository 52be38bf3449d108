"""The process that reads: a stranger's file can crash or fill it, and nothing else.

It takes requests, a line of JSON each, and answers each with a line. It has no
environment and no open database; what it may use of memory is bounded.
"""

import hashlib
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from exchange.files import NotReadable, read_bytes
from exchange.importers.document import Document, Given, Unreadable
from exchange.importers.front import date_document
from exchange.importers.kinds import KINDS, READ, RECORDS, Kind
from exchange.importers.sniffing import sniff
from wording import clean

MEMORY = 1_500_000_000
"""Bytes of address space that the process may take."""
_LARGEST = max(kind.largest for kind in READ)


def main() -> None:
    """Answer requests until there are none."""
    _bound_memory()
    # Libraries that print would break the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(sys.stdin.buffer, answers)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Read a request from each line, and write its answer as a line."""
    for line in requests:
        answer = _answer(json.loads(line))
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    kind: Kind | None = None
    try:
        path = Path(request["path"])
        content = read_bytes(path, _LARGEST)
        given = Given(request["encoding"], request["keep_lines"], request.get("sheet"))
        kind = KINDS[request["as"]] if request["as"] else sniff(content, path.name)
        items = read_records(content, kind, given) if kind in RECORDS else None
        document = (
            Document() if kind in RECORDS else read(content, path.name, kind, given)
        )
    except Unreadable as error:
        return {"kind": kind and kind.name, "expected": str(error)}
    except NotReadable as error:
        return {"kind": None, "expected": f"a readable file ({error.why})"}
    except ModuleNotFoundError as error:
        return {"kind": kind and kind.name, "missing": error.name}
    except (MemoryError, RecursionError):
        return {
            "kind": kind and kind.name,
            "expected": "a file that can be read in "
            f"{MEMORY // 1_000_000:,} MB of memory (split it)",
        }
    sha256 = hashlib.sha256(content).hexdigest()
    return {
        "kind": kind.name,
        "sha256": sha256,
        "document": document.as_dict(),
        "items": items,
    }


def read_records(content: bytes, kind: Kind, given: Given) -> dict[str, Any] | None:
    """Read a file of records; None of a text, which is read as it comes.

    Raises:
        Unreadable: with what was expected instead.
    """
    if kind.name in ("csv", "un-votes"):
        return None
    _check_size(content, kind)
    reader = importlib.import_module(f"exchange.importers.{kind.name}")
    answer: dict[str, Any] = reader.read(content, given)
    return answer


def _check_size(content: bytes, kind: Kind) -> None:
    if len(content) > kind.largest:
        raise Unreadable(
            f"at most {kind.largest:,} bytes for {kind.label} (it has {len(content):,})"
        )


def read(content: bytes, name: str, kind: Kind, given: Given) -> Document:
    """Read a file of a known kind.

    Raises:
        Unreadable: with what was expected instead.
    """
    if kind not in READ:
        instead = f": {kind.instead}" if kind.instead else ""
        raise Unreadable(f"a document (this is {kind.label}{instead})")
    _check_size(content, kind)
    reader = importlib.import_module(f"exchange.importers.{kind.name}")
    document: Document = reader.read(content, given)
    _clean(document)
    if not document.blocks:
        raise Unreadable("a document with a text (it has none)")
    date_document(document, name)
    return document


def _clean(document: Document) -> None:
    """Drop what no text may hold, and count it."""
    kept = []
    for block in document.blocks:
        text = clean(block.text)
        if len(text) != len(block.text):
            left = len([char for char in block.text if not char.isspace()])
            left -= len([char for char in text if not char.isspace()])
            if left:
                document.dropped["control characters"] += left
            block.text = text
        if block.text.strip():
            kept.append(block)
    document.blocks = kept


def _bound_memory() -> None:
    if sys.platform in ("win32", "darwin"):  # they cannot
        return
    import resource

    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
