"""The words of a vote: the text of a vote record, its proposition, names of states."""

from typing import Any

Data = dict[str, Any]

VOTES = {
    "Y": ("voted yes", "for", 1),
    "N": ("voted no", "against", -1),
    "A": ("abstained", "neutral", 0),
    "X": ("did not vote", None, None),
}
"""What a state did, in words, as a position, and as a polarity."""
OURS = (
    "This text was written by Dragoman out of the voting data of the UN Digital "
    "Library. It is not the publisher's wording."
)
"""How the text of a vote record begins."""
_SMALL = ("and", "of", "the", "de", "da")


def text_of_vote(
    first: Data, called: str, lines: list[tuple[int, Data, str]]
) -> tuple[str, list[int]]:
    """Return the text of a vote record, and where the line of each state begins."""
    about = [f"Resolution {called}, {first['date']}. {first['title']}"]
    for name, label in (
        ("agenda_title", "Agenda"),
        ("draft", "Draft"),
        ("committee_report", "Committee report"),
        ("meeting", "Meeting record"),
    ):
        if first.get(name):
            about.append(f"{label}: {first[name]}")
    parts = [OURS, "\n".join(about)]
    starts: dict[int, int] = {}
    at = sum(len(part) + 2 for part in parts)
    for vote in VOTES:
        group = [
            i for i, line in enumerate(lines) if line[1]["ms_vote"].upper() == vote
        ]
        if not group:
            continue
        part = []
        for i in group:
            starts[i] = at
            part.append(lines[i][2])
            at += len(lines[i][2]) + 1
        at += 1
        parts.append("\n".join(part))
    return "\n\n".join(parts), [starts[i] for i in range(len(lines))]


def proposition_of(slug: str, called: str, first: Data) -> Data:
    text = f"The General Assembly should adopt {called}: {first['title']}"
    return {"slug": slug, "text": text[:5_000], "kind": "normative"}


def filled(data: Data) -> Data:
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def name_of_state(name: str) -> str:
    """Return a name that is written in capitals as names are written.

    >>> name_of_state("BOSNIA AND HERZEGOVINA"), name_of_state("GUINEA-BISSAU")
    ('Bosnia and Herzegovina', 'Guinea-Bissau')
    """
    if name != name.upper():
        return name
    words = name.lower().split(" ")
    return " ".join(
        word if at and word.strip("()") in _SMALL else _capital(word)
        for at, word in enumerate(words)
    )


def _capital(word: str) -> str:
    at = next((i for i, char in enumerate(word) if char.isalpha()), 0)
    rest = word[at + 1 :]
    if "-" in rest:
        head, _, tail = rest.partition("-")
        rest = f"{head}-{_capital(tail)}"
    return word[:at] + word[at : at + 1].upper() + rest
