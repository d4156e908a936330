"""The two tables of a chain, and what makes the database itself refuse changes."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Enum,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    type_coerce,
)
from sqlalchemy.sql.elements import ColumnElement

from common.audit.checkpoints import ID_CHARACTERS
from common.audit.events import ChainedEvent


@dataclass(frozen=True, slots=True)
class ChainTables:
    """The log of a service and its checkpoints; `lock` is the advisory lock for changes."""

    service: str
    events: Table
    checkpoints: Table
    lock: int

    @classmethod
    def of(cls, events: type[ChainedEvent], service: str, lock: int) -> "ChainTables":
        """The table of these events, and a table of checkpoints in the same metadata."""
        table = events.metadata.tables[str(events.__tablename__)]
        return cls(service, table, checkpoint_table(events.metadata, "audit_checkpoints"), lock)

    @property
    def key(self) -> Column[Any]:
        """The log's primary key."""
        (key,) = self.events.primary_key.columns
        return key

    def columns(self) -> list[ColumnElement[Any]]:
        """The log's columns as the hash covers them: an unknown word of an enum is still text."""
        return [
            type_coerce(column, String()).label(column.name)
            if isinstance(column.type, Enum)
            else column
            for column in self.events.columns
        ]


def checkpoint_table(metadata: MetaData, name: str) -> Table:
    """The table of a chain's checkpoints."""
    return Table(
        name,
        metadata,
        Column("position", BigInteger, nullable=False, autoincrement=False),
        Column("kind", String(16), nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("key_id", String(ID_CHARACTERS), nullable=False),
        Column("signature", LargeBinary, nullable=False),
        PrimaryKeyConstraint("position", "kind", name=f"pk_{name}"),
    )


# For migrations, which must never change what they do: never edit, add a version.
# A row may change once, from unsealed to sealed; it may go once a START checkpoint covers it.
PROTECTION_V1: Final = """
CREATE FUNCTION protect_{events}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND OLD.position IS NULL AND OLD.previous_hash IS NULL AND OLD.hash IS NULL
    AND NEW.position IS NOT NULL AND NEW.previous_hash IS NOT NULL AND NEW.hash IS NOT NULL
    AND to_jsonb(NEW) - ARRAY['position', 'previous_hash', 'hash']
      = to_jsonb(OLD) - ARRAY['position', 'previous_hash', 'hash']
  THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM {checkpoints} WHERE kind = 'start' AND position >= OLD.position
  ) THEN RETURN OLD; END IF;
  RAISE EXCEPTION '{events} is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER {events}_append_only BEFORE UPDATE OR DELETE ON {events}
FOR EACH ROW EXECUTE FUNCTION protect_{events}();
CREATE TRIGGER {events}_no_truncate BEFORE TRUNCATE ON {events}
FOR EACH STATEMENT EXECUTE FUNCTION protect_{events}();
"""
UNPROTECTION_V1: Final = """
DROP TRIGGER {events}_append_only ON {events};
DROP TRIGGER {events}_no_truncate ON {events};
DROP FUNCTION protect_{events}();
"""
