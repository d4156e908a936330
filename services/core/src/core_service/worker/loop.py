"""Runs background jobs until a signal."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from typing import Final

from procrastinate import App

from common.background import repeat, running
from common.composition import Units
from common.database_roles import require_service_role
from common.garbage_collection import collect_rarely, freeze_after_start
from common.logs import configure_logging, get_logger
from common.sampling import SAMPLE_SECONDS, Sampler
from common.settings import load_settings
from common.stopping import GRACE_SECONDS, end_within, stop_at_signals
from common.tracing import configure_tracing
from core_service.jobs import JobQueue, count_from_zero, counted, traced
from core_service.metrics import folding
from core_service.returns import tasks as returns
from core_service.settings import CoreSettings
from core_service.wiring import wire
from core_service.worker.server import answering

HEARTBEAT_SECONDS: Final = 2.0
# A worker without a heartbeat for this long is dead, and other workers may take its jobs.
STALLED_SECONDS: Final = 10.0
RESTART_SECONDS: Final = 1.0
# Batches take turns, so that a small one does not wait until a large one has ended.
JOBS_AT_ONCE: Final = 8

log = get_logger(__name__)


async def work(core: Units, at_signal: Callable[[], object] = lambda: None) -> None:
    """Take jobs from the queue until SIGTERM or SIGINT."""
    jobs = core.get(JobQueue).app
    for tasks in (returns, folding):
        tasks.register(jobs)
        tasks.schedule(jobs)
    async with jobs.open_async():
        count_from_zero(jobs)
        freeze_after_start()
        collect_rarely()
        log.info("worker_started", tasks=sorted(jobs.tasks))
        rescuer = asyncio.create_task(rescue_forever(core), name="rescue")
        try:
            await take_jobs(core, jobs, at_signal)
        finally:
            rescuer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuer
    await core.close()
    log.info("worker_stopped")


async def take_jobs(core: Units, jobs: App, at_signal: Callable[[], object] = lambda: None) -> None:
    """Run jobs until a signal; those that take longer than the grace are retried elsewhere.

    Procrastinate's worker ends when it cannot listen to Postgres, as during a restart of Postgres.
    Then it is started again.
    """
    stop = asyncio.Event()

    def end() -> None:
        at_signal()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    while not stop.is_set():
        running = asyncio.create_task(
            jobs.run_worker_async(
                additional_context={"core": core},
                concurrency=JOBS_AT_ONCE,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                worker_middleware=[traced, counted],
                delete_jobs="successful",
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            running.cancel()  # it finishes its jobs first
        stopping.cancel()
        (ended,) = await asyncio.gather(running, return_exceptions=True)
        if not stop.is_set():
            log.warning("worker_restarted", error=type(ended).__name__)
            await asyncio.sleep(RESTART_SECONDS)


async def rescue_forever(core: Units) -> None:
    """Requeue the jobs of killed workers at intervals."""
    while True:
        try:
            await rescue(core)
        except Exception as error:  # noqa: BLE001 - any failure: the next round may succeed
            log.warning("rescue_failed", error=type(error).__name__)
        await asyncio.sleep(STALLED_SECONDS / 2)


async def rescue(core: Units, *, stalled_seconds: float = STALLED_SECONDS) -> int:
    """Requeue the jobs of dead workers; returns how many."""
    queue, rescued = core.get(JobQueue), 0
    manager = queue.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
        async with core.database.transaction() as session:
            if not await queue.requeue(session, job):
                continue  # another worker has
        rescued += 1
        log.info("job_rescued", task=job.task_name, job=job.id)
        await returns.count_death(core, job)
    return rescued


def main() -> None:
    """Work until a signal."""
    stop_at_signals()
    settings = load_settings(CoreSettings)
    configure_logging("core-worker", settings.log_level)
    configure_tracing("core-worker")
    require_service_role(settings.database_url.get_secret_value(), "CORE_DATABASE_URL")
    asyncio.run(_run(settings))


async def _run(settings: CoreSettings) -> None:
    core = wire(settings)
    samples = repeat(core.get(Sampler).run, SAMPLE_SECONDS)
    async with answering(core.database, settings.host, settings.worker_port), running(samples):
        await work(core, end_within)
