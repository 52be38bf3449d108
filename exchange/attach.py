"""Give a withheld source its text: for those who have the document themselves."""

from pathlib import Path

import sqlalchemy as sa

from errors import Conflict, no_such
from exchange.journal import Author, Journal
from exchange.load import run_of
from exchange.passages import text_hash
from exchange.report import Report
from exchange.texts import read_text
from exchange.writing.marking import Marker
from exchange.writing.sources import fill_text
from models import Source, SourceText, open_session
from wording import counted


def attach(
    source: str, path: Path, url: str | None = None, author: Author | None = None
) -> Report:
    """Fill in the text of a withheld source, with the quotes of all that cites it.

    Only the very text that was coded is taken: its SHA-256 must be the recorded one.
    Attaching it once more changes nothing and says so.

    Raises:
        NotFound: there is no such source.
        Conflict: the source has no withheld text, or this is another text; nothing has
            changed.
        DragomanError: the file cannot be read as text.
    """
    text = read_text(path)
    found = text_hash(text)
    report = Report(source)
    with open_session(url, write=True) as session:
        texts = session.scalars(
            sa.select(SourceText)
            .join(Source)
            .where(Source.slug == source)
            .order_by(SourceText.version)
        ).all()
        if not texts:
            _refuse_without_text(
                source,
                session.scalar(sa.select(Source.id).where(Source.slug == source)),
            )
        stored = next((each for each in texts if each.sha256 == found), None)
        if stored is None:
            raise Conflict(_other_text(source, texts[-1].sha256, text, path.name))
        if stored.text is not None:
            report.count("source").unchanged += 1
            report.note(f"{source} has this text already; nothing changed")
            return report
        journal = Journal(session)
        journal.attached(source)
        quotes = fill_text(session, stored, text, Marker(session), report)
        report.count("source").updated += 1
        report.passages = len(stored.passages)
        report.note(
            f"{counted(quotes, 'quote')} filled in; each span stands in the text"
        )
        author = author or Author.of_system()
        report.note_change(journal.close("attach", author, run_of(report, "attach")))
        session.commit()
    return report


def _refuse_without_text(source: str, id_: int | None) -> None:
    if id_ is None:
        raise no_such("source", source)
    raise Conflict(f"{source} records no text to which a file could belong")


def _other_text(source: str, wanted: str, text: str, name: str) -> str:
    sentence = (
        f"{name} is not the text that {source} was coded from: its SHA-256 is "
        f"{text_hash(text)}, the recorded one is {wanted}; nothing changed"
    )
    with_newlines = text.replace("\r\n", "\n")
    variants = {
        "with the line ends of Unix": with_newlines,
        "with the line ends of Windows": with_newlines.replace("\n", "\r\n"),
        "without the white space at its end": text.rstrip(),
        "with a line end at its end": text.rstrip() + "\n",
    }
    for difference, variant in variants.items():
        if text_hash(variant) == wanted:
            return f"{sentence}. It would be the same {difference}"
    return sentence
