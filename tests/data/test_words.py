"""No run of seven words of the article stands in the repository."""

import subprocess
from pathlib import Path

from exchange.passages import clean
from settings import CHECKOUT
from tests.data.runs import allowed, hashed, kept, of_article, runs


def repeated(text: str, hashes: set[str]) -> list[str]:
    return [run for run in runs(text) if hashed(run) in hashes and run not in allowed()]


def test_no_seven_words_of_the_article_follow_each_other_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    hashes = kept()
    found = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        try:
            text = (CHECKOUT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        if said := repeated(text, hashes):
            found[name] = said
    assert found == {}


def test_the_hashes_are_those_of_the_whole_article(article_path: Path) -> None:
    assert sorted(kept()) == of_article(clean(article_path.read_bytes().decode()))


def test_seven_words_of_a_text_are_found_in_another_and_six_are_not() -> None:
    hashes = set(of_article("One two, three four: five six SEVEN eight."))
    assert repeated("zero one two three; four five six seven", hashes)
    assert not repeated("one two three four five six and seven eight", hashes)
