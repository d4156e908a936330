"""ForwardAuth: the row is the edge's word, and the forwarded path can only make it stricter."""

from typing import Any

import pytest
from starlette.types import Message

from gateway.documents.console import Console
from gateway.policy.addresses import AddressRules
from gateway.policy.correlation import correlate
from gateway.policy.decision import Decision, PolicyRequest
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy.policy import Policy
from gateway.policy.quotas import QuotaFields
from gateway.policy.step_up import StepUpOperations
from gateway.policy_service.exchange import Exchange
from gateway.policy_service.verification import Verification
from gateway.refusals import AddressDenied, QuotaExceeded, Refusal
from gateway.routes import DEFAULT_ROUTES, RouteTable

STEP_UP = StepUpOperations.of(("DELETE /api/v1/users/{user_id}/factors",), 300)
ROWS = {route.name: route for route in DEFAULT_ROUTES}
WITHOUT_CONSOLE, WITH_CONSOLE = Console(), Console(b"<html></html>")
START = "/api/v1/auth/oidc/ministry/start?return_to=https%3A%2F%2Fevil.example"
PAGE = (b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")


class FakePolicy(Policy):
    """Records its requests; refuses what has a fault. It has none of a policy's parts."""

    requested: list[PolicyRequest]
    refusal: Refusal | None

    def __init__(self, refusal: Refusal | None = None) -> None:
        # An assignment fails: the class above is frozen.
        vars(self).update(requested=[], refusal=refusal)

    async def decide(self, request: PolicyRequest) -> Decision:
        self.requested.append(request)
        return Decision(
            "192.0.2.1",
            "allowed",
            request.fault or self.refusal,
            assertion=b"a.b.c",
            quota=QuotaFields(b'"user";q=9;w=60', b'"user";r=8;t=60'),
        )


async def ask(
    row: str,
    method: str,
    uri: str,
    *more: tuple[bytes, bytes],
    policy: FakePolicy | None = None,
    console: Console = WITHOUT_CONSOLE,
) -> tuple[FakePolicy, Any]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    headers = HeaderMap(
        [(b"x-forwarded-method", method.encode()), (b"x-forwarded-uri", uri.encode()), *more]
    )
    policy = policy or FakePolicy()
    exchange = Exchange({"client": ("192.0.2.1", 0)}, receive, send, headers, correlate(headers))
    handshakes = HandshakeRules(Origins(["https://a.example"]), AddressRules(()))
    routes = RouteTable(DEFAULT_ROUTES)
    await Verification(policy, routes, handshakes, STEP_UP, console).answer(exchange, row)
    return policy, sent[0]


async def test_what_is_allowed_is_answered_with_the_assertion_alone() -> None:
    policy, start = await ask("core-read", "GET", "/api/v1/cases?x=1")
    assert start["status"] == 200
    assert policy.requested[0].route is ROWS["core-read"]
    headers = [(b"content-length", b"0"), (b"x-gateway-assertion", b"a.b.c")]
    assert start["headers"] == headers


@pytest.mark.parametrize(
    ("row", "method", "uri"),
    [
        ("login", "GET", "/api/v1/cases"),
        ("login", "POST", "/api/v1/users"),
        ("core-read", "POST", "/api/v1/cases"),
        ("core-read", "GET", "/api/v1/users"),
        ("core-read", "GET", "/api/v1/../users"),
        ("core-read", "GET", "/api/v1/a%2fb"),
        ("core-read", "GET", ""),
        ("core-read", "GET", "*"),
        ("well-known", "GET", "/nowhere"),
    ],
)
async def test_a_path_that_leads_to_another_row_is_refused(row: str, method: str, uri: str) -> None:
    policy, start = await ask(row, method, uri)
    assert start["status"] == 400
    assert policy.requested[0].route is ROWS[row], "never the row of the forwarded path"


async def test_an_unknown_row_is_404_without_a_verdict() -> None:
    policy, start = await ask("unknown", "GET", "/api/v1/cases")
    assert start["status"] == 404
    assert policy.requested == []


@pytest.mark.parametrize(
    ("origin", "proto", "code"),
    [
        (b"https://a.example", b"wss", None),
        (b"https://evil.example", b"wss", "origin-denied"),
        (b"https://a.example", b"ws", "tls-required"),
    ],
)
async def test_a_handshake_is_recognised_by_its_key_since_traefik_does_not_forward_the_upgrade(
    origin: bytes, proto: bytes, code: str | None
) -> None:
    headers = [(b"sec-websocket-key", b"x"), (b"origin", origin), (b"x-forwarded-proto", proto)]
    policy, start = await ask("core-read", "GET", "/api/v1/live", *headers)
    fault = policy.requested[0].fault
    assert (fault and fault.code) == code
    assert start["status"] == (200 if code is None else 403)


@pytest.mark.parametrize(
    ("method", "uri", "max_age"),
    [
        ("DELETE", "/api/v1/users/7/factors", 300),
        ("DELETE", "/api/v1/users/7/%66actors?x=1", 300),
        ("DELETE", "/api/v1/users/7", None),
    ],
)
async def test_the_policy_gets_what_the_operation_wants(
    method: str, uri: str, max_age: int | None
) -> None:
    policy, _ = await ask("users-write", method, uri)
    wanted = policy.requested[0].step_up
    assert (wanted and wanted.max_age) == max_age


async def test_a_browser_reads_on_a_page_why_a_quota_refuses_its_sign_in() -> None:
    refusing = FakePolicy(QuotaExceeded(("login",), 7))
    _, start = await ask(
        "directory-sign-in", "GET", START, PAGE, policy=refusing, console=WITH_CONSOLE
    )
    headers = dict(start["headers"])
    assert (start["status"], headers[b"location"]) == (303, b"/signed-in#error=quota-exceeded")
    assert headers[b"ratelimit"] == b'"user";r=8;t=60'
    assert b"evil.example" not in b"".join(headers.values())


@pytest.mark.parametrize(
    ("row", "uri", "accept", "refusal", "console"),
    [
        ("directory-sign-in", START, b"application/json", QuotaExceeded(("ip",), 7), WITH_CONSOLE),
        ("directory-sign-in", START, PAGE[1], QuotaExceeded(("ip",), 7), WITHOUT_CONSOLE),
        ("directory-sign-in", START, PAGE[1], AddressDenied(), WITH_CONSOLE),
        ("core-read", "/api/v1/cases", PAGE[1], QuotaExceeded(("ip",), 7), WITH_CONSOLE),
    ],
)
async def test_all_else_gets_the_problem(
    row: str, uri: str, accept: bytes, refusal: Refusal, console: Console
) -> None:
    policy = FakePolicy(refusal)
    _, start = await ask(row, "GET", uri, (b"accept", accept), policy=policy, console=console)
    assert start["status"] == refusal.status
    assert (b"content-type", b"application/problem+json") in start["headers"]
