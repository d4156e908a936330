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
    CUT_OFF = "cut off"  # was noted outside the database, which ends before it
    INSERTED = "inserted"
    MOVED = "moved"  # is whole, but was sealed in another place
    REWRITTEN = "rewritten"  # differs from what was signed, or noted outside the database
    FORGED = "forged"  # a checkpoint whose signature is wrong
    UNPROVEN = "unproven"  # the newest checkpoint was signed by a key that was not given


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `sequence` is the row's own number; a missing row has only its places."""

    kind: FaultKind
    first_position: int
    last_position: int
    sequence: int | None = None

    def __str__(self) -> str:
        places = f"{self.first_position}"
        if self.last_position != self.first_position:
            places += f" to {self.last_position}"
        row = "" if self.sequence is None else f" (row {self.sequence})"
        return f"{self.kind}: position {places}{row}"


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A row that was taken as the one that has its place; `blamed` when its hash is wrong."""

    row: Row
    stored: bytes
    blamed: bool = False


@dataclass(slots=True)
class ChainVerifier:
    """Takes sealed rows in order of position. `anchors` are hashes that were signed, `noted` those
    that were noted outside the database, where two may contradict each other.

    Only the row before is remembered, so that a log of any size can be checked.
    """

    key: str
    start: Link = GENESIS
    anchors: Mapping[int, bytes] = field(default_factory=dict)
    noted: Mapping[int, AbstractSet[bytes]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    head: Link = field(init=False)
    _last: _Accepted | None = None
    _place: int = field(init=False)  # of the last row, as it was sealed
    _shift: int = 0  # how far the places of a renumbered tail are from those of its sealing
    _group: list[Row] = field(default_factory=list)
    _proven: int = 0  # the last place whose hash is the one that was signed or noted

    def __post_init__(self) -> None:
        self.head, self._place = self.start, self.start.position

    def feed(self, row: Row) -> None:
        """Check the next row."""
        self.rows += 1
        if self._group and self._group[0][POSITION] != row[POSITION]:
            self._settle(row[PREVIOUS_HASH])
        self._group.append(row)

    def finish(self) -> list[Fault]:
        """Every fault, after the last row."""
        self._settle(None)
        signed, noted = max(self.anchors, default=0), max(self.noted, default=0)
        if noted > max(signed, self._place):
            self._blame(FaultKind.CUT_OFF, self._place + 1, noted)
        elif signed > self._place:
            self._blame(FaultKind.MISSING, self._place + 1, signed)
        return self.faults

    def _settle(self, followed_as: bytes | None) -> None:
        """Decide which of the rows in one place is the sealed one; the others were put in."""
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
        place, recomputed = self._original_place(row)
        faithful = recomputed == row[HASH]
        if place > self._place + 1:
            self._blame(FaultKind.MISSING, self._place + 1, place - 1)
        elif self._last is not None and faithful and not self._follows(row, self._last):
            # Its own hash is right, so this row says truly what stood before it.
            self._blame_row(FaultKind.EDITED, self._last.row)
        if not faithful:
            self._blame_row(FaultKind.EDITED, row)
        self._check_anchor(place, row, recomputed)
        self._last = _Accepted(row, row[HASH], blamed=not faithful)
        self._place = place
        self.head = Link(row[POSITION], row[HASH])

    def _original_place(self, row: Row) -> tuple[int, bytes]:
        """Where a row was sealed, and its hash there: rows after a change may be renumbered."""
        for shift in (self._shift, self._shift + 1, self._shift - 1):
            place = row[POSITION] - shift
            recomputed = link_hash({**row, POSITION: place})
            if recomputed != row[HASH]:
                continue
            if shift > self._shift and self._last is not None:
                self._blame_row(FaultKind.INSERTED, self._last.row)
                self._last = None
            elif shift < self._shift:
                self._blame_row(FaultKind.MOVED, row)
            self._shift = shift
            return place, recomputed
        place = row[POSITION] - self._shift
        return place, link_hash({**row, POSITION: place})

    def _follows(self, row: Row, last: _Accepted) -> bool:
        return last.blamed or row[PREVIOUS_HASH] == last.stored

    def _check_anchor(self, place: int, row: Row, recomputed: bytes) -> None:
        expected = self._expected(place)
        if not expected:
            return
        if expected <= {row[HASH], recomputed}:
            self._proven = place
            return
        fault = Fault(FaultKind.REWRITTEN, self._proven + 1, place, row[self.key])
        last = self.faults[-1] if self.faults else fault
        if (last.kind, last.first_position) == (fault.kind, fault.first_position):
            self.faults[-1:] = [fault]  # one stretch, which every later place contradicts again
        else:
            self.faults.append(fault)

    def _expected(self, place: int) -> set[bytes]:
        """Every hash that this place is known to have had."""
        signed = self.anchors.get(place)
        return {*self.noted.get(place, ()), *(() if signed is None else (signed,))}

    def _blame_row(self, kind: FaultKind, row: Row) -> None:
        self._blame(kind, row[POSITION], row[POSITION], row[self.key])

    def _blame(self, kind: FaultKind, first: int, last: int, sequence: Any = None) -> None:
        fault = Fault(kind, first, last, sequence)
        if fault not in self.faults[-3:]:
            self.faults.append(fault)
