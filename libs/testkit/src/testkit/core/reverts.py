"""Every row of the registry before an import and after its revert, and what may differ.

Nothing is erased by a revert, so what it brought stays as voided, retracted or deleted rows, and
each write renews who wrote last, when, and the version. All else must be equal, bit for bit.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from common.composition import Units
from core_service.metrics.models import Level
from core_service.tables import METADATA

Row = Mapping[str, Any]
Rows = dict[tuple[Any, ...], dict[str, Any]]

# Of the service and not of the registry, or about whole files: the same file may be sent again.
NOT_COMPARED: Final = {
    "audit_checkpoints",
    "audit_events",
    "caseload_folded",
    "figure_changes",
    "idempotency_keys",
    "import_batches",
    "import_files",
}
# Every write of a row renews these; a row that was changed and changed back has new ones.
RENEWED: Final = {"version", "updated_at", "updated_by"}
# Rows that follow from the activities are deleted and made again; the case and the day tell them.
MADE_AGAIN: Final = RENEWED | {"id", "created_at", "created_by"}


async def all_rows(core: Units) -> dict[str, Rows]:
    """Every row of every table that is compared, by its key."""
    found = {}
    async with core.database.transaction() as session:
        connection = await session.connection()
        for name, table in METADATA.tables.items():
            if name in NOT_COMPARED:
                continue
            key = [column.name for column in table.primary_key]
            rows = (await connection.execute(text(f"SELECT to_jsonb(t) FROM {name} t"))).scalars()  # noqa: S608 - a table of the metadata
            found[name] = {tuple(row[column] for column in key): row for row in rows}
    return found


def caseload(rows: Mapping[str, Rows]) -> Counter[tuple[str, ...]]:
    """How many events of each kind count, by month, court and type of case."""
    months = (row for row in rows["caseload_totals"].values() if row["level"] == Level.MONTH)
    sums: Counter[tuple[str, ...]] = Counter()
    for row in (*months, *rows["caseload_deltas"].values()):
        month = str(row.get("starts_on") or row["effective_on"])[:7]
        sums[month, row["court_id"], row["case_type_id"], row["kind"]] += row["count"]
    return sums


@dataclass(frozen=True, slots=True)
class Reverted:
    """The rows before the first of some imports and after the reverts of all of them."""

    before: Mapping[str, Rows]
    after: Mapping[str, Rows]
    batch_ids: Collection[str]

    def faults(self) -> list[str]:
        """What differs and may not."""
        found = []
        for table in self.before:
            check = RULES.get(table, Reverted.unchanged)
            found += [f"{table}: {fault}" for fault in check(self, table)]
        return found

    def unchanged(self, table: str) -> list[str]:
        """No row is added, deleted or changed, but for rows that name the import."""
        return [
            *self._differences(table, set()),
            *(
                f"added {row}"
                for row in self._added(table)
                if not {row.get("batch_id"), row.get("first_seen_batch_id")} & {*self.batch_ids}
            ),
        ]

    def cases(self, table: str) -> list[str]:
        """Those that the import registered are deleted; their numbers are free."""
        return [
            *self._differences(table, RENEWED),
            *(
                f"left {row}"
                for row in self._added(table)
                if not (row["batch_id"] in self.batch_ids and row["reverted"] and row["deleted_at"])
            ),
        ]

    def activities(self, table: str) -> list[str]:
        """Those of the import are voided; those that it had corrected count again."""
        return [
            *self._differences(table, RENEWED),
            *(
                f"left {row}"
                for row in self._added(table)
                if not (row["batch_id"] in self.batch_ids and row["void_reason"] == "reverted")
            ),
        ]

    def seats(self, table: str) -> list[str]:
        """Only activities of the import, which are voided, have brought new ones."""
        known = self.before["case_activities"]
        return [
            *self._differences(table, set()),
            *(f"added {row}" for row in self._added(table) if (row["activity_id"],) in known),
        ]

    def superseded(self, table: str) -> list[str]:
        """What rows were is never changed: the revert adds what they were before it."""
        return self._differences(table, set())

    def events(self, table: str) -> list[str]:
        """Nothing is deleted: an event that was disproved is retracted, and recorded again. Of
        deleted cases figures count none.
        """
        removed = {row["id"] for row in self._added("cases")}

        def counts(row: Row) -> bool:
            return row["retracted_at"] is None and row["case_id"] not in removed

        return [
            *self._differences(table, {"retracted_at"}),
            *self._unequal(table, {"id", "recorded_at"}, counts),
            *(
                f"counts again {key}"
                for key, row in self.before[table].items()
                if row["retracted_at"] not in (None, self.after[table][key]["retracted_at"])
            ),
        ]

    def states(self, table: str) -> list[str]:
        """They follow from the events that count."""
        removed = {row["id"] for row in self._added("cases")}
        return self._unequal(table, set(), lambda row: row["case_id"] not in removed)

    def totals(self, _table: str) -> list[str]:
        """Written as differences that are added up from time to time: the sums are equal."""
        before, after = (caseload(rows) for rows in (self.before, self.after))
        return [
            f"{key} was {before[key]} and is {after[key]}"
            for key in sorted(before | after)
            if before[key] != after[key]
        ]

    def hearings(self, table: str) -> list[str]:
        """What users have planned keeps its row; the other days follow from the activities."""
        return [
            *self._unequal(table, {"version"}, lambda row: row["is_manual"]),
            *self._unequal(table, MADE_AGAIN, lambda row: not row["is_manual"]),
        ]

    def assignments(self, table: str) -> list[str]:
        """What users have assigned keeps its row; the others follow from the benches."""
        return [
            *self._unequal(table, RENEWED, lambda row: row["origin"] == "assigned"),
            *self._unequal(table, MADE_AGAIN, lambda row: row["origin"] == "bench"),
        ]

    def changes(self, table: str) -> list[str]:
        """The history grows by what the import and its revert did, and is never rewritten."""
        return [
            *self._differences(table, set()),
            *(
                f"added {row}"
                for row in self._added(table)
                if row["batch_id"] not in self.batch_ids
            ),
        ]

    def _added(self, table: str) -> list[Row]:
        known = self.before[table]
        return [row for key, row in self.after[table].items() if key not in known]

    def _differences(self, table: str, renewed: set[str]) -> list[str]:
        found = []
        for key, before in self.before[table].items():
            after = self.after[table].get(key)
            if after is None:
                found.append(f"{before} is not there")
                continue
            found += [
                f"{key} {name} was {before[name]} and is {after[name]}"
                for name in before
                if name not in renewed and before[name] != after[name]
            ]
        return found

    def _unequal(self, table: str, renewed: set[str], is_meant: Callable[[Row], bool]) -> list[str]:
        """Rows compared without their key: the same number of equal ones."""
        before, after = (
            Counter(
                str(sorted((name, str(row[name])) for name in row if name not in renewed))
                for row in rows[table].values()
                if is_meant(row)
            )
            for rows in (self.before, self.after)
        )
        return [f"not there {row}" for row in before - after] + [
            f"added {row}" for row in after - before
        ]


RULES: Final[Mapping[str, Callable[[Reverted, str], list[str]]]] = {
    "cases": Reverted.cases,
    "case_activities": Reverted.activities,
    "activity_judges": Reverted.seats,
    "case_status_events": Reverted.events,
    "superseded_rows": Reverted.superseded,
    "caseload_deltas": Reverted.totals,
    "caseload_states": Reverted.states,
    "caseload_totals": Reverted.totals,
    "hearings": Reverted.hearings,
    "case_judge_assignments": Reverted.assignments,
    "case_changes": Reverted.changes,
}
