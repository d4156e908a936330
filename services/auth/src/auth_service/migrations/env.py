"""Alembic's entry: runs revisions over the connection that the caller hands in."""

from alembic import context

from auth_service import models  # noqa: F401 - importing them fills METADATA
from auth_service.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
