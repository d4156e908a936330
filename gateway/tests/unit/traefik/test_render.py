"""Traefik's files: what is committed is what the settings of docker-compose.yml say."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.routes import Upstream
from gateway.settings import GatewaySettings
from gateway.traefik.render import render, write_configuration

ROOT = Path(__file__).parents[4]
COMMITTED = ROOT / "deploy" / "traefik"
SECRET = "0123456789abcdef0123456789abcdef"
VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_ASSERTION_SECRET", SECRET)


def composed(monkeypatch: pytest.MonkeyPatch) -> GatewaySettings:
    """The settings that docker-compose.yml gives, with its defaults, and two frontends."""
    monkeypatch.setenv("GATEWAY_ALLOWED_ORIGINS", "http://localhost:3000,http://localhost:5173")
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name, value in services["traefik-config"]["environment"].items():
        monkeypatch.setenv(name, VARIABLE.sub(r"\1", str(value)))
    return GatewaySettings()


def parsed(settings: GatewaySettings) -> dict[str, Any]:
    return {name: yaml.safe_load(text) for name, text in render(settings).items()}


def test_the_committed_files_are_what_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renew them: `gateway render-traefik` with these settings."""
    for name, text in render(composed(monkeypatch)).items():
        assert (COMMITTED / name).read_text() == text, name


def routers_of(settings: GatewaySettings) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = parsed(settings)["dynamic/routers.yml"]["http"]["routers"]
    return found


def test_every_route_is_verified_under_its_own_name_before_any_other_middleware() -> None:
    files = parsed(GatewaySettings())
    routers = files["dynamic/routers.yml"]["http"]["routers"]
    verifying = files["dynamic/middlewares.yml"]["http"]["middlewares"]
    for route in GatewaySettings().routes:
        if route.upstream is Upstream.GATEWAY:
            assert routers[route.name]["service"] == "policy"
            continue
        suffixes = ("", "-too-large", "-undeclared") if route.changes else ("",)
        for name in (route.name + suffix for suffix in suffixes):
            chain = ["cors", "compress", "policy-unavailable", f"verify-{route.name}"]
            assert routers[name]["middlewares"][:4] == chain
        address = verifying[f"verify-{route.name}"]["forwardAuth"]["address"]
        assert address == f"http://127.0.0.1:8083/verify/{route.name}"


def test_only_the_policy_gets_requests_without_a_verdict() -> None:
    for name, router in routers_of(GatewaySettings()).items():
        verified = any(each.startswith("verify-") for each in router["middlewares"])
        assert verified or router["service"] == ("preflights" if name == "preflights" else "policy")


def test_with_several_policy_services_the_verdict_comes_through_a_checked_balancer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = parsed(composed(monkeypatch))
    http = files["dynamic/services.yml"]["http"]["services"]
    verifying = files["dynamic/middlewares.yml"]["http"]["middlewares"]["verify-login"]
    assert http["policy-replicas"]["failover"] == {
        "service": "policy-replicas-servers",
        "fallback": "policy",
    }
    assert "healthCheck" not in http["policy"]["loadBalancer"]
    assert verifying["forwardAuth"]["address"] == "http://127.0.0.1:8082/verify/login"
    assert "tls" not in verifying["forwardAuth"]


@pytest.mark.parametrize(
    ("name", "fallback"),
    [("auth", "unavailable"), ("core", "unavailable"), ("policy-replicas", "policy")],
)
def test_servers_whose_checks_are_late_serve_while_no_other_is_ready(
    monkeypatch: pytest.MonkeyPatch, name: str, fallback: str
) -> None:
    urls = ["http://10.0.0.2:8000", "http://10.0.0.3:8000"]
    servers = dict.fromkeys(("auth", "core", "policy"), urls)
    text = render(composed(monkeypatch), servers)["dynamic/services.yml"]
    services = yaml.safe_load(text)["http"]["services"]
    groups = {"service": f"{name}-prompt", "fallback": f"{name}-late", "healthCheck": {}}
    assert services[name]["failover"] == {"service": f"{name}-servers", "fallback": fallback}
    assert services[f"{name}-servers"]["failover"] == groups
    for group, timeout in (("prompt", "2s"), ("late", "10s")):
        weighted = services[f"{name}-{group}"]["weighted"]
        assert weighted["healthCheck"] == {}, "its state reaches the failover"
        each = [services[one["name"]]["loadBalancer"] for one in weighted["services"]]
        assert [one["servers"] for one in each] == [[{"url": url}] for url in urls]
        checks = [one["healthCheck"] for one in each]
        assert {check["timeout"] for check in checks} == {timeout}
        assert {check["path"] for check in checks} == {"/readyz"}


def test_only_traefik_itself_reaches_the_balancer(monkeypatch: pytest.MonkeyPatch) -> None:
    files = parsed(composed(monkeypatch))
    routers = files["dynamic/routers.yml"]["http"]["routers"]
    point = files["traefik.yml"]["entryPoints"]["balancer"]
    assert point["address"] == "127.0.0.1:8082"
    assert point["forwardedHeaders"]["trustedIPs"] == ["127.0.0.1/32"]
    served = {name: router["entryPoints"] for name, router in routers.items()}
    assert [name for name, points in served.items() if "balancer" in points] == ["policy-replicas"]
    assert served["policy-replicas"] == ["balancer"]


def test_an_entry_point_removes_headers_that_no_client_may_send() -> None:
    (point,) = parsed(GatewaySettings())["traefik.yml"]["entryPoints"].values()
    assert point["http"]["middlewares"] == ["strip@file"]
    assert point["http"]["aliasHeadersStrategy"] == "delete"
    assert point["forwardedHeaders"] == {"insecure": False, "trustedIPs": []}
    assert set(point["http"]["encodedCharacters"].values()) == {True}, "the policy refuses them"


def test_every_chain_begins_with_permissions_but_that_of_preflights_which_the_policy_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = composed(monkeypatch)
    routers = routers_of(settings)
    without = {name for name in routers if routers[name]["middlewares"][0] != "cors"}
    # No page reads what Traefik asks itself.
    assert without == {"preflights", "plain-preflights", "plain-docs", "policy-replicas"}
    services = parsed(settings)["dynamic/services.yml"]["http"]["services"]
    failover = services[routers["preflights"]["service"]]["failover"]
    assert failover["service"] == "policy"
    assert services[failover["fallback"]]["middlewares"] == ["cors"]
    assert routers["preflights"]["priority"] > max(
        router["priority"] for name, router in routers.items() if "preflights" not in name
    )


def test_without_origins_nothing_but_the_policy_answers_a_preflight() -> None:
    services = parsed(GatewaySettings())["dynamic/services.yml"]["http"]["services"]
    assert services["preflights"] == services["policy"]


def test_forwarded_headers_are_believed_from_trusted_proxies_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GATEWAY_TRUSTED_PROXIES", "10.0.0.0/8")
    files = parsed(GatewaySettings())
    trusted = files["traefik.yml"]["entryPoints"]["web"]["forwardedHeaders"]["trustedIPs"]
    assert trusted == ["10.0.0.0/8"]
    middlewares = files["dynamic/middlewares.yml"]["http"]["middlewares"]
    assert middlewares["verify-login"]["forwardAuth"]["trustForwardHeader"] is True
    stripped = middlewares["strip"]["headers"]["customRequestHeaders"]
    assert stripped["X-Forwarded-Uri"] == stripped["X-Forwarded-Method"] == ""


def test_with_a_certificate_http_sends_only_people_on_to_https(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = composed(monkeypatch)
    files, routers = parsed(settings), routers_of(settings)
    assert "http" not in files["traefik.yml"]["entryPoints"]["web"]
    plain = {name for name, router in routers.items() if router["entryPoints"] == ["web"]}
    assert plain == {"plain-probes", "plain-docs", "plain-http", "plain-preflights"}
    redirecting = {name for name in routers if "to-https" in routers[name]["middlewares"]}
    assert redirecting == {"plain-docs"}
    assert routers["plain-http"]["middlewares"] == ["cors", "page-unavailable", "plain-page"]
    assert files["dynamic/tls.yml"]["tls"]["options"]["default"]["minVersion"] == "VersionTLS12"


def test_credentials_stay_with_the_policy_but_for_those_that_the_service_asks() -> None:
    middlewares = parsed(GatewaySettings())["dynamic/middlewares.yml"]["http"]["middlewares"]
    for name, taken in (("verify-core-read", True), ("verify-token", False)):
        rules = middlewares[name]["forwardAuth"]
        assert ("Authorization" in rules["authResponseHeaders"]) is taken
        assert "Authorization" in rules["authRequestHeaders"]


def test_cookies_are_judged_only_where_a_known_device_has_a_quota_of_its_own() -> None:
    middlewares = parsed(GatewaySettings())["dynamic/middlewares.yml"]["http"]["middlewares"]
    judged = {
        name
        for name, middleware in middlewares.items()
        if "Cookie" in middleware.get("forwardAuth", {}).get("authRequestHeaders", ())
    }
    assert {"verify-login", "verify-refresh", "verify-password-forgot"} <= judged
    assert judged.isdisjoint({"verify-core-read", "verify-core-write", "verify-auth-read"})


@pytest.mark.parametrize(
    "header", ["X-Gateway-Assertion", "X-User-Id", "X-Forwarded-For", "X-Auth-"]
)
def test_whatever_claims_an_identity_is_taken_out_by_the_beginning_of_its_name(header: str) -> None:
    middlewares = parsed(GatewaySettings())["dynamic/middlewares.yml"]["http"]["middlewares"]
    pattern = middlewares["verify-core-read"]["forwardAuth"]["authResponseHeadersRegex"]
    assert re.match(pattern, header)
    assert not re.match(pattern, header.removeprefix("X-"))


def test_files_name_their_folder_and_only_those_that_have_changed_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def written() -> set[str]:
        return {path.name for path in write_configuration(GatewaySettings(), tmp_path)}

    assert written() == {
        *("traefik.yml", "routers.yml", "middlewares.yml", "services.yml", "tls.yml"),
    }
    static = yaml.safe_load((tmp_path / "traefik.yml").read_text())
    assert static["providers"]["file"]["directory"] == f"{tmp_path}/dynamic"
    assert written() == set()
    monkeypatch.setenv("GATEWAY_CORE_URL", "http://core:8000")
    assert written() == {"services.yml"}
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("name", ["GATEWAY_HTTPS_CERTIFICATE", "GATEWAY_POLICY_KEY"])
def test_a_certificate_without_its_key_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/x.pem")
    with pytest.raises(ValueError, match="belong together"):
        GatewaySettings()
