"""What can be chosen of a network of stances; `arithmetic` defines each."""

from enum import StrEnum


class Nodes(StrEnum):
    """What the nodes are."""

    ACTORS = "actors"
    AFFILIATION = "affiliation"


class Weight(StrEnum):
    """What the weight of an edge counts."""

    SUBTRACT = "subtract"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    IGNORE = "ignore"


class Normalisation(StrEnum):
    """What the weight is divided by."""

    NONE = "none"
    AVERAGE = "average"
    JACCARD = "jaccard"
    COSINE = "cosine"
    ACTIVITY = "activity"
    PROMINENCE = "prominence"


#: Of two actors, and of an actor and a proposition; `none` is for both.
OF_ACTORS = (Normalisation.AVERAGE, Normalisation.JACCARD, Normalisation.COSINE)
OF_TWO_MODES = (Normalisation.ACTIVITY, Normalisation.PROMINENCE)


class Duplicates(StrEnum):
    """How often equal statements count."""

    ALL = "all"
    SOURCE = "source"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


class Levels(StrEnum):
    """What is compared of two positions."""

    SIGN = "sign"
    STRENGTH = "strength"


class Windows(StrEnum):
    """Into which windows of time the days are cut."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
