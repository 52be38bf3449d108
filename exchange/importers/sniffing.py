"""Tell by its content what a file is; its name decides only between kinds of text."""

import json
import re
from pathlib import PurePath

from exchange.importers.archive import Archive
from exchange.importers.charsets import looks_like_text
from exchange.importers.document import Unreadable
from exchange.importers.kinds import KINDS, Kind, by_suffix

_HEAD = 4_096
_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"SQLite format 3\0", "dna"),
    (b"\x1f\x8b", "zip"),
    (b"BZh", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"Rar!", "zip"),
    (b"\xfd7zXZ", "zip"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
)
_PARTS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("project.qde", "qdpx"),
)
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "pptx",
    b"application/epub+zip": "epub",
}
_MAIL = re.compile(
    rb"(?:Return-Path|Delivered-To|Received|From|To|Cc|Date|Subject|Message-ID|"
    rb"MIME-Version|Content-Type|Reply-To|X-[\w-]+): ?\S", re.IGNORECASE
)  # fmt: skip
_MAIL_NEEDS = (rb"(?im)^From: ", rb"(?im)^(?:Date|Message-ID|MIME-Version): ")
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<(?:head|body|article|h1|p|div|title|meta)[\s>]",
    re.IGNORECASE,
)
_VOTES = b"undl_id,ms_code,"


def sniff(content: bytes, name: str) -> Kind:
    """Return the kind of a file.

    Raises:
        Unreadable: it is empty, or a broken archive.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("a file that is not empty")
    return KINDS[_name_of(content, name)]


def is_table_of_text(head: bytes, name: str) -> bool:
    """Tell by the first bytes of a file, and its name, whether it is a table of text.

    Such a table may be too large to be read as a whole.
    """
    archive = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    return (
        not archive
        and bool(head.strip(b"\0 \t\r\n\xef\xbb\xbf"))
        and _name_of(head, name) in ("csv", "un-votes")
    )


def _name_of(content: bytes, name: str) -> str:
    head = content[:_HEAD]
    if b"%PDF-" in head[:1_024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(content)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return "records" if magic[0] == 0x1F and "jsonl" in name else kind
    if head[257:262] == b"ustar":
        return "zip"
    if not looks_like_text(content):
        return "binary"
    return _text(content, name)


def _archive(content: bytes) -> str:
    archive = Archive(content)
    for part, kind in _PARTS:
        if part in archive:
            return kind
    if "mimetype" in archive:
        return _MIMETYPES.get(archive.read("mimetype").strip(), "zip")
    return "zip"


def _text(content: bytes, name: str) -> str:
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    suffix = PurePath(name).suffix.lower()
    promised = by_suffix(name)
    if suffix in (".jsonl", ".yaml", ".yml") and promised:
        return promised.name
    if head.startswith(b"<"):
        if found := _markup(head):
            return found
    if head[:1] in (b"{", b"[") and suffix != ".md":
        if found := _json(content):
            return found
    if head.startswith(_VOTES):
        return "un-votes"
    if re.match(rb"TY  ?- ?\w+\s", head):
        return "ris"
    if re.match(rb"@\w+\s*\{[^,\n]*,", head):
        return "bibtex"
    if re.match(rb"From \S+ .*\d{4}\s*\n", head):
        return "mbox"
    if _MAIL.match(head) and all(re.search(need, head) for need in _MAIL_NEEDS):
        return "eml"
    if promised and promised.name in ("markdown", "csv", "code"):
        return promised.name
    if promised and promised.name == "html" and _HTML.search(head):
        return "html"
    return "text"


def _markup(head: bytes) -> str | None:
    if re.search(rb"<!doctype\s+html|<html[\s>]", head, re.IGNORECASE):
        return "html"
    if re.search(rb"<(?:\w+:)?TEI[\s>.]", head):
        return "tei"
    if re.search(rb"<trips\s*>\s*<trip\s|<visits\s*>\s*<visit\s*>", head):
        return "historian"
    if head.startswith((b"<?xml", b"<!DOCTYPE", b"<!doctype")):
        return "xml"
    if _HTML.match(head) or head.startswith(b"<!--"):
        return "html"
    return "xml" if re.match(rb"<[A-Za-z][\w:.-]*(?:\s[^>]*)?>", head) else None


def _json(content: bytes) -> str | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and {"persons", "organizations"} & value.keys():
        return "popolo"
    if isinstance(value, dict) and "rows" in value:
        return "annotations"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if "target" in value[0]:
            return "annotations"
        if {"type", "title"} <= value[0].keys():
            return "csl"
    return "json"
