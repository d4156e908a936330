"""From which rows a spelling comes, as far as a caller may read them."""

from sqlalchemy import false, or_
from sqlmodel import col, select

from common.errors import PermissionDenied
from common.identity import Principal
from core_service.access.courts import writing
from core_service.aliases.models import Alias
from core_service.aliases.reading import AliasOrigins
from core_service.returns.models import ImportBatch, ImportRowIssue
from core_service.returns.repository import readable_batches


def alias_origins(principal: Principal) -> AliasOrigins:
    """The conditions over `Alias`; who may read no rows has none of its origins."""
    try:
        readable = readable_batches(writing(principal), principal.user_id)
    except PermissionDenied:
        return AliasOrigins(false(), false())
    batches = select(ImportBatch.id)
    waiting = select(ImportRowIssue.row_no).join(
        ImportBatch, col(ImportBatch.id) == ImportRowIssue.batch_id
    )
    waiting = waiting.where(col(ImportRowIssue.alias_id) == Alias.id, readable)
    first = batches.where(col(ImportBatch.id) == Alias.first_seen_batch_id)
    own = first.where(col(ImportBatch.created_by) == principal.user_id)
    return AliasOrigins(or_(waiting.exists(), own.exists()), first.where(readable).exists())
