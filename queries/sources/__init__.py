"""Sources: the documents, their texts, and the evidence marked in them."""

from queries.sources.detail import PAGE, PASSAGE, VERSION, load_source
from queries.sources.items import SOURCES, find_sources, load_items
from queries.sources.passage import load_passage
from queries.sources.shapes import SourceDetail, SourceItem

__all__ = [
    "PAGE",
    "PASSAGE",
    "SOURCES",
    "SourceDetail",
    "SourceItem",
    "VERSION",
    "find_sources",
    "load_items",
    "load_passage",
    "load_source",
]
