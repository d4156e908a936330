"""The gateway's settings, and which of them prevent its start."""

import json
from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from gateway.policy.quotas import Quota
from gateway.routes import AuthRequirement, RateClass
from gateway.settings import GatewaySettings, local_policies, quota_table

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_ASSERTION_SECRET", SECRET)


def from_environment(monkeypatch: pytest.MonkeyPatch, **variables: str) -> GatewaySettings:
    for name, value in variables.items():
        monkeypatch.setenv(f"GATEWAY_{name}", value)
    return GatewaySettings()


def test_lists_and_quotas_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(
        monkeypatch,
        ALLOWED_ORIGINS=r"http://localhost:3000, https://a.example,regex:^https://b{1,2}\.example$",
        TRUSTED_PROXIES="10.0.0.0/8, fd00::/8",
        QUOTA_USER="100/10",
        QUOTA_WRITE="off",
    )
    assert settings.allowed_origins == (
        "http://localhost:3000",
        "https://a.example",
        r"regex:^https://b{1,2}\.example$",
    )
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.quota_user == Quota(100, 10)
    assert RateClass.WRITE not in settings.class_quotas()


def test_an_empty_list_is_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch, ALLOWED_ORIGINS="", TRUSTED_PROXIES="")
    assert settings.allowed_origins == ()
    assert settings.trusted_proxies == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "http://localhost:3000,*"),
        ("ALLOWED_ORIGINS", "https://a.example/"),
        ("ALLOWED_ORIGINS", "a.example"),
        ("ALLOWED_ORIGINS", "https://A.example"),
        ("ALLOWED_ORIGINS", r"regex:https://.*\.example"),
        ("ALLOWED_ORIGINS", "regex:^https://([a-z]$"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "everyone"),
        ("QUOTA_USER", "many"),
        ("ASSERTION_SECRET", "short"),
        ("REPLICAS", "0"),
    ],
)
def test_unusable_settings_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ValidationError):
        from_environment(monkeypatch, **{name: value})


def test_the_wildcard_is_possible_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch, ALLOWED_ORIGINS="*", ALLOW_CREDENTIALS="false")
    assert settings.allowed_origins == ("*",)


def test_the_secret_has_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_ASSERTION_SECRET")
    with pytest.raises(ValidationError, match="assertion_secret"):
        GatewaySettings()


def test_the_route_table_can_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"name": "x", "path": "/x/*", "methods": ["GET"], "upstream": "core", "auth": "public"}
    settings = from_environment(monkeypatch, ROUTES=json.dumps([row]))
    (route,) = settings.routes
    assert route.auth is AuthRequirement.PUBLIC
    assert not route.changes


def local_limits(settings: GatewaySettings) -> list[tuple[str, int, int]]:
    local = local_policies(settings, quota_table(settings))
    return sorted((shared.name, shared.limit, own.limit) for shared, own in local.items())


def test_a_replica_holds_its_share_and_sign_in_stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = local_limits(from_environment(monkeypatch, REPLICAS="4", QUOTA_USER="600/60"))
    assert ("user", 600, 150) in limits
    assert ("login", 30, 10) in limits


def test_a_network_has_separate_quotas_and_its_share_of_sign_ins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    networks = {"10.20.0.0/16": {"ip": "6000/60", "login": "300/60", "token": "off"}}
    settings = from_environment(monkeypatch, NETWORK_QUOTAS=json.dumps(networks))
    (quotas,) = settings.network_quotas.values()
    assert quotas == {"ip": Quota(6000), "login": Quota(300), "token": None}
    assert ("login", 300, 100) in local_limits(settings)


@pytest.mark.parametrize(
    "networks",
    [{"10.20.0.1/16": {}}, {"x": {}}, {"10.0.0.0/8": {"write": "1/1"}}, {"::/0": {"ip": "1"}}],
)
def test_a_network_that_is_none_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, networks: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(ValidationError):
        from_environment(monkeypatch, NETWORK_QUOTAS=json.dumps(networks))
