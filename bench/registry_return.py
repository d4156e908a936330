"""Returns as courts send them, from invented histories, with the mess of real files."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final
from uuid import UUID

from bench.generate import Intake, Size
from bench.registry_histories import Filing, HistoryGenerator, Step
from bench.registry_world import InventedCourt, World

from core_service.returns.files.header import COLUMNS

DUPLICATES: Final = 0.014
BLANK_NUMBERS: Final = 0.00003
OTHERWISE_SPELT: Final = 1 / 3
# Far from the numbers of the cases that the registry has already.
FIRST_SERIAL: Final = 50_000
Row = dict[str, str]
Labels = Mapping[UUID, str]


def write_return(world: World, size: Size, court: InventedCourt, rows: int) -> bytes:
    """A file of that many rows about new cases of a court, in the order of their days."""
    dated: list[tuple[date, Row]] = []
    chance, labels = Random(size.seed), world.labels()
    one_court = replace(world, courts=(court,), shares=(1.0,))
    for affair in Intake(size, one_court).affairs():
        filing = replace(affair.filing, serial=affair.filing.serial + FIRST_SERIAL)
        history = HistoryGenerator(
            filing, world.words, size.until, Random(size.seed << 40 | filing.index)
        )
        steps = [step for step in history.steps() if step.void_reason is None]
        dated += ((step.on, row) for step in steps for row in _rows(labels, filing, step, chance))
        if len(dated) >= rows:
            break
    dated.sort(key=lambda each: each[0])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(row for _, row in dated[:rows])
    return text.getvalue().encode()


def _rows(labels: Labels, filing: Filing, step: Step, chance: Random) -> Iterator[Row]:
    row = _row(labels, filing, step, chance)
    if chance.random() < BLANK_NUMBERS:
        row["caseid_no"] = ""
    yield row
    if chance.random() < DUPLICATES:
        yield row


def _row(labels: Labels, filing: Filing, step: Step, chance: Random) -> Row:
    bench = [labels[judge] for judge in step.bench]
    if chance.random() < OTHERWISE_SPELT:
        bench = [name.upper().replace(", ", ",") for name in bench]
    return {
        "court": filing.court.name,
        **_date("date", step.on),
        "caseid_type": filing.register.caseid_type,
        "caseid_no": f"E{filing.serial:03d}",
        **_date("filed", filing.filed_on),
        "case_type": labels[filing.register.case_type_id],
        **{f"judge_{place}": name for place, name in enumerate(bench, start=1)},
        "comingfor": labels[step.type_id],
        "outcome": labels[step.outcome_id] if step.outcome_id else "",
        "reason_adj": labels[step.reason_id] if step.reason_id else "",
        **(_date("next", step.next_on) if step.next_on else {}),
        "male_applicant": "1",
        "custody": str(step.custody_count) if step.custody_count is not None else "",
    }


def _date(name: str, day: date) -> Row:
    return {f"{name}_dd": str(day.day), f"{name}_mon": f"{day:%b}", f"{name}_yyyy": str(day.year)}
