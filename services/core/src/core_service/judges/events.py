"""Audit events of what a merge of judges has moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.audit.selection import note_selected
from core_service.audit.session import NOT_AUDITED
from core_service.judges.models import JudgeMerge, Moved

# Per table: the columns by kind of item, the court, and the rows. Derived hearings and
# assignments have no events.
TABLES: Final = (
    ("cases", {Moved.CASE: "lead_judge_id"}, "row.court_id", "true"),
    ("aliases", {Moved.ALIAS: "target_id"}, "NULL::uuid", "true"),
    ("court_aliases", {Moved.COURT_ALIAS: "target_id"}, "row.court_id", "true"),
    ("judge_postings", {Moved.POSTING: "judge_id"}, "row.court_id", "true"),
    (
        "hearings",
        {Moved.HEARING: "judge_id", Moved.PLANNED_HEARING: "planned_judge_id"},
        "row.court_id",
        "row.is_manual",
    ),
    (
        "case_judge_assignments",
        {Moved.ASSIGNMENT: "judge_id"},
        "(SELECT court_id FROM cases WHERE cases.id = row.case_id)",
        "row.origin = 'assigned'",
    ),
)
UPDATED: Final = """
SELECT 'update', '{table}', row.id, {court},
  jsonb_object_agg({column}, jsonb_build_array(CAST(:before AS text), CAST(:after AS text)))
FROM judge_merge_items AS item JOIN {table} AS row ON row.id = item.row_id
WHERE item.merge_id = :merge_id AND item.kind IN ({kinds}) AND {condition}
GROUP BY row.id
"""
# Both judges' seats on a bench, the higher first, before and after.
SEATS: Final = """
SELECT 'update', 'case_activities', activity.id, of_case.court_id,
  jsonb_build_object('judge_ids', {pair})
FROM (
  SELECT row_id, jsonb_agg(judge_id ORDER BY place) AS separate
  FROM judge_merge_items WHERE merge_id = :merge_id AND kind = 'seat' GROUP BY row_id
) AS item
JOIN case_activities AS activity ON activity.id = item.row_id
JOIN cases AS of_case ON of_case.id = activity.case_id
"""
MERGED: Final = "jsonb_build_array(CAST(:into_id AS text))"
ALIAS: Final = """
SELECT '{action}', 'aliases', row.id, NULL::uuid, (
  SELECT jsonb_object_agg(key, {pair}) FROM jsonb_each(to_jsonb(row))
  WHERE value <> 'null' AND key <> ALL (:not_audited)
)
FROM judge_merge_items AS item JOIN aliases AS row ON row.id = item.row_id
WHERE item.merge_id = :merge_id AND item.kind = 'new_alias' AND {condition}
"""
# An alias that a court has decided about stays.
UNUSED: Final = "NOT EXISTS (SELECT FROM court_aliases AS own WHERE own.alias_id = row.id)"


@dataclass(frozen=True, slots=True)
class MergeEvents:
    """Writes events of what was moved in this transaction."""

    session: AsyncSession
    merge: JudgeMerge

    async def write_moved(self) -> None:
        """The references that now point to the other judge."""
        merge = self.merge
        await self._write(_updates(), before=str(merge.judge_id), after=str(merge.into_id))
        pair = f"jsonb_build_array(item.separate, {MERGED})"
        await self._write([SEATS.format(pair=pair)])
        pair = "jsonb_build_array(NULL, value)"
        await self._write([ALIAS.format(action="create", pair=pair, condition="true")])

    async def write_moved_back(self) -> None:
        """The references that point to the first judge again."""
        merge = self.merge
        await self._write(_updates(), before=str(merge.into_id), after=str(merge.judge_id))
        pair = f"jsonb_build_array({MERGED}, item.separate)"
        await self._write([SEATS.format(pair=pair)])

    async def write_alias_deleted(self) -> None:
        """The deletion of the alias that the merge added; called before it."""
        pair = "jsonb_build_array(value, NULL)"
        await self._write([ALIAS.format(action="delete", pair=pair, condition=UNUSED)])

    async def _write(self, selections: Iterable[str], **values: str) -> None:
        known: dict[str, UUID | list[str] | str] = {
            "merge_id": self.merge.id,
            "into_id": str(self.merge.into_id),
            "not_audited": sorted(NOT_AUDITED),
        }
        for selection in selections:
            await note_selected(self.session, selection, known | values)


def _updates() -> Iterator[str]:
    for table, columns, court, condition in TABLES:
        whens = " ".join(f"WHEN '{kind}' THEN '{column}'" for kind, column in columns.items())
        kinds = ", ".join(f"'{kind}'" for kind in columns)
        yield UPDATED.format(
            table=table,
            column=f"CASE item.kind {whens} END",
            court=court,
            kinds=kinds,
            condition=condition,
        )
