"""After a restore of the database nothing counts that was issued before it."""

import pytest

from auth_service.administration.support import Support
from auth_service.clients.service import ClientService
from auth_service.revocations.rules import FLOOR_KEY
from auth_service.tokens.floors import RestoreFloors
from auth_service.tokens.rebuild import Rebuild
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from common.http_client import basic_credentials
from testkit.auth.api import Api

SECRET = "a service's secret: 0123456789abcdef"


async def restore(auth: AuthUnits) -> int:
    """What the command does."""
    async with auth.begin() as unit:
        return await unit.get(RestoreFloors).set()


async def service_token(api: Api) -> str:
    answer = await api.client.post(
        "/api/v1/auth/token",
        data={"grant_type": "client_credentials", "resource": "auth", "scope": "revocations:read"},
        headers={"Authorization": basic_credentials("reports", SECRET)},
    )
    return str(answer.json()["access_token"])


@pytest.fixture
async def service(auth: AuthUnits) -> None:
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("reports", SECRET, ("revocations:read",), ("auth",))


async def refused(api: Api, token: str) -> bool:
    path = "/internal/v1/revocations?since=2026-01-01T00:00:00Z"
    answer = await api.client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 401)


async def test_every_session_ends_and_a_new_sign_in_works(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    before = (await api.login(clerk)).json()
    assert await restore(auth) == 1
    answer = await api.refresh(before["refresh_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "refresh-token-invalid")
    after = await api.login(clerk)
    assert after.status_code == 200
    assert (await api.refresh(after.json()["refresh_token"])).status_code == 200


async def test_the_policy_learns_the_second_from_which_on_tokens_count(
    auth: AuthUnits, clock: FrozenClock
) -> None:
    redis = auth.publisher.store.redis
    await restore(auth)
    floor = str(int(clock.now().timestamp()) + 1)
    assert await redis.get(FLOOR_KEY) == floor
    await redis.flushall()
    await auth.get(Rebuild).run()
    assert await redis.get(FLOOR_KEY) == floor
    clock.advance(minutes=12)
    await redis.flushall()
    await auth.get(Rebuild).run()
    assert await redis.get(FLOOR_KEY) is None, "every earlier token has expired"


@pytest.mark.usefixtures("service")
async def test_services_tokens_from_before_are_refused(
    api: Api, auth: AuthUnits, clock: FrozenClock
) -> None:
    before = await service_token(api)
    assert not await refused(api, before)
    await restore(auth)
    assert await refused(api, before)
    clock.advance(seconds=1)
    after = await service_token(api)
    assert not await refused(api, after)


async def test_a_printed_code_is_good_for_nothing(api: Api, auth: AuthUnits, clerk: str) -> None:
    async with auth.begin() as unit:
        code = (await unit.get(Support).issue_code_for(clerk)).text
    assert (await api.login(clerk, code)).json()["code"] == "password-change-required"
    await restore(auth)
    assert (await api.login(clerk, code)).json()["code"] == "invalid-credentials"
