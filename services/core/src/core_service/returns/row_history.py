"""What rows were before they are judged otherwise, for figures as known on a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import of_found
from core_service.returns.issues import FAULTS
from core_service.returns.models import RowResult

# A row's number, its court, and whether it has a fault.
RowState = tuple[int, UUID | None, bool]
# Of two changes in one moment the first is stored, with what was before both.
STORE_BEFORE: Final = text("""
INSERT INTO import_rows_before
  (batch_id, row_no, recorded_at, retracted_at, court_id, is_faulty)
SELECT r.batch_id, r.row_no, since, :now, is_of.court_id, faulty.it
FROM unnest(
  CAST(:row_nos AS integer[]), CAST(:court_ids AS uuid[]), CAST(:faulty AS boolean[])
) new (row_no, court_id, is_faulty)
JOIN import_rows r ON r.batch_id = :batch_id AND r.row_no = new.row_no
CROSS JOIN LATERAL (
  SELECT CASE WHEN r.result <> 'EMPTY' THEN r.court_id END AS court_id
) is_of
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM import_row_issues i
    WHERE i.batch_id = r.batch_id AND i.row_no = r.row_no AND i.code = ANY(:faults)
  ) AS it
) faulty
CROSS JOIN LATERAL (
  SELECT coalesce(max(before.retracted_at), r.judged_at) AS since FROM import_rows_before before
  WHERE before.batch_id = r.batch_id AND before.row_no = r.row_no
) earlier
WHERE (is_of.court_id, faulty.it) IS DISTINCT FROM (new.court_id, new.is_faulty) AND since < :now
""")


def states_of(
    rows: Sequence[Mapping[str, Any]], issues: Sequence[Mapping[str, Any]]
) -> Sequence[RowState]:
    """What figures read of rows with these issues."""
    faulty = {issue["row_no"] for issue in issues if issue["code"] in FAULTS}
    return [
        (
            row["row_no"],
            row["court_id"] if row["result"] is not RowResult.EMPTY else None,
            row["row_no"] in faulty,
        )
        for row in rows
    ]


async def store_before(
    session: AsyncSession, batch_id: UUID, states: Sequence[RowState], now: datetime
) -> None:
    """Store what these rows are, of those that will be something else to figures."""
    row_nos, court_ids, faulty = zip(*states, strict=True)
    values = {
        "batch_id": batch_id,
        "row_nos": list(row_nos),
        "court_ids": list(court_ids),
        "faulty": list(faulty),
        "faults": [code.value for code in FAULTS],
        "now": now,
    }
    connection = await session.connection()
    await connection.execute(of_found(STORE_BEFORE, [batch_id]), values)
