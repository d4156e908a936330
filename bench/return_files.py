"""Returns as courts send them, from invented histories, with the mess of real files.

The rates are those observed in real files. Lines are made as text and not as dictionaries: a file
of 360,000 rows is 100 MB of them.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from random import Random
from typing import Final
from uuid import UUID

from bench.generate import ROWS_PER_FILING, Intake, Size
from bench.registry_histories import Filing, HistoryGenerator, Step
from bench.registry_world import InventedCourt, World

from core_service.returns.files.header import COLUMNS

DUPLICATES: Final = 0.014
BLANK_NUMBERS: Final = 0.00003
# Judges with more than one spelling; each of their rows has one of these.
OTHERWISE_SPELT: Final = 1 / 3
SPELLINGS: Final = (str, str.upper, lambda name: name.replace(", ", ","), str.lower)
TRAILING_SPACES: Final = 0.2
# Not measured: plausible values.
OTHER_MONTHS: Final = 0.1
# Far from the numbers of the cases that the registry has already.
FIRST_SERIAL: Final = 50_000
CORRECTED: Final = 0.01
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class ReturnLines:
    """The lines of a return in the order of their days."""

    header: str
    days: Sequence[date]
    lines: Sequence[str]

    def content(self) -> bytes:
        """The whole file."""
        return "".join((self.header, *self.lines)).encode()

    def until(self, day: date) -> "ReturnLines":
        """A cumulative file: all that happened up to that day."""
        count = sum(each <= day for each in self.days)
        return ReturnLines(self.header, self.days[:count], self.lines[:count])

    def corrected(self, share: float = CORRECTED, seed: int = 1) -> "ReturnLines":
        """The same file again, in which this share of the rows says something else."""
        chance = Random(seed)
        changed = [
            line.rstrip() + "Corrected\r\n" if chance.random() < share else line
            for line in self.lines
        ]
        return ReturnLines(self.header, self.days, changed)


@dataclass(slots=True)
class ReturnGenerator:
    """Makes files about new cases of some courts; the same for the same size and courts."""

    world: World
    size: Size
    courts: Sequence[InventedCourt]
    labels: Mapping[UUID, str] = field(init=False)
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.labels, self.chance = self.world.labels(), Random(self.size.seed)

    def rows(self, count: int) -> ReturnLines:
        """So many rows, in the order of their days; those of several courts are mixed."""
        # The text begins with its day, so that one sort puts all in order.
        dated = sorted(islice(self._dated(count), count), key=lambda each: each[0])
        return ReturnLines(_line(COLUMNS), [day for day, _ in dated], [line for _, line in dated])

    def _dated(self, count: int) -> Iterator[tuple[date, str]]:
        cases = round(count / ROWS_PER_FILING * 1.3) + 20
        size = replace(self.size, cases=cases, activities=round(cases * ROWS_PER_FILING))
        world = replace(self.world, courts=tuple(self.courts), shares=(1.0,) * len(self.courts))
        affairs = list(Intake(size, world).affairs())
        self.chance.shuffle(affairs)  # the first of them are then of all years
        for affair in affairs:
            filing = replace(affair.filing, serial=affair.filing.serial + FIRST_SERIAL)
            own = Random(self.size.seed << 40 | filing.index)
            for step in HistoryGenerator(filing, self.world.words, self.size.until, own).steps():
                if step.void_reason is None and step.sets is None:
                    yield from self._lines(filing, step)

    def _lines(self, filing: Filing, step: Step) -> Iterator[tuple[date, str]]:
        cells = self._cells(filing, step)
        if self.chance.random() < BLANK_NUMBERS:
            cells["caseid_no"] = ""
        line = _line([cells.get(column, "") for column in COLUMNS])
        yield step.on, line
        if self.chance.random() < DUPLICATES:
            yield step.on, line

    def _cells(self, filing: Filing, step: Step) -> Cells:
        space = " " if self.chance.random() < TRAILING_SPACES else ""
        fixed = Random(filing.index)
        return {
            "court": filing.court.name,
            **self._date("date", step.on),
            "caseid_type": filing.register.caseid_type,
            "caseid_no": f"E{filing.serial:03d}",
            **self._date("filed", filing.filed_on),
            "case_type": self.labels[filing.register.case_type_id],
            **{f"judge_{place}": self._spelt(one) for place, one in enumerate(step.bench, start=1)},
            "comingfor": self.labels[step.type_id],
            "outcome": self.labels[step.outcome_id] + space if step.outcome_id else "",
            "reason_adj": self.labels[step.reason_id] if step.reason_id else "",
            **(self._date("next", step.next_on) if step.next_on else {}),
            "male_applicant": str(fixed.randint(0, 3)),
            "female_defendant": str(fixed.randint(0, 2)),
            "organization_defendant": str(fixed.randint(0, 1)),
            "legalrep": fixed.choice(("Yes", "No", "Y", "yes", "")),
            "custody": str(step.custody_count) if step.custody_count is not None else "",
        }

    def _spelt(self, judge_id: UUID) -> str:
        name = self.labels[judge_id]
        if judge_id.int % 1000 >= OTHERWISE_SPELT * 1000:
            return name
        return self.chance.choice(SPELLINGS)(name)

    def _date(self, name: str, day: date) -> Cells:
        month = f"{day:%B}" if self.chance.random() < OTHER_MONTHS else f"{day:%b}"
        return {f"{name}_dd": str(day.day), f"{name}_mon": month, f"{name}_yyyy": str(day.year)}


def _line(values: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(values)
    return text.getvalue()
