"""Core's audit as a sealed chain."""

import asyncio
from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from common.audit_chain.sealer import Sealer
from common.audit_chain.tables import ChainTables, checkpoint_table
from common.logs import get_logger
from core_service.audit.models import AuditEvent
from core_service.tables import METADATA

SERVICE: Final = "core"  # what anchors and log lines of this chain name
SEAL_LOCK: Final = 4_061_520_005
SEAL_SECONDS: Final = 1.0

log = get_logger(__name__)


def _table(model: type[SQLModel]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


AUDIT_CHAIN: Final = ChainTables(
    events=_table(AuditEvent),
    checkpoints=checkpoint_table(METADATA, "audit_checkpoints"),
    lock=SEAL_LOCK,
)


async def seal_forever(sealer: Sealer) -> None:
    """Give what was noted its place in the chain, about every second."""
    while True:
        try:
            await sealer.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may succeed
            log.warning("sealing_failed", error=type(error).__name__)
        await asyncio.sleep(SEAL_SECONDS)
