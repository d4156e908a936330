"""When the database server was backed up last, and how the archiving of its WAL goes.

`make backup` writes a row for each backup into the database of auth; Postgres itself tells of WAL.
"""

from typing import Final

from prometheus_client import Gauge
from sqlalchemy import Column, DateTime, MetaData, String, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

BACKUP: Final = Gauge(
    "database_backup_timestamp_seconds", "When the last backup ended; 0 when there is none"
)
ARCHIVED: Final = Gauge(
    "database_wal_archived_timestamp_seconds", "When WAL was last archived; 0 for never"
)
FAILED: Final = Gauge(
    "database_wal_archive_failed_timestamp_seconds", "When that last failed; 0 for never"
)
SAMPLE: Final = text(
    "SELECT (SELECT extract(epoch FROM max(ended_at)) FROM backups)::float8,"
    " extract(epoch FROM last_archived_time)::float8, extract(epoch FROM last_failed_time)::float8"
    " FROM pg_stat_archiver"
)


def backups_table(metadata: MetaData) -> Table:
    """One row for each backup; its kind is that of pgBackRest: full, diff or incr."""
    return Table(
        "backups",
        metadata,
        Column("ended_at", DateTime(timezone=True), primary_key=True),
        Column("kind", String(8), nullable=False),
    )


async def sample_backups(connection: AsyncConnection) -> None:
    """Read the times."""
    moments = (await connection.execute(SAMPLE)).one()
    for gauge, moment in zip((BACKUP, ARCHIVED, FAILED), moments, strict=True):
        gauge.set(moment or 0)
