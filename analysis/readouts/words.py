"""The words typical of one text against another.

**Words typical of each** are weighted log-odds ratios with an informative Dirichlet
prior: Burt L. Monroe, Michael P. Colaresi and Kevin M. Quinn, “Fightin' Words: Lexical
Feature Selection and Evaluation for Identifying the Content of Political Conflict”,
*Political Analysis* 16 (2008), pages 372 to 403, equations 16, 20 and 22. With *y* the
count of a word in a text, *n* of all words, and the prior *α* spread over the words as
both texts together use them (500 words in all, as far as there are so many):

    δ = log((y₁ + α) / (n₁ + α₀ − y₁ − α)) − log((y₂ + α) / (n₂ + α₀ − y₂ − α))
    z = δ / √(1 / (y₁ + α) + 1 / (y₂ + α))

Words are counted by stem and shown in their most frequent form; stop words do not
count. A word is shown from z = 1 on, which is little: texts are short, and the
number stands beside it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from analysis.readouts.shapes import TypicalWord
from queries.sources import SourceDetail
from queries.words import Word, words_of

WORDS = 15
"""How many typical words are shown of each side."""
FROM_Z = 1.0
PRIOR = 500


Counted = tuple[Counter[str], Mapping[str, Counter[str]]]
"""How often each stem stands in a text, and in which forms."""


def count_source(source: SourceDetail) -> Counted:
    return count_words(
        word
        for passage in source.text
        for word in words_of(passage.text or "", source.language)
    )


def count_words(words: Iterable[Word]) -> Counted:
    """Count words by their stems."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        counts[word.stem] += 1
        forms[word.stem][word.shown] += 1
    return counts, forms


def typical(here: Counted, there: Counted) -> tuple[TypicalWord, ...]:
    """The words typical of one text against another, the most typical first."""
    (counts, forms), (others, _) = here, there
    scores = log_odds(counts, others)
    ordered = sorted(
        ((z, stem) for stem, z in scores.items() if z >= FROM_Z and counts[stem]),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return tuple(
        TypicalWord(
            word=min(forms[stem], key=lambda form: (-forms[stem][form], form)),
            z=round(z, 3),
            here=counts[stem],
            there=others[stem],
        )
        for z, stem in ordered[:WORDS]
    )


def log_odds(one: Counter[str], other: Counter[str]) -> dict[str, float]:
    """Weighted log-odds ratios of two counts, in standard deviations.

    Positive: more of the first. See the module's head for the measure.
    """
    total_one, total_other = sum(one.values()), sum(other.values())
    both = one + other
    words = total_one + total_other
    prior = min(PRIOR, words)
    if len(both) < 2:
        return {}
    scores = {}
    for stem, count in both.items():
        alpha = prior * count / words
        y, x = one[stem] + alpha, other[stem] + alpha
        delta = math.log(y / (total_one + prior - y)) - math.log(
            x / (total_other + prior - x)
        )
        scores[stem] = delta / math.sqrt(1 / y + 1 / x)
    return scores
