"""Topics as a tree: which stand under which."""

from typing import Any

from sqlalchemy import Select, select

from models import Topic


def topics_under(slug: str) -> Select[Any]:
    """Select the ids of a topic and of all topics below it."""
    tree = (
        select(Topic.id).where(Topic.slug == slug).cte("topics_under", recursive=True)
    )
    below = select(Topic.id).join(tree, Topic.parent_id == tree.c.id)
    return select(tree.union(below).c.id)
