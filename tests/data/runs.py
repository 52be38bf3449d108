"""Runs of seven words of the article, known by salted hashes.

The article may not be shipped, but the repository must not hold its sentences either.
So `article-runs.txt` keeps a hash of each seven words that follow each other in it: the
test over the repository needs no article, and nobody can read one out of the hashes
without knowing the seven words. Whoever has the article writes the file anew with
`python -m tests.data.runs ARTICLE`.
"""

import re
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

LENGTH = 7
FILE = Path(__file__).with_name("article-runs.txt")
_SALT = b"dragoman: tehran"

NAMES_AND_TITLES: tuple[str, ...] = ()
"""What may be repeated however long it is: these words are facts, nobody's prose."""


def runs(text: str) -> Iterator[str]:
    """Yield each run of seven words, in small letters and without punctuation."""
    words = re.findall(r"\w+", text.lower())
    for at in range(len(words) - LENGTH + 1):
        yield " ".join(words[at : at + LENGTH])


def hashed(run: str) -> str:
    """Return the salted hash of a run: 8 bytes, in hexadecimal."""
    return blake2b(run.encode(), digest_size=8, salt=_SALT).hexdigest()


def allowed() -> set[str]:
    """Return the runs of the names and titles."""
    return {run for words in NAMES_AND_TITLES for run in runs(words)}


def of_article(text: str) -> list[str]:
    """Return the hashes of the runs of a text that may not be repeated, in order."""
    return sorted({hashed(run) for run in set(runs(text)) - allowed()})


def kept() -> set[str]:
    """Return the hashes that the repository keeps."""
    return set(FILE.read_text(encoding="ascii").split())


if __name__ == "__main__":
    article = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    FILE.write_text("\n".join(of_article(article)) + "\n", encoding="ascii")
