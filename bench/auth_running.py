"""Auth in this process, on its own durable servers."""

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message

from auth_service.app import create_app, load_keys
from auth_service.migrations import schema
from auth_service.seeding import Account, Seeding
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.assertions import AssertionMinter
from common.clock import SystemClock
from common.database_creation import create_missing_database
from common.garbage_collection import freeze_after_start
from common.identity import Grant, Role
from common.logs import configure_logging
from devstack.servers.postgres import EmbeddedPostgres
from devstack.servers.valkey import EmbeddedValkey
from testkit.auth.api import PASSWORD
from testkit.auth.settings import ASSERTION_KEY, make_settings

# As in production: a commit returns when it is on the disk.
DURABLE: Final = True
REAL_COST: Final = {"hash_memory_kib": 19456, "hash_time_cost": 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, and after how many seconds it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Auth:
    """The service; `post` calls it without a client library, which would take half of the time."""

    units: AuthUnits
    app: ASGIApp
    minter: AssertionMinter

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send one request as the gateway forwards it."""
        assertion = self.minter.mint({"ip": "203.0.113.7"}, SystemClock().now())
        content, messages = json.dumps(body).encode(), list[Message]()

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        started = perf_counter()
        await self.app(_scope(path, assertion), receive, send)
        seconds = perf_counter() - started
        headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        answered = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(messages[0]["status"], headers, answered, seconds)

    async def create(self, email: str) -> str:
        """An account with the tests' password."""
        account = Account(email, "A Clerk", PASSWORD, Grant(Role.DATA_ENTRY))
        await self.units.get(Seeding).ensure([account])
        return email

    async def login(self, email: str, password: str = PASSWORD) -> Answer:
        """Sign in."""
        return await self.post("/api/v1/auth/login", {"email": email, "password": password})


@asynccontextmanager
async def running_auth(**changes: Any) -> AsyncIterator[Auth]:
    """Auth on an empty database; `changes` go over the tests' settings. Only errors are logged."""
    configure_logging("auth", "ERROR")
    with ExitStack() as servers:
        folder = Path(servers.enter_context(tempfile.TemporaryDirectory()))
        postgres = servers.enter_context(EmbeddedPostgres(folder / "postgres", durable=DURABLE))
        valkey = servers.enter_context(EmbeddedValkey(folder / "valkey", durable=DURABLE))
        url = create_missing_database(postgres.url, "auth")
        schema.upgrade(url)
        auth = wire(make_settings(url, valkey.url, **changes))
        try:
            await load_keys(auth)
            app = create_app(auth)[0]
            freeze_after_start()
            yield Auth(auth, app, AssertionMinter("auth", ASSERTION_KEY))
        finally:
            await auth.close()


def _scope(path: str, assertion: str) -> dict[str, Any]:
    headers = [
        (b"content-type", b"application/json"),
        (b"user-agent", b"bench"),
        (b"x-gateway-assertion", assertion.encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("auth", 80),
    }
