"""Who may use which endpoint: every one of the OpenAPI, tried as everybody."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pytest

from auth_service.app import create_app
from auth_service.clients.service import ClientService
from auth_service.units import AuthUnits
from common.http_client import basic_credentials
from common.ids import uuid7
from testkit.auth.api import Api

SECRET = "client-secret-of-this-test-0123456789"
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED: Final = {401: "unauthenticated", 403: "permission-denied"}


class Access(StrEnum):
    """Whom an endpoint lets in; a scope lets in services that hold it."""

    EVERYBODY = "everybody"
    USERS = "users"
    ADMINS = "admins"
    INTROSPECT = "tokens:introspect"
    REVOKE = "tokens:revoke"
    READ_USERS = "users:read"
    READ_REVOCATIONS = "revocations:read"
    READ_GRANTS = "grants:read"


USER: Final = "/api/v1/users/{user_id}"
GROUP: Final = "/api/v1/court-groups/{group_id}"
CLIENT: Final = "/api/v1/service-clients/{client_key}"
EXPECTED: Final = {
    "POST /api/v1/auth/login": Access.EVERYBODY,
    "POST /api/v1/auth/login/factor": Access.EVERYBODY,
    "POST /api/v1/auth/login/enrolment": Access.EVERYBODY,
    "POST /api/v1/auth/login/passkey": Access.EVERYBODY,
    "GET /api/v1/auth/oidc": Access.EVERYBODY,
    "GET /api/v1/auth/oidc/{provider}/start": Access.EVERYBODY,
    "POST /api/v1/auth/oidc/token": Access.EVERYBODY,
    "POST /api/v1/auth/refresh": Access.EVERYBODY,
    "POST /api/v1/auth/logout": Access.EVERYBODY,
    "POST /api/v1/auth/password/forgot": Access.EVERYBODY,
    "POST /api/v1/auth/password/reset": Access.EVERYBODY,
    "POST /api/v1/auth/password/check": Access.EVERYBODY,
    "POST /api/v1/auth/email/confirm": Access.EVERYBODY,
    "POST /api/v1/auth/email/undo": Access.EVERYBODY,
    "POST /api/v1/auth/token": Access.EVERYBODY,  # its own credentials are in the request
    "GET /.well-known/jwks.json": Access.EVERYBODY,
    "GET /.well-known/oauth-authorization-server": Access.EVERYBODY,
    "GET /api/v1/auth/me": Access.USERS,
    "PATCH /api/v1/auth/me": Access.USERS,
    "GET /api/v1/auth/activity": Access.USERS,
    "GET /api/v1/auth/sessions": Access.USERS,
    "DELETE /api/v1/auth/sessions": Access.USERS,
    "PATCH /api/v1/auth/sessions/{session_id}": Access.USERS,
    "DELETE /api/v1/auth/sessions/{session_id}": Access.USERS,
    "POST /api/v1/auth/password/change": Access.USERS,
    "POST /api/v1/auth/email/change": Access.USERS,
    "POST /api/v1/auth/step-up": Access.USERS,
    "POST /api/v1/auth/step-up/passkey": Access.USERS,
    "GET /api/v1/auth/factors": Access.USERS,
    "POST /api/v1/auth/factors/totp": Access.USERS,
    "POST /api/v1/auth/factors/totp/confirm": Access.USERS,
    "POST /api/v1/auth/factors/passkeys/options": Access.USERS,
    "POST /api/v1/auth/factors/passkeys": Access.USERS,
    "POST /api/v1/auth/factors/recovery-codes": Access.USERS,
    "DELETE /api/v1/auth/factors/{factor_id}": Access.USERS,
    "GET /api/v1/users": Access.ADMINS,
    "POST /api/v1/users": Access.ADMINS,
    f"GET {USER}": Access.ADMINS,
    f"PATCH {USER}": Access.ADMINS,
    f"GET {USER}/grants": Access.ADMINS,
    f"POST {USER}/grants": Access.ADMINS,
    f"GET {USER}/grants/{{grant_id}}": Access.ADMINS,
    f"PATCH {USER}/grants/{{grant_id}}": Access.ADMINS,
    f"DELETE {USER}/grants/{{grant_id}}": Access.ADMINS,
    f"GET {USER}/sessions": Access.ADMINS,
    f"DELETE {USER}/sessions": Access.ADMINS,
    f"DELETE {USER}/sessions/{{session_id}}": Access.ADMINS,
    f"POST {USER}/password-reset": Access.ADMINS,
    f"POST {USER}/unlock": Access.ADMINS,
    f"POST {USER}/anonymise": Access.ADMINS,
    f"POST {USER}/one-time-code": Access.ADMINS,
    f"DELETE {USER}/factors": Access.ADMINS,
    "GET /api/v1/court-groups": Access.ADMINS,
    "POST /api/v1/court-groups": Access.ADMINS,
    f"GET {GROUP}": Access.ADMINS,
    f"PATCH {GROUP}": Access.ADMINS,
    f"DELETE {GROUP}": Access.ADMINS,
    f"GET {USER}/identities": Access.ADMINS,
    f"DELETE {USER}/identities/{{identity_id}}": Access.ADMINS,
    "GET /api/v1/group-mappings": Access.ADMINS,
    "POST /api/v1/group-mappings": Access.ADMINS,
    "GET /api/v1/group-mappings/{mapping_id}": Access.ADMINS,
    "DELETE /api/v1/group-mappings/{mapping_id}": Access.ADMINS,
    "GET /api/v1/service-clients": Access.ADMINS,
    "POST /api/v1/service-clients": Access.ADMINS,
    f"GET {CLIENT}": Access.ADMINS,
    f"PATCH {CLIENT}": Access.ADMINS,
    f"POST {CLIENT}/rotate-secret": Access.ADMINS,
    f"DELETE {CLIENT}": Access.ADMINS,
    "GET /api/v1/audit-events": Access.ADMINS,
    "GET /api/v1/audit-events/export": Access.ADMINS,
    "POST /api/v1/auth/introspect": Access.INTROSPECT,
    "POST /api/v1/auth/revoke": Access.REVOKE,
}
# No page shows them to the outside, and the edge routes none of them.
INTERNAL: Final = {
    "GET /internal/v1/users": Access.READ_USERS,
    "GET /internal/v1/revocations": Access.READ_REVOCATIONS,
    "GET /internal/v1/principals": Access.READ_GRANTS,
}
SCOPES: Final = tuple(access for access in Access if ":" in access)
QUERIES: Final = {
    "GET /internal/v1/users": {"ids": str(uuid7())},
    "GET /internal/v1/revocations": {"since": "2026-01-01T00:00:00Z"},
}
# The example would change the password that the test goes on signing in by.
BODIES: Final = {
    "POST /api/v1/auth/password/change": {"current_password": "wrong", "new_password": "x"}
}

Headers = dict[str, str]
Caller = Callable[[Access], Awaitable[Headers]]


@dataclass(frozen=True, slots=True)
class Callers:
    """Everybody who may come along, each with the headers that the gateway hands on."""

    api: Api
    auth: AuthUnits

    async def user(self, email: str | None) -> Headers:
        """A user just signed in, or an anonymous caller."""
        token = await self.api.token(email) if email is not None else None
        return {"X-Gateway-Assertion": self.api.assertion(token)}

    async def service(self, *scopes: str) -> Headers:
        """A service with these scopes alone."""
        async with self.auth.begin() as unit:
            await unit.get(ClientService).ensure("tests", SECRET, scopes, ("auth",))
        answer = await self.api.client.post(
            "/api/v1/auth/token",
            data={"grant_type": "client_credentials", "resource": "auth"},
            headers={"Authorization": basic_credentials("tests", SECRET)},
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def headers(self, caller: str, access: Access, emails: dict[str, str]) -> Headers:
        """The headers of a caller for an endpoint."""
        if caller == "service with the scope":
            return await self.service(access if access in SCOPES else Access.READ_USERS)
        if caller == "service without it":
            return await self.service(*(scope for scope in SCOPES if scope != access))
        return await self.user(emails.get(caller))


def expected_refusal(caller: str, access: Access) -> int | None:
    """The status of the refusal; None when the caller is admitted."""
    if access is Access.EVERYBODY:
        return None
    if access in SCOPES:
        if not caller.startswith("service"):
            return 401
        return 403 if caller == "service without it" else None
    if caller == "anonymous" or caller.startswith("service"):
        return 401
    return 403 if access is Access.ADMINS and caller != "admin" else None


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", method.upper(), path, methods[method]
    for name in INTERNAL:
        method, _, path = name.partition(" ")
        yield name, method, path, {}


def body_of(document: dict[str, Any], name: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The example of the body, as the request's options."""
    if name in BODIES:
        return {"json": BODIES[name]}
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type != "application/json":
            return {"data": content["example"]}
        schema = content["schema"]
        for choice in schema.get("anyOf", [schema]):
            if "$ref" in choice:
                found = document["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
                return {"json": found["examples"][0]}
    return {}


@pytest.fixture
def document(auth: AuthUnits) -> dict[str, Any]:
    return create_app(auth)[0].openapi()


@pytest.fixture
def callers(api: Api, auth: AuthUnits) -> Callers:
    return Callers(api, auth)


@pytest.fixture
def emails(admin: str, clerk: str, viewer: str) -> dict[str, str]:
    """The addresses of the roles."""
    return {"admin": admin, "clerk": clerk, "viewer": viewer}


def test_every_endpoint_has_an_expectation(document: dict[str, Any]) -> None:
    assert {name for name, *_ in operations(document)} == {*EXPECTED, *INTERNAL}


@pytest.mark.parametrize(
    "caller",
    ["anonymous", "viewer", "clerk", "admin", "service without it", "service with the scope"],
)
async def test_each_endpoint_accepts_exactly_the_expected_callers(
    callers: Callers, document: dict[str, Any], emails: dict[str, str], caller: str
) -> None:
    wrong: list[str] = []
    for name, method, path, operation in operations(document):
        access = {**EXPECTED, **INTERNAL}[name]
        # A fresh session each: some endpoints end the one they are called from.
        headers = await callers.headers(caller, access, emails) | {"If-Match": '"1"'}
        url = path
        for parameter in operation.get("parameters", ()):
            url = url.replace(f"{{{parameter['name']}}}", str(uuid7()))
        options = body_of(document, name, operation) | {"params": QUERIES.get(name)}
        response = await callers.api.client.request(method, url, headers=headers, **options)
        refusal = REFUSED.get(response.status_code)
        is_problem = response.headers.get("Content-Type") == "application/problem+json"
        refused = is_problem and response.json()["code"] == refusal
        expected = expected_refusal(caller, access)
        if response.status_code >= 500 or (response.status_code if refused else None) != expected:
            wrong.append(f"{name}: {response.status_code} {response.text[:80]}, not {expected}")
    assert wrong == []


async def test_a_request_without_a_caller_is_accepted_only_by_open_endpoints(
    api: Api, document: dict[str, Any]
) -> None:
    let_in = set()
    for name, method, path, _ in operations(document):
        url = path.replace("{", "").replace("}", "")
        response = await api.client.request(method, url)
        if response.headers["Content-Type"] != "application/problem+json":
            let_in.add(name)
        else:
            assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert let_in == {
        "POST /api/v1/auth/token",
        "GET /.well-known/jwks.json",
        "GET /.well-known/oauth-authorization-server",
    }
