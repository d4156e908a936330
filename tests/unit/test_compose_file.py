"""What docker-compose.yml gives its containers: every setting, limits, private networks."""

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from devstack.env_example import OF_COMPOSE, SERVICES, passed, variables

ROOT: Final = Path(__file__).parents[2]
FILE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
COMPOSED: Final[dict[str, dict[str, Any]]] = FILE["services"]
OBSERVING: Final[dict[str, dict[str, Any]]] = {
    name: service
    for name, service in yaml.safe_load((ROOT / "compose.observability.yml").read_text())[
        "services"
    ].items()
    if "image" in service
}
# Run to their end before the others start.
ONCE: Final = {"setup", "databases", "core-migrate", "auth-migrate", "traefik-image"}
OF_SETTINGS: Final = {
    **dict.fromkeys(("auth", "auth-migrate"), "auth"),
    **dict.fromkeys(("core", "core-migrate", "worker"), "core"),
    **dict.fromkeys(("policy", "traefik-config"), "gateway"),
}
# The images say them: no container listens elsewhere, or has its console elsewhere.
OF_IMAGES: Final = {"AUTH_HOST", "AUTH_PORT", "CORE_HOST", "CORE_PORT", "GATEWAY_CONSOLE"}
# Of the worker alone.
OF_WORKER: Final = {"CORE_WORKER_PORT"}


def names_in(path: str) -> set[str]:
    lines = (ROOT / path).read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def handed(service: str) -> set[str]:
    """The variables that a container gets, one way or the other."""
    files = COMPOSED[service].get("env_file", ())
    return set(COMPOSED[service].get("environment", ())).union(*map(names_in, files))


@pytest.mark.parametrize("name", SERVICES)
def test_the_list_of_what_is_handed_on_is_what_the_settings_class_says(name: str) -> None:
    assert names_in(f"deploy/compose/{name}.env") == set(passed(name)), (
        f"run: python -m devstack.env_example {name} > deploy/compose/{name}.env"
    )


@pytest.mark.parametrize(("service", "name"), OF_SETTINGS.items())
def test_every_setting_reaches_its_container(service: str, name: str) -> None:
    missing = set(variables(SERVICES[name])) - handed(service) - OF_IMAGES
    assert missing <= (set() if service == "worker" else OF_WORKER)


@pytest.mark.parametrize("name", ["auth", "core"])
def test_the_owners_url_reaches_the_migration_alone(name: str) -> None:
    owner = f"{name.upper()}_MIGRATION_DATABASE_URL"
    assert [each for each in COMPOSED if owner in handed(each)] == [f"{name}-migrate"]


def test_what_the_file_decides_is_what_env_example_says_it_decides() -> None:
    decided = {
        variable
        for service in OF_SETTINGS
        for variable, value in COMPOSED[service]["environment"].items()
        if f"${{{variable}" not in str(value) and not variable.startswith("MASIJALA_")
    }
    assert decided | OF_IMAGES == OF_COMPOSE


@pytest.mark.parametrize("service", OF_SETTINGS)
def test_opentelemetrys_own_variables_reach_every_process(service: str) -> None:
    assert {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER"} <= handed(service)


def test_demo_mode_is_off_by_default() -> None:
    modes = {
        name: each["environment"].get("MASIJALA_DEMO")
        for name, each in COMPOSED.items()
        if "environment" in each
    }
    assert set(modes.values()) - {None} == {"${MASIJALA_DEMO:-0}"}
    assert COMPOSED["auth"]["environment"]["AUTH_DEMO"] == "${MASIJALA_DEMO:-0}"


@pytest.mark.parametrize(("name", "service"), [*COMPOSED.items(), *OBSERVING.items()])
def test_every_container_is_bounded(name: str, service: dict[str, Any]) -> None:
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    if name not in {"postgres", "redis"}:
        assert service["read_only"] is True


def test_only_three_containers_have_capabilities_to_prepare_their_folders() -> None:
    assert {name for name, each in COMPOSED.items() if "cap_add" in each} == {
        *("setup", "postgres", "redis")
    }


def test_of_every_service_there_are_two() -> None:
    two = {name for name, each in COMPOSED.items() if each.get("deploy") == {"replicas": 2}}
    assert two == {"auth", "core", "worker", "policy"}


def test_a_service_stops_before_the_servers_that_it_needs() -> None:
    for name in ("auth", "core", "worker"):
        assert "postgres" in COMPOSED[name]["depends_on"]
    for name in ("auth", "policy"):
        assert "redis" in COMPOSED[name]["depends_on"]
    assert {"auth", "core"} <= COMPOSED["policy"]["depends_on"].keys()
    assert "policy" in COMPOSED["traefik"]["depends_on"]


def test_only_traefik_is_reached_from_outside() -> None:
    published = {name for name, each in COMPOSED.items() if "ports" in each}
    assert published == {"traefik", "mailpit"}
    assert COMPOSED["mailpit"]["profiles"] == ["mail"]
    for each in (COMPOSED, OBSERVING):
        ports = [port for service in each.values() for port in service.get("ports", ())]
        assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    internal = {name for name, each in FILE["networks"].items() if (each or {}).get("internal")}
    assert internal == {"data", "services", "policy"}


def test_every_image_is_a_variable() -> None:
    images = {each["image"] for each in (*COMPOSED.values(), *OBSERVING.values())}
    assert {each for each in images if not each.startswith("${")} == {"masijala-traefik"}
