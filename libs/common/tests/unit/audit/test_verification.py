"""Whatever is done to one row of a sealed chain, the row is named."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from common.audit.links import GENESIS, HASH, POSITION, PREVIOUS_HASH, Link, link_hash, sealed
from common.audit.verification import ChainVerifier, Fault, FaultKind

Rows = list[dict[str, Any]]
OWN = ("sequence", "occurred_at", "action", "actor_id", "details")
COLUMNS = (*OWN, POSITION, PREVIOUS_HASH, HASH)
START = datetime(2026, 1, 1, tzinfo=UTC)
LENGTHS = st.integers(3, 12)


def event(sequence: int) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "occurred_at": START + timedelta(seconds=sequence),
        "action": "login",
        "actor_id": UUID(int=sequence) if sequence % 2 else None,
        "details": {"n": sequence},
    }


def chain(length: int) -> Rows:
    rows, head = [], GENESIS
    for number in range(1, length + 1):
        rows.append(sealed(event(number * 10), head))
        head = Link(rows[-1][POSITION], rows[-1][HASH])
    return rows


def verify(rows: Rows, anchors: dict[int, bytes], start: Link = GENESIS) -> list[Fault]:
    verifier = ChainVerifier("sequence", start, anchors)
    for row in sorted(rows, key=lambda row: (row[POSITION], row["sequence"])):
        verifier.feed(row)
    return verifier.finish()


def head_of(rows: Rows) -> dict[int, bytes]:
    return {rows[-1][POSITION]: rows[-1][HASH]}


def changed(value: Any) -> Any:
    replaced: Any = {**value, "n": -1} if isinstance(value, dict) else None
    match value:
        case None:
            replaced = UUID(int=7)
        case int():
            replaced = value + 1_000
        case datetime():
            replaced = value + timedelta(microseconds=1)
        case str():
            replaced = value + "x"
        case bytes():
            replaced = bytes([value[0] ^ 1]) + value[1:]
    return replaced


@given(LENGTHS)
def test_an_untouched_chain_has_no_fault(length: int) -> None:
    assert verify(chain(length), head_of(chain(length))) == []


@given(LENGTHS, st.data())
def test_an_edit_of_any_column_is_named(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    index = data.draw(st.integers(0, length - 1))
    column = data.draw(st.sampled_from(COLUMNS))
    anchors, original = head_of(rows), rows[index]
    rows[index] = {**original, column: changed(original[column])}
    faults = verify(rows, anchors)
    assert rows[index]["sequence"] in {fault.sequence for fault in faults}
    blamed = {fault.sequence for fault in faults} - {None}
    assert blamed == {rows[index]["sequence"]}


@given(LENGTHS, st.data())
def test_an_edit_with_a_fresh_hash_is_named(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    index = data.draw(st.integers(0, length - 1))
    anchors = head_of(rows)
    forged = {**rows[index], "action": "logout"}
    rows[index] = {**forged, HASH: link_hash(forged)}
    faults = verify(rows, anchors)
    assert {fault.sequence for fault in faults} == {rows[index]["sequence"]}


@given(LENGTHS, st.data(), st.booleans())
def test_a_deletion_is_named_by_its_place(length: int, data: st.DataObject, renumber: bool) -> None:
    rows = chain(length)
    index = data.draw(st.integers(0, length - 1))
    anchors = head_of(rows)
    removed = rows.pop(index)[POSITION]
    if renumber:
        for row in rows[index:]:
            row[POSITION] -= 1
    faults = verify(rows, anchors)
    missing = [fault.first_position for fault in faults if fault.kind is FaultKind.MISSING]
    assert missing == [removed]
    moved = {fault.sequence for fault in faults if fault.kind is FaultKind.MOVED}
    assert moved <= {row["sequence"] for row in rows[index : index + 1]}
    assert len(faults) <= 2


@given(LENGTHS, st.data(), st.booleans(), st.booleans())
def test_an_insertion_is_named(
    length: int, data: st.DataObject, shift: bool, well_sealed: bool
) -> None:
    rows = chain(length)
    index = data.draw(st.integers(1, length - 1))
    anchors = head_of(rows)
    before = Link(rows[index - 1][POSITION], rows[index - 1][HASH])
    forged = sealed(event(data.draw(st.sampled_from([5, 55, 999]))), before)
    if not well_sealed:
        forged[HASH] = bytes(32)
    if shift:
        for row in rows[index:]:
            row[POSITION] += 1
    faults = verify([*rows, forged], anchors)
    assert {fault.sequence for fault in faults} == {forged["sequence"]}


@given(LENGTHS, st.data())
def test_a_row_before_the_beginning_is_an_insertion(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    forged = sealed(event(5), Link(data.draw(st.integers(-9, -1)), bytes(32)))
    (fault,) = verify([*rows, forged], head_of(rows))
    assert (fault.kind, fault.sequence) == (FaultKind.INSERTED, 5)


@given(LENGTHS, st.data(), st.booleans())
def test_a_swap_names_both_rows(length: int, data: st.DataObject, whole: bool) -> None:
    rows = chain(length)
    one, other = data.draw(
        st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True)
    )
    anchors = head_of(rows)
    names = (POSITION, PREVIOUS_HASH, HASH) if whole else (POSITION,)
    for name in names:
        rows[one][name], rows[other][name] = rows[other][name], rows[one][name]
    faults = verify(rows, anchors)
    blamed = {fault.sequence for fault in faults} - {None}
    assert blamed == {rows[one]["sequence"], rows[other]["sequence"]}


@given(LENGTHS, st.data())
def test_a_deleted_end_is_reported_up_to_the_last_checkpoint(
    length: int, data: st.DataObject
) -> None:
    rows = chain(length)
    left = data.draw(st.integers(0, length - 1))
    assert verify(rows[:left], head_of(rows)) == [Fault(FaultKind.MISSING, left + 1, length)]


@given(LENGTHS, st.data())
def test_a_rewritten_tail_contradicts_the_checkpoint(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    index = data.draw(st.integers(0, length - 1))
    anchors, rewritten = head_of(rows), rows[:index]
    head = Link(rewritten[-1][POSITION], rewritten[-1][HASH]) if rewritten else GENESIS
    for row in rows[index:]:
        plain = {name: row[name] for name in OWN}
        rewritten.append(sealed({**plain, "action": "logout"}, head))
        head = Link(rewritten[-1][POSITION], rewritten[-1][HASH])
    (fault,) = verify(rewritten, anchors)
    assert (fault.kind, fault.last_position) == (FaultKind.REWRITTEN, length)


@given(LENGTHS, st.data())
def test_after_retention_the_rest_still_verifies(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    removed = data.draw(st.integers(1, length - 1))
    start = Link(removed, rows[removed - 1][HASH])
    anchors = head_of(rows) | {removed: start.hash}
    assert verify(rows[removed:], anchors, start) == []
    assert verify(rows[removed + 1 :], anchors, start)


def test_a_fault_reads_as_a_sentence() -> None:
    assert str(Fault(FaultKind.EDITED, 3, 3, 30)) == "edited: position 3 (row 30)"
    assert str(Fault(FaultKind.MISSING, 3, 5)) == "missing: position 3 to 5"


def verify_anchored(rows: Rows, anchored: dict[int, set[bytes]]) -> list[Fault]:
    verifier = ChainVerifier("sequence", anchored=anchored)
    for row in rows:
        verifier.feed(row)
    return verifier.finish()


@given(LENGTHS, st.data())
def test_an_end_that_only_an_anchor_shows_was_cut_off(length: int, data: st.DataObject) -> None:
    rows = chain(length)
    left = data.draw(st.integers(0, length - 1))
    anchored = {position: {hashed} for position, hashed in head_of(rows).items()}
    assert verify_anchored(rows[:left], anchored) == [Fault(FaultKind.CUT_OFF, left + 1, length)]
    assert verify_anchored(rows, anchored) == []


def test_consecutive_positions_that_many_anchors_contradict_are_one_fault() -> None:
    rows = chain(9)
    anchored = {row[POSITION]: {row[HASH]} for row in rows}
    rewritten, head = rows[:3], Link(rows[2][POSITION], rows[2][HASH])
    for row in rows[3:]:
        rewritten.append(sealed({name: row[name] for name in OWN} | {"action": "x"}, head))
        head = Link(rewritten[-1][POSITION], rewritten[-1][HASH])
    assert verify_anchored(rewritten, anchored) == [Fault(FaultKind.REWRITTEN, 4, 9, 90)]


def test_two_anchors_that_contradict_each_other_are_a_fault_whatever_the_row() -> None:
    rows = chain(3)
    (fault,) = verify_anchored(rows, {2: {rows[1][HASH], bytes(32)}})
    assert (fault.kind, fault.last_position) == (FaultKind.REWRITTEN, 2)
