"""The jobs of imports, as the worker knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.jobs import Job

from common.clock import Clock
from common.composition import Units
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.audit.acting import job
from core_service.jobs import JobQueue
from core_service.returns.models import ImportLimits
from core_service.returns.processing import BatchProcessing
from core_service.returns.repository import NEEDING_FILE, ImportRepository
from core_service.returns.revert_job import RevertJob
from core_service.returns.reverting import REVERT_TASK
from core_service.returns.service import RELEASE_TASK, RUN_TASK, VALIDATE_TASK
from core_service.users.grants import GrantsUnavailable

MAX_ATTEMPTS: Final = 5
DELETE_FILES_TASK: Final = "returns:delete-files"
EVERY_HOUR: Final = "23 * * * *"
# Deadlocks and an unavailable database are transient; a retry continues where the last stopped.
RETRY: Final = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)
# How long a job waits while auth does not answer which grants are in force.
GRANTS_DELAY: Final = timedelta(seconds=5)

RETENTION: Final = "import file retention"
AUDITED: Final = frozenset({"import_batches"})
# How many files one query finds.
AT_ONCE: Final = 100

Plain = Mapping[str, str]

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FileRetention:
    """Deletes files `file_days` after the last change of their batch."""

    units: Units
    clock: Clock
    limits: ImportLimits

    async def delete_due(self) -> int:
        """Delete every file that is due, each in its own transaction; returns how many."""
        before = self.clock.now() - timedelta(days=self.limits.file_days)
        deleted = 0
        while due := await self._due(before):
            for batch_id in due:
                deleted += await self._delete(batch_id, before)
        if deleted:
            log.info("import_files_deleted", files=deleted)
        return deleted

    async def _due(self, before: datetime) -> Sequence[UUID]:
        async with self.units.view() as unit:
            return await unit.get(ImportRepository).due_for_deletion(before, AT_ONCE)

    async def _delete(self, batch_id: UUID, before: datetime) -> bool:
        with job(RETENTION, AUDITED):
            async with self.units.begin() as unit:
                imports = unit.get(ImportRepository)
                batch = await imports.lock(batch_id)
                if batch is None or batch.state in NEEDING_FILE or batch.updated_at >= before:
                    return False  # it has changed since it was found
                await imports.delete_file(batch_id)
                await imports.change(batch, file_deleted_at=self.clock.now())
                return True


def register(jobs: App) -> None:
    """Let this app's worker run them. (A shared blueprint would rename its tasks for each app.)"""
    jobs.task(name=RUN_TASK, pass_context=True, retry=RETRY)(run)
    jobs.task(name=RELEASE_TASK, pass_context=True, retry=RETRY)(release)
    jobs.task(name=VALIDATE_TASK, pass_context=True, retry=RETRY)(validate_again)
    jobs.task(name=REVERT_TASK, pass_context=True, retry=RETRY)(revert)
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
        await _postpone(context)
    except Exception:
        if context.job.attempts >= MAX_ATTEMPTS:
            message = (
                "The import failed by an internal error; send the file again or inform operations"
            )
            await processing.fail(UUID(batch_id), "internal-error", message)
        raise


async def count_death(core: Units, job: Job) -> None:
    """Count a worker that died over this job against its batch."""
    if job.task_name == RUN_TASK:
        await core.get(BatchProcessing).count_death(UUID(str(job.task_kwargs["batch_id"])))


async def release(context: JobContext, alias_id: str, by: Plain | None = None) -> None:
    """Apply, or reject, the rows that waited for a decision about a spelling; `by` decided."""
    try:
        await _processing(context).release(UUID(alias_id), _actor(by))
    except GrantsUnavailable:
        await _postpone(context)


async def validate_again(context: JobContext, batch_id: str, by: Plain) -> None:
    """Judge the rows of a validated batch again, on behalf of `by`."""
    try:
        await _processing(context).validate_again(UUID(batch_id), Actor.from_plain(by))
    except GrantsUnavailable:
        await _postpone(context)


async def revert(context: JobContext, batch_id: str, reason: str, by: Plain) -> None:
    """Revert a batch, on behalf of `by`, who decided so."""
    core: Any = context.additional_context["core"]
    reverting: RevertJob = core.get(RevertJob)
    try:
        await reverting.run(UUID(batch_id), reason, Actor.from_plain(by))
    except GrantsUnavailable:
        await _postpone(context)
    except Exception:
        if context.job.attempts >= MAX_ATTEMPTS:
            message = "The revert was ended by an internal error; inform operations"
            await reverting.give_up(UUID(batch_id), "internal-error", message)
        raise


async def _postpone(context: JobContext) -> None:
    """Queue the same job for later: waiting for auth does not count as a failed attempt."""
    core: Any = context.additional_context["core"]
    job = context.job
    async with core.database.transaction() as session:
        await core.get(JobQueue).defer(
            session, job.task_name, lock=job.lock, delay=GRANTS_DELAY, **job.task_kwargs
        )
    log.info("job_postpone", task=job.task_name, seconds=GRANTS_DELAY.total_seconds())


def _actor(plain: Plain | None) -> Actor | None:
    """The actor for whom the job was queued; older jobs name none."""
    return None if plain is None else Actor.from_plain(plain)


async def delete_files(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the hour
    """Delete the files that are due."""
    core: Any = context.additional_context["core"]
    await core.get(FileRetention).delete_due()


def _processing(context: JobContext) -> BatchProcessing:
    core: Any = context.additional_context["core"]
    processing: BatchProcessing = core.get(BatchProcessing)
    return processing
