"""The networks of agreement, of relations and of meetings.

`arithmetic` defines the weights of the network of stances and `stances` loads it;
`relations` and `meetings` load the others.
"""

from analysis.networks.choices import (
    Duplicates,
    Levels,
    Nodes,
    Normalisation,
    Weight,
    Windows,
)
from analysis.networks.graph import Node, StanceNetwork
from analysis.networks.meetings import MeetingNetwork, load_meeting_network
from analysis.networks.relations import RelationNetwork, load_relation_network
from analysis.networks.stances import (
    StanceNetworkRequest,
    load_stance_network,
)

__all__ = [
    "Duplicates",
    "Levels",
    "MeetingNetwork",
    "Node",
    "Nodes",
    "Normalisation",
    "RelationNetwork",
    "StanceNetwork",
    "StanceNetworkRequest",
    "Weight",
    "Windows",
    "load_meeting_network",
    "load_relation_network",
    "load_stance_network",
]
