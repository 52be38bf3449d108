"""The page `docs/query-language.md`, written from what the parser and engines read."""

from collections.abc import Iterable, Sequence

from search import scoring
from search.fields import EXPLANATIONS, FIELDS, SORTS, Field
from search.patterns import MOST_WORDS
from search.query_error import (
    DEEPEST_QUERY,
    LONGEST_QUERY,
    MOST_PARTS,
    MOST_SHAPES,
    WIDEST_SLOP,
)

_WORDS = (
    ("`grain exports`", "both words, anywhere in title and text (but see below)"),
    ('`"peace talks"`', "exactly these words in this order"),
    (
        '`"talks Syria"~3`',
        "these words in this order, with at most three others in between, in total",
    ),
    (
        "`talks w/5 oil`, `talks NEAR/5 oil`",
        "both words in either order, with at most five others in between",
    ),
    ("`grain OR wheat`", "either; operators are written in capitals"),
    ("`grain AND wheat`", "both, also with `match=any`"),
    ("`sanctions -oil`, `sanctions NOT oil`", "the first without the second"),
    ("`NOT oil`", "everything without the word"),
    ("`+grain blockade`", "the first in any case, also with `match=any`"),
    ("`(grain OR wheat) blockade`", "groups"),
    ("`negotiat*`", "words that begin so"),
    ("`d?one`, `*craft`", "`?` for one letter within a word, `*` for any number"),
    ('`"nuclear neg*"`', "stars and `?` in the words of a phrase"),
    (
        "`Erdogn~1`",
        "words at most one change away: a letter more, less, other, or two swapped; "
        "`~2` for two",
    ),
    ("`grain^3 wheat`", "the first counts three times as much for the order"),
    ("`*:*`", "everything"),
    (r"`\:`", "the next character without its meaning"),
)

_HEAD = """\
# The query language

<!-- Written by `make docs` from search/fields.py and search/docs.py. -->

Type words. What holds all of them is found, whatever their form, their case and
accents: `negotiations` finds *negotiated* in an English text, `erdogan` finds
*Erdoğan*. The syntax is Lucene's. A query that cannot be read is refused by the JSON
API, with the place of the fault; the search page says the same and searches for the
plain words.

## Words and operators

{words}
**All or some.** By relevance, what has all of the words comes first, then a line, then
what has some of them. The answer says how many have all (`total`) and, once a page
reaches past the line, how many some (`some`); each hit says which it is (`all_words`).
`match=all` asks for the first part alone, `match=any` for one list of both. In order of
dates and in feeds there is no second part, except where nothing has all of the words.
Facets count the first part, or both where that has fewer than ten passages
(`facets_of`). Fields other than text and title, and what is excluded, hold in any case.

**Names.** Words that are the whole name of one actor find it under its other names too:
`Зеленский` finds *Zelenskyy*. `names=off` or quotation marks mean the words as typed.
`actor:`, `person:` and `holder:` take part of a name or another spelling where only one
actor can be meant, and name those who may be meant where several can. Meetings and
stances are found by the names of those whom they concern. Whom or what a query names is
shown above the results (`named`) and counted among none of them.

**Dates in a question** (`in April 2017`, `12 July 2022`) raise what is of those days
and exclude nothing.

**Read as people type it.** Field names may be in any case. A word with a colon that is
no field is searched for as words, and a notice says so; `strict=1` refuses it instead.

**Folding.** A passage of a summary or translation stands under the passage of its
original where both are on one page (`folded_under`); totals and pages count both.

**Many at once.** `/search/batch` and `dragoman search --each FILE` take a list of names
or queries, one a line, and answer with a table or with CSV.

**Precedence.** `OR` binds the two clauses beside it, more tightly than the space
between words; `AND` binds more tightly still. `iran drones OR missiles` is
`iran (drones OR missiles)`; `a AND b OR c` is `(a AND b) OR c`. Between clauses without
an operator stands AND.

**Small words** such as *the*, *of*, *и* may be missing from what is found, unless they
are quoted, have a `+`, or are all there is. Lower-case `or` and `and` are such words.

**Compounds.** `C-130`, `S-400`, `UN-brokered`, `Sana'a` and `1,200` are found whole, in
one piece (`C130`), and by each part. Within quotation marks a compound is its parts,
one after the other.

**Question marks** at the end of a word are punctuation.

## Fields

`field:value` looks in one field; the value is a word, a `"phrase"` or a `(group)`.

"""

_TAIL = """
A passage has the actors, topics, meetings, propositions, holders and positions of the
claims that it is cited for.

## Dates

A date is EDTF (ISO 8601-2): `2022`, `2022-07`, `2022-07-12`, `2022-06-01/2022-06-10`,
`2022-06~`, `../2022-07-12`; or a range of two: `date:[2022-06 TO 2022-09]`,
`date:{{2021 TO *]`, `date:>=2022-03`. Square brackets take the bound in, braces leave
it out. What may have been within the days asked for is found: a meeting of "early June
2022" answers to `date:2022-06` and to `date:2022-06-03`; an open side reaches any day.
What has no date is not found, and `date:*` finds all that has one.

## Order

Results come {sorts}. The score of a word or phrase is BM25F over title and text:

- in a field of *l* words where it occurs *n* times, its frequency is
  *w* · *n* / (1 − *b* + *b* · *l* / *L*), where *L* is the field's mean length
  among documents of the same kind; for the text *w* is {text.w} and *b* {text.b}, for
  the title {title.w} and {title.b};
- *f* is the sum of both, *N* the number of documents, *d* how many hold it; the score
  is ln(1 + (*N* − *d* + ½) / (*d* + ½)) · *f* · {k1:.1f} / (*f* + {k}).

The scores of a query's words add up; other fields, `NOT` and filters add nothing. The
scores of stances and propositions are halved, because they repeat what passages say.
Equal ones stand in a fixed order.

By relevance, the first page holds one passage of each source; the others follow
right after it. Searches that name a source (`source:` or its filter) leave them where
they are, and so does `spread=off`.

## Limits

A query has at most {longest:,} characters and {parts} words and values, {shapes} of
them with `*`, `?` or `~`, and nests at most {deepest} levels. At most ~{slop} words may
stand between those of a phrase. A prefix, wildcard or fuzzy word stands for at most
{words:,} different words. The parameters of the search page are filters of their own:
see the JSON API.
"""


def query_language() -> str:
    """Return the page."""
    head = _HEAD.replace("{words}", _table(("You type", "You get"), _WORDS))
    tail = _TAIL.format(
        sorts=", ".join(SORTS.values()),
        text=scoring.WEIGHTS["text"],
        title=scoring.WEIGHTS["title"],
        k=scoring.K,
        k1=scoring.K + 1,
        longest=LONGEST_QUERY,
        deepest=DEEPEST_QUERY,
        parts=MOST_PARTS,
        shapes=MOST_SHAPES,
        slop=WIDEST_SLOP,
        words=MOST_WORDS,
    )
    heads = ("Field", "What it finds", "Compared", "For example")
    return head + _table(heads, map(_row, FIELDS)) + tail


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(field: Field) -> tuple[str, ...]:
    compared = EXPLANATIONS[field.match]
    if field.codes:
        compared += ": " + ", ".join(f"`{code}`" for code in field.codes)
    return f"`{field.key}`", field.help, compared, f"`{field.example}`"
