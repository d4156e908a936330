"""Strangers guess at an account from many addresses and flood core's client with wrong secrets."""

import json
import os
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from http.client import HTTPConnection
from ipaddress import IPv4Address
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from e2e.letters import PASSWORD
from e2e.targets import Processes, Target

pytestmark = pytest.mark.e2e

ADDRESSES = [str(IPv4Address("127.0.7.1") + number) for number in range(200)]
FORM = "application/x-www-form-urlencoded"
STRANGERS = 4
SHARES = 20
MOST_GUESSES = 100
# Each address guesses and floods once at least; by hand for a minute: STRANGERS_SECONDS=60.
SECONDS = float(os.environ.get("STRANGERS_SECONDS", "0"))
# What strangers get; in a long attack they may also find auth busy.
REFUSED = {401, 429} | ({503} if SECONDS else set())
NEW_PASSWORD = "twelve green herons above a mill"


def basic(client_id: str, secret: str) -> str:
    return f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"


def require_a_token(anyone: httpx.Client, form: dict[str, str], secret: str) -> None:
    """Core gets one."""
    answer = anyone.post("/api/v1/auth/token", data=form, auth=("core", secret))
    assert answer.status_code == 200, answer.text


def test_the_owner_and_core_go_on_while_strangers_guess_and_flood(
    target: Target, anyone: httpx.Client, as_invited: httpx.Client, invited: dict[str, Any]
) -> None:
    if not isinstance(target, Processes):
        pytest.skip("the secret of core's client is in its container")
    secret, host = target.stack.wiring.secrets.core_client_secret, urlsplit(target.url).netloc
    email = invited["user"]["email"]
    form = {"grant_type": "client_credentials", "resource": "auth"}

    def send(address: str, path: str, body: str, **headers: str) -> int:
        connection = HTTPConnection(host, timeout=30, source_address=(address, 0))
        try:
            connection.request("POST", f"/api/v1/auth/{path}", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    ends_at = monotonic() + SECONDS

    def attack(addresses: Sequence[str]) -> list[tuple[int, int]]:
        tries = [attack_once(each) for each in addresses]
        while monotonic() < ends_at:
            tries += [attack_once(each) for each in addresses]
        return tries

    def attack_once(address: str) -> tuple[int, int]:
        wrong = json.dumps({"email": email, "password": f"a guess from {address}"})
        guessed = send(address, "login", wrong, **{"Content-Type": "application/json"})
        credentials = basic("core", f"wrong-{address}")
        headers = {"Content-Type": FORM, "Authorization": credentials}
        flooded = send(address, "token", urlencode(form), **headers)
        return guessed, flooded

    with ThreadPoolExecutor(SHARES if SECONDS else STRANGERS) as strangers:
        shares = [ADDRESSES[first::SHARES] for first in range(SHARES)]
        results = [strangers.submit(attack, each) for each in shares]
        if not SECONDS:
            for each in results[: SHARES // 2]:
                each.result()
                require_a_token(anyone, form, secret)
        # In the middle of it, and strangers alone are stopped.
        credentials = {"email": email, "password": PASSWORD}
        known = credentials | {"device_token": invited["device_token"]}
        owner = anyone.post("/api/v1/auth/login", json=known)
        assert owner.status_code == 200, owner.text
        assert anyone.post("/api/v1/auth/login", json=credentials).status_code in REFUSED - {401}
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        as_invited.headers["Authorization"] = f"Bearer {owner.json()['access_token']}"
        changed = as_invited.post("/api/v1/auth/password/change", json=change)
        assert changed.status_code == 204, changed.text
        assert not results[-1].done(), "the attack has ended before"
        while wait(results, timeout=1).not_done:
            require_a_token(anyone, form, secret)
        tries = [each for attacked in results for each in attacked.result()]
        guesses, floods = zip(*tries, strict=True)
    require_a_token(anyone, form, secret)
    assert {401, 429} <= set(guesses) <= REFUSED
    assert guesses.count(401) < MOST_GUESSES
    assert set(floods) <= REFUSED
    assert 401 in floods
