"""The worker runs committed jobs, rescues a killed worker's jobs, and stops on a signal."""

import asyncio
import os
import re
import signal
import socket

import httpx
import psycopg
import pytest
from procrastinate import App, JobContext

from common.composition import Units
from common.sampling import Sampler
from core_service.jobs import JobQueue
from core_service.worker.loop import rescue, take_jobs, work
from core_service.worker.server import answering


class Refused(Exception):
    """Ends a transaction."""


@pytest.fixture
def job_has_run() -> asyncio.Event:
    """Set when the task `note` has run."""
    return asyncio.Event()


@pytest.fixture
def noted(core: Units, job_has_run: asyncio.Event) -> list[str]:
    """The arguments of the task `note`."""
    found: list[str] = []

    @core.get(JobQueue).app.task(name="note", pass_context=True)
    async def note(context: JobContext, word: str) -> None:
        assert context.additional_context["core"] is core
        found.append(word)
        job_has_run.set()

    return found


async def run_waiting(app: App, core: Units) -> None:
    async with app.open_async():
        await app.run_worker_async(
            wait=False, install_signal_handlers=False, additional_context={"core": core}
        )


async def defer(core: Units, word: str) -> None:
    async with core.database.transaction() as session:
        await core.get(JobQueue).defer(session, "note", word=word)


async def defer_and_fail(core: Units, word: str) -> None:
    async with core.database.transaction() as session:
        await core.get(JobQueue).defer(session, "note", word=word)
        raise Refused


async def test_a_job_exists_once_its_transaction_commits(core: Units, noted: list[str]) -> None:
    await defer(core, "committed")
    with pytest.raises(Refused):
        await defer_and_fail(core, "rolled back")

    await run_waiting(core.get(JobQueue).app, core)

    assert noted == ["committed"]


async def test_a_dead_workers_job_is_run_by_the_next_worker(
    core: Units, noted: list[str], database_url: str
) -> None:
    await defer(core, "orphan")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing'")

    async with core.get(JobQueue).app.open_async():
        assert await rescue(core) == 1
    await run_waiting(core.get(JobQueue).app, core)

    assert noted == ["orphan"]
    with psycopg.connect(database_url) as connection:
        attempts = connection.execute("SELECT attempts FROM procrastinate_jobs").fetchone()
    assert attempts == (1,)  # to die is no attempt


async def test_the_worker_runs_until_a_signal_stops_it(
    core: Units, noted: list[str], job_has_run: asyncio.Event, database_url: str
) -> None:
    working = asyncio.create_task(work(core))
    await defer(core, "while working")
    async with asyncio.timeout(20):
        await job_has_run.wait()

    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(20):
        await working

    assert noted == ["while working"]
    with psycopg.connect(database_url) as connection:
        left = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'todo'")
        assert left.fetchone() == (0,)  # what has been done is deleted


async def test_a_worker_that_ends_without_a_signal_is_restarted(
    core: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when Postgres restarts: `run_worker_async` returns or raises."""
    starts: list[str] = []

    async def ends(**_options: object) -> None:
        starts.append("ends")
        if len(starts) == 2:
            raise ConnectionError
        if len(starts) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()

    monkeypatch.setattr("core_service.worker.loop.RESTART_SECONDS", 0.01)
    monkeypatch.setattr(core.get(JobQueue).app, "run_worker_async", ends)
    async with asyncio.timeout(5):
        await take_jobs(core, core.get(JobQueue).app)

    assert len(starts) == 3


async def test_the_worker_answers_probes_and_counts_what_waits(
    core: Units, noted: list[str], database_url: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base_url, retried = f"http://127.0.0.1:{port}", httpx.AsyncHTTPTransport(retries=5)
    await defer(core, "waiting")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE procrastinate_events SET at = at - interval '90 s'")

    async with (
        answering(core.database, "127.0.0.1", port),
        httpx.AsyncClient(base_url=base_url, transport=retried) as http,
    ):
        await core.get(Sampler).run()
        assert (await http.get("/livez")).json() == {"status": "ok"}
        assert (await http.get("/readyz")).json()["checks"] == {"database": "ok"}
        metrics = (await http.get("/metrics")).text

    assert 'core_jobs{state="todo"} 1.0' in metrics
    assert 'core_jobs{state="doing"} 0.0' in metrics
    assert re.search(r"^core_jobs_oldest_seconds 9\d\.", metrics, re.MULTILINE)
    assert noted == []
