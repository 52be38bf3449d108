"""Decode what people hand in: UTF-8, or a sentence that says what it probably is."""


class NotText(ValueError):
    """Bytes that are not UTF-8; the message says what they are, with the remedy."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def decode(content: bytes) -> str:
    """Return UTF-8 as text, without a byte-order mark.

    Other encodings are named and not converted: which of the one-byte encodings it is
    cannot be known, and a wrong guess would change what somebody wrote.

    Raises:
        NotText: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
    for mark, name in _MARKS:
        if content.startswith(mark):
            raise NotText(f"UTF-8 text (this is {name}: save it as UTF-8)")
    line = content.count(b"\n", 0, at) + 1
    start = max(0, at - 12)
    around = content[start : at + 12].split(b"\n")
    shown = next((part for part in around if not part.isascii()), b"")
    read = shown.decode("cp1252", "replace")
    looks = "".join(c if c.isprintable() else " " for c in read).strip()
    raise NotText(
        f"UTF-8 text (byte {at} is not; as Windows-1252 it would read “{looks}”: save "
        "the file as UTF-8)",
        line,
    )
