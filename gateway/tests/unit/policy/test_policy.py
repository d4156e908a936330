"""The order of the verdict: of several reasons each edge gets the same one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from time import time

import pytest

from common.access_tokens import USER_AUDIENCE, TokenRules
from common.assertions import AssertionMinter
from common.clock import FrozenClock
from common.identity import Role, StepUp
from gateway.policy.addresses import AddressRules
from gateway.policy.checks import FLOOR_KEY, GENERATION_KEY, Checks, Stop, TokenState
from gateway.policy.correlation import Correlation
from gateway.policy.decision import Decision, PolicyRequest
from gateway.policy.devices import KnownDevices
from gateway.policy.headers import HeaderMap
from gateway.policy.identity import Identity
from gateway.policy.policy import Policy
from gateway.policy.quota_table import QuotaTable
from gateway.policy.quotas import Quota, QuotaPolicy
from gateway.policy.tokens import TokenVerifier
from gateway.policy.trips import Call, RedisUnavailable
from gateway.refusals import Maintenance, PathUnsafe, Refusal
from gateway.routes import UNROUTED, AuthRequirement, RateClass, Route, Upstream
from testkit.gateway.issuer import ISSUER, FixedKeys, Issuer

READ = Route("read", "/api/v1/*", ("GET",), Upstream.CORE)
WRITE = Route("write", "/api/v1/*", ("POST",), Upstream.CORE, rate=RateClass.WRITE)
ADMIN = Route("admin", "/api/v1/users/*", ("GET",), Upstream.AUTH, administration=True)
OPTIONAL = Route("logout", "/logout", ("POST",), Upstream.AUTH, AuthRequirement.OPTIONAL)
PUBLIC = Route("login", "/login", ("POST",), Upstream.AUTH, AuthRequirement.PUBLIC, RateClass.LOGIN)
ALWAYS = replace(PUBLIC, open_in_maintenance=True)
ADMINS_ONLY = Route("audit", "/audit/*", ("GET",), Upstream.AUTH, roles=(Role.ADMIN,))
DENIED = "203.0.113.9"
BAD_FORM = PathUnsafe("bad")


@dataclass
class FakeTrips:
    """Answers as the test says and records its requests."""

    refuse: bool = False
    state: TokenState = TokenState.CLEAR
    unavailable: bool = False
    calls: list[Call] = field(default_factory=list)

    async def call(self, call: Call) -> list[int]:
        keys, arguments = call.keys, call.arguments
        self.calls.append(call)
        if self.unavailable:
            raise RedisUnavailable
        revocations = int(arguments[0])
        quotas = len(keys) - revocations
        one = [0, 2_500_000, 1] if self.refuse else [9, 60_000_000, 0]
        return [0 if self.refuse else 1, int(self.state) if revocations else 0, *one * quotas]

    @property
    def quota_keys(self) -> list[str]:
        call = self.calls[-1]
        return list(call.keys[int(call.arguments[0]) :])

    @property
    def stop(self) -> Stop:
        return Stop(int(self.calls[-1].arguments[3]))


@pytest.fixture
def trips() -> FakeTrips:
    return FakeTrips()


@pytest.fixture
def policy(keys: FixedKeys, trips: FakeTrips) -> Policy:
    clock = FrozenClock(datetime.fromtimestamp(time(), UTC))
    return Policy(
        addresses=AddressRules((), denied=(ip_network("203.0.113.0/24"),)),
        tokens=TokenVerifier(TokenRules(ISSUER, USER_AUDIENCE), keys, clock),
        quotas=QuotaTable(
            QuotaPolicy("user", Quota(10)),
            QuotaPolicy("ip", Quota(20)),
            {"write": QuotaPolicy("write", Quota(5)), "login": QuotaPolicy("login", Quota(3))},
        ),
        devices=KnownDevices("k"),
        checks=Checks(trips, {}),
        identity=Identity({name: AssertionMinter(name, "k") for name in ("auth", "core")}, clock),
        clock=clock,
    )


async def decide(
    policy: Policy,
    route: Route,
    *authorization: str,
    peer: str = "192.0.2.1",
    fault: Refusal | None = None,
    step_up: StepUp | None = None,
) -> Decision:
    headers = HeaderMap([(b"authorization", value.encode()) for value in authorization])
    correlation = Correlation("request-1", b"")
    return await policy.decide(PolicyRequest(headers, peer, route, correlation, fault, step_up))


def code(decision: Decision) -> str | None:
    return decision.refusal.code if decision.refusal is not None else None


@pytest.mark.parametrize(
    ("fault", "peer", "refuse", "expectation"),
    [
        (BAD_FORM, DENIED, True, (("Basic x",), "path-unsafe")),
        (None, DENIED, True, (("Bearer a.b.c", "Bearer a.b.c"), "duplicate-authorization")),
        (None, DENIED, True, (("Basic x",), "address-denied")),
        (None, "192.0.2.1", True, (("Basic x",), "quota-exceeded")),
        (None, "192.0.2.1", True, ((), "quota-exceeded")),
        (None, "192.0.2.1", False, (("Basic x",), "unauthenticated")),
        (None, "192.0.2.1", False, (("Bearer a.b.c",), "token-invalid")),
        (None, "192.0.2.1", False, ((), "unauthenticated")),
    ],
)
async def test_400_is_before_the_address_before_the_quota_before_credentials(
    policy: Policy,
    trips: FakeTrips,
    fault: Refusal | None,
    peer: str,
    refuse: bool,
    expectation: tuple[tuple[str, ...], str],
) -> None:
    authorization, expected = expectation
    trips.refuse = refuse
    decision = await decide(policy, READ, *authorization, peer=peer, fault=fault)
    assert code(decision) == expected
    assert decision.assertion is None
    assert trips.quota_keys == [f"q:ip:{peer}"], "whatever failed early spends its address"


async def test_credentials_are_before_roles(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    bearer = f"Bearer {issuer.token()}"
    assert code(await decide(policy, ADMINS_ONLY, bearer)) == "permission-denied"
    trips.state = TokenState.REVOKED
    assert code(await decide(policy, ADMINS_ONLY, bearer)) == "token-revoked"
    trips.refuse = True
    assert code(await decide(policy, ADMINS_ONLY, bearer)) == "quota-exceeded"


async def test_a_role_lets_in(policy: Policy, issuer: Issuer) -> None:
    admin = issuer.token(grants=[{"role": "admin", "courts": "*"}])
    assert code(await decide(policy, ADMINS_ONLY, f"Bearer {admin}")) is None


async def test_what_wants_a_second_factor_is_refused_until_it_was_just_shown(
    policy: Policy, issuer: Issuer
) -> None:
    now = int(time())
    wanted, shown = StepUp(300), {"acr": "aal2", "amr": ["pwd", "otp", "mfa"]}
    for claims, expected in (
        ({}, "step-up-required"),
        ({"acr": "aal1", "auth_time": now}, "step-up-required"),
        (shown, "step-up-required"),
        (shown | {"auth_time": now - 310}, "step-up-required"),
        (shown | {"auth_time": now - 290}, None),
    ):
        bearer = f"Bearer {issuer.token(**claims)}"
        assert code(await decide(policy, WRITE, bearer, step_up=wanted)) == expected, claims
        assert code(await decide(policy, WRITE, bearer)) is None
    old = f"Bearer {issuer.token(**shown, auth_time=now - 9000)}"
    assert code(await decide(policy, WRITE, old, step_up=StepUp(0))) is None


async def test_the_refusal_says_what_is_wanted(policy: Policy, issuer: Issuer) -> None:
    refusal = (await decide(policy, WRITE, f"Bearer {issuer.token()}", step_up=StepUp(60))).refusal
    assert refusal is not None
    assert (refusal.status, refusal.extra) == (403, {"acr_values": "aal2", "max_age": 60})
    assert refusal.headers["www-authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age="60"'
    )


async def test_an_allowed_request_spends_user_and_class_in_one_trip(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    claims = issuer.claims()
    decision = await decide(policy, WRITE, f"Bearer {issuer.sign(claims)}")
    assert decision.refusal is None
    assert decision.assertion is not None
    (call,) = trips.calls
    user = claims["sub"]
    assert list(call.keys) == [
        f"rev:sid:{claims['sid']}",
        f"rev:jti:{claims['jti']}",
        f"ver:sub:{user}",
        FLOOR_KEY,
        GENERATION_KEY,
        f"q:user:{user}",
        f"q:write:{user}",
    ]


async def test_what_must_be_refused_is_sent_to_redis_beforehand(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    now = int(time())
    young = f"Bearer {issuer.token()}"
    old = f"Bearer {issuer.token(iat=now - 61)}"
    for route, bearer, stop in (
        (READ, young, Stop.UNCLEAR),
        (READ, old, Stop.UNAVAILABLE),
        (WRITE, young, Stop.UNAVAILABLE),
        (ADMIN, young, Stop.UNAVAILABLE),
        (OPTIONAL, old, Stop.NEVER),
    ):
        await decide(policy, route, bearer)
        assert trips.stop is stop


async def test_a_revoked_token_counts_as_none_where_it_is_optional(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    trips.state = TokenState.REVOKED
    decision = await decide(policy, OPTIONAL, f"Bearer {issuer.token()}")
    assert decision.refusal is None
    assert decision.token is None


async def test_lost_revocations_refuse_reads_as_well_as_writes(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    trips.state = TokenState.UNKNOWN
    bearer = f"Bearer {issuer.token()}"
    for route in (READ, WRITE, ADMIN):
        refusal = (await decide(policy, route, bearer)).refusal
        assert refusal is not None
        assert refusal.code == "revocation-unavailable"
        assert refusal.headers == {"retry-after": "1"}


async def test_with_lost_revocations_optional_routes_are_allowed_as_degraded(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    trips.state = TokenState.UNKNOWN
    decision = await decide(policy, OPTIONAL, f"Bearer {issuer.token()}")
    assert (decision.refusal, decision.degraded) == (None, True)
    assert decision.reason == "allowed-degraded"


async def test_without_redis_reads_with_a_recent_token_pass_and_local_quotas_count(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    trips.unavailable = True
    bearer = f"Bearer {issuer.token()}"
    assert code(await decide(policy, WRITE, bearer)) == "revocation-unavailable"
    answers = [code(await decide(policy, PUBLIC)) for _ in range(4)]
    assert answers == [None, None, None, "quota-exceeded"]
    assert (await decide(policy, READ, bearer)).degraded


async def test_without_keys_a_token_is_unknown_and_not_wrong(
    policy: Policy, keys: FixedKeys, issuer: Issuer
) -> None:
    keys.usable = False
    bearer = f"Bearer {issuer.token()}"
    assert code(await decide(policy, READ, bearer)) == "keys-unavailable"
    assert code(await decide(policy, OPTIONAL, bearer)) is None


async def test_a_request_to_no_route_spends_the_address_and_has_no_user(
    policy: Policy, trips: FakeTrips, issuer: Issuer
) -> None:
    decision = await decide(policy, UNROUTED, f"Bearer {issuer.token()}")
    assert (decision.refusal, decision.token, decision.assertion) == (None, None, None)
    assert trips.quota_keys == ["q:ip:192.0.2.1"]


async def test_a_refusal_says_when_to_retry_and_which_policy_refused(
    policy: Policy, trips: FakeTrips
) -> None:
    trips.refuse = True
    refusal = (await decide(policy, PUBLIC)).refusal
    assert refusal is not None
    assert refusal.headers == {"retry-after": "3"}
    assert refusal.extra == {"violated-policies": ["login", "ip"]}


@pytest.mark.parametrize("route", [READ, WRITE, ADMIN, OPTIONAL, PUBLIC, UNROUTED])
async def test_during_maintenance_all_but_administrators_are_refused(
    policy: Policy, issuer: Issuer, route: Route
) -> None:
    closed = replace(policy, maintenance=Maintenance("Back at noon", retry_after_seconds=600))
    for authorization in ((), ("Bearer a.b.c",), (f"Bearer {issuer.token()}",)):
        refusal = (await decide(closed, route, *authorization)).refusal
        assert refusal is not None
        assert (refusal.status, refusal.detail) == (503, "Back at noon")
        assert refusal.headers == {"retry-after": "600"}


async def test_during_maintenance_administrators_sign_in_and_work(
    policy: Policy, issuer: Issuer
) -> None:
    closed = replace(policy, maintenance=Maintenance("Back at noon", retry_after_seconds=600))
    administrator = issuer.token(grants=[{"role": "admin", "courts": "*"}])
    assert code(await decide(closed, ALWAYS)) is None
    assert code(await decide(closed, WRITE, f"Bearer {administrator}")) is None
    expired = issuer.token(grants=[{"role": "admin", "courts": "*"}], exp=1)
    assert code(await decide(closed, WRITE, f"Bearer {expired}")) == "token-expired"
