"""E-mails: the text of the message; what is attached is named, and not read."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime

from exchange.importers.document import Document, Given, Unreadable, letters
from exchange.importers.text import add_pages, plain_lines

_MOST_NAMED = 10


def read(content: bytes, given: Given) -> Document:
    """Read an e-mail."""
    parser = BytesParser(EmailMessage, policy=default)
    message = parser.parsebytes(content)
    document = Document()
    try:
        _describe(message, document)
        _read_body(message, document, given)
    except (LookupError, ValueError, AttributeError, RecursionError) as error:
        # What the email package raises for broken headers and unknown charsets.
        raise Unreadable("a whole e-mail (it is broken: save it again)") from error
    return document


def _describe(message: EmailMessage, document: Document) -> None:
    document.title = " ".join(str(message["Subject"] or "").split()) or None
    if message["Date"]:
        document.published = (
            parsedate_to_datetime(str(message["Date"])).date().isoformat()
        )
    if message["From"]:
        document.contributors = [" ".join(str(message["From"]).split())]


def _read_body(message: EmailMessage, document: Document, given: Given) -> None:
    plain = message.get_body(("plain",))
    page = message.get_body(("html",))
    if plain is not None:
        text = plain_lines(str(plain.get_content())).replace("\f", "\n\n")
        text = text.replace("\0", "")
        document.found += letters(text)
        add_pages([text], document, given.keep_lines)
    elif page is not None:
        # Here and not above: a plain message is read without the extra's HTML reader.
        from exchange.importers.html import read_page

        title, document.title = document.title, None
        read_page(str(page.get_content()), document)
        document.title = title or document.title
    if plain is not None and page is not None:
        document.notes.append("its HTML version was left out: the plain one is kept")
    names = [
        part.get_filename() or part.get_content_type()
        for part in message.iter_attachments()
    ]
    if names:
        listed = ", ".join(names[:_MOST_NAMED])
        more = (
            f" and {len(names) - _MOST_NAMED:,} more"
            if len(names) > _MOST_NAMED
            else ""
        )
        document.notes.append(f"not read, because attached: {listed}{more}")
