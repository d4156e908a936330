"""Background jobs (procrastinate, stored in core's Postgres).

A job is put on the queue in the transaction of the change that asks for it: both are there or
neither is. The worker gets the process-wide parts as `context.additional_context["core"]`.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Job
from procrastinate.middleware import AsyncCallNext
from prometheus_client import Counter
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import driver_connection
from common.logs import get_logger
from common.sampling import QueueMetrics
from common.spare_password import pool_factory
from common.tracing import CARRIED, carried_trace, continued

log = get_logger(__name__)

QUEUE: Final = QueueMetrics.named("core_jobs")
ENDED: Final = Counter("core_jobs_ended_total", "Attempts at jobs", ["task", "result"])
WAITING: Final = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND lock = :lock"
    " AND task_name = :task AND args - 'traceparent' = CAST(:arguments AS jsonb))"
)

# Unlike a retry it is no attempt of the job's own: jobs that are killed often do not run out.
REQUEUE: Final = text(
    "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = now()"
    " WHERE id = :id AND status = 'doing' AND worker_id IS NOT DISTINCT FROM :worker RETURNING id"
)


def build_jobs(database_url: str, spare_password: SecretStr | None = None) -> App:
    """The queue on this database; it connects when opened, and deferring needs it not opened."""
    connector = PsycopgConnector(
        pool_factory=pool_factory(spare_password),
        conninfo=database_url,
        min_size=1,
        max_size=4,
        kwargs={"options": "-c timezone=UTC"},
    )
    return App(connector=connector)


def count_from_zero(jobs: App) -> None:
    """Show every task that has not failed yet: of the first failure a rate would see nothing."""
    for task in jobs.tasks:
        ENDED.labels(task, "failed")


async def counted(call_next: AsyncCallNext, context: JobContext, _worker: object) -> Any:
    """Around each attempt at a job: count and log how it ended. A failed job is not tried again."""
    result = "succeeded"
    try:
        return await call_next()
    except Exception as error:
        task = context.app.tasks.get(context.job.task_name)
        again = task is not None and task.get_retry_exception(error, context.job)
        result = "retried" if again else "failed"
        raise
    finally:
        ENDED.labels(context.job.task_name, result).inc()
        log.info("job_ended", task=context.job.task_name, job=context.job.id, result=result)


async def traced(call_next: AsyncCallNext, context: JobContext, _worker: object) -> Any:
    """Around each attempt at a job: go on with the trace that is stored with it."""
    parent = context.job.task_kwargs.pop(CARRIED, None)  # the task has no such argument
    with continued(context.job.task_name, {CARRIED: str(parent)} if parent else {}):
        return await call_next()


@dataclass(frozen=True, slots=True)
class JobQueue:
    """Puts jobs on the queue."""

    app: App

    async def defer(
        self,
        session: AsyncSession,
        task: str,
        *,
        lock: str | None = None,
        delay: timedelta | None = None,
        **arguments: Any,
    ) -> int:
        """Queue a task in the session's transaction; jobs of one `lock` run one at a time."""
        connection = await driver_connection(session)
        later = {"seconds": round(delay.total_seconds())} if delay is not None else None
        deferrer = self.app.configure_task(
            task, lock=lock, schedule_in=later, connection=connection
        )
        return await deferrer.defer_async(**arguments, **carried_trace())

    async def requeue(self, session: AsyncSession, job: Job) -> bool:
        """Queue a job again whose worker is dead; whether no other has meanwhile."""
        values = {"id": job.id, "worker": job.worker_id}
        connection = await session.connection()
        return (await connection.execute(REQUEUE, values)).scalar() is not None

    async def is_waiting(
        self, session: AsyncSession, task: str, *, lock: str, **arguments: Any
    ) -> bool:
        """Whether the same job is already queued; the caller has locked the row it processes."""
        values = {"lock": lock, "task": task, "arguments": json.dumps(arguments)}
        connection = await session.connection()
        return bool((await connection.execute(WAITING, values)).scalar_one())
