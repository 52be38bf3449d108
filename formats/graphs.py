"""Networks as files of other programs: GraphML and GEXF, written by networkx."""

import io
from dataclasses import fields
from typing import Any

from analysis.networks import (
    MeetingNetwork,
    Nodes,
    RelationNetwork,
    StanceNetwork,
)
from wording import clean

Network = StanceNetwork | RelationNetwork | MeetingNetwork


def as_graph(found: Network) -> Any:
    """A network as networkx has it: slugs for nodes, everything else as attributes.

    An actor and a proposition may share a slug, so those of propositions are marked.
    Relations have a direction, from the holder to the target.
    """
    import networkx

    directed = isinstance(found, RelationNetwork)
    graph = networkx.DiGraph() if directed else networkx.Graph()
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


def as_graphml(found: Network) -> bytes:
    """Write a network as GraphML."""
    import networkx

    content = io.BytesIO()
    networkx.write_graphml(as_graph(found), content)
    return content.getvalue()


def as_gexf(found: Network) -> bytes:
    """Write a network as GEXF."""
    import networkx

    content = io.BytesIO()
    networkx.write_gexf(as_graph(found), content)
    return content.getvalue()
