"""Topics as a tree: which stand under which."""

from typing import Any

from sqlalchemy import Select, select

from models import Topic


def topics_under(*slugs: str) -> Select[Any]:
    """Select the ids of some topics and of all topics below them.

    The tree is climbed once for all of them, and has no name of its own: two of them
    in one statement would otherwise have nothing to tell them apart.
    """
    tree = select(Topic.id).where(Topic.slug.in_(slugs)).cte(recursive=True)
    below = select(Topic.id).join(tree, Topic.parent_id == tree.c.id)
    return select(tree.union(below).c.id)
