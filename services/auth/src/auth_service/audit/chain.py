"""The security audit log as a sealed chain, and its retention."""

from datetime import datetime
from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.audit.service import AuditLog, Event
from auth_service.tables import METADATA
from common.audit_chain.audit import ChainAudit, ChainBroken
from common.audit_chain.sealer import Sealer
from common.audit_chain.tables import ChainTables, checkpoint_table
from common.composition import Units
from common.errors import Conflict

SERVICE: Final = "auth"  # what anchors and log lines of this chain name
SEAL_LOCK: Final = 4_061_520_004


def _table(model: type[SQLModel]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


AUDIT_CHAIN: Final = ChainTables(
    events=_table(AuditEvent),
    checkpoints=checkpoint_table(METADATA, "audit_checkpoints"),
    lock=SEAL_LOCK,
)


async def prune_months(sealer: Sealer, chain: ChainAudit, units: Units, before: datetime) -> int:
    """Remove sealed events from before the month; how many. Raises Conflict on a broken chain."""
    await sealer.checkpoint()
    try:
        removed = await chain.prune("occurred_at", before)
    except ChainBroken as broken:
        raise Conflict(f"{broken}: {'; '.join(map(str, broken.faults[:3]))}") from broken
    if removed:
        async with units.begin() as unit:
            details = {"before": before.strftime("%Y-%m"), "events": removed}
            unit.get(AuditLog).record(Event(Action.AUDIT_PRUNE, details=details))
    return removed
