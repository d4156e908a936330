"""Each replica of a service is a server of Traefik's."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
import yaml

from gateway.settings import GatewaySettings
from gateway.traefik import replicas
from gateway.traefik.replicas import addresses, follow, listening, resolve


def look(host: str) -> Sequence[str]:
    return {"core": ["10.0.0.2", "10.0.0.3"], "auth": ["2001:db8::1"]}.get(host, ())


def core_servers(directory: Path) -> list[str]:
    written = yaml.safe_load((directory / "dynamic" / "services.yml").read_text())
    services = written["http"]["services"]
    balancers = [services[each["name"]] for each in services["core-prompt"]["weighted"]["services"]]
    return [url["url"] for each in balancers for url in each["loadBalancer"]["servers"]]


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
    monkeypatch.setattr(replicas, "accepts", lambda _url: True)
    pass_time(0)
    written = follow(GatewaySettings(), tmp_path)
    first = {path.name for path in islice(written, 5)}
    assert first == {"traefik.yml", "routers.yml", "middlewares.yml", "services.yml", "tls.yml"}
    assert core_servers(tmp_path) == ["http://core:8000"], "nothing was looked up yet"
    assert next(written).name == "services.yml", "what has not changed is not written again"
    assert core_servers(tmp_path) == ["http://10.0.0.2:8000"]
    assert next(written).name == "services.yml"
    assert core_servers(tmp_path) == ["http://10.0.0.2:8000", "http://10.0.0.3:8000"]


def test_a_new_replica_that_is_still_starting_is_not_listed_unless_there_is_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = "http://10.0.0.2:8000", "http://10.0.0.3:8000"
    monkeypatch.setattr(replicas, "accepts", lambda url: url == first)
    assert listening({"core": [first, second]}, {}) == {"core": [first]}
    assert listening({"core": [second]}, {}) == {"core": [second]}


def test_a_listed_replica_stays_for_traefiks_checks_to_judge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = {"core": ["http://10.0.0.2:8000", "http://10.0.0.3:8000"]}
    monkeypatch.setattr(replicas, "accepts", lambda _url: False)
    assert listening(listed, listed) == listed
