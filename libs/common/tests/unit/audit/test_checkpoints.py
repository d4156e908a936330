"""Checkpoints: believed under a known key only, and none may be turned into another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.audit.checkpoints import Checkpoint, CheckpointKeys, CheckpointKind
from common.audit.links import GENESIS, Link

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = CheckpointKeys(("the current key of the tests", "the previous key of the tests"))
HEAD = KEYS.sign(CheckpointKind.HEAD, Link(5, b"5" * 32), AT)


def test_a_signed_head_is_an_anchor() -> None:
    judged = KEYS.judge([HEAD])
    assert judged.signed == {0: GENESIS.hash, 5: b"5" * 32}
    assert (judged.start, judged.forged, judged.is_unproven) == (GENESIS, (), False)


def test_the_newest_start_is_where_the_chain_begins() -> None:
    starts = [KEYS.sign(CheckpointKind.START, Link(n, bytes([n]) * 32), AT) for n in (3, 7, 5)]
    assert KEYS.judge(starts).start == Link(7, b"\x07" * 32)


@pytest.mark.parametrize(
    "forged",
    [
        replace(HEAD, kind=CheckpointKind.START),
        replace(HEAD, link=Link(4, HEAD.link.hash)),
        replace(HEAD, link=Link(5, b"6" * 32)),
        replace(HEAD, made_at=AT + timedelta(seconds=1)),
        replace(HEAD, signature=bytes(32)),
    ],
)
def test_a_changed_checkpoint_is_forged(forged: Checkpoint) -> None:
    assert KEYS.judge([forged]).forged == (forged,)


def test_a_previous_key_still_verifies_its_signatures() -> None:
    old = CheckpointKeys((KEYS.secrets[1],)).sign(CheckpointKind.HEAD, Link(2, b"2" * 32), AT)
    assert 2 in KEYS.judge([old, HEAD]).signed


def test_an_unknown_key_matters_only_for_the_newest_checkpoint() -> None:
    stranger = CheckpointKeys(("a key that was never configured",))
    older = stranger.sign(CheckpointKind.HEAD, Link(2, b"2" * 32), AT)
    newer = stranger.sign(CheckpointKind.HEAD, Link(9, b"9" * 32), AT)
    assert not KEYS.judge([older, HEAD]).is_unproven
    assert KEYS.judge([HEAD, newer]).is_unproven


def head(key: str, position: int) -> Checkpoint:
    return CheckpointKeys((key,)).sign(CheckpointKind.HEAD, Link(position, b"h" * 32), AT)


def test_a_retired_key_signs_nothing_after_the_first_checkpoint_of_the_next_key() -> None:
    current, retired = KEYS.secrets
    before, first, after = head(retired, 4), head(current, 6), head(retired, 7)
    judged = KEYS.judge([before, first, after])
    assert judged.forged == (after,)
    assert set(judged.signed) == {0, 4, 6}


def test_a_key_stays_retired_when_the_checkpoints_of_the_next_one_are_deleted() -> None:
    retired = KEYS.secrets[1]
    before, after = head(retired, 4), head(retired, 7)
    assert KEYS.judge([before, after]).forged == ()
    anchored = {HEAD.key_id: 6, before.key_id: 1}
    assert KEYS.judge([before, after], anchored).forged == (after,)


def test_a_start_of_the_current_key_retires_no_key() -> None:
    current, retired = KEYS.secrets
    start = CheckpointKeys((current,)).sign(CheckpointKind.START, Link(2, b"2" * 32), AT)
    judged = KEYS.judge([start, head(retired, 4), head(current, 6)])
    assert (judged.start.position, judged.forged) == (2, ())


def test_a_start_by_a_retired_key_is_of_its_own_time() -> None:
    current, retired = KEYS.secrets
    start = CheckpointKeys((retired,)).sign(CheckpointKind.START, Link(8, b"8" * 32), AT)
    judged = KEYS.judge([head(current, 6), start])
    assert (judged.start, judged.forged) == (GENESIS, (start,))
