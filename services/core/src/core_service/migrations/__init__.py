"""The schema of core's database: its revisions, and the privileges of the service's role."""

from pathlib import Path
from typing import Final

from common.migrations import Migrations
from core_service.migrations.privileges import PRIVILEGES


def _jobs_schema() -> str:
    from procrastinate.schema import SchemaManager  # slow, and needed once in a database's life

    return SchemaManager.get_schema()


schema: Final = Migrations(
    folder=Path(__file__).parent,
    lock=4_061_520_001,
    privileges=PRIVILEGES,
    jobs_schema=_jobs_schema,
)
