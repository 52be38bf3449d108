"""The form of a source: text that was pasted or read from a file, or what is known."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from editing.forms.fields import ACTORS, Field, Form, choices
from editing.forms.places import Place
from editing.forms.reading import Reading
from editing.naming import NotNamed, meant
from editing.saving import Change, New
from exchange.importers.sources import LONGEST_TITLE, Options, source_data
from exchange.importers.worker import ReadFile
from exchange.passages import clean, text_hash
from models import Source, SourceText
from models.enums import SourceKind

SOURCE = Form(
    name="source",
    title="A new source",
    key="",
    own=(
        Field(
            name="title",
            label="Title",
            help="Empty: the first line of the text.",
        ),
        Field(
            name="kind",
            label="Kind",
            control="choice",
            choices=choices(SourceKind),
            default=SourceKind.NEWS_REPORT.value,
            required=True,
        ),
        Field(
            name="publisher",
            label="Publisher",
            control="name",
            kinds=("actor",),
            makes=(ACTORS,),
            help="An actor if it is one, or only its name.",
        ),
        Field(
            name="published",
            label="Published",
            control="date",
            help="In words: 3 May 2021, early June 2022, 2019.",
        ),
        Field(name="language", label="Language (BCP 47)", help="en, ru, zh-Hant"),
        Field(name="licence", label="Licence", more=True),
        Field(name="url", label="Address", more=True),
        Field(name="place", label="Place", more=True),
    ),
    build=lambda reading: _build(reading, None),
    quotes=False,
    aliases=(("issuer", "publisher"), ("slug", "title"), ("withheld", "text")),
)


def nowhere() -> Place:
    """Return the place of a source that there is not yet: only today is known."""
    return Place(
        source="",
        title="",
        version=None,
        position=None,
        start=0,
        text=None,
        length=0,
        speaker=None,
        published=None,
        today=datetime.now(UTC).date(),
    )


def source_changes(reading: Reading, read: ReadFile | None) -> list[Change]:
    """Return the source that a form makes, of a file that was read if there is one."""
    made = _build(reading, read)
    return [] if reading.faults else made


def _build(reading: Reading, read: ReadFile | None) -> list[Change]:
    text = reading.values.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.strip() and read is not None:
        reading.fault("text", "a text or a file, not both")
    given: dict[str, Any] = {
        name: reading.text(name)
        for name in ("title", "language", "licence", "url", "place")
    }
    given["kind"] = reading.choice("kind")
    given["published"] = reading.date("published")
    given |= _publisher(reading)
    data: dict[str, Any] = {}
    if read is not None:
        title = given["title"] or ""
        data = source_data(read, "", title, Options())
        del data["slug"]
    elif text.strip():
        data = {"text": text.strip("\n"), "title": _first_line(text)}
    data |= {name: value for name, value in given.items() if value is not None}
    if not data.get("title"):
        reading.fault("title", "a title: there is no text to take it from")
    if twin := _twin(reading.session, data, read):
        place = "file" if read is not None else "text"
        expected = f"a text that is not recorded yet: the source {twin} has the same"
        reading.fault(place, expected)
    return [New(kind="source", data=data, called=data.get("title", ""), place="form")]


def _publisher(reading: Reading) -> dict[str, Any]:
    """Return the publisher's name and, if it is an actor, who issued it."""
    name = reading.text("publisher")
    if name is None:
        return {}
    if reading.text("publisher_new") is None:
        try:
            meant(reading.session, ("actor",), name)
        except NotNamed:
            return {"publisher": name}
    found = reading.named("publisher")
    return {} if found is None else {"publisher": found[2], "issuer": found[1]}


def _first_line(text: str) -> str:
    line = next(" ".join(each.split()) for each in text.split("\n") if each.strip())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _twin(session: Session, data: dict[str, Any], read: ReadFile | None) -> str | None:
    """Return the source that has this text, or was read out of this file."""
    if not data.get("text"):
        return None
    same = SourceText.sha256 == text_hash(clean(data["text"]))
    if read is not None:
        same = or_(same, SourceText.file_sha256 == read.sha256)
    return session.scalar(select(Source.slug).join(SourceText).where(same).limit(1))
