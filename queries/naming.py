"""Names where slugs are asked for: whoever types "Turkey" or "Türkiye" means a slug.

A filter that takes a slug takes a name too, on pages, in the API and on the command
line. A slug that something has is that; else the text is looked up among the names of
what the filter is about, as `actor:` does in a search: the whole name, part of it, its
sound. A name that fits several is refused with their slugs, never guessed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from errors import BadRequest
from models import Actor, ActorName, Folded, fold
from models.slugs import is_slug
from models.titles import TITLES
from queries.known import not_recorded
from queries.parameters import A_SLUG, LONGEST_VALUE, MOST_VALUES, Parameter
from queries.refs import find_labels
from queries.shapes import Ref
from search.lookup import look_up
from wording import quoted

#: Of what names are looked up and offered.
KINDS_NAMED = tuple(TITLES)

#: How many names are offered for what is being typed.
MOST_OFFERED = 8
#: How many things a refusal names that may be meant.
MOST_NAMED = 5

#: Of how many words a name that is being typed is made, at most.
_MOST_WORDS = 12

Args = dict[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A request in which names have become slugs."""

    args: Args
    """The texts by parameter."""
    faults: tuple[BadRequest, ...] = ()
    """A fault for each name that is nobody's, or that of several; it is left out."""
    remarks: tuple[str, ...] = ()
    """What was read as what, where it was not the whole name."""

    def strictly(self) -> Args:
        """Return the texts, or refuse the request for its first fault."""
        if self.faults:
            raise self.faults[0]
        return self.args


@dataclass
class _Names:
    """The names of a kind of thing, loaded once at most."""

    session: Session
    _loaded: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def of(self, kind: str) -> list[tuple[str, str]]:
        """Pairs of a slug and a name, of which a thing may have several."""
        if kind not in self._loaded:
            slug, label = TITLES[kind]
            rows = [
                (key, name) for key, name in self.session.execute(select(slug, label))
            ]
            if kind == "actor":
                others = select(Actor.slug, ActorName.name).join(ActorName.actor)
                rows += [(key, name) for key, name in self.session.execute(others)]
            self._loaded[kind] = rows
        return self._loaded[kind]


def slugs_for_names(
    session: Session,
    parameters: Iterable[Parameter],
    args: Mapping[str, Sequence[str] | str],
) -> Named:
    """Put slugs in the place of names, in the parameters that take slugs.

    Several slugs may also stand in one value, with spaces between them. A slug that
    nothing has, and no name fits, stays: the list says that nothing is
    called so. What no reader would take, such as a text without end, stays as well.
    """
    names = _Names(session)
    found: Args = {
        name: (raw,) if isinstance(raw, str) else tuple(raw)
        for name, raw in args.items()
    }
    faults: list[BadRequest] = []
    remarks: list[str] = []
    for parameter in parameters:
        texts = found.get(parameter.name, ())
        if not parameter.kinds or not texts or len(texts) > MOST_VALUES:
            continue
        words = {word for text in texts for word in (text, *text.split())}
        slugs = {
            slug
            for kind in parameter.kinds
            for slug in find_labels(session, kind, filter(is_slug, words))
        }
        if parameter.repeatable:
            texts = _taken_apart(texts, slugs)
        kept = []
        for text in texts:
            if not text or text in slugs or len(text) > LONGEST_VALUE or "\0" in text:
                kept.append(text)
                continue
            try:
                kept.append(_slug_of(parameter, text, names, remarks))
            except BadRequest as fault:
                faults.append(fault)
        found[parameter.name] = tuple(dict.fromkeys(kept))
    return Named(args=found, faults=tuple(faults), remarks=tuple(remarks))


def not_called_so(
    session: Session,
    parameters: Iterable[Parameter],
    args: Mapping[str, Sequence[str] | str],
) -> tuple[str, ...]:
    """Say of each name or slug in a request if nothing, or too much, is called so."""
    slugged = [item for item in parameters if item.kinds]
    named = slugs_for_names(session, slugged, args)
    said = [fault.detail for fault in named.faults]
    for item in slugged:
        slugs = list(filter(is_slug, named.args.get(item.name, ())))
        known = {
            key for kind in item.kinds for key in find_labels(session, kind, slugs)
        }
        said += [
            not_recorded(session, slug, *item.kinds).detail
            for slug in slugs
            if slug not in known
        ]
    return tuple(said)


def _taken_apart(texts: Iterable[str], slugs: Collection[str]) -> tuple[str, ...]:
    """Take several slugs in one value apart; a name may have spaces of its own."""
    return tuple(
        part
        for text in texts
        for part in (
            text.split() if text and all(w in slugs for w in text.split()) else [text]
        )
    )


def _slug_of(parameter: Parameter, text: str, names: _Names, remarks: list[str]) -> str:
    pairs = [pair for kind in parameter.kinds for pair in names.of(kind)]
    labels = {slug: label for slug, label in reversed(pairs)}
    looked = look_up(text, pairs)
    if looked.slug is not None:
        if not looked.exact:
            remarks.append(f"{quoted(text)} is read as {labels[looked.slug]}.")
        return looked.slug
    what = " or ".join(parameter.kinds)
    if looked.near:
        some = [f"{labels[slug]} ({slug})" for slug in looked.near[:MOST_NAMED]]
        more = len(looked.near) - len(some)
        raise BadRequest(
            f"{parameter.name} is {quoted(text)}, which may be {', '.join(some)}"
            f"{f' or {more} more' if more else ''}: give one of the slugs.",
            field=parameter.name,
            position=0,
        )
    if is_slug(text):
        return text
    raise BadRequest(
        f"{parameter.name} is {quoted(text)}, but no {what} is called so; expected "
        f"{A_SLUG.expected} or a name.",
        field=parameter.name,
        position=0,
    )


def _all_begin(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """True of a folded text in which each of some words begins a word."""
    return and_(
        *(
            or_(
                column.startswith(word, autoescape=True),
                *(column.contains(f"{mark}{word}", autoescape=True) for mark in " -"),
            )
            for word in words
        )
    )


@dataclass(frozen=True, kw_only=True)
class Names:
    """What may be meant by a name that is being typed."""

    query: str
    """What was typed."""
    items: tuple[Ref, ...]
    """What may be meant, the shortest names first, at most eight."""


def offer_names(session: Session, kinds: Iterable[str], text: str) -> Names:
    """Find what may be meant by what is being typed: its words begin words of a name.

    Args:
        session: an open session.
        kinds: of what the names are: actor, topic, meeting, proposition, source.
        text: what has been typed so far.
    """
    words = fold(text).split()[:_MOST_WORDS]
    if not words:
        return Names(query=text, items=())
    found: list[tuple[str, str, str]] = []
    for kind in kinds:
        slug, label = TITLES[kind]
        shown = select(slug, label, func.length(label))
        texts: list[Any] = [Folded(label)]
        if kind == "actor":
            shown = shown.outerjoin(ActorName, ActorName.actor_id == Actor.id)
            texts.append(ActorName.folded)
        condition = or_(*(_all_begin(column, words) for column in texts))
        rows = session.execute(
            shown.where(condition)
            .distinct()
            .order_by(func.length(label), slug)
            .limit(MOST_OFFERED)
        )
        found += [(kind, key, name) for key, name, _ in rows]
    found.sort(key=lambda one: len(one[2]))
    items = (Ref(kind=kind, slug=key, label=name) for kind, key, name in found)
    return Names(query=text, items=tuple(items)[:MOST_OFFERED])
