"""The questions that pages and JSON answer: addresses, parameters, files.

The only such table: the routes of `web/analysis.py` and their description in OpenAPI
are both made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from analysis.brief import Brief, load_brief
from analysis.contested import Contested, How, load_contested
from analysis.matrix import (
    ActorKind,
    By,
    Matrix,
    Order,
    PropositionKind,
    load_matrix,
)
from analysis.networks import (
    Duplicates,
    Levels,
    MeetingNetwork,
    Nodes,
    Normalisation,
    StanceNetwork,
    StanceNetworkRequest,
    Weight,
    Windows,
    load_meeting_network,
    load_stance_network,
)
from analysis.readouts import Readouts, load_readouts
from analysis.statements import Fold
from analysis.timeline import (
    Timeline,
    load_actor_timeline,
    load_proposition_timeline,
)
from formats.pictures.network import draw_meetings, draw_stances
from formats.pictures.timeline import draw_timeline
from models.enums import MeetingFormat
from queries.filters import a_slug, bounding_day, last_day, refused, whole_number
from web.catalogue import Option
from web.downloads import (
    BRIEF_FILES,
    CONTESTED_FILES,
    MATRIX_FILES,
    MEETING_NETWORK_FILES,
    READOUTS_FILES,
    STANCE_NETWORK_FILES,
    TIMELINE_FILES,
)
from web.files import Download


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question: its address, what it takes, who answers, what shows the answer."""

    name: str
    """The name of its route and of its template."""
    path: str
    """Its address, below `/` as a page and below `/api/v1` as JSON."""
    answer: type
    """The dataclass that page and JSON render."""
    load: Callable[..., Any]
    """Answers it, from a session and its parameters by name."""
    options: tuple[Option, ...]
    """Its parameters, in the order of the form."""
    show: Callable[[Any], dict[str, Any]] = lambda _: {}
    """What the template needs beside the answer."""
    downloads: Mapping[str, Download]
    """The files by the value of `format`."""
    template: str
    """The template of its page."""
    whole: Mapping[str, Any] = field(default_factory=dict)
    """The arguments with which the answer leaves nothing out."""


# Parameters


def _first_day(name: str, text: str) -> date:
    return bounding_day(name, text)


def _last_day(name: str, text: str) -> date:
    return bounding_day(name, text, last=True)


def _one_of(values: type[StrEnum]) -> Callable[[str, str], Any]:
    def read(name: str, text: str) -> Any:
        try:
            return values(text)
        except ValueError:
            known = ", ".join(values)
            raise refused(name, text, f"one of {known}") from None

    return read


def choice(name: str, values: type[StrEnum], default: str, help: str) -> Option:
    """A parameter that takes one of the values of an enum."""
    return Option(
        name=name,
        help=help,
        read=_one_of(values),
        choices=tuple(values),
        default=default,
    )


def slugs(name: str, help: str) -> Option:
    """A parameter that takes several slugs."""
    return Option(name=name, help=help, read=a_slug, many=True)


FROM = Option(
    name="from", help="Only what was stated on or after its first day.", read=_first_day
)
TO = Option(
    name="to", help="Only what was stated on or before its last day.", read=_last_day
)
TOPIC = Option(
    name="topic", help="Only this topic, with the narrower ones: its slug.", read=a_slug
)
FOLD = choice(
    "fold", Fold, Fold.OFFICE, "For whom a person’s and a body’s stances count."
)


def _held_or_planned(name: str, text: str) -> str:
    if text not in ("held", "planned"):
        raise refused(name, text, "held or planned")
    return text


def _yes(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise refused(name, text, "true or false")
    return text == "true"


PAGE = Option(name="page", help="Which page, from 1.", read=whole_number)

QUESTIONS: tuple[Question, ...] = (
    Question(
        name="actor_timeline",
        path="/actors/<slug>/timeline",
        answer=Timeline,
        load=load_actor_timeline,
        options=(
            slugs("proposition", "Only these propositions: their slugs."),
            TOPIC,
            FROM,
            TO,
            FOLD,
        ),
        show=lambda found: {"picture": draw_timeline(found)},
        downloads=TIMELINE_FILES,
        whole={"limit": None},
        template="analysis/timeline.html",
    ),
    Question(
        name="proposition_timeline",
        path="/propositions/<slug>/timeline",
        answer=Timeline,
        load=load_proposition_timeline,
        options=(FROM, TO, FOLD),
        show=lambda found: {"picture": draw_timeline(found)},
        downloads=TIMELINE_FILES,
        whole={"limit": None},
        template="analysis/timeline.html",
    ),
    Question(
        name="matrix",
        path="/matrix",
        answer=Matrix,
        load=load_matrix,
        options=(
            choice("by", By, By.PROPOSITION, "What the rows are."),
            choice("kind", PropositionKind, "", "Only propositions of this kind."),
            choice("actor_kind", ActorKind, "", "Only actors of this kind."),
            FROM,
            TO,
            FOLD,
            choice("sort", Order, Order.RECORD, "The order of the rows."),
            Option(
                name="differ",
                help="Only rows on which one actor is for and another against.",
                read=_yes,
                choices=("true",),
            ),
            TOPIC,
            slugs("actor", "Only these actors: their slugs."),
            slugs("proposition", "Only these propositions: their slugs."),
            Option(
                name="by_actor",
                help="Put the rows in the order of this actor’s positions.",
                read=a_slug,
            ),
            Option(
                name="by_proposition",
                help="Put the actors in the order of their positions on this row.",
                read=a_slug,
            ),
            Option(name="page", help="Which page of rows, from 1.", read=whole_number),
            Option(
                name="column_page",
                help="Which page of actors, from 1.",
                read=whole_number,
            ),
        ),
        downloads=MATRIX_FILES,
        template="analysis/matrix.html",
        whole={"whole": True},
    ),
    Question(
        name="contested",
        path="/contested",
        answer=Contested,
        load=load_contested,
        options=(
            choice("how", How, "", "Only propositions contested in this way."),
            choice("kind", PropositionKind, "", "Only propositions of this kind."),
            FROM,
            TO,
            TOPIC,
            PAGE,
        ),
        downloads=CONTESTED_FILES,
        template="analysis/contested.html",
    ),
    Question(
        name="stance_network",
        path="/networks/stances",
        answer=StanceNetwork,
        load=lambda session, **given: load_stance_network(
            session, StanceNetworkRequest(**given)
        ),
        options=(
            choice("nodes", Nodes, Nodes.ACTORS, "What the nodes are."),
            choice("weight", Weight, Weight.SUBTRACT, "What a weight counts."),
            choice(
                "normalisation",
                Normalisation,
                Normalisation.NONE,
                "What the weights are divided by.",
            ),
            choice(
                "duplicates",
                Duplicates,
                Duplicates.ONCE,
                "How often equal statements count.",
            ),
            choice("levels", Levels, Levels.SIGN, "What is compared of positions."),
            choice("windows", Windows, "", "Also cut the days into windows."),
            choice("kind", PropositionKind, "", "Only propositions of this kind."),
            choice("actor_kind", ActorKind, "", "Only actors of this kind."),
            FROM,
            TO,
            FOLD,
            TOPIC,
            slugs("actor", "Only these actors: their slugs."),
        ),
        show=lambda found: {"picture": draw_stances(found)},
        downloads=STANCE_NETWORK_FILES,
        template="analysis/stance_network.html",
        whole={"limit": None},
    ),
    Question(
        name="meeting_network",
        path="/networks/meetings",
        answer=MeetingNetwork,
        load=load_meeting_network,
        options=(
            Option(
                name="status",
                help="Only meetings that were held, or only planned ones.",
                read=_held_or_planned,
                choices=("held", "planned"),
            ),
            choice(
                "meeting_format",
                MeetingFormat,
                "",
                "Only meetings of this format.",
            ),
            choice("actor_kind", ActorKind, "", "Only actors of this kind."),
            FROM,
            TO,
            FOLD,
            slugs("actor", "Only edges of these actors: their slugs."),
        ),
        show=lambda found: {"picture": draw_meetings(found)},
        downloads=MEETING_NETWORK_FILES,
        template="analysis/meeting_network.html",
        whole={"limit": None},
    ),
    Question(
        name="readouts",
        path="/meetings/<slug>/readouts",
        answer=Readouts,
        load=load_readouts,
        options=(
            Option(name="left", help="The one source: its slug.", read=a_slug),
            Option(name="right", help="The other source: its slug.", read=a_slug),
        ),
        downloads=READOUTS_FILES,
        template="analysis/readouts.html",
    ),
    Question(
        name="brief",
        path="/meetings/<slug>/brief",
        answer=Brief,
        load=load_brief,
        options=(
            Option(
                name="as_known_on",
                help="Leave out what no source had said by this day.",
                read=last_day,
            ),
        ),
        downloads=BRIEF_FILES,
        template="meetings/brief.html",
    ),
)
