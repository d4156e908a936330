"""One import is one trace: from Traefik to the last SQL statement of its job."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from bare_stack import UNHURRIED, bare_stack, demo_credentials
from observability.collector import Collector, Span, collecting

import devstack
from devstack.stack import Stack

SAMPLE: Final = Path(devstack.__file__).parent / "samples" / "return-testville.csv"
SERVER, CLIENT, CONSUMER = 2, 3, 5
SECONDS: Final = 90


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def stack(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    tracing = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
    with (
        asyncio.Runner() as runner,
        bare_stack(runner, tmp_path_factory.mktemp("home"), UNHURRIED | tracing) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def imported(stack: Stack) -> dict[str, Any]:
    """An import that has ended."""
    with httpx.Client(base_url=f"{stack.base_url}/api/v1", timeout=30) as http:
        signed_in = http.post("/auth/login", json=demo_credentials("clerk", stack.password)).json()
        http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        with SAMPLE.open("rb") as file:
            sent = http.post("/imports", data={"mode": "apply"}, files={"file": file}).json()
        deadline = time.monotonic() + SECONDS
        while True:
            batch: dict[str, Any] = http.get(f"/imports/{sent['id']}").json()
            if batch["state"] in {"applied", "partial", "failed"}:
                return batch
            assert time.monotonic() < deadline, batch
            time.sleep(0.2)


@pytest.fixture(scope="module")
def job(collector: Collector, imported: dict[str, Any]) -> Span:  # noqa: ARG001 - comes first
    """The span of the import's job; all others have come before or with it."""
    deadline = time.monotonic() + SECONDS
    while True:
        for span in [*collector.spans.values()]:
            chain = [*collector.ancestors(span)]
            if span.kind == CONSUMER and chain and chain[-1].service == "gateway":
                return span
        kinds = {(s.service, s.name, s.kind) for s in collector.spans.values()}
        assert time.monotonic() < deadline, sorted(kinds)
        time.sleep(0.2)


@pytest.mark.timeout(300)
def test_the_job_of_an_import_descends_from_the_request_at_the_edge(
    collector: Collector, job: Span
) -> None:
    chain = [*collector.ancestors(job)]
    assert job.service == "core-worker"
    assert chain[-1].parent == ""
    servers = [(span.service, span.kind) for span in chain if span.kind == SERVER]
    assert servers == [("core", SERVER), ("gateway", SERVER)]
    request = next(span for span in chain if span.service == "core" and span.kind == SERVER)
    assert request.name == "POST /api/v1/imports"


@pytest.mark.timeout(300)
def test_each_service_has_one_server_span_of_the_request(collector: Collector, job: Span) -> None:
    servers = [span.service for span in collector.of(job.trace) if span.kind == SERVER]
    # Core asks auth for names and grants: each is another request.
    assert sorted(set(servers)) == ["auth", "core", "gateway", "policy"]
    assert sorted(each for each in servers if each != "auth") == ["core", "gateway", "policy"]


@pytest.mark.timeout(300)
def test_the_policy_asks_valkey_within_its_own_span(collector: Collector, job: Span) -> None:
    calls = [span for span in collector.of(job.trace) if span.name == "FCALL"]
    assert [next(collector.ancestors(span)).service for span in calls] == ["policy"]


@pytest.mark.timeout(300)
def test_statements_of_request_and_job_are_spans_without_values(
    collector: Collector, job: Span, imported: dict[str, Any]
) -> None:
    statements = [span for span in collector.of(job.trace) if "db.statement" in span.attributes]
    assert {"core", "core-worker"} <= {span.service for span in statements}
    within = [span for span in statements if job in collector.ancestors(span)]
    assert len(within) > 10
    assert any("import_batches" in span.attributes["db.statement"] for span in within[-5:])
    assert imported["id"] not in json.dumps([span.attributes for span in statements])


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("job")
def test_background_work_makes_no_traces(collector: Collector) -> None:
    # Traefik makes spans of its checks of health.
    own = [span for span in collector.spans.values() if span.service != "gateway"]
    roots = [span for span in own if not span.parent]
    assert {span.kind for span in roots} <= {SERVER, CONSUMER}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["core", "auth", "worker"])
def test_lines_of_the_log_carry_the_trace(stack: Stack, job: Span, name: str) -> None:
    lines = [json.loads(line) for line in stack.log(name).read_text().splitlines() if "{" in line]
    assert [line for line in lines if line.get("trace_id") == job.trace]
