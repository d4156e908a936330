"""One revision makes the schema that the revisions before it made, step by step.

`squashed_schema.txt` was taken from a database that those had migrated, with the names of checks
that it had doubled (`ck_cases_ck_cases_…`) given plainly. The next revision that
changes the schema removes this test.
"""

from pathlib import Path

import psycopg
import pytest

from common.database_roles import UnknownRevision
from core_service.migrations import schema
from testkit.schemas import schema_of

EXPECTED = Path(__file__).with_name("squashed_schema.txt")


def test_the_schema_is_that_of_the_revisions_before(database_url: str) -> None:
    assert schema_of(database_url) == EXPECTED.read_text()


def test_a_database_at_an_older_revision_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    with pytest.raises(UnknownRevision, match=r"is at revision 0004, .* migrate it to 00"):
        schema.upgrade(database_url)
