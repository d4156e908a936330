"""Calls every operation about data of another court, as every caller who may not see it.

The answers are searched for texts, numbers, IDs and reasons that exist only in that data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from auth_operations import ENDS_THE_SESSION, AuthIds
from roads.calls import BY_OTHER_CREDENTIALS, call
from roads.conftest import SignIn
from roads.people import Caller
from roads.planting import Planted, Planting

from testkit.core.calls import Call, Operation, operations
from testkit.core.registry import DEMOVILLE, TESTVILLE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
STRANGERS = ("viewer-elsewhere", "clerk-elsewhere", "admin-elsewhere", "moved")
SAFE_FIRST = ("GET", "POST", "PATCH", "DELETE")
# At these the planted texts must show to an administrator, or the search would find nothing at all.
SHOWN_TO_ADMINISTRATORS = {
    *(f"GET /cases/{{case_id}}{part}" for part in ("", "/timeline", "/activities", "/versions")),
    *("GET /cases", "GET /requests", "GET /aliases", "GET /imports", "GET /imports/{batch_id}"),
    *("GET /imports/{batch_id}/rows", "GET /registry-audit-events", "GET /metrics/matrix/cases"),
    *("GET /activities/{activity_id}", "GET /hearings/{hearing_id}", "GET /cases/{case_id}/links"),
}


@pytest.fixture(scope="session")
def every_operation(document: dict[str, Any]) -> list[Operation]:
    found = operations(document)
    return sorted(found, key=lambda each: SAFE_FIRST.index(each.method))


@pytest.fixture(scope="session")
def auth_ids(admin: Caller, planted: list[Planted]) -> AuthIds:
    """The account of the other court's clerk, and a service client."""
    users = admin.done("GET", "/users", params={"q": "planter"})["items"]
    assert planted
    user_id = users[0]["id"]
    sessions = admin.done("GET", f"/users/{user_id}/sessions")["items"]
    grants = admin.done("GET", f"/users/{user_id}/grants")["items"]
    body = {"client_id": "planted", "scopes": ["users:read"], "audiences": ["auth"]}
    client = admin.done("POST", "/service-clients", json=body)
    group = admin.done(
        "POST", "/court-groups", json={"name": "Planted", "courts": [str(TESTVILLE)]}
    )
    ids = (user_id, sessions[0]["id"], grants[0]["id"], client["id"])
    return AuthIds(*ids, group_id=group["id"])


@pytest.fixture(scope="session")
def moved(admin: Caller, sign_in: SignIn) -> Caller:
    """A former clerk of the other court, who is now a viewer there."""
    caller = sign_in("moved")
    path = f"/users/{caller.tokens['user']['id']}/grants"
    (grant,) = admin.done("GET", path)["items"]
    admin.done("POST", path, json={"role": "viewer", "courts": [str(DEMOVILLE)]})
    admin.done("DELETE", f"{path}/{grant['id']}")
    assert caller.call("GET", "/auth/me").json()["code"] == "token-stale"
    caller.refresh()
    return caller


@dataclass(slots=True)
class Walk:
    """Calls all operations as one caller; `leaks` is what the caller could read."""

    caller: Caller
    document: Mapping[str, Any]
    planting: Planting
    planted: list[Planted]
    auth: AuthIds
    leaks: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)

    def over(self, every_operation: list[Operation]) -> None:
        for operation in every_operation:
            for planted in self.planted:
                self.step(operation, planted)

    def step(self, operation: Operation, planted: Planted) -> None:
        made = call(operation, self.document, self.planting, planted, self.auth)
        response = self.send(operation, made)
        is_lost = response.status_code == 401 and operation.name not in BY_OTHER_CREDENTIALS
        if response.status_code >= 500 or is_lost:
            self.leaks.append(f"{operation.name} ({planted.name}): {response.status_code}")
        sent = str((made.path, made.options))
        text = f"{response.text} {response.headers}"
        found = sorted(each for each in self.all_markers() if each in text and each not in sent)
        if found:
            self.shown.add(operation.name)
            self.leaks.append(f"{operation.name} ({planted.name}): {response.status_code} {found}")

    def send(self, operation: Operation, made: Call) -> httpx.Response:
        options = dict(made.options)
        if operation.takes("If-Match"):
            version = self.caller.call(
                "GET", made.path.removesuffix("/seal").removesuffix("/unseal")
            )
            options["headers"] = {"If-Match": version.headers.get("ETag", "*")}
        path = made.path
        if path.startswith("/.well-known"):
            return self.caller.client.request(made.method, path, **options)
        return self.caller.call(made.method, path, **options)

    def all_markers(self) -> Iterator[str]:
        return (each for planted in self.planted for each in planted.markers)


def walk(caller: Caller, request: pytest.FixtureRequest) -> Walk:
    get = request.getfixturevalue
    return Walk(caller, get("document"), get("planting"), get("planted"), get("auth_ids"))


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_reads_nothing_of_another_court(
    request: pytest.FixtureRequest, sign_in: SignIn, every_operation: list[Operation], name: str
) -> None:
    caller = request.getfixturevalue("moved") if name == "moved" else sign_in(name)
    walked = walk(caller, request)

    walked.over([each for each in every_operation if each.name not in ENDS_THE_SESSION])

    assert walked.leaks == []
    ending = [each for each in every_operation if each.name in ENDS_THE_SESSION]
    for operation in ending:
        last = walk(sign_in(caller.name), request)
        last.step(operation, last.planted[0])
        assert last.leaks == []


def test_the_search_finds_what_was_placed_on_purpose(
    request: pytest.FixtureRequest, admin: Caller, every_operation: list[Operation]
) -> None:
    walked = walk(admin, request)

    walked.over([each for each in every_operation if each.method == "GET"])

    assert walked.shown >= SHOWN_TO_ADMINISTRATORS
