"""The one analyzer: what counts as a word, and under which terms it is found.

Every engine indexes exactly these terms, so that a query matches the same passages
everywhere and the words can be marked on the page as exactly as they matched.

`segments` says where words begin and end, `languages` in which language each is read,
`stems` what its forms have in common, `folding` which spellings are one word, and
`words` puts the terms of an index together from these.
"""

from search.analyzer.folding import LONGEST_WORD, folded_pattern
from search.analyzer.languages import marks_of, stemmed_language
from search.analyzer.segments import spellings
from search.analyzer.stopwords import STOP_WORDS, is_stop_word
from search.analyzer.words import (
    ANALYZER_VERSION,
    TEXT_GAP,
    Entry,
    Token,
    entry,
    postings,
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
    "marks_of",
    "stemmed_language",
    "terms_of_word",
    "tokens",
    "word_of_term",
]
