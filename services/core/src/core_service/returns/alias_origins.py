"""Which spellings came from rows that a caller sees."""

from typing import Final

from sqlalchemy import CTE, and_, false, func, literal, true, tuple_
from sqlmodel import col, select

from common.errors import PermissionDenied
from common.identity import Principal
from core_service.aliases.models import Alias
from core_service.aliases.reading import AliasOrigins
from core_service.returns.models import (
    NO_EFFECT,
    ImportBatch,
    ImportRow,
    ImportRowIssue,
    RowResult,
)
from core_service.returns.visibility import BatchView, is_visible

_ALIAS: Final = col(ImportRowIssue.alias_id)
_BATCH: Final = col(ImportRowIssue.batch_id)


def alias_origins(principal: Principal) -> AliasOrigins:
    """The conditions over `Alias`; a caller who may read no rows sees none of its origins."""
    try:
        view = BatchView.of(principal)
    except PermissionDenied:
        return AliasOrigins(false(), false(), literal(0))
    visible = is_visible(view, col(ImportBatch.created_by) == principal.user_id)
    waits = _waiting()
    of_spelling = and_(waits.c.alias_id == _ALIAS, waits.c.batch_id == _BATCH)
    same_row = and_(
        col(ImportRow.batch_id) == _BATCH, col(ImportRowIssue.row_no) == col(ImportRow.row_no)
    )
    row = select(ImportRow.row_no).join(ImportRowIssue, same_row).where(of_spelling, visible)
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
            visible,
        )
    )
    rows = func.count(func.distinct(tuple_(ImportRow.batch_id, ImportRow.row_no)))
    number = (
        select(rows)
        .join(ImportRowIssue, and_(same_row, col(ImportRow.batch_id) == _BATCH))
        .join(ImportBatch, col(ImportBatch.id) == ImportRow.batch_id)
        .where(
            Alias.id == _ALIAS,
            col(ImportRow.result) == RowResult.HELD,
            col(ImportBatch.state).not_in(NO_EFFECT),
            view.batches(),
            visible,
        )
        .correlate(Alias)
        .scalar_subquery()
    )
    return AliasOrigins(col(Alias.id).in_(waiting), first.exists(), number)


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
