"""The analyzer's old name, until `search.engines` has moved into folders."""

from search.analyzer import ANALYZER_VERSION as ANALYSER_VERSION
from search.analyzer import (
    TEXT_GAP,
    entry,
    postings,
    spellings,
    stemmed_language,
    word_of_term,
)

__all__ = [
    "ANALYSER_VERSION",
    "TEXT_GAP",
    "entry",
    "postings",
    "spellings",
    "stemmed_language",
    "word_of_term",
]
