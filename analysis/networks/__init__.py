"""Who agrees with whom, and who met whom: the networks.

`arithmetic` defines the weights of the network of stances, `stances` loads it, and
`meetings` loads the other.
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
    "StanceNetwork",
    "StanceNetworkRequest",
    "Weight",
    "Windows",
    "load_meeting_network",
    "load_stance_network",
]
