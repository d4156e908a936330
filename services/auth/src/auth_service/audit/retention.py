"""Removes whole months of the audit log, and says so in it."""

from datetime import datetime

from auth_service.audit.models import Action
from auth_service.audit.service import Event
from auth_service.units import Units
from common.audit_chain.audit import ChainAudit, ChainBroken
from common.audit_chain.sealer import Sealer
from common.errors import Conflict


async def prune_months(sealer: Sealer, chain: ChainAudit, units: Units, before: datetime) -> int:
    """Remove sealed events from before the month; how many. Raises Conflict on a broken chain."""
    await sealer.checkpoint()
    try:
        removed = await chain.prune("occurred_at", before)
    except ChainBroken as broken:
        raise Conflict(f"{broken}: {'; '.join(map(str, broken.faults[:3]))}") from broken
    if removed:
        async with units.begin() as work:
            details = {"before": before.strftime("%Y-%m"), "events": removed}
            work.audit.record(Event(Action.AUDIT_PRUNE, details=details))
    return removed
