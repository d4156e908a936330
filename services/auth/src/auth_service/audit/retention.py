"""Removes old months of the security audit log, and records that."""

from datetime import datetime

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from common.audit.maintenance import ChainAudit, ChainBroken
from common.audit.sealer import Sealer
from common.composition import Units
from common.errors import Conflict


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
