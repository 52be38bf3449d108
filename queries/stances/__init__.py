"""Stances: the positions of actors, with attribution and evidence."""

from queries.stances.attribution import attributed_to
from queries.stances.conditions import (
    CURRENT,
    LINKS,
    about_actor,
    cited_in,
    on_behalf_of,
    under_topic,
)
from queries.stances.filters import STANCES
from queries.stances.loading import find_stances, load_items, load_stance
from queries.stances.saying import explain
from queries.stances.shapes import StanceDetail, StanceItem

__all__ = [
    "CURRENT",
    "LINKS",
    "STANCES",
    "StanceDetail",
    "StanceItem",
    "about_actor",
    "attributed_to",
    "cited_in",
    "explain",
    "find_stances",
    "load_items",
    "load_stance",
    "on_behalf_of",
    "under_topic",
]
