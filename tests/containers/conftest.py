"""The stack that `docker-compose up -d` has started here, and clients signed in to it."""

import os
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from containers.backups import ONCE
from containers.load import CLIENTS
from containers.stack import compose
from e2e.targets import Containers


@pytest.fixture(scope="session", autouse=True)
def target() -> Containers:
    if os.environ.get("STACK") != "compose":
        pytest.skip("drives the containers of docker-compose.yml: make test-compose-stack")
    return Containers()


@pytest.fixture(scope="session")
def trust(target: Containers) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=target.authority)


@pytest.fixture
def clients(target: Containers, trust: ssl.SSLContext) -> Iterator[list[httpx.Client]]:
    """Eight, of two users, each with its own connections."""
    with ExitStack() as closing:
        tokens = [sign_in(target, trust, account) for account in ("admin", "clerk")]
        found = [
            httpx.Client(
                base_url=target.url,
                headers={"Authorization": f"Bearer {tokens[number % len(tokens)]}"},
                verify=trust,
                timeout=30,
            )
            for number in range(CLIENTS)
        ]
        yield [closing.enter_context(each) for each in found]


def sign_in(target: Containers, trust: ssl.SSLContext, account: str) -> str:
    credentials = {"email": f"{account}@masijala.example", "password": target.password}
    answer = httpx.post(
        f"{target.url}/api/v1/auth/login", json=credentials, verify=trust, timeout=30
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The operator's key, made as `make backup-key` does."""
    file = tmp_path_factory.mktemp("key") / "backup-key.txt"
    file.write_text(compose(*ONCE, "postgres", "secret-backups", "key"))
    (recipient,) = (
        line.removeprefix("# public key: ")
        for line in file.read_text().splitlines()
        if line.startswith("# public")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKUP_RECIPIENT", recipient)
        yield file


@pytest.fixture
def case(clients: list[httpx.Client]) -> dict[str, str]:
    """The body that registers a case, at a court of the clerk's."""

    def named(resource: str, name: str) -> str:
        found = clients[1].get(f"/api/v1/{resource}", params={"limit": 200}).json()["items"]
        return next(str(e["id"]) for e in found if name in (e.get("name"), e.get("label")))

    return {
        "court_id": named("courts", "Testville"),
        "case_type_id": named("case-types", "Civil Suit"),
        "caseid_type": "HCUP",
        "filed_on": "2025-03-03",
    }
