"""A dump of Postgres and of Redis holds no credential that works, whatever was done before."""

import base64
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from psycopg import sql

from auth_service.clients.service import ClientService
from auth_service.keys.issuer import KeyRing
from auth_service.keys.service import KeyService
from auth_service.mail.jobs import MailWorker
from auth_service.settings import AuthSettings
from auth_service.tokens.service import TokenService
from auth_service.units import AuthUnits
from common.audit.sealer import Sealer
from common.http_client import basic_credentials
from testkit.auth.accounts import USERS, user_id
from testkit.auth.api import PASSWORD, Api
from testkit.auth.emails import request_change
from testkit.auth.mailbox import Mailbox, text_of, token_in
from testkit.auth.settings import ORIGIN

SECRET = "client-secret-of-this-test-0123456789"
WRONG = "a password that is wrong"
NEW_PASSWORD = "twelve green herons above a mill"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


def postgres_dump(url: str) -> str:
    """Every column of every row of every table, jobs included."""
    rows: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
            rows.extend(row for (row,) in connection.execute(query))
    return "\n".join(rows)


async def redis_dump(auth: AuthUnits) -> str:
    """Every key with its value, of whatever type."""
    texts: list[str] = []
    async for key in auth.publisher.store.redis.scan_iter():
        readers: dict[str, Any] = {
            "string": auth.publisher.store.redis.get,
            "hash": auth.publisher.store.redis.hgetall,
            "set": auth.publisher.store.redis.smembers,
            "list": lambda name: auth.publisher.store.redis.lrange(name, 0, -1),
            "zset": lambda name: auth.publisher.store.redis.zrange(name, 0, -1),
        }
        texts += [key, str(await readers[str(await auth.publisher.store.redis.type(key))](key))]
    return "\n".join(texts)


@dataclass
class Journey:
    """Touches everything that is secret, and keeps what it saw."""

    api: Api
    auth: AuthUnits
    mailbox: Mailbox
    seen: list[str] = field(default_factory=lambda: [PASSWORD, NEW_PASSWORD, WRONG, SECRET])
    dumps: list[str] = field(default_factory=list)

    async def dump(self) -> None:
        """Look at everything as it is now: what is not there later may be there meanwhile."""
        url = self.auth.get(AuthSettings).database_url.get_secret_value()
        self.dumps += [postgres_dump(url), await redis_dump(self.auth)]

    async def sessions(self, email: str) -> None:
        first = (await self.api.login(email)).json()
        second = (await self.api.refresh(first["refresh_token"])).json()
        await self.api.login(email, WRONG)
        ended = (await self.api.login(email)).json()
        await self.api.logout(ended["refresh_token"])
        for answer in (first, second, ended):
            self.seen += [answer["access_token"], answer["refresh_token"]]
        by_cookie = await self.api.login(email, delivery="cookie")
        cookie = by_cookie.cookies["masijala_refresh"]
        self.seen += [by_cookie.cookies["masijala_device"], first["device_token"]]
        headers = {"Origin": ORIGIN, "X-CSRF": "1", "Cookie": f"masijala_refresh={cookie}"}
        again = await self.api.call("POST", "/api/v1/auth/refresh", headers=headers)
        successor = again.cookies["masijala_refresh"]
        self.seen += [cookie, successor, by_cookie.json()["access_token"]]

    async def services(self, admin: str) -> None:
        async with self.auth.begin() as unit:
            await unit.get(ClientService).ensure("core", SECRET, ("tokens:revoke",), ("auth",))
        answer = await self.api.client.post(
            "/api/v1/auth/token",
            data={"grant_type": "client_credentials", "resource": "auth"},
            headers={"Authorization": basic_credentials("core", SECRET)},
        )
        revoked = await self.api.token(admin)
        async with self.auth.begin() as unit:
            await unit.get(TokenService).revoke(revoked)
        new = {"client_id": "reports", "scopes": ["users:read"], "audiences": ["auth"]}
        token = await self.api.token(admin)
        made = await self.api.call(
            "POST",
            "/api/v1/service-clients",
            token=token,
            json=new,
            headers={"Idempotency-Key": "of-this-test"},
        )
        assert made.status_code == 201, made.text
        path = f"/api/v1/service-clients/{made.json()['id']}/rotate-secret"
        rotated = await self.api.call("POST", path, token=token)
        secrets = [made.json()["client_secret"], rotated.json()["client_secret"]]
        self.seen += [answer.json()["access_token"], revoked, token, *secrets]

    async def letters(self, email: str, admin: str) -> None:
        await self.api.call("POST", "/api/v1/auth/password/forgot", json={"email": email})
        new = {"email": "asha@masijala.example", "name": "Asha Kamau", "grants": []}
        await self.api.call("POST", "/api/v1/users", token=await self.api.token(admin), json=new)
        await self.dump()
        await self.auth.get(MailWorker).empty()
        links = [token_in(message) for message in self.mailbox.messages]
        assert len(links) == 2
        await self.dump()
        body = {"token": links[0], "new_password": NEW_PASSWORD}
        await self.api.call("POST", "/api/v1/auth/password/reset", json=body)
        await self.auth.get(MailWorker).empty()
        self.seen += links

    async def addresses(self, email: str, admin: str) -> None:
        """A code that is guessed, and links about an address."""
        token = await self.api.token(admin)
        path = f"{USERS}/{await user_id(self.api, token, email)}/one-time-code"
        code = (await self.api.call("POST", path, token=token)).json()["code"]
        used = (await self.api.login(email, code)).json()["reset_token"]
        await request_change(self.api, await self.api.token(email, NEW_PASSWORD))
        before = len(self.mailbox.messages)
        await self.auth.get(MailWorker).empty()
        with_link = [each for each in self.mailbox.messages[before:] if "#token=" in text_of(each)]
        links = [token_in(message) for message in with_link]
        assert len(links) == 2
        await self.dump()
        self.seen += [code, code.replace("-", ""), code.replace("-", "")[4:], used, *links]


async def test_a_dump_contains_no_token_password_secret_or_link(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, admin: str
) -> None:
    journey = Journey(api, auth, mailbox)
    await journey.sessions(clerk)
    await journey.dump()
    await journey.services(admin)
    await journey.letters(clerk, admin)
    await journey.addresses(clerk, admin)
    async with auth.begin() as unit:
        await unit.get(KeyService).rotate(now=True)
    await auth.get(Sealer).checkpoint()
    await journey.dump()
    whole = "\n".join(journey.dumps)
    assert clerk in whole  # the dump is one
    assert "rev:sid:" in whole
    assert len(journey.seen) >= 18
    for secret in journey.seen:
        raw = secret.encode()
        # Signatures alone would do harm as well; bytes are shown in hex, JSON may hold base64.
        for form in (secret, raw.hex(), base64.b64encode(raw).decode(), secret.rpartition(".")[2]):
            assert form not in whole
    assert "PRIVATE" not in whole


async def test_the_private_key_is_not_in_the_table(auth: AuthUnits, database_url: str) -> None:
    private = auth.get(KeyRing).signer.private
    assert isinstance(private, EllipticCurvePrivateKey)
    number = private.private_numbers().private_value
    assert number.to_bytes(32).hex() not in postgres_dump(database_url)
