"""What is recorded: one file per aggregate, and this one door.

    from models import Meeting, Stance, open_session

    with open_session() as session:
        for meeting in session.scalars(select(Meeting)): ...

Importing the door maps every class, so that relationships named by string resolve.
"""

from models.account import Account, ApiToken, SignIn, SignInAttempt
from models.actor import (
    Actor,
    ActorIdentifier,
    ActorName,
    Membership,
    Office,
    Tenure,
)
from models.base import Base
from models.database import make_engine, open_session, writing
from models.dates import DateError, EdtfDate, parse_edtf
from models.dating import load_dates
from models.evidence import CLAIMS, Attribution, Evidence
from models.folded import Folded, FoldedWords
from models.folding import fold
from models.housekeeping import Dataset, IndexJob, IndexState, LoadRun
from models.journal import Change, ChangeRecord, RecordOrigin, Tombstone
from models.meeting import (
    AgendaItem,
    Meeting,
    MeetingStatusEvent,
    Outcome,
    Participation,
)
from models.source import (
    Mention,
    Passage,
    Source,
    SourceContributor,
    SourceSubject,
    SourceText,
)
from models.stance import POLARITIES, Stance, StanceRelation
from models.standing import (
    last_correction,
    standing_relations,
    whole_history,
    withdrawn_too,
)
from models.topic import Proposition, PropositionRelation, Topic

__all__ = [
    "CLAIMS",
    "POLARITIES",
    "Account",
    "Actor",
    "ActorIdentifier",
    "ActorName",
    "AgendaItem",
    "ApiToken",
    "Attribution",
    "Base",
    "Change",
    "ChangeRecord",
    "Dataset",
    "DateError",
    "EdtfDate",
    "Evidence",
    "Folded",
    "FoldedWords",
    "IndexJob",
    "IndexState",
    "LoadRun",
    "Meeting",
    "MeetingStatusEvent",
    "Membership",
    "Mention",
    "Office",
    "Outcome",
    "Participation",
    "Passage",
    "Proposition",
    "PropositionRelation",
    "RecordOrigin",
    "SignIn",
    "SignInAttempt",
    "Source",
    "SourceContributor",
    "SourceSubject",
    "SourceText",
    "Stance",
    "StanceRelation",
    "Tenure",
    "Tombstone",
    "Topic",
    "fold",
    "make_engine",
    "last_correction",
    "load_dates",
    "open_session",
    "parse_edtf",
    "standing_relations",
    "whole_history",
    "withdrawn_too",
    "writing",
]
