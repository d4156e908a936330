"""Every parameter and every field of every operation takes its extremes, through the gateway."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast

import httpx
import pytest
from auth_operations import AuthIds
from bare_stack import demo_credentials
from extremes.accounts import CLIENT, ENDING, Accounts, auth_call
from extremes.conftest import LEAVER
from extremes.registry import PREFIX, GatewayApi, GatewayScene, core_call
from extremes.walk import LEAST_VARIATIONS, Caller, Operation, Walk, connected

from devstack.stack import Stack
from testkit.core import calls
from testkit.core.permissions import RULES
from testkit.core.scene import Scene

# What a call of another operation needs is ended last.
LAST: Final = (
    *("/transfer", "/restore", "/void", "/merge", "/unmerge", "/accept", "/reject", "/seal"),
    *("/unseal", "/status", "/end", "/unlink", "/rotate-secret", "/apply"),
)
CLERK: Final = "clerk"
SCOPES: Final = ("tokens:introspect", "tokens:revoke", "users:read")

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(1200)]


async def test_every_operation_handles_extreme_values_in_time_and_size(stack: Stack) -> None:
    async with connected(stack.base_url) as client:
        document = (await client.get("/openapi.json")).json()
        operations = await _operations(client, stack, document)
        walk = Walk(client, document)
        await walk.all(each for each in operations if not _ends_something(each.name))
        await walk.all(each for each in operations if _ends_something(each.name))
        await walk.try_slow_ones_again()

    described = {f"{m.upper()} {path}" for path, item in document["paths"].items() for m in item}
    assert set(walk.sent) == described
    assert walk.report() == ""
    assert min(walk.sent.values()) >= LEAST_VARIATIONS
    # Most values are refused; the others show that the calls were good but for them.
    assert walk.statuses[HTTPStatus.OK] > sum(walk.sent.values()) / 20
    for part in ("auth", "core", "worker", "policy", "gateway"):
        assert "Traceback" not in stack.log(part).read_text(), f"{part} has logged a fault"


def _ends_something(name: str) -> bool:
    is_ending = name.replace(PREFIX, "") in ENDING
    return name.startswith("DELETE") or name.endswith(LAST) or is_ending


async def _operations(
    client: httpx.AsyncClient, stack: Stack, document: Mapping[str, Any]
) -> list[Operation]:
    """Every operation that the gateway describes; fails for one without a valid call."""
    admin, leaver, clerk = (
        Caller(client, demo_credentials(name, stack.password)) for name in ("admin", LEAVER, CLERK)
    )
    known, service = await _accounts(client, admin)
    scene = await _scene(client, admin, clerk)
    callers = {
        **dict.fromkeys(ENDING, leaver),
        "POST /auth/introspect": service,
        "POST /auth/revoke": service,
        "POST /auth/token": Caller(client),
    }
    found = []
    for operation in calls.operations(document):
        path = _path(operation)
        if operation.name in RULES:
            call = core_call(operation, scene)
        else:
            call = auth_call(operation, path, document, known)
        caller = callers.get(operation.name, admin)
        found.append(Operation(f"{operation.method} {path}", operation.spec, call, caller))
    return found


def _path(operation: calls.Operation) -> str:
    return operation.path if operation.path.startswith("/.well-known") else PREFIX + operation.path


async def _scene(client: httpx.AsyncClient, admin: Caller, clerk: Caller) -> Scene:
    nothing = cast(Any, None)  # neither an assertion nor a clock of ours: the stack has its own
    await clerk.headers()
    apis = [GatewayApi(client, nothing, nothing, token=each.token) for each in (admin, clerk)]
    return await GatewayScene(nothing, *apis).build()


async def _accounts(client: httpx.AsyncClient, admin: Caller) -> tuple[Accounts, Caller]:
    """What auth is called about: a user of the tests' own, and a service that may introspect."""
    await admin.headers()
    headers = {"Authorization": f"Bearer {admin.token}"}
    users, clients = f"{PREFIX}/users", f"{PREFIX}/service-clients"
    new = {"email": "other@masijala.example", "name": "Other"}
    new_client = {"client_id": CLIENT, "scopes": list(SCOPES), "audiences": ["auth"]}
    user = (await client.post(users, json=new, headers=headers)).json()
    grant = {"role": "viewer", "courts": "*"}
    granted = await client.post(f"{users}/{user['id']}/grants", json=grant, headers=headers)
    made = (await client.post(clients, json=new_client, headers=headers)).json()
    further = (
        await client.post(clients, json=new_client | {"client_id": "spent"}, headers=headers)
    ).json()
    sessions = await client.get(f"{PREFIX}/auth/sessions", headers=headers)
    form = {"grant_type": "client_credentials", "resource": "auth"}
    secret = (CLIENT, made["client_secret"])
    issued = await client.post(f"{PREFIX}/auth/token", data=form, auth=secret)
    assert issued.status_code == HTTPStatus.OK, issued.text
    ids = AuthIds(
        user_id=user["id"],
        session_id=sessions.json()["items"][0]["id"],
        grant_id=granted.json()["id"],
        client_key=further["id"],
    )
    known = Accounts(ids, made["client_secret"], str(admin.token))
    return known, Caller(client, token=issued.json()["access_token"])
