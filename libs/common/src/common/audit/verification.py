"""Finds what was changed in a sealed chain, and names the rows."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from common.audit.links import GENESIS, HASH, POSITION, PREVIOUS_HASH, Link, Row, link_hash


class FaultKind(StrEnum):
    """What happened to a row."""

    EDITED = "edited"
    MISSING = "missing"
    CUT_OFF = "cut off"  # the chain ends before an anchored position
    INSERTED = "inserted"
    MOVED = "moved"  # is unchanged, but was sealed at another position
    REWRITTEN = "rewritten"  # differs from a checkpoint or an anchor
    FORGED = "forged"  # a checkpoint whose signature is wrong
    UNPROVEN = "unproven"  # the newest checkpoint was signed by a key that was not given


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `sequence` is the row's primary key; a missing row has only positions."""

    kind: FaultKind
    first_position: int
    last_position: int
    sequence: int | None = None

    def __str__(self) -> str:
        positions = f"{self.first_position}"
        if self.last_position != self.first_position:
            positions += f" to {self.last_position}"
        row = "" if self.sequence is None else f" (row {self.sequence})"
        return f"{self.kind}: position {positions}{row}"


@dataclass(frozen=True, slots=True)
class _Accepted:
    """The row accepted at a position; `blamed` when its hash is wrong."""

    row: Row
    stored: bytes
    blamed: bool = False


@dataclass(slots=True)
class ChainVerifier:
    """Takes sealed rows in order of position, and compares them with known hashes.

    `signed` has the hashes of checkpoints, `anchored` those of anchors, of which two may contradict
    each other. Only the previous row is kept, so that a log of any size can be checked.
    """

    key: str
    start: Link = GENESIS
    signed: Mapping[int, bytes] = field(default_factory=dict)
    anchored: Mapping[int, AbstractSet[bytes]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    head: Link = field(init=False)
    _last: _Accepted | None = None
    _position: int = field(init=False)  # the position at which the last row was sealed
    _shift: int = (
        0  # difference between positions now and when they were sealed, after a renumbering
    )
    _group: list[Row] = field(default_factory=list)
    _proven: int = 0  # the last position whose hash matches a checkpoint or an anchor

    def __post_init__(self) -> None:
        self.head, self._position = self.start, self.start.position

    def feed(self, row: Row) -> None:
        """Check the next row."""
        self.rows += 1
        if self._group and self._group[0][POSITION] != row[POSITION]:
            self._settle(row[PREVIOUS_HASH])
        self._group.append(row)

    def finish(self) -> list[Fault]:
        """Every fault, after the last row."""
        self._settle(None)
        signed, anchored = max(self.signed, default=0), max(self.anchored, default=0)
        if anchored > max(signed, self._position):
            self._blame(FaultKind.CUT_OFF, self._position + 1, anchored)
        elif signed > self._position:
            self._blame(FaultKind.MISSING, self._position + 1, signed)
        return self.faults

    def _settle(self, followed_as: bytes | None) -> None:
        """Decide which row of a position is the sealed one; the others were inserted."""
        group, self._group = self._group, []
        if not group:
            return
        chosen = self._choose(group, followed_as)
        for row in group:
            if row is not chosen:
                self._blame_row(FaultKind.INSERTED, row)
        if chosen[POSITION] <= self.start.position:
            self._blame_row(FaultKind.INSERTED, chosen)
        else:
            self._accept(chosen)

    def _choose(self, group: list[Row], followed_as: bytes | None) -> Row:
        if len(group) == 1:
            return group[0]
        wanted = {followed_as, *self._expected(group[0][POSITION])}
        faithful = [row for row in group if link_hash(row) == row[HASH]]
        return next((row for row in faithful if row[HASH] in wanted), (faithful or group)[0])

    def _accept(self, row: Row) -> None:
        position, recomputed = self._original_position(row)
        faithful = recomputed == row[HASH]
        if position > self._position + 1:
            self._blame(FaultKind.MISSING, self._position + 1, position - 1)
        elif self._last is not None and faithful and not self._follows(row, self._last):
            # Its own hash is right, so its previous hash is that of the original row before it.
            self._blame_row(FaultKind.EDITED, self._last.row)
        if not faithful:
            self._blame_row(FaultKind.EDITED, row)
        self._check_known(position, row, recomputed)
        self._last = _Accepted(row, row[HASH], blamed=not faithful)
        self._position = position
        self.head = Link(row[POSITION], row[HASH])

    def _original_position(self, row: Row) -> tuple[int, bytes]:
        """Where a row was sealed, and its hash there: it may have been renumbered."""
        for shift in (self._shift, self._shift + 1, self._shift - 1):
            position = row[POSITION] - shift
            recomputed = link_hash({**row, POSITION: position})
            if recomputed != row[HASH]:
                continue
            if shift > self._shift and self._last is not None:
                self._blame_row(FaultKind.INSERTED, self._last.row)
                self._last = None
            elif shift < self._shift:
                self._blame_row(FaultKind.MOVED, row)
            self._shift = shift
            return position, recomputed
        position = row[POSITION] - self._shift
        return position, link_hash({**row, POSITION: position})

    def _follows(self, row: Row, last: _Accepted) -> bool:
        return last.blamed or row[PREVIOUS_HASH] == last.stored

    def _check_known(self, position: int, row: Row, recomputed: bytes) -> None:
        expected = self._expected(position)
        if not expected:
            return
        if expected <= {row[HASH], recomputed}:
            self._proven = position
            return
        fault = Fault(FaultKind.REWRITTEN, self._proven + 1, position, row[self.key])
        last = self.faults[-1] if self.faults else fault
        if (last.kind, last.first_position) == (fault.kind, fault.first_position):
            self.faults[-1:] = [fault]  # one range, which grows with each position that differs
        else:
            self.faults.append(fault)

    def _expected(self, position: int) -> set[bytes]:
        """Every hash that this position is known to have had."""
        signed = self.signed.get(position)
        return {*self.anchored.get(position, ()), *(() if signed is None else (signed,))}

    def _blame_row(self, kind: FaultKind, row: Row) -> None:
        self._blame(kind, row[POSITION], row[POSITION], row[self.key])

    def _blame(self, kind: FaultKind, first: int, last: int, sequence: Any = None) -> None:
        fault = Fault(kind, first, last, sequence)
        if fault not in self.faults[-3:]:
            self.faults.append(fault)
