"""Words that every layer shows to people: counts, quoted values, text without controls.

What a text may hold is decided here and nowhere else: `clean` for files, `printable`
for one line of an error, `for_terminal` for the words of a source in a terminal, and
`find_unreadable` for input. This module imports nothing of ours.
"""

import re

_LONGEST_VALUE = 80

#: Control characters but tab and line ends: XML, HTML and iCalendar cannot hold them,
#: or say nothing of them, and they steer terminals.
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
#: Code points that are no characters, and which UTF-8 or XML does not write.
_NO_CHARACTERS = r"\ud800-\udfff\ufffe\uffff"

_UNCLEAN = re.compile(f"[{_CONTROLS}{_NO_CHARACTERS}]")
_STEERING = re.compile(rf"[{_CONTROLS}\r]")
_UNREADABLE = re.compile(r"[\0\ud800-\udfff]")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "passage"), counted(1200, "passage"), counted(2, "body", "bodies")
    ('1 passage', '1,200 passages', '2 bodies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an": an actor, a meeting."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def none_called(kind: str, name: str) -> str:
    """Return, without a full stop, that nothing of a kind has a name or a slug.

    >>> none_called("actor", "nobody")
    'No actor is called "nobody"'
    """
    return f"No {kind} is called {quoted(name)}"


def quoted(value: str) -> str:
    """Return `value` in quotes on one line, control characters escaped, cut if long."""
    if len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE - 1] + "…"
    return f'"{printable(value)}"'


def printable(text: str) -> str:
    """Return the text on one line, with what cannot be printed escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def for_terminal(text: str) -> str:
    """Return the text with control characters escaped; its lines stay.

    Unlike `printable` it leaves what has no width, which some scripts join words with.
    """
    return _STEERING.sub(lambda found: _escaped(found[0]), text)


def clean(text: str) -> str:
    """Leave out control characters and lone surrogates; tabs and line ends stay."""
    return _UNCLEAN.sub("", text)


def find_unreadable(name: str, text: str) -> tuple[str, int] | None:
    """Find the first NUL or lone surrogate, which no database or no UTF-8 can hold.

    Returns:
        A sentence, which begins with `name`, and the place from 0; or None.
    """
    if (found := _UNREADABLE.search(text)) is None:
        return None
    return f"{name} holds U+{ord(found[0]):04X}, which no text can hold.", found.start()


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()
