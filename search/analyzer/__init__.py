"""The analyzer: what counts as a word, and under which terms it is found."""

from search.analyzer.words import (
    ANALYZER_VERSION,
    LONGEST_WORD,
    STOP_WORDS,
    TEXT_GAP,
    Entry,
    Token,
    entry,
    folded_pattern,
    is_stop_word,
    postings,
    spellings,
    stemmed_language,
    terms_of_word,
    tokens,
    word_of_term,
)

__all__ = [
    "ANALYZER_VERSION",
    "LONGEST_WORD",
    "STOP_WORDS",
    "TEXT_GAP",
    "Entry",
    "Token",
    "entry",
    "folded_pattern",
    "is_stop_word",
    "postings",
    "spellings",
    "stemmed_language",
    "terms_of_word",
    "tokens",
    "word_of_term",
]
