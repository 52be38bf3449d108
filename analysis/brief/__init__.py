"""The brief: what someone who prepares a meeting wants to read on a few pages.

It invents nothing. Each sentence is made from rows by a fixed pattern and carries the
numbers of the citations that it rests on; where the record says nothing, the brief says
so, because the reader would otherwise take silence for consent. It ranks and judges
nothing either.

A *side* is the actor that a participant represents at this meeting, else the person,
else the label. A stance is a side's when one of its people or the actor itself holds
it, or when it was stated for that actor. What was said at this meeting comes first, own
statements and deeds come before what others report or infer, and what is left out is
counted and called “not shown”.
"""

from datetime import date

from sqlalchemy.orm import Session

from analysis.brief.loading import Material
from analysis.brief.names import InLatin, load_latin, named_in
from analysis.brief.sections import Writer
from analysis.brief.shapes import (
    Brief,
    NumberedCitation,
    Part,
    Section,
    Sentence,
    Table,
)
from queries.evidence import basis_of
from queries.meetings import load_meeting

__all__ = [
    "Brief",
    "NumberedCitation",
    "Part",
    "Section",
    "Sentence",
    "Table",
    "load_brief",
]


def load_brief(
    session: Session, slug: str, *, as_known_on: date | None = None
) -> Brief:
    """Write the brief of a meeting.

    Args:
        session: an open session.
        slug: the meeting.
        as_known_on: leave out what no source had said by this day.

    Raises:
        NotFound: there is no such meeting.
    """
    meeting = load_meeting(session, slug, as_known_on)
    material = Material(session, meeting, as_known_on)
    writer = Writer(material)
    written = list(writer.sections())
    stances = [one for side in material.sides for one in side.stances]
    named = named_in(meeting.participants, stances, material.contested[0])
    latin = InLatin(load_latin(session, named))
    sections = tuple(latin.sections(written))
    return Brief(
        slug=slug,
        title=meeting.title,
        url=f"{meeting.url}/brief",
        meeting=meeting,
        as_known_on=as_known_on,
        sections=sections,
        citations=tuple(latin.citations(writer.notes.numbered())),
        basis=basis_of(session, writer.notes.all),
    )
