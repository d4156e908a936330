"""The jobs of imports, as the worker knows them."""

from typing import Any, Final
from uuid import UUID

from procrastinate import App, JobContext, RetryStrategy

from core_service.returns.processing import BatchProcessing

MAX_ATTEMPTS: Final = 5
EVERY_HOUR: Final = "23 * * * *"
# A deadlock or a database that is away passes; the job goes on where the last attempt stopped.
RETRY: Final = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)


def register(jobs: App) -> None:
    """Let this app's worker run them. (A shared blueprint would rename its tasks for each app.)"""
    jobs.task(name="returns:run", pass_context=True, retry=RETRY)(run)
    jobs.task(name="returns:release", pass_context=True, retry=RETRY)(release)
    hourly = jobs.task(name="returns:delete-files", pass_context=True)(delete_files)
    jobs.periodic(cron=EVERY_HOUR)(hourly)


async def run(context: JobContext, batch_id: str) -> None:
    """Validate a batch and, when that is its mode, apply it."""
    processing = _processing(context)
    try:
        await processing.run(UUID(batch_id))
    except Exception:
        if context.job.attempts >= MAX_ATTEMPTS:
            message = (
                "The import stopped on a fault of ours; send the file again or tell operations"
            )
            await processing.fail(UUID(batch_id), "internal-error", message)
        raise


async def release(context: JobContext, alias_id: str) -> None:
    """Apply, or reject, the rows that waited for a decision about a spelling."""
    await _processing(context).release(UUID(alias_id))


async def delete_files(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the hour
    """Delete the files whose time is up."""
    core: Any = context.additional_context["core"]
    await core.file_retention().delete_due()


def _processing(context: JobContext) -> BatchProcessing:
    core: Any = context.additional_context["core"]
    processing: BatchProcessing = core.batch_processing()
    return processing
