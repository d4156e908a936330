"""Signed-in users who refresh and read continuously, and others who sign in and out.

Every request has to succeed; other responses are stored completely. TRAFFIC_RESULTS names a
file for the figures.
"""

import asyncio
import json
import os
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import choice
from time import monotonic
from typing import Any

import aiohttp
from bare_stack import demo_credentials

CASES = "/api/v1/cases?limit=1"
ME = "/api/v1/auth/me"
LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
# Of a minute that tokens live here, shortened at random by up to 5 %.
USED_FOR_SECONDS = 50.0


def key_id(token: str) -> str:
    """The key that an access token is signed with."""
    header = token.partition(".")[0]
    return str(json.loads(urlsafe_b64decode(header + "==="))["kid"])


@dataclass
class Traffic:
    """All requests and responses."""

    http: aiohttp.ClientSession
    password: str
    failures: list[str] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)
    signed_by: list[str] = field(default_factory=list)
    # Between a user's requests: what the machine has left is for the subject of the test.
    pause_seconds: float = 0.0

    async def ask(
        self, method: str, path: str, token: str | None = None, body: Any = None
    ) -> dict[str, Any]:
        """One request; its answer, or nothing when it failed."""
        await asyncio.sleep(self.pause_seconds)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self.http.request(method, path, headers=headers, json=body) as response:
                content = await response.read()
        except aiohttp.ClientError as error:
            self.failures.append(f"{method} {path}: {error!r}")
            return {}
        if response.status not in {200, 204}:
            self.failures.append(f"{method} {path}: {response.status} {content[:300]!r}")
            return {}
        self.served[path] += 1
        return json.loads(content) if content else {}

    async def sign_in(self, account: str) -> dict[str, Any]:
        """A new session."""
        credentials = demo_credentials(account, self.password)
        return self.noted(await self.ask("POST", LOGIN, body=credentials))

    async def refresh(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The session's next tokens."""
        body = {"refresh_token": tokens["refresh_token"]}
        return self.noted(await self.ask("POST", REFRESH, body=body)) or tokens

    def report(self, name: str) -> None:
        """Write the figures to a file, if one is given."""
        if file := os.environ.get("TRAFFIC_RESULTS"):
            figures = {"keys": len(self.signed_by), "failures": len(self.failures)}
            line = json.dumps({"name": name, **figures, "served": self.served})
            with Path(file).open("a") as lines:
                lines.write(f"{line}\n")

    def noted(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """Tokens, and by which key they are signed, in the order of its first use."""
        if tokens and (kid := key_id(tokens["access_token"])) not in self.signed_by:
            self.signed_by.append(kid)
        return tokens


@dataclass
class Person:
    """A user whose browser refreshes and reads, with old and new tokens."""

    traffic: Traffic
    tokens: dict[str, Any]
    held: list[tuple[float, str]] = field(default_factory=list)

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            self.tokens = await self.traffic.refresh(self.tokens)
            now = monotonic()
            self.held = [each for each in self.held if now - each[0] < USED_FOR_SECONDS]
            self.held.append((now, str(self.tokens["access_token"])))
            await self.traffic.ask("GET", CASES, self.held[-1][1])
            await self.traffic.ask("GET", ME, choice(self.held)[1])  # noqa: S311 - no secret


async def come_and_go(traffic: Traffic, account: str) -> None:
    """Sign in, read the own account, and sign out, until cancelled."""
    while True:
        tokens = await traffic.sign_in(account)
        if tokens:
            await traffic.ask("GET", ME, tokens["access_token"])
            await traffic.ask("POST", LOGOUT, body={"refresh_token": tokens["refresh_token"]})


@asynccontextmanager
async def traffic(
    base_url: str, password: str, *, people: int, guests: int, pause_seconds: float = 0.0
) -> AsyncIterator[Traffic]:
    """Traffic for as long as the block lasts; after it every session must still be refreshed."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(base_url, connector=connector) as http:
        made = Traffic(http, password, pause_seconds=pause_seconds)
        present = [Person(made, await made.sign_in("clerk")) for _ in range(people)]
        tasks = [asyncio.create_task(person.work()) for person in present]
        tasks += [asyncio.create_task(come_and_go(made, "viewer")) for _ in range(guests)]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for person in present:
            # What was cut off by the end is asked for again: the same successor comes.
            person.tokens = await made.refresh(person.tokens)
            await made.ask("GET", ME, person.tokens["access_token"])
