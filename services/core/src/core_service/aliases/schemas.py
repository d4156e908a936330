"""Bodies of requests and responses about aliases."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.schemas import RequestModel, ResponseModel
from core_service.aliases.models import AliasKind, AliasState


class AliasAccept(RequestModel):
    """What the spelling means."""

    target_id: UUID = Field(description="a court, judge, case type… of the alias's kind")


class AliasRead(ResponseModel):
    """A spelling and what was decided about it."""

    id: UUID
    kind: AliasKind
    spelling: str = Field(description="normalised: what is compared")
    raw: str = Field(description="as it was first seen")
    state: AliasState
    target_id: UUID | None
    first_seen_batch_id: UUID | None
    first_seen_row_no: int | None
    created_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    version: int
