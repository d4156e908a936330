"""From which rows a spelling comes, as far as a caller may read them."""

from sqlalchemy import CTE, and_, false, true, tuple_
from sqlmodel import col, select

from common.errors import PermissionDenied
from common.identity import Principal
from core_service.aliases.models import Alias
from core_service.aliases.reading import AliasOrigins
from core_service.returns.models import ImportBatch, ImportRow, ImportRowIssue
from core_service.returns.shown_rows import shown
from core_service.returns.visibility import BatchView

_ALIAS, _BATCH = col(ImportRowIssue.alias_id), col(ImportRowIssue.batch_id)


def alias_origins(principal: Principal) -> AliasOrigins:
    """The conditions over `Alias`; who may read no rows has none of its origins."""
    try:
        view = BatchView.of(principal)
    except PermissionDenied:
        return AliasOrigins(false(), false())
    is_shown = shown(view, col(ImportBatch.created_by) == principal.user_id)
    waits = _waiting()
    of_spelling = and_(waits.c.alias_id == _ALIAS, waits.c.batch_id == _BATCH)
    same_row = and_(
        col(ImportRow.batch_id) == _BATCH, col(ImportRowIssue.row_no) == col(ImportRow.row_no)
    )
    row = select(ImportRow.row_no).join(ImportRowIssue, same_row).where(of_spelling, is_shown)
    waiting = (
        select(waits.c.alias_id)
        .join(ImportBatch, col(ImportBatch.id) == waits.c.batch_id)
        .where(view.batches(), row.exists())
    )
    first = (
        select(ImportRow.row_no)
        .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
        .where(
            col(ImportRow.batch_id) == Alias.first_seen_batch_id,
            col(ImportRow.row_no) == Alias.first_seen_row_no,
            view.batches(),
            is_shown,
        )
    )
    return AliasOrigins(awaited=col(Alias.id).in_(waiting), first_seen=first.exists())


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
