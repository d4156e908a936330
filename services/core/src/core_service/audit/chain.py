"""Core's audit as a sealed chain."""

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from common.audit_chain.tables import ChainTables, checkpoint_table
from core_service.audit.models import AuditEvent
from core_service.tables import METADATA

SERVICE: Final = "core"  # what anchors and log lines of this chain name
SEAL_LOCK: Final = 4_061_520_005


def _table(model: type[SQLModel]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


AUDIT_CHAIN: Final = ChainTables(
    events=_table(AuditEvent),
    checkpoints=checkpoint_table(METADATA, "audit_checkpoints"),
    lock=SEAL_LOCK,
)
