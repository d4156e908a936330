"""Alembic's entry."""

from auth_service import models  # noqa: F401 - importing them fills METADATA
from auth_service.tables import METADATA
from common.migrations import run_revisions

run_revisions(METADATA)
