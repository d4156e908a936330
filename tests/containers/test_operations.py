"""What an operator relies on: shared requests, replacements unnoticed, an orderly end."""

import re
import ssl
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Final

import httpx
import pytest
from containers.load import Load
from containers.stack import (
    compose,
    containers,
    counted,
    docker,
    inspect,
    paused,
    stop,
    upgrade,
)
from e2e.targets import Containers

from common.stopping import STOP_SECONDS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

REPLACED: Final = ("auth", "core", "worker", "policy")
SERVED: Final = {
    "auth": ("http_requests_total", 'route="/api/v1/auth/me"'),
    "core": ("http_requests_total", 'route="/api/v1/cases"'),
    "policy": ("gateway_decisions_total",),
}
SHARED: Final = 160
UNFAIR: Final = 0.6
DRAIN_SECONDS: Final = 5
# In which the engine reports the end of a container on a busy machine.
SLACK_SECONDS: Final = 5


def shares(service: str) -> list[float]:
    return [counted(each, service, *SERVED[service]) for each in containers(service)]


def test_the_console_is_served_with_its_scripts(clients: list[httpx.Client]) -> None:
    page = clients[0].get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    (script,) = re.findall(r'<script[^>]* src="([^"]+)"', page.text)
    assert clients[0].get(script).headers["content-type"].startswith("text/javascript")


def test_replicas_share_the_requests_of_eight_clients(clients: list[httpx.Client]) -> None:
    before = {service: shares(service) for service in SERVED}
    paths = [(each, path) for each in clients for path in ("auth/me", "cases?limit=1")]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(
            lambda one: one[0].get(f"/api/v1/{one[1]}").status_code, paths * (SHARED // len(paths))
        )
        assert set(answers) == {200}
    for service, then in before.items():
        got = [now - was for now, was in zip(shares(service), then, strict=True)]
        print(f"{service}: {got}")  # noqa: T201 - the figure
        assert len(got) == 2
        assert sum(got) >= SHARED / 2
        assert max(got) / sum(got) <= UNFAIR, (service, got)


@pytest.mark.quiet
def test_every_replica_is_replaced_under_load_and_no_request_fails(
    clients: list[httpx.Client], case: dict[str, str]
) -> None:
    before = {each for service in REPLACED for each in containers(service)}
    load = Load(case)
    with load.running(clients):
        upgrade()
    print(load.outcomes)  # noqa: T201 - the figure
    after = {each for service in REPLACED for each in containers(service)}
    assert not before & after
    assert len(after) == len(before)
    assert load.outcomes["201"] > 0, "cases were registered meanwhile"
    assert load.failures == {}


@pytest.mark.parametrize("service", ["auth", "core", "policy"])
def test_an_image_holds_a_program_and_what_runs_it(service: str) -> None:
    container = containers(service)[0]
    image = inspect(container)["Config"]
    assert image["User"] == "10001:10001"
    assert image["StopSignal"] == "SIGTERM"
    assert image["Healthcheck"]["Test"]
    assert image["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert inspect(container)["HostConfig"]["ReadonlyRootfs"] is True
    tools = "for each in uv gcc cc pytest mypy; do command -v $each; done"
    modules = r"find /app -type d \( -name testkit -o -name pytest \)"
    assert docker("exec", container, "sh", "-c", f"{tools}; {modules}; true") == ""


def test_only_traefik_answers_from_outside() -> None:
    published = {
        inspect(each)["Config"]["Labels"]["com.docker.compose.service"]
        for each in containers()
        if any(inspect(each)["NetworkSettings"]["Ports"].values())
    }
    assert published == {"traefik"}


@pytest.mark.quiet
def test_with_postgres_cut_off_every_service_ends_in_time_and_with_0() -> None:
    replicas = {each: service for service in REPLACED for each in containers(service)[:1]}
    try:
        with paused("postgres"), ThreadPoolExecutor(len(replicas)) as pool:
            ends = dict(zip(replicas.values(), pool.map(stop, replicas), strict=True))
        print(ends)  # noqa: T201 - the figure
        assert {service for service, end in ends.items() if end.status != 0} == set()
        assert (
            max(end.seconds for end in ends.values()) < DRAIN_SECONDS + STOP_SECONDS + SLACK_SECONDS
        )
    finally:
        docker("start", *replicas)


@pytest.mark.quiet
def test_stop_ends_every_container_with_0_and_start_serves_again(
    target: Containers, trust: ssl.SSLContext
) -> None:
    every = containers()
    compose("stop")
    try:
        statuses = {inspect(each)["Name"]: inspect(each)["State"]["ExitCode"] for each in every}
        assert {name: status for name, status in statuses.items() if status != 0} == {}
    finally:
        compose("start")
    begun = monotonic()
    while not _is_ready(target, trust):
        assert monotonic() - begun < 120
        sleep(0.5)


def _is_ready(target: Containers, trust: ssl.SSLContext) -> bool:
    try:
        return httpx.get(f"{target.url}/readyz", verify=trust).status_code == 200
    except httpx.HTTPError:
        return False


def test_the_metrics_and_traces_of_compose_are_valid() -> None:
    files = ("-f", "docker-compose.yml", "-f", "compose.observability.yml")
    merged = compose(*files, "config")
    assert re.search(r"OTEL_EXPORTER_OTLP_ENDPOINT: http://collector:4318", merged)
