"""The jobs of imports, as the worker knows them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from procrastinate import App, JobContext, RetryStrategy

from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.jobs import JobQueue
from core_service.returns.processing import BatchProcessing
from core_service.returns.retention import FileRetention
from core_service.returns.service import RELEASE_TASK, RUN_TASK
from core_service.users.grants import GrantsUnavailable

MAX_ATTEMPTS: Final = 5
DELETE_FILES_TASK: Final = "returns:delete-files"
EVERY_HOUR: Final = "23 * * * *"
# Deadlocks and an unavailable database pass; the job goes on where the last attempt stopped.
RETRY: Final = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)
# How long a job waits while auth does not answer which grants are in force.
GRANTS_DELAY: Final = timedelta(seconds=5)

Plain = Mapping[str, str]

log = get_logger(__name__)


def register(jobs: App) -> None:
    """Let this app's worker run them. (A shared blueprint would rename its tasks for each app.)"""
    jobs.task(name=RUN_TASK, pass_context=True, retry=RETRY)(run)
    jobs.task(name=RELEASE_TASK, pass_context=True, retry=RETRY)(release)
    jobs.task(name=DELETE_FILES_TASK, pass_context=True)(delete_files)


def schedule(jobs: App) -> None:
    """Have this app's worker queue what recurs; its tasks are registered."""
    jobs.periodic(cron=EVERY_HOUR)(jobs.tasks[DELETE_FILES_TASK])


async def run(context: JobContext, batch_id: str, by: Plain | None = None) -> None:
    """Validate a batch and, when that is its mode, apply it, on behalf of `by` or of its sender."""
    processing = _processing(context)
    try:
        await processing.run(UUID(batch_id), _actor(by))
    except GrantsUnavailable:
        await _put_off(context)
    except Exception:
        if context.job.attempts >= MAX_ATTEMPTS:
            message = (
                "The import stopped on a fault of ours; send the file again or tell operations"
            )
            await processing.fail(UUID(batch_id), "internal-error", message)
        raise


async def release(context: JobContext, alias_id: str, by: Plain | None = None) -> None:
    """Apply, or reject, the rows that waited for a decision about a spelling; `by` decided."""
    try:
        await _processing(context).release(UUID(alias_id), _actor(by))
    except GrantsUnavailable:
        await _put_off(context)


async def _put_off(context: JobContext) -> None:
    """Queue the same job for later: to wait for auth is no failed attempt, however long it is."""
    core: Any = context.additional_context["core"]
    job = context.job
    async with core.database.transaction() as session:
        await core.get(JobQueue).defer(
            session, job.task_name, lock=job.lock, delay=GRANTS_DELAY, **job.task_kwargs
        )
    log.info("job_put_off", task=job.task_name, seconds=GRANTS_DELAY.total_seconds())


def _actor(plain: Plain | None) -> Actor | None:
    """The actor for whom the job was queued; older jobs name none."""
    return None if plain is None else Actor.from_plain(plain)


async def delete_files(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the hour
    """Delete the files whose time is up."""
    core: Any = context.additional_context["core"]
    await core.get(FileRetention).delete_due()


def _processing(context: JobContext) -> BatchProcessing:
    core: Any = context.additional_context["core"]
    processing: BatchProcessing = core.get(BatchProcessing)
    return processing
