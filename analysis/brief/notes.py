"""The citations of a brief, numbered as they come up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from analysis.brief.shapes import NumberedCitation, Sentence
from queries.shapes import Citation


class Notes:
    """Numbers citations; spans of one withheld text share a number.

    Where a withheld span is told in a summary that can be read, the summary's words are
    cited in its place, and the note names the original and the place in it.
    """

    def __init__(self, as_known_on: date | None) -> None:
        self._as_known_on = as_known_on
        self._numbers: dict[Citation | str, int] = {}
        self._cited: dict[int, dict[Citation, None]] = {}
        self._told: dict[int, dict[Citation, None]] = {}

    def say(
        self, text: str, *citations: Iterable[Citation], url: str | None = None
    ) -> Sentence:
        """Make a sentence; of each claim it cites the span shown first.

        Where the words of that one are withheld, the first whose words can be read is
        cited as well, or in its place if it is made from the same source.
        """
        refs: dict[int, None] = {}
        for found in citations:
            first, readable = _telling([one for one in found if self._known(one)])
            stands_in = first and readable and readable.original == first.source.slug
            if first and not stands_in:
                refs[self._number(first)] = None
            if readable:
                number = self._number(readable)
                refs[number] = None
                if first and stands_in:
                    self._told.setdefault(number, {})[first] = None
        return Sentence(text=text, refs=tuple(refs), url=url)

    def known(self, citations: Iterable[Citation]) -> bool:
        """Whether a claim with these citations was known on the day asked for."""
        return self._as_known_on is None or any(map(self._known, citations))

    @property
    def all(self) -> list[Citation]:
        """Everything that is cited."""
        every = (*self._cited.values(), *self._told.values())
        return [one for cited in every for one in cited]

    def numbered(self) -> Iterator[NumberedCitation]:
        """The citations in the order of their numbers."""
        for number, cited in self._cited.items():
            first, *also = cited
            yield NumberedCitation(
                number=number,
                citation=first,
                also=tuple(also),
                tells=tuple(self._told.get(number, ())),
            )

    def _known(self, citation: Citation) -> bool:
        day, latest = self._as_known_on, citation.dated.latest
        return day is None or (latest is not None and latest <= day)

    def _number(self, citation: Citation) -> int:
        key = citation if citation.quote is not None else citation.source.slug
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        self._cited.setdefault(number, {})[citation] = None
        return number


def _telling(
    citations: Sequence[Citation],
) -> tuple[Citation | None, Citation | None]:
    """The citation shown first and, if it is withheld, the first that can be read."""
    first = next(iter(citations), None)
    if first is None or first.quote is not None:
        return first, None
    return first, next((one for one in citations if one.quote is not None), None)
