"""What was known, and what stood, on a day of which a brief is asked."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import aliased

from models import Evidence, Source, SourceText, Stance
from models.enums import StanceLink
from queries.stances import LINKS


def known_by(day: date | None, stance: Any = Stance) -> ColumnElement[bool]:
    """True of the stances that a source had reported by a day."""
    if day is None:
        return true()
    return exists().where(
        Evidence.stance_id == stance.id,
        Evidence.source_text_id == SourceText.id,
        SourceText.source_id == Source.id,
        Source.published_latest <= day,
    )


def stands_on(day: date | None) -> ColumnElement[bool]:
    """True of the stances that no other had superseded or retracted by a day."""
    later = aliased(Stance)
    ended = (
        select(LINKS.c.other_id)
        .join(later, later.id == LINKS.c.stance_id)
        .where(
            LINKS.c.relation.in_((StanceLink.SUPERSEDES, StanceLink.RETRACTS)),
            known_by(day, later),
        )
    )
    return Stance.id.not_in(ended)
