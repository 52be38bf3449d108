"""The pages of those whom a query names: shown above the results, never among them.

Read are plain, unquoted words without a field, the longest run first: the whole name of
actors or of a topic; of what is left, a word that is the last of one person's name. And
what `actor:`, `topic:` and the like ask for. The words of a query are few, so that each
name of the record is looked at once and nothing is asked of the engine.
"""

from collections.abc import Iterable, Iterator

from queries.shapes import Ref
from search.analyzer import is_stop_word
from search.meaning import LONGEST_NAME
from search.names import DatabaseNames
from search.tree import And, Boost, Node, Or, Require, Term, Together, Value, wanted

#: How many pages are shown for a query.
MOST = 8


def find_named(tree: Node, names: DatabaseNames) -> tuple[Ref, ...]:
    """Return the actors and topics that a query names, as they come in it.

    Args:
        tree: the parsed query.
        names: the names of the record.
    """
    found: dict[tuple[str, str], None] = {}
    for run in _runs(tree):
        found |= dict.fromkeys(_in_run(run, names))
    for leaf in wanted(tree):
        if isinstance(leaf, Value):
            found |= dict.fromkeys(names.asked_for(leaf))
    pages = (
        Ref(kind=kind, slug=slug, label=names.label(kind, slug)) for kind, slug in found
    )
    return tuple(page for page, _ in zip(pages, range(MOST), strict=False))


def _runs(node: Node) -> Iterator[tuple[str, ...]]:
    """The plain words of a query that stand side by side."""
    match node:
        case Term(text, None):
            yield (text,)
        case Together(below):
            run: list[str] = []
            for child in below:
                if isinstance(child, Term) and child.field is None:
                    run.append(child.text)
                    continue
                yield tuple(run)
                run = []
                yield from _runs(child)
            yield tuple(run)
        case Or(below) | And(below, _):
            for child in below:
                yield from _runs(child)
        case Require(child) | Boost(child, _):
            yield from _runs(child)


def _in_run(run: tuple[str, ...], names: DatabaseNames) -> Iterable[tuple[str, str]]:
    place = 0
    while place < len(run):
        for size in range(min(LONGEST_NAME, len(run) - place), 0, -1):
            words = run[place : place + size]
            if all(map(is_stop_word, words)):
                continue
            if called := names.called(" ".join(words)):
                yield from called
                place += size
                break
        else:
            place += 1
