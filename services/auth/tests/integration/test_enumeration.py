"""No answer reveals whether an account exists; `make bench-auth` compares the time."""

import re
from asyncio import wait_for
from time import monotonic
from typing import Any

import pytest

from auth_service.limits import even_refusals
from auth_service.token_text import TokenText
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.ids import uuid7
from testkit.auth.api import PASSWORD, Api

# The one thing that may differ between two answers.
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ARMS = ("unknown", "deactivated", "password-less", "known")
PATHS: dict[str, dict[str, str]] = {
    "/api/v1/auth/login": {"password": "a password that is wrong"},
    "/api/v1/auth/password/forgot": {},
}


async def prepare(auth: AuthUnits, arm: str, email: str) -> str:
    """The address of the arm's account."""
    if arm == "unknown":
        return email.replace("clerk", "unknown")
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(email)
        assert user is not None
        user.is_active = arm != "deactivated"
        user.password_hash = None if arm == "password-less" else user.password_hash
    return email


@pytest.mark.parametrize("path", PATHS)
async def test_answers_are_the_same_to_the_byte_but_for_ids(
    api: Api, auth: AuthUnits, clerk: str, path: str
) -> None:
    answers: list[Any] = []
    for arm in ARMS[:3] if path.endswith("login") else ARMS:
        email = await prepare(auth, arm, clerk)
        response = await api.call("POST", path, json={"email": email, **PATHS[path]})
        headers = {name: REQUEST_ID.sub("", value) for name, value in response.headers.items()}
        answers.append((response.status_code, headers, REQUEST_ID.sub("", response.text)))
    assert [answer == answers[0] for answer in answers] == [True] * len(answers)


async def test_a_wrong_password_reads_like_an_unknown_address(api: Api, clerk: str) -> None:
    known = await api.login(clerk, "a password that is wrong")
    unknown = await api.login("unknown@masijala.example", PASSWORD)
    assert known.status_code == unknown.status_code == 401
    assert REQUEST_ID.sub("", known.text) == REQUEST_ID.sub("", unknown.text)


async def refused(api: Api, clerk: str, what: str) -> Any:
    if what == "reset":
        token = TokenText.generate(uuid7()).text
        body = {"token": token, "new_password": "eleven quiet herons by the ford"}
        return await api.call("POST", "/api/v1/auth/password/reset", json=body)
    email = clerk if what == "known" else "unknown@masijala.example"
    return await api.login(email, "a password that is wrong")


@pytest.mark.parametrize("what", ["known", "unknown", "reset"])
async def test_a_refusal_leaves_at_a_whole_step(
    api: Api, clerk: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """`bench.timing` measures what it leaves of the difference."""
    monkeypatch.setattr(even_refusals, "STEP_MILLISECONDS", 2_000)
    started = monotonic()
    answer = await refused(api, clerk, what)
    assert answer.status_code in {400, 401}
    assert monotonic() - started >= 2


async def test_what_is_not_refused_does_not_wait(
    api: Api, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even_refusals, "STEP_MILLISECONDS", 60_000)
    assert (await wait_for(api.login(clerk), timeout=30)).status_code == 200
