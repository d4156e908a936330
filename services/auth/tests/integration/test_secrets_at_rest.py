"""A dump of Postgres and of Redis holds no credential that works."""

import psycopg
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from psycopg import sql

from auth_service.testing.api import PASSWORD, Api
from auth_service.wiring import Wiring
from common.http_client import basic_credentials

SECRET = "client-secret-of-this-test-0123456789"


def postgres_dump(url: str) -> str:
    rows: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
            rows.extend(row for (row,) in connection.execute(query))
    return "\n".join(rows)


async def redis_dump(wiring: Wiring) -> str:
    keys = await wiring.redis.keys("*")
    return "\n".join(str(text) for text in [*keys, *(await wiring.redis.mget(keys))])


async def test_a_dump_holds_no_token_password_or_secret(
    api: Api, wiring: Wiring, clerk: str, database_url: str
) -> None:
    first = (await api.login(clerk)).json()
    second = (await api.refresh(first["refresh_token"])).json()
    await api.login(clerk, "a password that is wrong")
    async with wiring.units.begin() as work:
        await work.clients.ensure("core", SECRET, ("users:read",), ("auth",))
    service = await api.client.post(
        "/api/v1/auth/token",
        data={"grant_type": "client_credentials", "resource": "auth"},
        headers={"Authorization": basic_credentials("core", SECRET)},
    )
    third = (await api.login(clerk)).json()
    await api.logout(third["refresh_token"])
    dump = postgres_dump(database_url) + await redis_dump(wiring)
    assert first["session"]["id"] in dump  # the dump is one
    seen = [
        *(answer[name] for answer in (first, second, third) for name in _TOKENS),
        service.json()["access_token"],
        SECRET,
        PASSWORD,
        "a password that is wrong",
    ]
    for secret in seen:
        assert secret not in dump
        assert secret.encode().hex() not in dump
        assert secret.rpartition(".")[2] not in dump
    assert "PRIVATE" not in dump


async def test_the_private_key_is_not_in_the_table(wiring: Wiring, database_url: str) -> None:
    private = wiring.keys.signer.private
    assert isinstance(private, EllipticCurvePrivateKey)
    number = private.private_numbers().private_value
    assert number.to_bytes(32).hex() not in postgres_dump(database_url)


_TOKENS = ("access_token", "refresh_token")
