"""What a list of stances says of how it was narrowed: by whom, for whom, about whom."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Stance
from queries.filters import Listing, Remark, count
from queries.refs import find_labels
from queries.stances.attribution import about, attributed_to, held_itself
from wording import counted

_MOST_SAID = 3
"""Of how many actors it is said; more are compared, not looked up."""


def explain(session: Session, listing: Listing) -> tuple[Remark, ...]:
    """Say how many stances are an actor's own, attributed to it, or about it."""
    remarks = []
    for name in ("holder", "actor"):
        slugs = listing.values.get(name, ())[:_MOST_SAID]
        labels = find_labels(session, "actor", slugs)
        for slug in (slug for slug in slugs if slug in labels):
            remarks.append(_explain(session, name, slug, labels[slug]))
    return tuple(remarks)


def _explain(session: Session, name: str, slug: str, label: str) -> Remark:
    def number(condition: ColumnElement[bool]) -> int:
        return count(session, select(Stance).where(condition), Stance.id)

    own, all_ = number(held_itself(slug)), number(attributed_to(slug))
    text = f"{label} is the holder of {counted(own, 'stance')}; {all_ - own:,} more "
    text += f"{'is' if all_ - own == 1 else 'are'} attributed to it, as what its "
    text += "office-holders and bodies say."
    links = [("Only its own", f"/stances?itself={slug}")] if all_ > own else []
    if name == "actor":
        text += f" {number(about(slug)):,} are about it."
        links += [
            ("Only its positions", f"/stances?holder={slug}"),
            ("Only those about it", f"/stances?about={slug}"),
        ]
    return Remark(text=text, links=tuple(links))
