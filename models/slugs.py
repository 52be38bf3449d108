"""Slugs: the stable, unique, readable keys of the record."""

import re

from models.folding import fold

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
LONGEST_SLUG = 120


def is_slug(text: str) -> bool:
    """Tell whether *text* may serve as a slug."""
    return len(text) <= LONGEST_SLUG and SLUG.match(text) is not None


def slugify(text: str) -> str:
    """Make a slug from a title or file name; empty when nothing Latin is left."""
    words = re.findall(r"[a-z0-9]+", fold(text).replace("'", ""))
    return "-".join(words)[:LONGEST_SLUG].strip("-")
