"""A service calls core with its own token, until an administrator takes the client away."""

from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.e2e

CLIENTS = "/api/v1/service-clients"
WITHIN_SECONDS = 1.0


@pytest.fixture
def core(service_urls: Mapping[str, str]) -> str:
    if not service_urls:
        pytest.skip("in containers core publishes no port")
    return service_urls["core"]


@pytest.fixture
def made(as_admin: httpx.Client) -> dict[str, Any]:
    """A client that may read cases at core, with its secret."""
    new = {"client_id": f"reports-{uuid4()}", "scopes": ["registry:read"], "audiences": ["core"]}
    answer = as_admin.post(CLIENTS, json=new)
    assert answer.status_code == 201, answer.text
    client: dict[str, Any] = answer.json()
    return client


def token_of(anyone: httpx.Client, client: dict[str, Any]) -> str:
    form = {"grant_type": "client_credentials", "resource": "core"}
    credentials = (client["client_id"], client["client_secret"])
    answer = anyone.post("/api/v1/auth/token", data=form, auth=credentials)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def status_at_core(core: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{core}/api/v1/cases?limit=1", headers=headers).status_code


def seconds_accepted(core: str, token: str) -> float:
    """From now until the last request begins that core does not refuse."""
    since = last_accepted = began = monotonic()
    while status_at_core(core, token) != 401:
        last_accepted = began
        assert began - since < 10
        sleep(0.01)
        began = monotonic()
    return last_accepted - since


@pytest.mark.parametrize("act", ["rotate", "remove"])
def test_tokens_of_a_rotated_or_removed_client_are_refused_by_core_within_a_second(
    as_admin: httpx.Client, anyone: httpx.Client, core: str, made: dict[str, Any], act: str
) -> None:
    token, path = token_of(anyone, made), f"{CLIENTS}/{made['id']}"
    assert status_at_core(core, token) == 200
    if act == "rotate":
        answer = as_admin.post(f"{path}/rotate-secret")
    else:
        answer = as_admin.delete(path, headers={"If-Match": '"1"'})
    assert answer.is_success, answer.text
    assert seconds_accepted(core, token) <= WITHIN_SECONDS
    if act == "rotate":
        made |= answer.json()
        assert status_at_core(core, token_of(anyone, made)) == 200
