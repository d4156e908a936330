"""Nothing that opens a door is left behind: not in a log, nor in a database, nor in Redis.

Whatever secret a browser, a mailbox, an administrator or a service has seen is looked for in every
log, in every column of both databases and under every key of Redis, after the mail has been sent.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import psycopg
import pytest
import redis
from e2e.letters import mailed_token
from e2e.targets import Processes, Target
from psycopg import sql

from devstack.stack import Stack

pytestmark = pytest.mark.e2e

WRONG = f"a wrong password {uuid4()}"
NEW_PASSWORD = f"twelve green herons {uuid4()}"
LOGS = ("auth", "core", "worker", "policy", "gateway")
# By its type: DUMP would give long strings compressed, and what is searched for in pieces.
READ_VALUE: Mapping[bytes, Callable[["redis.Redis", bytes], object]] = {
    b"string": lambda client, key: client.get(key),
    b"hash": lambda client, key: client.hgetall(key),
    b"set": lambda client, key: client.smembers(key),
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"zset": lambda client, key: client.zrange(key, 0, -1),
    b"none": lambda _client, _key: None,  # expired since it was listed
}


@pytest.fixture
def stack(target: Target) -> Stack:
    if not isinstance(target, Processes):
        pytest.skip("looks into the servers and files of a stack of processes")
    return target.stack


@dataclass
class Journey:
    """Calls that return one secret of each kind; `seen` collects them."""

    anyone: httpx.Client
    admin: httpx.Client
    target: Target
    seen: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, client: httpx.Client | None = None, **options: Any) -> httpx.Response:
        answer = (client or self.anyone).post(f"/api/v1{path}", **options)
        assert answer.status_code < 500, answer.text
        return answer

    def sessions(self, email: str, password: str) -> None:
        body = {"email": email, "password": password}
        self.post("/auth/login", json=body | {"password": WRONG})
        tokens = self.post("/auth/login", json=body).json()
        following = self.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
        by_cookie = self.post("/auth/login", json=body | {"delivery": "cookie"})
        cookies = dict(by_cookie.cookies)
        (device,) = (value for name, value in cookies.items() if "device" in name)
        ((name, cookie),) = ((name, value) for name, value in cookies.items() if value != device)
        headers = {"Origin": self.target.url, "X-CSRF": "1", "Cookie": f"{name}={cookie}"}
        turned = self.post("/auth/refresh", headers=headers)
        self.seen |= {
            "access token": tokens["access_token"],
            "refresh token": tokens["refresh_token"],
            "next access token": following.json()["access_token"],
            "next refresh token": following.json()["refresh_token"],
            "device token": tokens["device_token"],
            "device cookie": device,
            "cookie": cookie,
            "next cookie": next(iter(turned.cookies.values())),
        }
        self.post("/auth/logout", json={"refresh_token": following.json()["refresh_token"]})

    def letters(self, email: str) -> None:
        self.post("/users", self.admin, json={"email": email, "name": "Asha Kamau"})
        invitation = self.seen["invitation"] = mailed_token(self.target, email)
        self._set_password(invitation, NEW_PASSWORD)
        self.post("/auth/password/forgot", json={"email": email})
        self.seen["reset link"] = mailed_token(self.target, email, after=invitation)
        self._addresses(email, self.seen["reset link"])

    def _addresses(self, email: str, after: str) -> None:
        signed_in = self.post("/auth/login", json={"email": email, "password": NEW_PASSWORD}).json()
        path = f"/users/{signed_in['user']['id']}/one-time-code"
        code = self.seen["printed code"] = self.post(path, self.admin).json()["code"]
        used = self.post("/auth/login", json={"email": email, "password": code}).json()
        self.seen["token of the code"] = used["reset_token"]
        new_email = f"new-{email}"
        own = {"Authorization": f"Bearer {signed_in['access_token']}"}
        self.post("/auth/email/change", json={"email": new_email}, headers=own)
        self.seen["link that undoes"] = mailed_token(self.target, email, after=after)
        self.seen["link that confirms"] = mailed_token(self.target, new_email)

    def clients(self) -> None:
        new = {"client_id": f"reports-{uuid4()}", "scopes": [], "audiences": ["auth"]}
        key = {"Idempotency-Key": str(uuid4())}
        made = self.post("/service-clients", self.admin, json=new, headers=key).json()
        path = f"/service-clients/{made['id']}/rotate-secret"
        rotated = self.post(path, self.admin).json()["client_secret"]
        form = {"grant_type": "client_credentials"}
        token = self.post("/auth/token", data=form, auth=(new["client_id"], rotated)).json()
        self.post("/auth/token", data=form, auth=(new["client_id"], WRONG))
        self.seen |= {
            "client secret": made["client_secret"],
            "rotated client secret": rotated,
            "service token": token["access_token"],
        }

    def _set_password(self, token: str, password: str) -> None:
        answer = self.post("/auth/password/reset", json={"token": token, "new_password": password})
        assert answer.status_code == 204, answer.text


def database_dump(url: str) -> str:
    """Every column of every row of every table, those of the jobs as well."""
    rows: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for name in tables.fetchall():
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(*name))
            rows.extend(row for (row,) in connection.execute(query))
    return "\n".join(rows)


def redis_dump(url: str) -> str:
    """Every key with its value; a KeyError names a type that is not known here."""
    with redis.Redis.from_url(url) as client:
        keys = [(key, READ_VALUE[client.type(key)]) for key in client.scan_iter()]
        return "\n".join(f"{key!r} {read(client, key)!r}" for key, read in keys)


def all_logs(stack: Stack) -> dict[str, str]:
    """What each process has logged."""
    return {name: stack.log(name).read_text() for name in LOGS}


def forms(secret: str) -> set[str]:
    """How a secret may be written down; a token's signature alone would do harm as well."""
    raw = secret.encode()
    written = {secret, secret.rpartition(".")[2], quote(secret), quote(secret, safe="")}
    return written | {raw.hex(), base64.b64encode(raw).decode()}


def found(secrets: Mapping[str, str], places: Mapping[str, str]) -> set[tuple[str, str]]:
    """Which secret is where."""
    return {
        (name, place)
        for name, secret in secrets.items()
        for place, text in places.items()
        if any(form in text for form in forms(secret))
    }


def test_no_secret_of_the_journey_is_in_a_log_or_a_dump(
    target: Target,
    stack: Stack,
    anyone: httpx.Client,
    new_account: Callable[[], httpx.Client],
    clients: Callable[..., httpx.Client],
) -> None:
    journey = Journey(clients(), new_account(), target)
    journey.letters(f"{uuid4()}@masijala.example")
    journey.sessions("viewer@masijala.example", stack.password)
    journey.clients()
    assert anyone.get("/readyz").status_code == 200
    secrets = journey.seen | {"password": stack.password, "new password": NEW_PASSWORD}
    secrets |= {"wrong password": WRONG}
    assert len(secrets) >= 14
    wiring = stack.wiring
    places = all_logs(stack) | {
        "auth's database": database_dump(wiring.auth_owner_url),
        "core's database": database_dump(wiring.core_owner_url),
        "Redis": redis_dump(wiring.redis_url),
    }
    assert all(places.values()), "there is something to look through everywhere"
    assert "viewer@masijala.example" in places["auth's database"]
    assert "/api/v1/auth/login" in places["auth"]
    assert found(secrets, places) == set()


@pytest.mark.parametrize("kind", ["string", "hash", "set", "list", "zset"])
def test_a_secret_in_a_long_value_that_redis_would_compress_is_found(
    clean_redis_url: str, kind: str
) -> None:
    token = token_urlsafe(64)
    value = json.dumps({"courts": ["Testville"] * 200, "token": token, "roles": ["clerk"] * 200})
    with redis.Redis.from_url(clean_redis_url) as client:
        plant = {
            "string": lambda: client.set("planted", value),
            "hash": lambda: client.hset("planted", "field", value),
            "set": lambda: client.sadd("planted", value),
            "list": lambda: client.rpush("planted", value),
            "zset": lambda: client.zadd("planted", {value: 1}),
        }
        plant[kind]()
    places = {"Redis": redis_dump(clean_redis_url)}
    assert found({"token": token}, places) == {("token", "Redis")}
