"""Bodies of requests and responses about aliases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.schemas import RequestModel, ResponseModel
from core_service.aliases.models import AliasKind, AliasState, CourtAlias
from core_service.aliases.reading import ReadAlias
from core_service.aliases.service import Decision

OneCourt = Annotated[
    UUID | None,
    Field(description="decide for this court alone; left out, for all courts"),
]


class AliasReject(RequestModel):
    """Where the spelling means nothing."""

    court_id: OneCourt = None

    def decision(self, alias_id: UUID) -> Decision:
        """As the service takes it."""
        return Decision(alias_id, court_id=self.court_id)


class AliasAccept(RequestModel):
    """What the spelling means, and where."""

    target_id: UUID = Field(description="a court, judge, case type… of the alias's kind")
    court_id: OneCourt = None

    def decision(self, alias_id: UUID) -> Decision:
        """As the service takes it."""
        return Decision(alias_id, self.target_id, self.court_id)


class CourtAliasRead(ResponseModel):
    """What one court decided for itself."""

    court_id: UUID
    state: AliasState
    target_id: UUID | None
    decided_at: datetime
    decided_by: UUID | None

    @classmethod
    def of(cls, of_court: CourtAlias) -> "CourtAliasRead":
        """A court's decision."""
        return cls(
            court_id=of_court.court_id,
            state=of_court.state,
            target_id=of_court.target_id,
            decided_at=of_court.updated_at,
            decided_by=of_court.updated_by,
        )


class CandidateRead(ResponseModel):
    """An entry that a spelling may mean."""

    target_id: UUID
    name: str
    score: float = Field(ge=0, le=1, description="the share of trigrams that both names have")


class AliasRead(ResponseModel):
    """A spelling and what was decided about it for all courts; `courts` are decisions that hold at
    one court alone, and go before that there.
    """

    id: UUID
    kind: AliasKind
    spelling: str = Field(description="normalised: what is compared")
    raw: str = Field(description="as it was first seen")
    state: AliasState
    target_id: UUID | None
    first_seen_batch_id: UUID | None = Field(description="for those who may read that row")
    first_seen_row_no: int | None
    courts: list[CourtAliasRead]
    waiting_rows: int = Field(description="of those that you may see; of a decided spelling 0")
    candidates: list[CandidateRead] = Field(description="of a pending spelling, at most three")
    created_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    version: int

    @classmethod
    def of(cls, read: ReadAlias) -> "AliasRead":
        """An alias as its reader may read it."""
        values = read.alias.model_dump() | {
            "courts": [CourtAliasRead.of(each) for each in read.of_courts],
            "waiting_rows": read.waiting_rows,
            "candidates": read.candidates,
        }
        if not read.shows_first_row:
            values |= {"first_seen_batch_id": None, "first_seen_row_no": None}
        return cls.model_validate(values)
