"""Paragraphs and rows of tables, as word processors nest them, made into blocks."""

from exchange.importers.document import Document


class Flow:
    """Takes words as they come; a row of a table is one block, its cells set by tabs.

    Paragraphs and tables may stand inside others: a paragraph in a cell is part of the
    cell, one inside another (a text box) gets lines of its own in it.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.heading = False
        self._open: list[list[str]] = []
        self._rows: list[list[str]] = []

    def say(self, text: str) -> None:
        """Add words to the paragraph that is open; without one they are their own."""
        if self._open:
            self._open[-1].append(text)
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1] += text
        else:
            self.document.add(text)

    def start_paragraph(self, heading: bool = False) -> None:
        """Begin a paragraph."""
        self._open.append([])
        self.heading = heading

    def end_paragraph(self) -> None:
        """End the paragraph that was begun last."""
        if not self._open:
            return
        text = "".join(self._open.pop())
        if self._open:
            self._open[-1].append(f"\n{text}\n" if text.strip() else "")
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1] += f" {text}"
        else:
            self.document.add(text, heading=self.heading)

    def start_row(self) -> None:
        """Begin a row."""
        self._rows.append([])

    def start_cell(self) -> None:
        """Begin a cell of the row."""
        if self._rows:
            self._rows[-1].append("")

    def end_row(self) -> None:
        """End the row that was begun last."""
        if not self._rows:
            return
        row = "\t".join(" ".join(cell.split()) for cell in self._rows.pop())
        if self._rows and self._rows[-1]:  # of a table inside a table
            self._rows[-1][-1] += f" {row}"
        elif self._open:
            self._open[-1].append(f"\n{row}\n")
        else:
            self.document.add(row)

    def end(self) -> None:
        """End whatever is still open."""
        while self._rows:
            self.end_row()
        while self._open:
            self.end_paragraph()
