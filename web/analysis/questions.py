"""The analyses that pages and JSON offer: addresses, parameters, files.

The only such table: the routes of `routes.py` and their description in OpenAPI
are both made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.brief import Brief, load_brief
from analysis.contested import Contested, How, load_contested
from analysis.matrix import By, Matrix, Order, load_matrix
from analysis.networks import (
    Duplicates,
    Levels,
    MeetingNetwork,
    Nodes,
    Normalisation,
    RelationNetwork,
    StanceNetwork,
    StanceNetworkRequest,
    Weight,
    Windows,
    load_meeting_network,
    load_relation_network,
    load_stance_network,
)
from analysis.readouts import Readouts, load_readouts
from analysis.statements import Contrary, Fold
from analysis.timeline import (
    Timeline,
    load_actor_timeline,
    load_proposition_timeline,
)
from formats.pictures.frames import DESK, PHONE, Frame
from formats.pictures.network import draw_meetings, draw_relations, draw_stances
from formats.pictures.timeline import draw_timeline
from models.enums import ActorKind, MeetingFormat, PropositionKind
from queries.date_parameters import KNOWN_FIRST_DAY, KNOWN_LAST_DAY, LAST_DAY
from queries.parameters import TRUTH, Parameter, choice, one_of, page, slug, slugs
from web.downloads import (
    BRIEF_FILES,
    CONTESTED_FILES,
    MATRIX_FILES,
    MEETING_NETWORK_FILES,
    READOUTS_FILES,
    RELATION_NETWORK_FILES,
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
    options: tuple[Parameter, ...]
    """Its parameters, in the order of the form."""
    show: Callable[[Any], dict[str, Any]] = lambda _: {}
    """What the template needs beside the answer."""
    downloads: Mapping[str, Download]
    """The files by the value of `format`."""
    template: str
    """The template of its page."""
    whole: Mapping[str, Any] = field(default_factory=dict)
    """The arguments with which the answer leaves nothing out."""
    holds: str | None = None
    """The field of the answer that says how much it holds: where that is nothing, the
    page offers the same with a filter fewer."""


# Parameters

FROM = Parameter(
    name="from",
    label="From",
    help="Only what was stated on or after its first day.",
    takes=KNOWN_FIRST_DAY,
)
TO = Parameter(
    name="to",
    label="Until / As of",
    help="Only what was stated on or before its last day.",
    takes=KNOWN_LAST_DAY,
)
TOPIC = slug(
    "topic", "Only this topic, with the narrower ones: its slug.", kind="topic"
)
KIND = choice("kind", PropositionKind, "Only propositions of this kind.")
ACTOR_KIND = replace(
    choice("actor_kind", ActorKind, "Only actors of this kind."), label="Actors"
)
FOLD = replace(
    choice(
        "fold",
        Fold,
        "To whom a person’s and a body’s stances are attributed.",
        Fold.OFFICE,
    ),
    label="Attribute to",
)

CONTRARY = replace(
    choice(
        "contrary",
        Contrary,
        "Whether who is for a proposition counts as against those contrary to it.",
        Contrary.OFF,
    ),
    label="Contrary propositions",
)


def _pictures(draw: Callable[[Any, Frame], Any], found: Any) -> dict[str, Any]:
    """The picture for a desk, which is also a file, and the one for a phone."""
    return {"picture": draw(found, DESK), "small": draw(found, PHONE)}


QUESTIONS: tuple[Question, ...] = (
    Question(
        name="actor_timeline",
        holds="total",
        path="/actors/<slug>/timeline",
        answer=Timeline,
        load=load_actor_timeline,
        options=(
            slugs("proposition", "Only these propositions: their slugs."),
            slugs("towards", "Only what is held towards these actors.", "actor"),
            TOPIC,
            FROM,
            TO,
            FOLD,
        ),
        show=lambda found: _pictures(draw_timeline, found),
        downloads=TIMELINE_FILES,
        whole={"limit": None},
        template="analysis/timeline.html",
    ),
    Question(
        name="proposition_timeline",
        holds="total",
        path="/propositions/<slug>/timeline",
        answer=Timeline,
        load=load_proposition_timeline,
        options=(FROM, TO, FOLD),
        show=lambda found: _pictures(draw_timeline, found),
        downloads=TIMELINE_FILES,
        whole={"limit": None},
        template="analysis/timeline.html",
    ),
    Question(
        name="matrix",
        holds="total_rows",
        path="/matrix",
        answer=Matrix,
        load=load_matrix,
        options=(
            replace(
                choice("by", By, "What the rows are.", By.PROPOSITION), label="Rows"
            ),
            KIND,
            ACTOR_KIND,
            FROM,
            TO,
            FOLD,
            replace(
                choice("sort", Order, "The order of the rows.", Order.RECORD),
                label="Order",
            ),
            Parameter(
                name="differ",
                help="Only rows on which one actor is for and another against.",
                takes=TRUTH,
            ),
            TOPIC,
            replace(CONTRARY, default=Contrary.ON),
            slugs("actor", "Only these actors: their slugs."),
            slugs("proposition", "Only these propositions: their slugs."),
            slug(
                "by_actor",
                "Put the rows in the order of this actor’s positions.",
                kind="actor",
            ),
            replace(
                slug(
                    "by_proposition",
                    "Put the actors in the order of their positions on this row.",
                    kind="proposition",
                ),
                kinds=("proposition", "topic", "actor"),  # whatever rows are
            ),
            page("Which page of rows, from 1."),
            replace(page("Which page of actors, from 1."), name="column_page"),
        ),
        downloads=MATRIX_FILES,
        template="analysis/matrix.html",
        whole={"whole": True},
    ),
    Question(
        name="contested",
        holds="total",
        path="/contested",
        answer=Contested,
        load=load_contested,
        options=(
            choice("how", How, "Only propositions contested in this way."),
            KIND,
            FROM,
            TO,
            TOPIC,
            page(),
        ),
        downloads=CONTESTED_FILES,
        template="analysis/contested.html",
    ),
    Question(
        name="stance_network",
        holds="total_edges",
        path="/networks/stances",
        answer=StanceNetwork,
        load=lambda session, **given: load_stance_network(
            session, StanceNetworkRequest(**given)
        ),
        options=(
            choice("nodes", Nodes, "What the nodes are.", Nodes.ACTORS),
            choice("weight", Weight, "What a weight counts.", Weight.SUBTRACT),
            choice(
                "normalisation",
                Normalisation,
                "What the weights are divided by.",
                Normalisation.NONE,
            ),
            choice(
                "duplicates",
                Duplicates,
                "How often equal statements count.",
                Duplicates.ONCE,
            ),
            replace(
                choice("levels", Levels, "What is compared of positions.", Levels.SIGN),
                label="Compare",
            ),
            choice("windows", Windows, "Also cut the days into windows."),
            KIND,
            ACTOR_KIND,
            FROM,
            TO,
            FOLD,
            CONTRARY,
            TOPIC,
            slugs("actor", "Only these actors: their slugs."),
        ),
        show=lambda found: _pictures(draw_stances, found),
        downloads=STANCE_NETWORK_FILES,
        template="analysis/stance_network.html",
        whole={"limit": None},
    ),
    Question(
        name="relation_network",
        holds="total_edges",
        path="/networks/relations",
        answer=RelationNetwork,
        load=load_relation_network,
        options=(
            ACTOR_KIND,
            FROM,
            TO,
            FOLD,
            TOPIC,
            slugs("actor", "Only edges from or to these actors: their slugs."),
        ),
        show=lambda found: _pictures(draw_relations, found),
        downloads=RELATION_NETWORK_FILES,
        template="analysis/relation_network.html",
        whole={"limit": None},
    ),
    Question(
        name="meeting_network",
        holds="total_edges",
        path="/networks/meetings",
        answer=MeetingNetwork,
        load=load_meeting_network,
        options=(
            Parameter(
                name="status",
                help="Only meetings that were held, or only planned ones.",
                takes=one_of(("held", "planned")),
            ),
            choice("meeting_format", MeetingFormat, "Only meetings of this format."),
            ACTOR_KIND,
            FROM,
            TO,
            FOLD,
            slugs("actor", "Only edges of these actors: their slugs."),
        ),
        show=lambda found: _pictures(draw_meetings, found),
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
            slug("left", "The one source: its slug.", kind="source"),
            slug("right", "The other source: its slug.", kind="source"),
            page("Which page of sentences, from 1."),
        ),
        whole={"whole": True},
        downloads=READOUTS_FILES,
        template="analysis/readouts.html",
    ),
    Question(
        name="brief",
        path="/meetings/<slug>/brief",
        answer=Brief,
        load=load_brief,
        options=(
            Parameter(
                name="as_known_on",
                help="Leave out what no source had said by this day.",
                takes=LAST_DAY,
            ),
        ),
        downloads=BRIEF_FILES,
        template="meetings/brief.html",
    ),
)
