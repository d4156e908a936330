"""The security audit log as a sealed chain."""

from typing import Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from auth_service.audit.models import AuditEvent
from auth_service.tables import METADATA
from common.audit_chain.tables import ChainTables, checkpoint_table

SERVICE: Final = "auth"  # what anchors and log lines of this chain name
SEAL_LOCK: Final = 4_061_520_004


def _table(model: type[SQLModel]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


AUDIT_CHAIN: Final = ChainTables(
    events=_table(AuditEvent),
    checkpoints=checkpoint_table(METADATA, "audit_checkpoints"),
    lock=SEAL_LOCK,
)
