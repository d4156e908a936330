"""Revocations: their keys and values, and for how long they are needed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from auth_service.revocations.rules import RevocationRules

RULES = RevocationRules(access_token_seconds=600)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
USER = UUID(int=7)


def test_an_ended_session_is_refused_for_the_life_of_an_access_token_and_its_leeway() -> None:
    revocation = RULES.session(USER, NOW)
    assert (revocation.key, revocation.value) == (f"rev:sid:{USER}", "1")
    assert revocation.milliseconds_left(NOW) == 660_000
    assert revocation.milliseconds_left(NOW + timedelta(seconds=660)) == 0


def test_a_revoked_token_is_refused_until_no_verifier_accepts_it() -> None:
    revocation = RULES.token("j", NOW + timedelta(seconds=30))
    assert (revocation.key, revocation.value) == ("rev:jti:j", "1")
    assert revocation.milliseconds_left(NOW) == 90_000


def test_a_changed_user_has_a_version() -> None:
    revocation = RULES.subject(USER, 7, NOW)
    assert (revocation.key, revocation.value) == (f"ver:sub:{USER}", "7")
    assert revocation.milliseconds_left(NOW) == 660_000
