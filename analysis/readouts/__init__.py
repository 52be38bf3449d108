"""Two readouts side by side: what each side says of the same meeting.

The **sides** are those who issued the sources that are cited for a meeting: the
issuer's state, or the issuer itself, or where no issuer is recorded the publisher. A
summary, copy or translation is no side of its own. Two
sources are compared, by default the first readout of each of two sides; any two can be
asked for.

`words` and `sentences` define how texts are compared, and name the sources.
"""

from analysis.readouts.loading import load_readouts
from analysis.readouts.sentences import align, split_sentences
from analysis.readouts.shapes import Readouts, SourceSentence
from analysis.readouts.words import count_words, log_odds, typical

__all__ = [
    "Readouts",
    "SourceSentence",
    "align",
    "count_words",
    "load_readouts",
    "log_odds",
    "split_sentences",
    "typical",
]
