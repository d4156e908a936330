"""Events of exports."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from common.identity import Role
from core_service.audit.acting import acting
from core_service.audit.models import AuditAction, AuditEvent


def note_export(
    session: AsyncSession,
    entity: str,
    courts: Iterable[UUID] | None,
    wanted: Mapping[str, Any],
) -> None:
    """Note an export: an event for each court, which its administrators see, or one for all."""
    current = acting.get()
    if current is None:
        return
    changes = {name: [None, value] for name, value in wanted.items()}
    noted: list[UUID | None] = [*sorted(courts or ())]
    for court_id in noted or [None]:
        session.add(
            AuditEvent(
                **current.columns(),
                action=AuditAction.EXPORT,
                entity=entity,
                court_id=court_id,
                changes=changes,
            )
        )


def notes_sealed_reads() -> bool:
    """Whether the caller is one whose reading of sealed cases is noted."""
    current = acting.get()
    return current is not None and current.principal.has_role(Role.ADMIN)
