"""The judged rows of a file, in a file of the worker's own between reading and application.

Plain tuples are written, since as many objects of our classes take ten times as long.
"""

import json
import pickle
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import IO, Final
from uuid import UUID

from common.identity import CourtScope
from core_service.aliases.models import AliasKind, Key
from core_service.returns.files.limits import MIB
from core_service.returns.judging.chunk import Batch, JudgedChunk
from core_service.returns.judging.judgement import Judgement
from core_service.returns.judging.vocabulary import Version, Vocabulary
from core_service.returns.packing import (
    Plain,
    packed_event,
    packed_judgement,
    unpacked_event,
    unpacked_judgement,
)
from core_service.returns.recognition import Recognised
from core_service.returns.reported import Digests, ReportedEvent

# A turn may have to be shorter than the chunks were that were read.
PIECE_ROWS: Final = 500
CHUNK_BYTES: Final = 16 * MIB


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it is stored: its cells as a JSON document, and of how many blank rows it is one."""

    row_no: int
    cells: str
    count: int = 1
    is_readable: bool = True

    @property
    def last_row_no(self) -> int:
        return self.row_no + self.count - 1


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows of a file, judged by one vocabulary for one scope, but for those that are recognised;
    events are of the judged rows that can be applied.
    """

    version: Version
    scope: CourtScope
    aliases: Mapping[Key, UUID]
    rows: Sequence[RawRow]
    judgements: Mapping[int, Judgement]
    packed: Mapping[int, Plain]
    recognised: Mapping[int, Recognised]

    def judged_by(self, batch: Batch, vocabulary: Vocabulary) -> JudgedChunk | None:
        """The chunk as it was judged; None when it would be judged otherwise now."""
        if (self.version, self.scope) != (vocabulary.version, batch.terms.scope):
            return None
        return JudgedChunk(batch, self.judgements, self.aliases, vocabulary)

    def unreadable(self) -> dict[int, Judgement]:
        """The judgements of rows that there is nothing to judge of."""
        return {row.row_no: self.judgements[row.row_no] for row in self.rows if not row.is_readable}

    def events(self, batch: Batch) -> dict[int, ReportedEvent]:
        """What the rows report that can be applied."""
        return {row_no: unpacked_event(batch, row_no, one) for row_no, one in self.packed.items()}

    def cells(self, of: Container[int] | None = None) -> dict[int, dict[str, str]]:
        """The cells of the rows, or of these, that can be read as such."""
        return {
            row.row_no: json.loads(row.cells)
            for row in self.rows
            if row.is_readable and (of is None or row.row_no in of)
        }

    def texts(self, row_nos: Container[int]) -> dict[int, str]:
        """The cells of these rows as they are stored."""
        return {row.row_no: row.cells for row in self.rows if row.row_no in row_nos}

    def and_(self, following: "ReadRows") -> "ReadRows":
        """These rows and those that follow them, judged by the same."""
        return replace(
            self,
            aliases={**self.aliases, **following.aliases},
            rows=[*self.rows, *following.rows],
            judgements={**self.judgements, **following.judgements},
            packed={**self.packed, **following.packed},
            recognised={**self.recognised, **following.recognised},
        )

    def is_judged_like(self, other: "ReadRows") -> bool:
        return (self.version, self.scope) == (other.version, other.scope)


def read_rows(
    chunk: JudgedChunk,
    events: Mapping[int, ReportedEvent],
    recognised: Mapping[int, Recognised],
    rows: Sequence[RawRow],
) -> ReadRows:
    """A chunk that has been read and judged."""
    packed = {row_no: packed_event(event) for row_no, event in events.items()}
    version, scope = chunk.vocabulary.version, chunk.batch.terms.scope
    return ReadRows(version, scope, chunk.aliases, rows, chunk.judgements, packed, recognised)


@dataclass(slots=True)
class Spool:
    """Takes chunks one after another, and gives them back in their order."""

    file: IO[bytes]
    # Where each piece ends, and its last row.
    pieces: list[tuple[int, int]] = field(default_factory=list)

    def add(self, read: ReadRows) -> None:
        """Write the rows of a chunk behind those before."""
        rows = iter(read.rows)
        aliases = [(kind.value, name, each) for (kind, name), each in read.aliases.items()]
        while piece := list(islice(rows, PIECE_ROWS)):
            plain = [
                (row.row_no, row.cells, row.count, row.is_readable, *_packed(read, row.row_no))
                for row in piece
            ]
            content = (read.version, read.scope.courts, aliases, plain)
            pickle.dump(content, self.file, pickle.HIGHEST_PROTOCOL)
            self.pieces.append((self.file.tell(), piece[-1].last_row_no))

    def chunks(self, after: int, limit: Callable[[], int]) -> Iterator[ReadRows]:
        """The rows behind `after`, in chunks of about `limit` rows, which may change."""
        self.file.seek(0)
        chunk: ReadRows | None = None
        begin = size = 0
        for end, last_row_no in self.pieces:
            if last_row_no <= after:
                self.file.seek(end)
                begin = end
                continue
            piece = _piece(self.file, after)
            fits = size + end - begin <= CHUNK_BYTES
            if chunk is not None and (
                not fits
                or not chunk.is_judged_like(piece)
                or len(chunk.rows) + len(piece.rows) > limit()
            ):
                yield chunk
                chunk, size = None, 0
            chunk = piece if chunk is None else chunk.and_(piece)
            size, begin = size + end - begin, end
        if chunk is not None:
            yield chunk


def _packed(read: ReadRows, row_no: int) -> Plain:
    known = read.recognised.get(row_no)
    if known is not None:
        return None, (known.court_id, known.digests.identity, known.digests.content)
    return packed_judgement(read.judgements[row_no]), read.packed.get(row_no)


def _piece(file: IO[bytes], after: int) -> ReadRows:
    version, courts, aliases, plain = pickle.load(file)  # noqa: S301 - our own file, see `add`
    found = [each for each in plain if each[0] > after]
    judged = [each for each in found if each[4] is not None]
    return ReadRows(
        version,
        CourtScope(courts),
        {(AliasKind(kind), name): alias_id for kind, name, alias_id in aliases},
        [RawRow(*each[:4]) for each in found],
        {each[0]: unpacked_judgement(each[4]) for each in judged},
        {each[0]: each[5] for each in judged if each[5] is not None},
        {
            each[0]: Recognised(each[5][0], Digests(*each[5][1:]))
            for each in found
            if each[4] is None
        },
    )
