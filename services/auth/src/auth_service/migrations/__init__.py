"""The schema of auth's database: its revisions, and the privileges of the service's role."""

from pathlib import Path
from typing import Final

from auth_service.migrations.privileges import PRIVILEGES
from common.migrations import Migrations


def _jobs_schema() -> str:
    from procrastinate.schema import SchemaManager  # slow, and needed once in a database's life

    return SchemaManager.get_schema()


schema: Final = Migrations(
    folder=Path(__file__).parent,
    lock=4_061_520_002,
    privileges=PRIVILEGES,
    jobs_schema=_jobs_schema,
)
