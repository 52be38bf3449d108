"""What is read: select builders, and loaders that return frozen dataclasses.

Pages, JSON and the command line all render these. Each module is named by its noun and
holds the dataclasses of that noun first and the loaders below.
"""

from queries.search.arguments import search

__all__ = ["search"]
