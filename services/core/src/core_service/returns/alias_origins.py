"""From which rows a spelling comes, as far as a caller may read them."""

from sqlalchemy import CTE, false, or_, true, tuple_
from sqlmodel import col, select

from common.errors import PermissionDenied
from common.identity import Principal
from core_service.access.courts import writing
from core_service.aliases.models import Alias
from core_service.aliases.reading import AliasOrigins
from core_service.returns.models import ImportBatch, ImportRowIssue
from core_service.returns.repository import readable_batches

_ALIAS, _BATCH = col(ImportRowIssue.alias_id), col(ImportRowIssue.batch_id)


def alias_origins(principal: Principal) -> AliasOrigins:
    """The conditions over `Alias`; who may read no rows has none of its origins."""
    try:
        readable = readable_batches(writing(principal), principal.user_id)
    except PermissionDenied:
        return AliasOrigins(false(), false())
    waits = _waiting()
    waiting = select(waits.c.alias_id).join(ImportBatch, col(ImportBatch.id) == waits.c.batch_id)
    first = select(ImportBatch.id).where(col(ImportBatch.id) == Alias.first_seen_batch_id)
    own = first.where(col(ImportBatch.created_by) == principal.user_id)
    return AliasOrigins(
        awaited=or_(col(Alias.id).in_(waiting.where(readable)), own.exists()),
        first_seen=first.where(readable).exists(),
    )


def _waiting() -> CTE:
    """Which spellings rows of which batches wait for, each pair by one step in the index.

    Joined to each alias the rows would be read one by one, and a name can hold 100,000 of them.
    """
    pairs = select(_ALIAS, _BATCH).where(_ALIAS.is_not(None)).order_by(_ALIAS, _BATCH).limit(1)
    first = pairs.subquery("first")
    found = select(first.c.alias_id, first.c.batch_id).cte("waiting", recursive=True)
    later = pairs.where(tuple_(_ALIAS, _BATCH) > tuple_(found.c.alias_id, found.c.batch_id))
    following = later.lateral("following")
    return found.union_all(
        select(following.c.alias_id, following.c.batch_id).select_from(
            found.join(following, true())
        )
    )
