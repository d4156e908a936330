"""A process goes on while the password of its role is replaced."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from common.database import Database
from common.secret_proofs import with_password
from common.spare_password import pool_factory

WRONG = "0123456789abcdef0123456789abcdef"


def right(url: str) -> SecretStr:
    return SecretStr(str(conninfo_to_dict(url)["password"]))


async def test_the_engine_tries_the_spare_password_when_the_first_is_refused(
    database_url: str,
) -> None:
    given = with_password(database_url, WRONG)
    database = Database.connect(given, spare_password=right(database_url))
    refused = Database.connect(given, spare_password=SecretStr(WRONG))
    try:
        await database.ping()
        with pytest.raises(Exception, match="password authentication failed"):
            await refused.ping()
    finally:
        await database.close()
        await refused.close()


async def test_the_pool_of_jobs_does_too(database_url: str) -> None:
    made = pool_factory(right(database_url))(
        with_password(database_url, WRONG), min_size=1, open=False
    )
    async with made, made.connection() as connection:
        assert await (await connection.execute("SELECT 1")).fetchone() == (1,)
