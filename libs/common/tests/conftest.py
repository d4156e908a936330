"""Parts of a made-up service, for tests of what every service shares."""

from collections.abc import AsyncIterator
from unittest.mock import AsyncMock

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from fastapi import APIRouter, FastAPI
from starlette.responses import StreamingResponse

from common.access_tokens import TokenRules
from common.assertions import AssertionMinter, AssertionVerifier
from common.caller import CallerVerifier, PrincipalDep, UserDep
from common.clock import FrozenClock
from common.errors import Conflict
from common.health import Health
from common.jws import VerificationKey
from common.schemas import RequestModel
from common.service_app import ServiceDefinition, build_app

ASSERTION_KEY = "0123456789abcdef" * 4
ISSUER = "https://court.example"


class Note(RequestModel):
    text: str
    count: int = 0


def make_router() -> APIRouter:
    router = APIRouter()

    @router.get("/who")
    async def who(principal: PrincipalDep) -> dict[str, str | None]:
        return {"kind": principal.kind, "ip": principal.ip, "client_id": principal.client_id}

    @router.get("/mine")
    async def mine(principal: UserDep) -> dict[str, str]:
        return {"user_id": str(principal.user_id)}

    @router.post("/notes")
    async def notes(note: Note) -> dict[str, str]:
        return {"text": note.text}

    @router.get("/clash")
    async def clash() -> None:
        raise Conflict("Twice", extra={"other": 7})

    @router.get("/crash")
    async def crash() -> None:
        raise RuntimeError("the secret inner state")

    @router.get("/half")
    async def half() -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("after the start")

        return StreamingResponse(body())

    return router


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def minter() -> AssertionMinter:
    return AssertionMinter("demo", ASSERTION_KEY)


@pytest.fixture(scope="session")
def signing_key() -> EllipticCurvePrivateKey:
    return generate_ec_key(SECP256R1())


@pytest.fixture
def standing() -> AsyncMock:
    """Says of a service token whether it was not revoked."""
    return AsyncMock(return_value=True)


@pytest.fixture
def app(clock: FrozenClock, signing_key: EllipticCurvePrivateKey, standing: AsyncMock) -> FastAPI:
    key = VerificationKey("k1", "ES256", signing_key.public_key())
    verifier = CallerVerifier(
        AssertionVerifier("demo", [ASSERTION_KEY]),
        TokenRules(ISSUER, "demo"),
        clock,
        lambda kid: key if kid == "k1" else None,
        stands=standing,
    )
    definition = ServiceDefinition(
        name="demo",
        title="Demo",
        version="1",
        routers=[make_router()],
        verifier=verifier,
        health=Health(),
        open_paths=frozenset({"/clash"}),
    )
    return build_app(definition, {})


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
        yield client


@pytest.fixture
def anonymous(minter: AssertionMinter, clock: FrozenClock) -> dict[str, str]:
    return {"X-Gateway-Assertion": minter.mint({"ip": "192.0.2.7"}, clock.now())}
