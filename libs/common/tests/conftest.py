"""Parts of a made-up service, for tests of what every service shares."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from unittest.mock import AsyncMock

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from fastapi import APIRouter, FastAPI, Response
from opentelemetry.propagate import inject
from starlette.responses import StreamingResponse

from common.access_tokens import TokenRules
from common.assertions import AssertionMinter, AssertionVerifier
from common.caching import NEVER_STORED
from common.caller import CallerVerifier, PrincipalDep, UserDep
from common.clock import FrozenClock
from common.errors import Conflict
from common.health import Health
from common.jws import VerificationKey
from common.schemas import RequestModel
from common.service_app import ServiceDefinition, build_app
from common.writes import ExpectedVersionDep, check_version, set_etag

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

    @router.get("/trace")
    async def trace_of_the_call() -> dict[str, str]:
        carrier: dict[str, str] = {}
        inject(carrier)
        return {"trace": carrier["traceparent"].split("-")[1]}

    @router.get("/half")
    async def half() -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("after the start")

        return StreamingResponse(body())

    return router


@dataclass
class Shelf:
    """One versioned thing, which shows a label that is not its own, and what was done with it."""

    version: int = 7
    label: str = "Court of Testville"
    reads: int = 0
    lines: int = 0


def make_shelf_router(shelf: Shelf) -> APIRouter:
    router = APIRouter(prefix="/things")

    @router.get("/{name}")
    async def read(name: str, response: Response) -> dict[str, str]:
        shelf.reads += 1
        set_etag(response, shelf.version)
        return {"name": name, "label": shelf.label}

    @router.get("")
    async def listed() -> list[str]:
        return [shelf.label]

    @router.get("/{name}/lines")
    async def lines(name: str) -> StreamingResponse:
        async def body() -> AsyncIterator[str]:
            for _ in range(3):
                shelf.lines += 1
                yield f"{name}\n"

        return StreamingResponse(body())

    @router.get("/{name}/secret", dependencies=[NEVER_STORED])
    async def secret(name: str) -> dict[str, str]:
        return {"name": name}

    return router


def make_change_router(shelf: Shelf) -> APIRouter:
    """The same paths in another router, as features have them."""
    router = APIRouter(prefix="/things")

    @router.patch("/{name}")
    async def change(name: str, response: Response, expected: ExpectedVersionDep) -> dict[str, str]:
        check_version(expected, shelf.version)
        shelf.version += 1
        set_etag(response, shelf.version)
        return {"name": name, "label": shelf.label}

    @router.post("/new")
    async def make(note: Note) -> dict[str, str]:
        return {"text": note.text}

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
def is_active() -> AsyncMock:
    """Says of a service token whether it was not revoked."""
    return AsyncMock(return_value=True)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(
    clock: FrozenClock, signing_key: EllipticCurvePrivateKey, is_active: AsyncMock, shelf: Shelf
) -> FastAPI:
    key = VerificationKey("k1", "ES256", signing_key.public_key())
    verifier = CallerVerifier(
        AssertionVerifier("demo", [ASSERTION_KEY]),
        TokenRules(ISSUER, "demo"),
        clock,
        lambda kid: key if kid == "k1" else None,
        is_active=is_active,
    )
    definition = ServiceDefinition(
        name="demo",
        title="Demo",
        version="1",
        routers=[make_router(), make_shelf_router(shelf), make_change_router(shelf)],
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
