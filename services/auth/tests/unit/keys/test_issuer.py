"""Access tokens: RFC 9068 to the letter, and never outliving what they speak of."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest

from auth_service.keys import keypair
from auth_service.keys.cipher import KeyCipher
from auth_service.keys.issuer import KeyRing, Permit, TokenIssuer
from auth_service.keys.models import KeyState, SigningKey
from auth_service.sessions.models import Delivery, Session
from auth_service.users.grants import LISTED_COURTS, CurrentGrants
from auth_service.users.models import User, UserGrant
from common.access_tokens import TokenRules
from common.clock import FrozenClock
from common.errors import Unavailable
from common.identity import Role
from testkit.auth.api import claims_of

NOW = datetime(2026, 3, 2, 8, 0, 0, 900_000, tzinfo=UTC)
SECOND = int(NOW.timestamp())
ISSUER = "https://court.example"


@pytest.fixture
def ring() -> KeyRing:
    return make_ring("ES256")


def make_ring(algorithm: str) -> KeyRing:
    cipher, pair = KeyCipher(("a secret of the tests",)), keypair.generate(algorithm)
    ring = KeyRing(cipher)
    stored = SigningKey(
        kid=pair.kid,
        algorithm=pair.algorithm,
        state=KeyState.ACTIVE,
        public_jwk=pair.public_jwk,
        encrypted_private_key=cipher.encrypt(pair.kid, pair.private_der),
        created_at=NOW,
    )
    ring.replace([stored])
    return ring


@pytest.fixture
def issuer(ring: KeyRing) -> TokenIssuer:
    return TokenIssuer(ring, ISSUER, FrozenClock(NOW), user_seconds=600, service_seconds=300)


def make_user(token_version: int = 0) -> User:
    return User(
        id=UUID(int=1),
        email="a@b.example",
        name="A",
        token_version=token_version,
        created_at=NOW,
        updated_at=NOW,
        active_changed_at=NOW,
    )


def make_session(expires_in: timedelta = timedelta(days=90)) -> Session:
    return Session(
        id=UUID(int=2),
        user_id=UUID(int=1),
        delivery=Delivery.BODY,
        created_at=NOW - timedelta(hours=1),
        authenticated_at=NOW - timedelta(minutes=5),
        last_used_at=NOW,
        idle_expires_at=NOW + expires_in,
        expires_at=NOW + expires_in,
    )


def make_grant(expires_at: datetime | None = None) -> UserGrant:
    return UserGrant(
        user_id=UUID(int=1),
        role=Role.DATA_ENTRY,
        court_ids=[UUID(int=5)],
        expires_at=expires_at,
        created_at=NOW,
    )


def current(*grants: UserGrant) -> CurrentGrants:
    return CurrentGrants.of(grants, NOW)


def test_the_claims_are_those_of_the_profile(issuer: TokenIssuer, ring: KeyRing) -> None:
    token = issuer.for_user(make_user(), make_session(), current(make_grant()))
    assert jwt.get_unverified_header(token.value) == {
        "alg": "ES256",
        "kid": ring.signer.kid,
        "typ": "at+jwt",
    }
    rules = TokenRules(ISSUER, "masijala", leeway_seconds=0)
    claims = rules.verify(token.value, ring.resolve, NOW)
    assert UUID(claims.pop("jti")).version == 7
    assert SECOND + 570 <= claims.pop("exp") == SECOND + token.expires_in <= SECOND + 600
    assert claims == {
        "iss": ISSUER,
        "sub": str(UUID(int=1)),
        "aud": "masijala",
        "client_id": "masijala",
        "iat": SECOND,
        "sid": str(UUID(int=2)),
        "auth_time": SECOND - 300,
        "amr": ["pwd"],
        "acr": "aal1",
        "ver": 0,
        "grants": [{"role": "data_entry", "courts": [str(UUID(int=5))]}],
    }


def test_lifetimes_differ_by_up_to_five_per_cent(issuer: TokenIssuer) -> None:
    lives = {issuer.for_user(make_user(), make_session(), current()).expires_in for _ in range(300)}
    assert min(lives) >= 570
    assert max(lives) <= 600
    assert len(lives) > 10


def test_no_token_outlives_its_session_or_a_grant_in_it(issuer: TokenIssuer) -> None:
    ending = make_session(timedelta(seconds=60))
    assert issuer.for_user(make_user(), ending, current()).expires_in == 60
    grant = make_grant(NOW + timedelta(seconds=30))
    assert issuer.for_user(make_user(), ending, current(grant)).expires_in == 30


def test_no_token_outlives_the_begin_of_a_grant_that_is_not_in_it(issuer: TokenIssuer) -> None:
    later = make_grant()
    later.begins_at = NOW.replace(microsecond=0) + timedelta(seconds=45)
    token = issuer.for_user(make_user(), make_session(), current(later))
    assert claims_of(token.value)["grants"] == []
    assert claims_of(token.value)["exp"] == later.begins_at.timestamp()


def test_a_token_has_its_users_version_and_is_issued_now(issuer: TokenIssuer) -> None:
    claims = claims_of(issuer.for_user(make_user(150), make_session(), current()).value)
    assert (claims["iat"], claims["ver"]) == (SECOND, 150)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_token_for_five_hundred_courts_in_each_role_stays_under_four_kibibytes(
    algorithm: str,
) -> None:
    issuer = TokenIssuer(make_ring(algorithm), ISSUER, FrozenClock(NOW), 600, 300)
    courts = [uuid4() for _ in range(500)]
    grants = [
        UserGrant(user_id=UUID(int=1), role=role, court_ids=courts[at::7], created_at=NOW)
        for at in range(6)
        for role in Role
    ]
    assert len(issuer.for_user(make_user(), make_session(), current(*grants)).value) < 4096
    few = [
        UserGrant(
            user_id=UUID(int=1),
            role=Role.VIEWER,
            court_ids=courts[:LISTED_COURTS],
            created_at=NOW,
        )
    ]
    token = issuer.for_user(make_user(), make_session(), current(*few)).value
    assert len(token) < 4096
    assert len(claims_of(token)["grants"][0]["courts"]) == LISTED_COURTS


def test_a_services_token_is_for_one_audience(issuer: TokenIssuer, ring: KeyRing) -> None:
    token = issuer.for_service(Permit("core", "auth", "users:read"))
    claims = TokenRules(ISSUER, "auth", leeway_seconds=0).verify(token.value, ring.resolve, NOW)
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("core", "core", "users:read")
    assert claims["exp"] - claims["iat"] == 300
    assert "sid" not in claims
    assert "grants" not in claims


def test_nothing_is_signed_before_there_are_keys() -> None:
    empty = TokenIssuer(KeyRing(KeyCipher(("x",))), ISSUER, FrozenClock(NOW), 600, 300)
    with pytest.raises(Unavailable):
        empty.for_service(Permit("core", "auth", ""))
