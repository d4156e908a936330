"""For revisions: indexes of tables that are written to all the time, without blocking writers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op


def build_index(name: str, table: str, columns: Sequence[str], **options: Any) -> None:
    """Build an index concurrently, outside of the migration's transaction.

    An interrupted build leaves an invalid index, which is maintained and never used. It is dropped
    first: `IF NOT EXISTS` would accept it.
    """
    with _concurrently():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    """Drop an index concurrently."""
    with _concurrently():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


@contextmanager
def _concurrently() -> Iterator[None]:
    with op.get_context().autocommit_block():
        # It waits for open transactions, and no writer waits for it.
        before = op.get_bind().scalar(sa.text("SHOW lock_timeout"))
        op.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            op.execute(f"SET lock_timeout = '{before}'")
