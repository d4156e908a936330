"""Files as they come: each with what its rows become, and the issues of it and of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from common.identity import CourtScope
from core_service.returns.files.header import COLUMNS
from core_service.returns.files.rows import open_return
from core_service.returns.judging.judgement import judge, read_cells
from core_service.returns.judging.resolution import Terms
from core_service.returns.judging.vocabulary import ReferenceRows, Vocabulary
from testkit.core.return_files import HEADER, PLAIN, Value, row, rows, table

TODAY: Final = date(2026, 6, 1)
LINES: Final = PLAIN.file(table()).split(b"\n")
TITLE: Final = ("Daily return of Testville",)


@dataclass(frozen=True, slots=True)
class Shape:
    """A file, and what is expected of it: the results of its rows, the codes of its issues and of
    those of its rows (`row:CODE`), and cells of its rows.
    """

    name: str
    content: bytes
    results: str = "3 accepted"
    of_file: str = ""
    of_rows: str = ""
    cells: str = ""
    is_for_testville: bool = False

    @property
    def expected(self) -> tuple[str, str, str]:
        return self.results, self.of_file, self.of_rows


@dataclass(frozen=True, slots=True)
class Result:
    """What reading and judging a file came to."""

    results: str
    of_file: str
    of_rows: str
    cells: Sequence[dict[str, str]]

    @property
    def seen(self) -> tuple[str, str, str]:
        return self.results, self.of_file, self.of_rows


def read(path: Path, shape: Shape, reference: ReferenceRows) -> Result:
    """Read and judge a file as validation does, without a database."""
    path.write_bytes(shape.content)
    testville = reference.courts[0].id if shape.is_for_testville else None
    vocabulary, terms = Vocabulary.of(reference), Terms(CourtScope(None), testville)
    results: Counter[str] = Counter()
    of_rows: list[str] = []
    found: list[dict[str, str]] = []
    with open_return(path, court_is_known=shape.is_for_testville) as file:
        for source in file.rows:
            cells, refused = read_cells(file.header, source)
            judgement = refused or judge(cells, vocabulary, terms, TODAY)
            results[judgement.result or "accepted"] += source.count
            of_rows += [f"{source.row_no}:{issue.code}" for issue in judgement.issues]
            found.append(cells)
        codes = [issue.code for issue in file.issues]
    return Result(
        ", ".join(f"{number} {result}" for result, number in sorted(results.items())),
        " ".join(codes),
        " ".join(each for each in of_rows if "EMPTY" not in each),
        found,
    )


def spoilt(**cells: Value) -> list[tuple[Value, ...]]:
    """A table whose first row has some cells changed."""
    return [HEADER, row(**cells), *rows(2)]


def without(*names: str) -> list[tuple[Value, ...]]:
    """A table without some columns."""
    columns = [index for index, name in enumerate(COLUMNS) if name not in names]
    return [tuple(line[index] for index in columns) for line in table()]


def renamed(**names: str) -> list[tuple[Value, ...]]:
    """A table with other names of columns."""
    return [tuple(names.get(name, name) for name in COLUMNS), *rows(3)]


def reversed_columns(lines: Sequence[Sequence[Value]]) -> list[tuple[Value, ...]]:
    return [tuple(line)[::-1] for line in lines]
