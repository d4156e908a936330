"""Alembic's entry."""

from common.migrations import run_revisions
from core_service import models  # noqa: F401 - importing them fills METADATA
from core_service.tables import METADATA

run_revisions(METADATA)
