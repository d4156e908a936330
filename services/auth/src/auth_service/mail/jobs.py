"""The queue of letters (procrastinate, in auth's own Postgres) and its worker.

The worker runs inside the service's process; with several replicas each takes its share.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from pydantic import SecretStr

from auth_service.mail.delivery import Delivery
from auth_service.mail.letters import Order
from auth_service.mail.outbox import QUEUE, TASK
from common.logs import get_logger
from common.sampling import QueueMetrics
from common.spare_password import pool_factory

CONCURRENCY: Final = 4
GRACE_SECONDS: Final = 5.0
HEARTBEAT_SECONDS: Final = 5.0
# A worker without a heartbeat for this long is dead; others take over its jobs.
STALLED_SECONDS: Final = 30.0
# 2, 4, 8 … seconds: a mail server may be unavailable for two hours.
MAX_ATTEMPTS: Final = 12
FAILED_RETENTION_HOURS: Final = 24 * 7
LETTERS: Final = QueueMetrics.named("auth_mail_jobs")

log = get_logger(__name__)


async def deliver(context: JobContext, /, **arguments: Any) -> None:
    delivery: Delivery = context.additional_context["delivery"]
    is_last = context.job.attempts >= MAX_ATTEMPTS
    await delivery.deliver(Order.read(arguments), is_last=is_last)


def build_jobs(database_url: str, spare_password: SecretStr | None = None) -> App:
    """The queue on this database; adding a job does not require it to be open."""
    connector = PsycopgConnector(
        pool_factory=pool_factory(spare_password),
        conninfo=database_url,
        min_size=1,
        max_size=4,
        kwargs={"options": "-c timezone=UTC"},
    )
    jobs = App(connector=connector)
    # Not by a shared blueprint, which renames its tasks for each app of the process.
    register = jobs.task(
        name=TASK,
        queue=QUEUE,
        pass_context=True,
        retry=RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2),
    )
    register(deliver)
    return jobs


@dataclass(frozen=True, slots=True)
class MailWorker:
    jobs: App
    delivery: Delivery

    async def run(self) -> None:
        """Work until cancelled; letters that are being sent are finished first."""
        async with self.jobs.open_async():
            rescuer = asyncio.create_task(self._rescue_forever())
            try:
                await self._work(wait=True)
            finally:
                rescuer.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await rescuer

    async def empty(self) -> None:
        """Deliver what is due, and return."""
        async with self.jobs.open_async():
            await self._work(wait=False)

    async def _work(self, *, wait: bool) -> None:
        await self.jobs.run_worker_async(
            queues=[QUEUE],
            wait=wait,
            concurrency=CONCURRENCY,
            listen_notify=wait,
            delete_jobs="successful",
            install_signal_handlers=False,  # the server installs its own
            additional_context={"delivery": self.delivery},
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )

    async def _rescue_forever(self) -> None:
        """Requeue the jobs of workers that were killed; delete old failed ones."""
        while True:
            try:
                await self._rescue()
            except Exception as error:  # noqa: BLE001 - whatever the error, the next round may succeed
                log.warning("mail_rescue_failed", error=type(error).__name__)
            await asyncio.sleep(STALLED_SECONDS / 2)

    async def _rescue(self) -> None:
        manager = self.jobs.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.retry_job(job)
            log.info("mail_rescued", job=job.id)
        await manager.delete_old_jobs(FAILED_RETENTION_HOURS, queue=QUEUE, include_failed=True)
