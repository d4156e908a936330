"""A stand-in for auth that knows what the tests' callers may do."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from common.composition import Units
from common.http_client import Call, ServiceClient, ServiceResponse, UpstreamUnavailable
from common.identity import Grant
from core_service.settings import AUDIENCE
from core_service.users.grants import PATH, GrantDirectory
from testkit.core.settings import UNUSED_URL


class FakeAuth(ServiceClient):
    """Answers with the grants of callers' assertions and tokens, until a test changes them."""

    def __init__(self) -> None:
        super().__init__(UNUSED_URL)
        self.users: dict[str, list[dict[str, Any]]] = {}
        self.clients: dict[str, list[str]] = {}
        self.is_available = True
        self.calls_received = 0

    def grant(self, user_id: UUID, *grants: Grant) -> None:
        """From now on the user holds these grants alone; none means a deactivated account."""
        self.users[str(user_id)] = [grant.to_claim() for grant in grants]

    def allow(self, client_id: str, *scopes: str) -> None:
        """From now on the service client has these scopes alone; none means a removed client."""
        self.clients[client_id] = list(scopes)

    async def send(self, call: Call) -> ServiceResponse:
        """The answer to a question about principals."""
        self.calls_received += 1
        if not self.is_available:
            raise UpstreamUnavailable
        return ServiceResponse(
            HTTPStatus.OK, {}, json.dumps(self.answer(call.params or {})).encode()
        )

    def answer(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Auth's answer about these users and clients."""
        users = [(each, self.users.get(each)) for each in params.get("user_ids", "").split(",")]
        clients = [
            (each, self.clients.get(each)) for each in params.get("client_ids", "").split(",")
        ]
        return {
            "users": [{"id": user_id, "grants": grants} for user_id, grants in users if grants],
            "clients": [
                {"client_id": client_id, "scopes": scopes, "audiences": [AUDIENCE]}
                for client_id, scopes in clients
                if scopes
            ],
        }


def auth_app(auth: FakeAuth) -> Starlette:
    """The same answers over HTTP, for a worker in its own process."""

    async def token(_request: Request) -> JSONResponse:
        return JSONResponse({"access_token": "token", "expires_in": 300})

    async def principals(request: Request) -> JSONResponse:
        return JSONResponse(auth.answer(request.query_params))

    return Starlette(
        routes=[Route("/api/v1/auth/token", token, methods=["POST"]), Route(PATH, principals)]
    )


def with_auth(auth: FakeAuth, core: Units) -> Units:
    """Core with this auth."""
    core.registry.register_value(GrantDirectory, GrantDirectory(auth, AUDIENCE))
    return core
