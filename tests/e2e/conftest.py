"""One stack for the session, and clients signed in to it."""

import asyncio
import json
import os
import ssl
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bare_stack import wait_for_description
from e2e.frontends import ALLOWED_PORT
from e2e.letters import PASSWORD, mailed_token
from e2e.targets import Containers, Processes, Target
from e2e.targets import logged_by as find_log_lines
from pydantic import SecretStr

from devstack.settings import DevstackSettings
from devstack.stack import Stack
from testkit.auth.directories import (
    HostileDirectory,
    RealDirectory,
    provider,
    real_directory,
    scripted_directory,
    secrets_of,
)

IMPORT_SECONDS = 60.0
STACK_SECONDS = 300
SETTLED = {"applied", "partial", "failed"}
# All of them come from one address, faster than those of a whole registry.
MANY_SIGN_INS = {"GATEWAY_QUOTA_LOGIN": "600/60"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test time for the start of the whole stack, which a busy machine drags out."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(STACK_SECONDS))


@pytest.fixture(scope="session")
def ministry() -> Iterator[RealDirectory]:
    """A directory that users of the stack may sign in through."""
    with real_directory() as running:
        yield running


@pytest.fixture(scope="session")
def scripted() -> Iterator[HostileDirectory]:
    """Another, which answers as a test makes it, and signs its users out."""
    with scripted_directory() as running:
        yield running


def _through(ministry: RealDirectory, scripted: HostileDirectory) -> dict[str, str]:
    known = [provider("ministry", ministry.issuer), provider("scripted", scripted.issuer)]
    return {
        "AUTH_OIDC_PROVIDERS": json.dumps(known),
        "AUTH_OIDC_CLIENT_SECRETS": secrets_of(*known),
        "AUTH_OIDC_RETURN_URLS": f"http://localhost:{ALLOWED_PORT}/signed-in",
    }


@pytest.fixture(scope="session")
def target(
    tmp_path_factory: pytest.TempPathFactory, ministry: RealDirectory, scripted: HostileDirectory
) -> Iterator[Target]:
    """The stack under test: separate processes, or with STACK=compose the containers."""
    if os.environ.get("STACK") == "compose":
        yield Containers()
        return
    home = tmp_path_factory.mktemp("home")
    # None of the developer's settings: this stack has its own servers.
    settings = DevstackSettings(
        _env_file=None,
        home=home,
        port=0,
        database_url=None,
        redis_url=None,
        demo_password=SecretStr(PASSWORD),
    )
    # The main thread must start the processes: they end with the thread that began them.
    with asyncio.Runner() as runner:
        directories = _through(ministry, scripted)
        stack = Stack(settings, environment={**os.environ, **MANY_SIGN_INS, **directories})
        try:
            runner.run(stack.start())
            wait_for_description(stack)
            yield Processes(stack)
        finally:
            runner.run(stack.stop())


@pytest.fixture(scope="session")
def clients(target: Target) -> Iterator[Callable[..., httpx.Client]]:
    """Makes clients of the gateway, and closes them at the end."""
    authority = target.authority
    verify = ssl.create_default_context(cadata=authority) if authority is not None else True
    with ExitStack() as closing:

        def make(
            headers: Mapping[str, str] | None = None, auth: httpx.Auth | None = None
        ) -> httpx.Client:
            client = httpx.Client(
                base_url=target.url, headers=headers, auth=auth, timeout=15, verify=verify
            )
            return closing.enter_context(client)

        yield make


@pytest.fixture(scope="session")
def anyone(clients: Callable[..., httpx.Client]) -> httpx.Client:
    return clients()


@pytest.fixture(scope="session")
def sign_in(target: Target, anyone: httpx.Client) -> Callable[[str], dict[str, Any]]:
    """Signs a demo account in; gives the token answer."""

    def run(account: str) -> dict[str, Any]:
        credentials = {"email": f"{account}@masijala.example", "password": target.password}
        answer = anyone.post("/api/v1/auth/login", json=credentials)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    return run


class SignedIn(httpx.Auth):
    """An account that lasts as long as the session of the tests, which outlives any token: these
    expire, and a restore, which another test does, ends them.
    """

    def __init__(self, sign_in: Callable[[], Mapping[str, Any]]) -> None:
        self._sign_in = sign_in
        self._token = ""
        self._renew_at = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token; in the second half of its life or after a restore, another one."""
        if monotonic() >= self._renew_at:
            self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        # Containers alone are restored: elsewhere a refused token is a fault.
        if answer.status_code == HTTPStatus.UNAUTHORIZED and os.environ.get("STACK") == "compose":
            self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> None:
        tokens = self._sign_in()
        self._token = tokens["access_token"]
        self._renew_at = monotonic() + tokens["expires_in"] / 2


@pytest.fixture(scope="session")
def as_clerk(
    clients: Callable[..., httpx.Client], sign_in: Callable[[str], dict[str, Any]]
) -> httpx.Client:
    return clients(auth=SignedIn(partial(sign_in, "clerk")))


@pytest.fixture(scope="session")
def as_viewer(
    clients: Callable[..., httpx.Client], sign_in: Callable[[str], dict[str, Any]]
) -> httpx.Client:
    return clients(auth=SignedIn(partial(sign_in, "viewer")))


@pytest.fixture(scope="session")
def as_admin(
    clients: Callable[..., httpx.Client], sign_in: Callable[[str], dict[str, Any]]
) -> httpx.Client:
    return clients(auth=SignedIn(partial(sign_in, "admin")))


@pytest.fixture
def new_account(
    target: Target, clients: Callable[..., httpx.Client], anyone: httpx.Client
) -> Callable[[], httpx.Client]:
    """Creates an account for this test and signs it in, with an unused quota."""

    def make() -> httpx.Client:
        email, password = f"{uuid4()}@masijala.example", f"correct horse {uuid4()}"
        target.create_admin(email, password)
        answer = anyone.post("/api/v1/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return clients({"Authorization": f"Bearer {answer.json()['access_token']}"})

    return make


@pytest.fixture
def email() -> str:
    return f"{uuid4()}@masijala.example"


@pytest.fixture
def invited(
    target: Target, anyone: httpx.Client, as_admin: httpx.Client, email: str
) -> dict[str, Any]:
    """A user who has accepted an invitation; the token answer of their first sign-in."""
    grants = [{"role": "viewer", "courts": "*"}]
    body = {"email": email, "name": "Asha Kamau", "grants": grants}
    answer = as_admin.post("/api/v1/users", json=body, headers={"Idempotency-Key": email})
    assert answer.status_code == 201, answer.text
    reset = {"token": mailed_token(target, email), "new_password": PASSWORD}
    assert anyone.post("/api/v1/auth/password/reset", json=reset).status_code == 204
    signed_in = anyone.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert signed_in.status_code == 200, signed_in.text
    tokens: dict[str, Any] = signed_in.json()
    return tokens


@pytest.fixture
def as_invited(clients: Callable[..., httpx.Client], invited: Mapping[str, Any]) -> httpx.Client:
    return clients({"Authorization": f"Bearer {invited['access_token']}"})


@pytest.fixture(scope="session")
def service_urls(target: Target) -> Mapping[str, str]:
    return target.service_urls


@pytest.fixture(scope="session")
def logged_by(target: Target) -> Callable[[str], set[str]]:
    return lambda request_id: find_log_lines(target, request_id)


@pytest.fixture(scope="session")
def sample_return() -> bytes:
    return (files("devstack") / "samples" / "return-testville.csv").read_bytes()


@pytest.fixture(scope="session")
def sample_batch(as_clerk: httpx.Client, sample_return: bytes) -> dict[str, Any]:
    """The sample return, sent by the clerk and settled; on an older stack, its earlier batch."""
    upload = {"file": ("return-testville.csv", sample_return, "text/csv")}
    sent = as_clerk.post("/api/v1/imports", files=upload, data={"mode": "apply"})
    if sent.status_code == 409:
        return _settled(as_clerk, sent.json()["batch_id"])
    assert sent.status_code == 202, sent.text
    return _settled(as_clerk, sent.json()["id"])


def _settled(client: httpx.Client, batch_id: str) -> dict[str, Any]:
    deadline = monotonic() + IMPORT_SECONDS
    while True:
        batch: dict[str, Any] = client.get(f"/api/v1/imports/{batch_id}").json()
        if batch["state"] in SETTLED:
            return batch
        assert monotonic() < deadline, batch
        sleep(0.1)


@pytest.fixture(scope="session")
def sample_case(as_clerk: httpx.Client, sample_batch: dict[str, Any]) -> dict[str, Any]:
    """The case HCCC E014 of 2025 of the sample return."""
    assert sample_batch["counts"]["new"] > 0
    found = as_clerk.get("/api/v1/cases/lookup", params={"number": "HCCC E014 of 2025"}).json()
    cases: list[dict[str, Any]] = [item["case"] for item in found["items"]]
    return next(case for case in cases if case["court"]["name"] == "Testville")
