"""During maintenance administrators alone sign in and stay signed in."""

from dataclasses import replace

import pytest

from common.assertions import RequestContext
from testkit.auth.api import PASSWORD, Api

CLOSED = RequestContext(maintenance="Back at noon")


@pytest.fixture
def closed(api: Api) -> Api:
    """The same API, as the gateway asks it during maintenance."""
    return replace(api, context=CLOSED)


async def test_administrators_sign_in_and_refresh(closed: Api, admin: str) -> None:
    tokens = (await closed.login(admin)).json()
    assert (await closed.refresh(tokens["refresh_token"])).status_code == 200


async def test_other_users_cannot_sign_in_and_no_session_is_opened(
    api: Api, closed: Api, clerk: str
) -> None:
    refused = await closed.login(clerk)
    assert refused.status_code == 503
    assert (refused.json()["code"], refused.json()["detail"]) == ("maintenance", "Back at noon")
    assert int(refused.headers["Retry-After"]) > 0
    sessions = await api.call("GET", "/api/v1/auth/sessions", token=await api.token(clerk))
    assert len(sessions.json()["items"]) == 1, "the one that was opened just now"


async def test_other_users_cannot_refresh_and_their_sessions_remain_live(
    api: Api, closed: Api, clerk: str
) -> None:
    token = (await api.login(clerk)).json()["refresh_token"]
    assert (await closed.refresh(token)).status_code == 503
    assert (await api.refresh(token)).status_code == 200


async def test_during_maintenance_a_wrong_password_is_still_a_401(closed: Api, clerk: str) -> None:
    assert (await closed.login(clerk, f"not {PASSWORD}")).status_code == 401
