"""The jobs of imports, as the worker knows them."""

from typing import Any, Final
from uuid import UUID

from procrastinate import Blueprint, JobContext, RetryStrategy

from core_service.returns.processing import BatchProcessing

NAMESPACE: Final = "returns"
MAX_ATTEMPTS: Final = 5

blueprint: Final = Blueprint()
# A deadlock or a database that is away passes; the job goes on where the last attempt stopped.
RETRY: Final = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)


@blueprint.task(name="run", pass_context=True, retry=RETRY)
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


@blueprint.task(name="release", pass_context=True, retry=RETRY)
async def release(context: JobContext, alias_id: str) -> None:
    """Apply, or reject, the rows that waited for a decision about a spelling."""
    await _processing(context).release(UUID(alias_id))


def _processing(context: JobContext) -> BatchProcessing:
    core: Any = context.additional_context["core"]
    processing: BatchProcessing = core.batch_processing()
    return processing
