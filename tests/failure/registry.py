"""Clerks who work through the gateway and retry every write until it is acknowledged.

Each write has its own `Idempotency-Key`, and its retries send the same key. So each write must be
stored exactly once, whichever process was killed meanwhile.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import aiohttp
import psycopg
from bare_stack import demo_credentials

from devstack.commands import run_command
from devstack.environment import core_environment
from devstack.programs import Program
from devstack.provisioning import core_command
from devstack.stack import Stack

PROBLEM: Final = "application/problem+json"
CASES: Final = "/api/v1/cases"
ACTIVITIES: Final = "/api/v1/activities"
COURT: Final = "Testville"
FILED_ON: Final = "2025-03-03"
WITHDRAWN_ON: Final = "2025-04-07"
ACKNOWLEDGED: Final = (200, 201)
# Outcomes that a client retries: a part of the stack is unavailable or busy.
RETRIABLE: Final = ("409 idempotency-key-busy", "429 too-many-in-flight", "502", "503", "504")
RETRY_SECONDS: Final = 0.02
TIMEOUT_SECONDS: Final = 120.0
IDENTITY: Final = {
    "begin_active": 1,
    **dict.fromkeys(("new", "reopened", "reactivated", "transfer_in"), 1),
    **dict.fromkeys(("disposed", "reopened_disposed", "inactivated", "transfer_out"), -1),
}

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, read to its end."""

    status: int
    body: Body
    headers: Mapping[str, str]

    @property
    def outcome(self) -> str:
        """The status, with the code when the status alone does not say whether to retry."""
        return (
            f"{self.status} {self.body['code']}" if self.status in {409, 429} else str(self.status)
        )


@dataclass(frozen=True, slots=True)
class Clerk:
    """A signed-in user; `outcomes` counts the outcomes of the calls."""

    session: aiohttp.ClientSession
    token: str
    outcomes: Counter[str] = field(default_factory=Counter)

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        """One call. Every refusal must be a problem."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        async with self.session.request(method, path, headers=headers, **options) as response:
            text = await response.text()
            refused = not response.ok
            assert not refused or response.content_type == PROBLEM, (response.status, text)
            body = await response.json(content_type=None) if text else {}
            answer = Answer(response.status, body, response.headers)
        self.outcomes[answer.outcome] += 1
        return answer

    async def get(self, path: str, **params: Any) -> Body:
        """What a GET answers, which must succeed."""
        answer = await self.call("GET", path, params=params)
        assert answer.status == 200, answer
        return answer.body

    async def write(self, path: str, body: Body) -> Body:
        """Send this until it is acknowledged, always with the same key."""
        headers = {"Idempotency-Key": str(uuid4())}
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while True:
                answer = await self.call("POST", path, json=body, headers=headers)
                if answer.status in ACKNOWLEDGED:
                    return answer.body
                assert answer.outcome in RETRIABLE, answer
                await asyncio.sleep(RETRY_SECONDS)


@asynccontextmanager
async def signed_in(stack: Stack, account: str = "clerk") -> AsyncIterator[Clerk]:
    """A demo account, with this many connections."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(stack.base_url, connector=connector) as session:
        credentials = demo_credentials(account, stack.password)
        async with session.post("/api/v1/auth/login", json=credentials) as response:
            assert response.status == 200, await response.text()
            token = (await response.json())["access_token"]
        yield Clerk(session, token)


async def served(clerk: Clerk) -> None:
    """Wait until what reads, what writes and who signs in is served again."""
    for path in ("/readyz", f"{CASES}?limit=1", "/api/v1/auth/sessions"):
        async with asyncio.timeout(30):
            while (await clerk.call("GET", path)).status != 200:  # noqa: ASYNC110 - pools send no event
                await asyncio.sleep(0.05)


async def until(happened: Callable[[], bool]) -> None:
    """Poll for what other tasks or processes do."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not happened():  # noqa: ASYNC110 - other processes send no event
            await asyncio.sleep(0.005)


@dataclass(frozen=True, slots=True)
class Words:
    """The IDs of the reference data that a clerk uses."""

    court: str
    case_type: str
    mention: str
    withdrawn: str

    @classmethod
    async def read(cls, clerk: Clerk) -> "Words":
        """As the API lists them."""

        async def named(resource: str, name: str, **params: str) -> str:
            found = await clerk.get(f"/api/v1/{resource}", limit=200, **params)
            return next(
                str(each["id"])
                for each in found["items"]
                if name in (each.get("name"), each.get("label"))
            )

        return cls(
            court=await named("courts", COURT),
            case_type=await named("case-types", "Civil Suit"),
            mention=await named("activity-types", "Mention"),
            withdrawn=await named("outcomes", "Matter Withdrawn"),
        )


@dataclass(frozen=True, slots=True)
class Register:
    """A register of a court, such as HCCC, in which clerks file cases; each test has its own."""

    name: str
    words: Words
    cases: list[Body] = field(default_factory=list)
    activities: list[Body] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """How many writes were acknowledged."""
        return len(self.cases) + len(self.activities)

    def holds(self, writes: int) -> bool:
        """Whether so many were acknowledged."""
        return self.writes >= writes

    def new_case(self) -> Body:
        """The body that registers a case under the next free number."""
        names = {"court_id": self.words.court, "case_type_id": self.words.case_type}
        return {**names, "caseid_type": self.name, "filed_on": FILED_ON}

    async def register(self, clerk: Clerk) -> Body:
        """Register one case."""
        case = await clerk.write(CASES, self.new_case())
        self.cases.append(case)
        return case

    async def file_and_withdraw(self, clerk: Clerk) -> None:
        """Two writes: a case is registered, and later withdrawn."""
        case = await self.register(clerk)
        withdrawal = {
            "case_id": case["id"],
            "activity_on": WITHDRAWN_ON,
            "activity_type_id": self.words.mention,
            "outcome_id": self.words.withdrawn,
        }
        self.activities.append(await clerk.write(ACTIVITIES, withdrawal))

    async def check(self, stack: Stack, clerk: Clerk) -> None:
        """Compare what is stored with what was acknowledged, by the API and in the tables."""
        listed = await self._listed(clerk)
        assert Counter(listed) == Counter(case["id"] for case in self.cases)
        stored = count_register(stack, self.name)
        assert stored == {
            "cases": len(self.cases),
            "numbers": len(self.cases),
            "activities": len(self.activities),
            "filed": len(self.cases),
            "disposed": len(self.activities),
        }
        await self._balance(clerk)

    async def _listed(self, clerk: Clerk) -> list[str]:
        page = {"q": self.name, "limit": "200", "count": "exact"}
        answer = await clerk.get(CASES, **page)
        assert answer["total"] == len(self.cases)
        ids = [case["id"] for case in answer["items"]]
        while answer["next_cursor"]:
            answer = await clerk.get(CASES, **page, cursor=answer["next_cursor"])
            ids += [case["id"] for case in answer["items"]]
        return ids

    async def _balance(self, clerk: Clerk) -> None:
        period = {"from": "2025-03-01", "to": "2025-03-31", "court": self.words.court}
        matrix = await clerk.get("/api/v1/metrics/matrix", **period)
        assert matrix["totals"]["new"] >= len(self.cases)
        for row in [*matrix["items"], matrix["totals"]]:
            assert row["end_active"] == sum(sign * row[name] for name, sign in IDENTITY.items())


def count_register(stack: Stack, name: str) -> dict[str, int]:
    """The rows of one register in the tables."""
    row = query(
        stack,
        """
        SELECT count(*), count(DISTINCT number_norm),
          (SELECT count(*) FROM case_activities JOIN cases c ON c.id = case_id
            WHERE c.caseid_type = %(name)s AND voided_at IS NULL),
          (SELECT count(*) FROM case_status_events JOIN cases c ON c.id = case_id
            WHERE c.caseid_type = %(name)s AND kind = 'filed' AND retracted_at IS NULL),
          (SELECT count(*) FROM case_status_events JOIN cases c ON c.id = case_id
            WHERE c.caseid_type = %(name)s AND kind = 'disposed' AND retracted_at IS NULL)
        FROM cases WHERE caseid_type = %(name)s
        """,
        name=name,
    )
    return dict(zip(("cases", "numbers", "activities", "filed", "disposed"), row, strict=True))


def query(stack: Stack, statement: str, **values: object) -> tuple[Any, ...]:
    """The one row that a statement gives in core's database."""
    with psycopg.connect(stack.wiring.core_database_url) as connection:
        row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row


async def work_in_turns(work: Callable[[], Awaitable[None]], times: int, workers: int) -> None:
    """Call `work` `times` times, `workers` at a time."""
    turns = iter(range(times))

    async def worker() -> None:
        for _ in turns:
            await work()

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(worker())


async def command_succeeds(stack: Stack, *arguments: str) -> str:
    """Run a command of core's; its output. Raises CommandFailed."""
    program = Program("-".join(arguments), core_command(*arguments), core_environment(stack.wiring))
    return await run_command(program, stack.log(program.name))


async def check_consistency(stack: Stack) -> None:
    """Every case agrees with its activities, and the audit chain is intact."""
    await command_succeeds(stack, "rebuild")  # exits with 3 when that changed anything
    await command_succeeds(stack, "verify-audit")
