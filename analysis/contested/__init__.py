"""Contested claims: propositions, exclusive claims, meetings, attendance.

A proposition is contested when one speaker affirms it and another

- denies it (`against`; of a norm or a judgement: opposes it),
- declines to confirm or deny it (`declined`),
- or professes not to know (`undetermined`).

The three are kept apart, for they are three different things to have said. Speakers are
the holders themselves, never folded into states: a ministry that declines where its
minister affirms is news. Only stances that stand contest anything; those that another
superseded or retracted are left to the timeline. What a coder could not tell
(`unclear`) is nobody's word.

A meeting's status is contested when one event says that it was held, announced and so
on, and another that it did not or will not take place, or when a source says of an
event that it is not so; attendance likewise, for each participant.
"""

from analysis.contested.loading import load_contested
from analysis.contested.propositions import contested_among
from analysis.contested.shapes import Contested, ContestedProposition, How

__all__ = [
    "Contested",
    "ContestedProposition",
    "How",
    "contested_among",
    "load_contested",
]
