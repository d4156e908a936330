"""Bodies of responses about the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.schemas import ResponseModel
from core_service.audit.models import AuditAction, AuditEvent
from core_service.people import PersonRead


class RegistryAuditEventRead(ResponseModel):
    """One change of a row, one reading of a sealed case, or one export of rows as a file."""

    sequence: int
    occurred_at: datetime
    action: AuditAction
    entity: str = Field(examples=["cases"])
    entity_id: UUID | None
    court_id: UUID | None
    operation: str = Field(examples=["PATCH /api/v1/cases/{case_id}"])
    actor: PersonRead | None
    client_id: str | None
    ip: str | None
    request_id: str | None
    version_before: int | None
    version_after: int | None
    changes: dict[str, Any] = Field(description="by column: what it was, what it became")

    @classmethod
    def of(cls, event: AuditEvent, names: Mapping[UUID, str | None]) -> "RegistryAuditEventRead":
        """An event with the name of who did it."""
        return cls.model_validate(
            event.model_dump() | {"actor": PersonRead.of(event.actor_id, names)}
        )
