"""The record of a dataset itself."""

from typing import Annotated

from pydantic import (
    Field,
)

from exchange.fields import (
    FEW,
    Name,
    Note,
    Title,
)
from exchange.records.base import Recorded, Root


class DatasetRecord(Root):
    """What a dataset is, and who answers for it."""

    title: Title
    description: Note | None = None
    licence: Name | None = None
    contacts: Annotated[list[Name], FEW] = []
    recorded: Recorded | None = Field(None, description="the default for stances")
