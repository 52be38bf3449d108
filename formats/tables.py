"""Answers as tables: the header and the rows of each file that is CSV."""

from collections.abc import Iterable, Sequence

from analysis.contested import Contested
from analysis.matrix import Matrix, Row
from analysis.networks import (
    MeetingNetwork,
    Nodes,
    RelationNetwork,
    StanceNetwork,
)
from analysis.readouts import Readouts
from analysis.timeline import Timeline

Table = tuple[Sequence[str], Iterable[Sequence[object]]]
"""The names of the columns, and the rows."""


def timeline_rows(found: Timeline) -> Table:
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
    return header, rows


def matrix_rows(found: Matrix) -> Table:
    """One line for each cell, because a line can say more than a sign."""
    header = (
        "row row_slug actor actor_slug position polarity in_favour against other "
        "stances changed contested gone derived contradiction"
    ).split()
    return (
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
                cell.derived,
                cell.contradiction,
            )
            for row in found.rows
            for column, cell in zip(found.columns, row.cells, strict=True)
            if cell is not None
        ),
    )


def matrix_grid(found: Matrix) -> Table:
    """The matrix as it stands on the page: signs, empty where there is no record."""

    def sign(row: Row, at: int) -> str:
        cell = row.cells[at]
        if cell is None:
            return ""
        if cell.badge is not None:
            return cell.badge.word + (" (derived)" if cell.derived else "")
        return f"{cell.in_favour} for, {cell.against} against, {cell.other} other"

    return (
        ["", *(column.actor.label for column in found.columns)],
        (
            [row.about.label, *(sign(row, at) for at in range(len(found.columns)))]
            for row in found.rows
        ),
    )


def contested_rows(found: Contested) -> Table:
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
    return header, rows


def edges_rows(found: StanceNetwork | RelationNetwork | MeetingNetwork) -> Table:
    """One line for each edge, with the names of its nodes."""
    names = {node.thing.slug: node.thing.label for node in found.nodes}
    if isinstance(found, StanceNetwork):
        header = "a a_name b b_name weight congruence conflict shared derived"
        rows: list[tuple[object, ...]] = [
            (e.a, names[e.a], e.b, names[e.b], e.weight, e.congruence, e.conflict)
            + (e.shared, e.derived)
            for e in found.edges
        ]
    elif isinstance(found, RelationNetwork):
        header = (
            "a a_name b b_name weight in_favour against neutral other polarity stances"
        )
        rows = [
            (e.a, names[e.a], e.b, names[e.b], e.weight, e.in_favour, e.against)
            + (e.neutral, e.other, e.polarity)
            + (" ".join(stance.slug for stance in e.stances),)
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
    return header.split(), rows


def weights_rows(found: StanceNetwork | RelationNetwork | MeetingNetwork) -> Table:
    """The weights as a matrix: actors in lines; in columns actors, or propositions.

    Of relations the holders stand in the lines, those towards whom in the columns.
    """
    lines = [node.thing.slug for node in found.nodes if node.thing.kind == "actor"]
    columns = lines
    weights: dict[tuple[str, str], float] = {}
    two_modes = (
        isinstance(found, StanceNetwork) and found.nodes_are == Nodes.AFFILIATION
    )
    if two_modes:
        columns = [n.thing.slug for n in found.nodes if n.thing.kind != "actor"]
    one_way = two_modes or isinstance(found, RelationNetwork)
    for edge in found.edges:
        weights[edge.a, edge.b] = edge.weight
        if not one_way:
            weights[edge.b, edge.a] = edge.weight
    return (
        ["", *columns],
        ([one, *(weights.get((one, other), 0) for other in columns)] for one in lines),
    )


def windows_rows(found: StanceNetwork) -> Table:
    """A network over time, a line a window; empty if no windows were asked for."""
    columns = (
        "since",
        "until",
        "statements",
        "actors",
        "edges",
        "congruence",
        "conflict",
        "polarisation",
        "larger_camp",
        "smaller_camp",
    )
    return columns, (
        (
            one.since,
            one.until,
            one.statements,
            one.actors,
            one.edges,
            one.congruence,
            one.conflict,
            one.polarisation,
            *(one.camps or (None, None)),
        )
        for one in found.windows
    )


def readouts_rows(found: Readouts) -> Table:
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
    return header, rows
