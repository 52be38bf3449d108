"""The forms of offices, memberships and names of actors."""

from typing import Any

from sqlalchemy import select

from editing.forms.fields import Field, Form, actor, choices
from editing.forms.reading import Reading
from editing.saving import Addition, Change, New
from models import Actor, Folded, Office, fold
from models.enums import MembershipStatus, NameKind

_PERIOD = (
    Field(name="attested", label="Attested on", control="date"),
    Field(name="since", label="Since", control="date", more=True),
    Field(name="until", label="Until", control="date", more=True),
)


def _period(reading: Reading) -> dict[str, Any]:
    dates = {name: reading.date(name) for name in ("since", "until", "attested")}
    return {name: date for name, date in dates.items() if date is not None}


def _office(reading: Reading) -> list[Change]:
    body, title = reading.slug("body"), reading.text("title") or ""
    tenure = {
        "person": reading.slug("person"),
        **_period(reading),
        "evidence": reading.evidence(),
    }
    known = reading.session.scalar(
        select(Office.slug)
        .join(Actor, Actor.id == Office.body_id)
        .where(Actor.slug == body, Folded(Office.title) == fold(title))
        if isinstance(body, str)
        else select(Office.slug).where(Office.id.is_(None))
    )
    if known is not None:
        return [Addition(kind="office", slug=known, path=("tenures",), entry=tenure)]
    data = {"title": title, "body": body, "tenures": [tenure]}
    called = f"{title} of {reading.label('body')}"
    return [New(kind="office", data=data, called=called)]


def _to_actor(reading: Reading, name: str, field: str, entry: Any) -> list[Change]:
    """Add an entry to the actor that the form names, be it made with it."""
    who = reading.slug(name)
    if isinstance(who, New):
        data = {**who.data, field: [entry]}
        return [New(kind="actor", data=data, called=who.called, place=name)]
    if who is None:
        return []
    return [Addition(kind="actor", slug=who, path=(field,), entry=entry)]


def _membership(reading: Reading) -> list[Change]:
    entry = {
        "organization": reading.slug("organization"),
        "status": reading.choice("status"),
        **_period(reading),
        "evidence": reading.evidence(),
    }
    return _to_actor(reading, "member", "memberships", entry)


def _name(reading: Reading) -> list[Change]:
    entry = {
        "name": reading.text("name"),
        "language": reading.text("language"),
        "script": reading.text("script"),
        "kind": reading.choice("kind"),
    }
    given = {key: value for key, value in entry.items() if value is not None}
    return _to_actor(reading, "actor", "names", given)


OTHER_FORMS = (
    Form(
        name="office",
        title="An office",
        key="o",
        own=(
            actor("person", "Who holds it", required=True),
            Field(name="title", label="Office", required=True),
            actor("body", "Of which state or body", required=True),
            *_PERIOD,
        ),
        build=_office,
    ),
    Form(
        name="membership",
        title="A membership",
        key="b",
        own=(
            actor("member", "Member", required=True),
            actor("organization", "Of", required=True),
            Field(
                name="status",
                label="Standing",
                control="choice",
                choices=choices(MembershipStatus),
                default=MembershipStatus.MEMBER.value,
                required=True,
            ),
            *_PERIOD,
        ),
        build=_membership,
    ),
    Form(
        name="name",
        title="Another name of an actor",
        key="n",
        own=(
            actor("actor", "Of whom", required=True),
            Field(name="name", label="Name", required=True),
            Field(
                name="kind",
                label="Kind of name",
                control="choice",
                choices=choices(NameKind),
                default=NameKind.ALIAS.value,
                required=True,
                help="What is called a metonym is never found by itself.",
            ),
            Field(name="language", label="Language (BCP 47)", help="en, ru, zh-Hant"),
            Field(name="script", label="Script (ISO 15924)", help="Latn", more=True),
        ),
        build=_name,
        quotes=False,
    ),
)
