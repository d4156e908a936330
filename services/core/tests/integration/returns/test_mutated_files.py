"""A valid file spoilt at random: each batch ends, its results sum up, and none is a fault."""

from random import Random

import pytest

from testkit.core.return_files import Dress, Value, table, workbook
from testkit.core.returns import ReturnsClient

ENDED = {"applied", "partial", "failed"}
REFUSED = {415, 422}
PIECES = [b'"', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"\xc3\xa9", b"=", b"#N/A", b"0", b"\\"]
VALUES: list[Value] = [0, -1, 2.5, 45712, True, "#N/A", "=A1", "", "x" * 300, "31", "\ufffd", "é"]


def spoilt_bytes(content: bytes, chance: Random) -> bytes:
    for _ in range(chance.randrange(1, 8)):
        at, cut = chance.randrange(len(content)), chance.choice([0, 0, 1, 5, 40])
        content = content[:at] + chance.choice(PIECES) + content[at + cut :]
    return content


def spoilt_table(chance: Random) -> list[list[Value]]:
    lines = [list(line) for line in table(6)]
    for _ in range(chance.randrange(1, 8)):
        line = chance.choice(lines[1:])
        line[chance.randrange(len(line))] = chance.choice(VALUES)
    head, *rest = lines
    chance.shuffle(rest)
    return [head, *rest]


@pytest.mark.parametrize("seed", range(24))
async def test_a_spoilt_file_is_refused_or_its_batch_ends_with_results_that_sum_up(
    returns: ReturnsClient, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - repeatable files
    lines = spoilt_table(chance)
    is_text = seed % 2 == 0
    content = Dress(chance.choice(",;\t")).file(lines) if is_text else workbook(lines)
    is_spoilt = seed % 4 > 1
    sent = await returns.send(spoilt_bytes(content, chance) if is_spoilt else content)
    if sent.status_code in REFUSED:
        assert is_spoilt, sent.text
        return
    assert sent.status_code == 202, sent.text
    batch = await returns.work(sent.json()["id"])
    assert batch["state"] in ENDED
    counts = dict(batch["counts"])
    read = counts.pop("read")
    assert read == sum(counts.values())
    assert is_spoilt or read == 6
    assert (batch["state"] == "failed") is (batch["error"] is not None)
