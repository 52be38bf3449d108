"""What is installed: its licences, and the advisory that must stay out of reach."""

import re
import subprocess
import sys
from importlib.metadata import Distribution, distribution

import pytest

from settings import CHECKOUT
from tests.test_locks import pins

#: Packages under two licences of which the user may choose, and our choice.
CHOSEN = {"luqum": "Apache"}


def licences(package: Distribution) -> str:
    """Return all that a package says of its licence, in one line."""
    metadata = package.metadata.json
    # Some put the whole text into `license`; its first line names it.
    text = str(metadata.get("license", "")).strip().partition("\n")[0]
    classifiers = [
        line for line in metadata.get("classifier", []) if line.startswith("License ::")
    ]
    return " ".join([str(metadata.get("license_expression", "")), text, *classifiers])


@pytest.mark.parametrize("name", sorted(pins("requirements-dev.txt")))
def test_no_package_is_under_a_licence_that_would_bind_those_who_run_us(name):
    said = licences(distribution(name))
    without_lesser = re.sub(r"LGPL[-\w.+]*|GNU Lesser [^;:]*", "", said)
    assert not re.search(r"\bA?GPL|Affero|GNU General", without_lesser), said
    assert "Lesser" not in said or CHOSEN.get(name, "") in said


def test_every_package_that_serving_installs_stands_in_the_notice():
    notice = re.sub(r"\s+", " ", (CHECKOUT / "NOTICE").read_text(encoding="utf-8"))
    words = set(re.split(r"[ ,:]+", notice.lower().replace(".", "-")))
    missing = {name for name in pins("requirements.txt") if name not in words}
    missing |= {name for name in pins("requirements-postgresql.txt")} - words
    assert not missing


def test_parsing_a_query_never_unpickles_a_parser_table():
    # ply's open advisory: whoever can write the pickle of its tables runs code. luqum
    # imports its tables as a module; were that to change, this subprocess fails.
    program = (
        "import pickle\n"
        "def refuse(*args, **kwargs): raise SystemExit('a pickle was read')\n"
        "pickle.load = pickle.loads = pickle.Unpickler = refuse\n"
        "from luqum.thread import parse\n"
        "print(parse('a AND (b OR c)'))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "a AND (b OR c)"
