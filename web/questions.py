"""The questions that pages and JSON answer: addresses, parameters, files.

The only such table: the routes of `web/analysis.py` and their description in OpenAPI
are both made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

from flask import Response

from analysis.brief import Brief, load_brief
from analysis.contested import Contested, How, load_contested
from analysis.matrix import (
    ActorKind,
    By,
    Matrix,
    Order,
    PropositionKind,
    Row,
    load_matrix,
)
from analysis.networks import (
    Duplicates,
    Levels,
    MeetingFormat,
    MeetingNetwork,
    Nodes,
    Normalisation,
    StanceNetwork,
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
from queries.filters import a_slug, bounding_day, refused, whole_number
from web.brief import BRIEF_FILES
from web.catalogue import Option
from web.files import Download, clean, csv_file, graph_files, picture_files
from web.pictures import NetworkPicture, draw_meetings, draw_stances, draw_timeline


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


# Timeline


def _timeline_csv(found: Timeline) -> Response:
    header = (
        "lane lane_slug stance holder holder_slug counts_because office position "
        "polarity mode certainty current stated earliest latest said_by meeting source "
        "quote"
    ).split()
    rows = []
    for lane in found.lanes:
        for dot in lane.dots:
            one = dot.stance
            rows.append(
                (
                    lane.about.label,
                    lane.about.slug,
                    one.slug,
                    one.holder.label,
                    one.holder.slug,
                    dot.reason.value,
                    dot.office,
                    one.position.value,
                    one.polarity,
                    one.mode.value,
                    one.certainty.value,
                    one.current,
                    one.stated.edtf,
                    one.stated.earliest,
                    one.stated.latest,
                    one.said_by,
                    one.meeting.slug if one.meeting else None,
                    one.citations[0].source.slug if one.citations else None,
                    one.quote,
                )
            )
    return csv_file(header, rows)


TIMELINE_FILES = {
    "csv": Download(label="CSV", make=_timeline_csv, whole=True)
} | picture_files(draw_timeline, "analysis/timeline.svg")

# Matrix


def _matrix_csv(found: Matrix) -> Response:
    """One line for each cell, because a line can say more than a sign."""
    header = (
        "row row_slug actor actor_slug position polarity in_favour against other "
        "stances changed contested gone"
    ).split()
    return csv_file(
        header,
        (
            (
                row.about.label,
                row.about.slug,
                column.actor.label,
                column.actor.slug,
                cell.position,
                cell.polarity,
                cell.in_favour,
                cell.against,
                cell.other,
                cell.stances,
                cell.changed,
                cell.contested,
                cell.gone,
            )
            for row in found.rows
            for column, cell in zip(found.columns, row.cells, strict=True)
            if cell is not None
        ),
    )


def _matrix_grid(found: Matrix) -> Response:
    """The matrix as it stands on the page: signs, empty where there is no record."""

    def sign(row: Row, at: int) -> str:
        cell = row.cells[at]
        if cell is None:
            return ""
        if cell.badge is not None:
            return cell.badge.word
        return f"{cell.in_favour} for, {cell.against} against, {cell.other} other"

    return csv_file(
        ["", *(column.actor.label for column in found.columns)],
        (
            [row.about.label, *(sign(row, at) for at in range(len(found.columns)))]
            for row in found.rows
        ),
    )


def _held_or_planned(name: str, text: str) -> str:
    if text not in ("held", "planned"):
        raise refused(name, text, "held or planned")
    return text


def _yes(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise refused(name, text, "true or false")
    return text == "true"


# Contested claims


def _contested_csv(found: Contested) -> Response:
    """The stances of the page, one a line."""
    header = (
        "proposition proposition_slug kind position stance holder stated said_by "
        "chain source passage quote"
    ).split()
    rows = []
    for one in found.propositions:
        for side in one.sides:
            for stance in side.stances:
                for citation in stance.citations:
                    rows.append(
                        (
                            one.proposition.label,
                            one.proposition.slug,
                            one.kind.value,
                            side.badge.word,
                            stance.slug,
                            stance.holder.label,
                            stance.stated.edtf,
                            stance.said_by,
                            " → ".join(speaker.name for speaker in citation.chain),
                            citation.source.slug,
                            citation.passage,
                            citation.quote,
                        )
                    )
    return csv_file(header, rows)


# Networks


def _edges_csv(found: StanceNetwork | MeetingNetwork) -> Response:
    """One line for each edge, with the names of its nodes."""
    names = {node.thing.slug: node.thing.label for node in found.nodes}
    if isinstance(found, StanceNetwork):
        header = "a a_name b b_name weight congruence conflict shared"
        rows: list[tuple[object, ...]] = [
            (e.a, names[e.a], e.b, names[e.b], e.weight, e.congruence, e.conflict)
            + (e.shared,)
            for e in found.edges
        ]
    else:
        header = (
            "a a_name b b_name weight held planned formats hosted_by_a hosted_by_b "
            "hosted_elsewhere meetings"
        )
        rows = [
            (e.a, names[e.a], e.b, names[e.b], e.weight, e.held, e.planned)
            + ("; ".join(f"{one.format} {one.count}" for one in e.formats),)
            + (e.hosted_by_a, e.hosted_by_b, e.hosted_elsewhere)
            + (" ".join(meeting.slug for meeting in e.meetings),)
            for e in found.edges
        ]
    return csv_file(header.split(), rows)


def _weights_csv(found: StanceNetwork | MeetingNetwork) -> Response:
    """The weights as a matrix: actors in lines; in columns actors, or propositions."""
    lines = [node.thing.slug for node in found.nodes if node.thing.kind == "actor"]
    columns = lines
    weights: dict[tuple[str, str], float] = {}
    two_modes = (
        isinstance(found, StanceNetwork) and found.nodes_are == Nodes.AFFILIATION
    )
    if two_modes:
        columns = [n.thing.slug for n in found.nodes if n.thing.kind != "actor"]
    for edge in found.edges:
        weights[edge.a, edge.b] = edge.weight
        if not two_modes:
            weights[edge.b, edge.a] = edge.weight
    return csv_file(
        ["", *columns],
        ([one, *(weights.get((one, other), 0) for other in columns)] for one in lines),
    )


def _graph(found: StanceNetwork | MeetingNetwork) -> Any:
    """A network as networkx has it: slugs for nodes, everything else as attributes.

    An actor and a proposition may share a slug, so those of propositions are marked.
    """
    import networkx

    graph = networkx.Graph()
    two_modes = (
        isinstance(found, StanceNetwork) and found.nodes_are == Nodes.AFFILIATION
    )

    def key(slug: str, kind: str) -> str:
        return f"proposition/{slug}" if kind == "proposition" else slug

    for node in found.nodes:
        graph.add_node(
            key(node.thing.slug, node.thing.kind),
            label=clean(node.thing.label),
            kind=str(node.kind),
            mode=node.thing.kind,
            size=node.size,
        )
    for edge in found.edges:
        shown = {
            part.name: value
            for part in fields(edge)
            if isinstance(value := getattr(edge, part.name), (int, float))
        }
        # What a program takes for the strength of a tie cannot be negative.
        shown["signed_weight"] = float(edge.weight)
        shown["weight"] = abs(float(edge.weight))
        end = key(edge.b, "proposition" if two_modes else "actor")
        graph.add_edge(edge.a, end, **shown)
    return graph


def _network_files(
    draw: Callable[[Any], NetworkPicture | None],
) -> dict[str, Download]:
    return {
        "csv": Download(label="CSV, an edge a line", make=_edges_csv, whole=True),
        "weights": Download(label="CSV, as a matrix", make=_weights_csv, whole=True),
        **graph_files(_graph),
        **picture_files(draw, "analysis/network.svg"),
    }


# Readouts


def _readouts_csv(found: Readouts) -> Response:
    """The sentences: those that correspond in one line, the others alone in theirs."""
    header = "left left_passage right right_passage likeness".split()
    rows: list[tuple[object, ...]] = [
        (
            one.left.text,
            one.left.passage,
            one.right.text,
            one.right.passage,
            one.likeness,
        )
        for one in found.correspondences
    ]
    if found.left and found.right:
        rows += [(one.text, one.passage, "", "", "") for one in found.left.alone]
        rows += [("", "", one.text, one.passage, "") for one in found.right.alone]
    return csv_file(header, rows)


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
        downloads={
            "csv": Download(label="CSV, a line a cell", make=_matrix_csv, whole=True),
            "grid": Download(label="CSV, as a grid", make=_matrix_grid, whole=True),
        },
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
        downloads={"csv": Download(label="CSV", make=_contested_csv)},
        template="analysis/contested.html",
    ),
    Question(
        name="stance_network",
        path="/networks/stances",
        answer=StanceNetwork,
        load=load_stance_network,
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
        downloads=_network_files(draw_stances),
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
        downloads=_network_files(draw_meetings),
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
        downloads={"csv": Download(label="CSV of the sentences", make=_readouts_csv)},
        template="analysis/readouts.html",
    ),
    Question(
        name="brief",
        path="/meetings/<slug>/brief",
        answer=Brief,
        load=load_brief,
        options=(),
        downloads=BRIEF_FILES,
        template="meetings/brief.html",
    ),
)
