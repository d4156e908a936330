"""A database of the revisions before they became one is refused in words."""

import psycopg
import pytest

from common.database_roles import UnknownRevision
from core_service.migrations import schema


def test_a_database_at_an_older_revision_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    with pytest.raises(UnknownRevision, match=r"is at revision 0004, .* migrate it to 00"):
        schema.upgrade(database_url)
