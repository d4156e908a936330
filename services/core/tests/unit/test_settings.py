"""A missing or weak secret stops the start and is named."""

import pytest
from pydantic import ValidationError

from core_service.settings import CoreSettings

GOOD = {
    "CORE_DATABASE_URL": "postgresql://core@db/core",
    "CORE_ISSUER": "https://courts.example",
    "CORE_AUTH_URL": "http://auth:8081",
    "CORE_CLIENT_SECRET": "0123456789abcdef0123456789abcdef",
    "CORE_ASSERTION_KEYS": "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210",
    "CORE_CURSOR_KEY": "0123456789abcdef0123456789abcdef",
    "CORE_AUDIT_KEYS": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_the_environment_is_read() -> None:
    settings = CoreSettings()

    assert settings.issuer == "https://courts.example"
    assert [key.get_secret_value()[:2] for key in settings.assertion_keys] == ["01", "fe"]
    assert settings.timezone == "Africa/Nairobi"


@pytest.mark.parametrize("name", GOOD)
def test_each_is_required(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)

    with pytest.raises(ValidationError, match=name.removeprefix("CORE_").lower()):
        CoreSettings()


@pytest.mark.parametrize("name", ["CORE_CLIENT_SECRET", "CORE_ASSERTION_KEYS", "CORE_CURSOR_KEY"])
def test_a_weak_secret_is_refused_and_not_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "hunter2")

    with pytest.raises(ValidationError) as refusal:
        CoreSettings()
    assert "hunter2" not in str(refusal.value)


def test_an_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE_TIMEZONE", "Africa/Atlantis")

    with pytest.raises(ValidationError):
        CoreSettings()
