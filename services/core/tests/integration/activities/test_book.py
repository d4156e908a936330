"""Many activities at once: what is read for them, and in which order they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.sources import MANUAL
from core_service.testing.registry import AMINA, content, filing
from core_service.wiring import Core

HEARING = content(date(2026, 1, 9), "Hearing", "Adjournment", judge_ids=(AMINA,))


@dataclass(slots=True)
class Ear:
    """Hears every statement with its parameters."""

    heard: list[tuple[str, Sequence[Any]]] = field(default_factory=list)

    def note(
        self, _connection: Any, _cursor: Any, sql: str, _raw: Any, context: Any, _: Any
    ) -> None:
        self.heard.append((sql, context.compiled_parameters))

    def naming(self, words: str) -> list[Any]:
        """The parameters of the statements that begin with these words."""
        return [
            each for sql, parameters in self.heard if sql.startswith(words) for each in parameters
        ]


@pytest.fixture
def ear(core: Core) -> Iterator[Ear]:
    ear = Ear()
    event.listen(core.database.engine.sync_engine, "before_cursor_execute", ear.note)
    yield ear
    event.remove(core.database.engine.sync_engine, "before_cursor_execute", ear.note)


@pytest.mark.parametrize("reverse", [False, True])
async def test_new_cases_are_registered_in_one_order_whatever_the_order_of_their_rows(
    core: Core, ear: Ear, *, reverse: bool
) -> None:
    filings = [
        filing(caseid_type=caseid_type, filed_on=date(year, 2, 3))
        for caseid_type in ("HCCC", "HCCR")
        for year in (2024, 2025)
    ]
    async with core.database.transaction() as session:
        numbers = [each.key for each in filings]
        book = await core.activities(session).open_book(numbers, [HEARING.activity_on], lock=True)
        for each in sorted(filings, key=filings.index, reverse=reverse):
            book.record(each.key, ActivityRecord(each, HEARING, MANUAL), SYSTEM)
        await book.write()
    registered = [
        (each["caseid_type"], each["filed_year"]) for each in ear.naming("INSERT INTO cases")
    ]
    assert registered == [("HCCC", 2024), ("HCCC", 2025), ("HCCR", 2024), ("HCCR", 2025)]
