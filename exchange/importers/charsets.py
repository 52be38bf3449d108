"""From bytes to text: by a mark, as UTF-8, as the user says, or by a guess to confirm.

Which of the one-byte encodings a text is in cannot be known, only guessed, and a wrong
guess would change what somebody wrote. So a guess is shown with its first words, and
the user says `--encoding` to confirm it, or `--encoding guess` to take any.
"""

import codecs
import re

from exchange.importers.document import Unreadable
from wording import quoted

GUESS = "guess"
"""What to say for the encoding to take any guess."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 65_536
_COMMON = ("cp1252", "cp1251", "cp1256", "koi8_r", "shift_jis", "gb18030", "big5")
_NEVER_IN_TEXT = re.compile("[\0-\x06\x0e-\x1a\x1c-\x1f]")


def looks_like_text(content: bytes) -> bool:
    """Tell whether bytes could be text in some encoding."""
    if any(content.startswith(mark) for mark, _ in _MARKS[1:]):
        return True
    return b"\0" not in content and len(
        _NEVER_IN_TEXT.findall(content[:_LOOKED_AT].decode("latin-1"))
    ) * 100 <= min(len(content), _LOOKED_AT)


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str | None]:
    """Return the text, and a remark if its encoding was guessed.

    Raises:
        Unreadable: the encoding can only be guessed, and nobody has confirmed it; or
            the bytes are not of the encoding that was given.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _checked(_as(content[len(mark) :], name)), None
    try:
        return _checked(content.decode("utf-8")), None
    except UnicodeDecodeError as error:
        at = error.start
    if encoding and encoding != GUESS:
        return _checked(_as(content, encoding)), None
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(1 for char in text if not char.isascii()) >= 2 * bad:
        line = content.count(b"\n", 0, at) + 1
        raise Unreadable(
            f"UTF-8 text throughout (in line {line:,} some is not: the file mixes "
            "encodings; put that right first)"
        )
    guessed = _guess(content)
    if guessed is None:
        raise Unreadable(
            f"UTF-8 text (byte {at:,} is not; `--encoding` says what it is in)"
        )
    name, text = guessed
    shown = quoted(_sample(text))
    if encoding == GUESS:
        return _checked(text), f"read as {name}, by a guess: {shown}"
    raise Unreadable(
        f"UTF-8 text (as {name} it reads {shown}; `--encoding {name}` confirms that, "
        "another name says otherwise)"
    )


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise Unreadable(
            f"the name of an encoding, such as windows-1251 (not {quoted(encoding)})"
        ) from None
    except (UnicodeError, ValueError) as error:
        raise Unreadable(f"text in {encoding} ({error})") from None


def _checked(text: str) -> str:
    if "\0" in text:
        raise Unreadable("text without NUL characters")
    return text


def _guess(content: bytes) -> tuple[str, str] | None:
    try:
        # Here and not above: UTF-8 is read without the extra.
        from charset_normalizer import from_bytes
    except ModuleNotFoundError:
        return None

    best = from_bytes(content[:_LOOKED_AT]).best()
    if best is None:
        return None
    start = str(best)
    same = [name for name in _COMMON if _reads(content[:_LOOKED_AT], name, start)]
    name = same[0] if same else best.encoding
    try:
        return name.replace("cp125", "windows-125"), content.decode(name)
    except UnicodeDecodeError:
        return None


def _reads(content: bytes, encoding: str, text: str) -> bool:
    try:
        return content.decode(encoding) == text
    except UnicodeDecodeError:
        return False


def _sample(text: str) -> str:
    """Return the first words that are not ASCII, with what stands around them."""
    at = next((i for i, char in enumerate(text) if not char.isascii()), 0)
    return " ".join(text[max(0, at - 20) : at + 40].split())
