"""What four operations run through: files, functions and SQL statements, for `make roads`.

Each is called twice over ASGI and the second call is counted, from the app inwards. Only our
packages count, in all threads of this process; the process that reads a return's file does not. A
function that awaits is one call however often it resumes. Statements are those of SQLAlchemy,
without BEGIN and COMMIT, which the driver sends, and without the job queue's, which has its own
connection. The return's row is an activity of a case that is not registered yet.
"""

import asyncio
import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from bench.road_recorder import Road

from auth_service.app import create_app as create_auth_app
from auth_service.app import load_keys
from auth_service.migrations import schema
from auth_service.seeding import Account, Seeding
from auth_service.wiring import wire as wire_auth
from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.database_creation import create_missing_database
from common.identity import Grant, Role
from common.logs import configure_logging
from core_service.app import Callers, caller_verifier, create_app
from core_service.demo.seeding import seed_demo
from core_service.migrations.preparation import prepare
from core_service.returns.processing import BatchProcessing
from core_service.settings import AUDIENCE
from core_service.wiring import wire
from testkit.auth import api as auth_api
from testkit.auth import settings as auth_settings
from testkit.backends import postgres_server, redis_server
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.registry import TESTVILLE, case_body
from testkit.core.returns import ReturnsClient, as_csv
from testkit.core.settings import ASSERTION_KEY, NOW, make_settings
from testkit.core.tokens import Issuer

EMAIL: Final = "clerk@masijala.example"


async def measure_core(road: Road, url: str) -> None:
    await prepare(url)
    settings, auth, clock = make_settings(url), FakeAuth(), FrozenClock(NOW)
    core = with_auth(auth, wire(settings, clock))
    await seed_demo(core, cases=0)
    app, _ = create_app(core, Callers(caller_verifier(settings, core, Issuer().resolve)))
    async with road.through(app) as client:
        api = Api(client, AssertionMinter(AUDIENCE, ASSERTION_KEY), clock, auth=auth)
        clerk = api.user(Role.DATA_ENTRY, TESTVILLE)
        case_id = (await clerk.post("/cases", case_body(number="E900"))).json()["id"]
        versions = itertools.count(1)

        async def patch(body: dict[str, Any]) -> None:
            await clerk.patch(f"/cases/{case_id}", body, version=next(versions))

        async def apply_return(number: int) -> None:
            sent = await ReturnsClient(core, clerk).send(as_csv([{"caseid_no": f"E01{number}"}]))
            with road.open():
                await core.get(BatchProcessing).run(UUID(sent.json()["id"]))

        await road.measure("PATCH, a count", lambda n: patch({"parties": {"male_applicant": n}}))
        await road.measure("PATCH, the filing date", lambda n: patch({"filed_on": f"2025-02-0{n}"}))
        await road.measure("return of one row", apply_return)
        cases = (await clerk.get("/cases")).json()["items"]
        filed_on = sorted(case["filed_on"] for case in cases)
        if filed_on != ["2025-02-02", "2025-02-03", "2025-02-03"]:
            raise AssertionError(cases)
    await core.close()


async def measure_auth(road: Road, database_url: str, redis_url: str) -> None:
    schema.upgrade(database_url)
    clock = FrozenClock(datetime.now(UTC))  # Redis counts real time
    auth = wire_auth(auth_settings.make_settings(database_url, redis_url), clock)
    await load_keys(auth)
    account = Account(EMAIL, "Clerk", auth_api.PASSWORD, Grant(Role.DATA_ENTRY))
    await auth.get(Seeding).ensure([account])
    async with road.through(create_auth_app(auth)[0]) as client:
        minter = AssertionMinter("auth", auth_settings.ASSERTION_KEY)
        api = auth_api.Api(client, minter, clock)
        await road.measure("login", lambda _: api.login(EMAIL))
        (await api.login(EMAIL)).raise_for_status()
    await auth.close()


def main() -> None:
    configure_logging("bench", "ERROR")
    road = Road.start()
    with (
        tempfile.TemporaryDirectory() as home,
        postgres_server(Path(home, "postgres")) as postgres,
        redis_server(Path(home)) as redis,
    ):
        asyncio.run(measure_core(road, create_missing_database(postgres, "core")))
        asyncio.run(measure_auth(road, create_missing_database(postgres, "auth"), redis))


if __name__ == "__main__":
    main()
