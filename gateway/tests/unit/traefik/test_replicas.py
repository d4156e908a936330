"""Each replica of a service is a server of Traefik's."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
import yaml

from gateway.settings import GatewaySettings
from gateway.traefik import replicas
from gateway.traefik.replicas import addresses, follow, resolve


def look(host: str) -> Sequence[str]:
    return {"core": ["10.0.0.2", "10.0.0.3"], "auth": ["2001:db8::1"]}.get(host, ())


def test_a_name_becomes_its_addresses() -> None:
    servers = {"core": ["http://core:8000"], "auth": ["http://auth:8000"], "policy": ["https://p"]}
    assert resolve(servers, look) == {
        "core": ["http://10.0.0.2:8000", "http://10.0.0.3:8000"],
        "auth": ["http://[2001:db8::1]:8000"],
        "policy": ["https://p"],
    }


def test_an_address_is_unchanged_and_an_unknown_name_has_none() -> None:
    assert addresses("127.0.0.1") == ["127.0.0.1"]
    assert addresses("no-such-host.invalid") == []


def test_a_new_replica_is_written_once_it_has_an_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = iter([["10.0.0.2"], ["10.0.0.2"], ["10.0.0.2", "10.0.0.3"]])
    now: list[str] = []

    def pass_time(_seconds: float) -> None:
        now[:] = next(answers)

    monkeypatch.setenv("GATEWAY_ASSERTION_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("GATEWAY_CORE_URL", "http://core:8000")
    monkeypatch.setattr(replicas, "sleep", pass_time)
    monkeypatch.setattr(replicas, "addresses", lambda host: now if host == "core" else [])
    pass_time(0)
    written = follow(GatewaySettings(), tmp_path)
    first = {path.name for path in islice(written, 5)}
    assert first == {"traefik.yml", "routers.yml", "middlewares.yml", "services.yml", "tls.yml"}
    assert next(written).name == "services.yml", "what has not changed is not written again"
    services = yaml.safe_load((tmp_path / "dynamic" / "services.yml").read_text())["http"][
        "services"
    ]
    servers = services["core-servers"]["loadBalancer"]["servers"]
    assert [server["url"] for server in servers] == ["http://10.0.0.2:8000", "http://10.0.0.3:8000"]
