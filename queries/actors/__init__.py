"""Actors: persons, states, bodies and groups, and what is recorded about each."""

from queries.actors.detail import SHORT_LIST, load_actor
from queries.actors.items import ACTORS, find_actors
from queries.actors.shapes import ActorDetail, ActorItem

__all__ = [
    "ACTORS",
    "ActorDetail",
    "ActorItem",
    "SHORT_LIST",
    "find_actors",
    "load_actor",
]
