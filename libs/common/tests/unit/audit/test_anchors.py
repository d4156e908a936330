"""Anchors: written by several processes, read from files and logs."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.audit.anchors import Anchor, AnchorFile, GivenAnchors, fields, read_anchors
from common.audit.checkpoints import Checkpoint, CheckpointKeys, CheckpointKind
from common.audit.links import Link

KEYS = CheckpointKeys(("anchor-key-of-the-tests-0123456789",))
NOW = datetime(2026, 11, 28, 9, 30, 0, 250_000, tzinfo=UTC)
WRITERS, LINES = 4, 25
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from common.audit.anchors import AnchorFile
from common.audit.checkpoints import CheckpointKeys, CheckpointKind
from common.audit.links import Link
file, first, count = AnchorFile(Path(sys.argv[1]), "auth"), int(sys.argv[2]), int(sys.argv[3])
keys = CheckpointKeys(("anchor-key-of-the-tests-0123456789",))
for position in range(first, first + count):
    link = Link(position, position.to_bytes(32, "big"))
    file.append(keys.sign(CheckpointKind.HEAD, link, datetime.now(UTC)))
"""


def checkpoint(position: int) -> Checkpoint:
    return KEYS.sign(CheckpointKind.HEAD, Link(position, position.to_bytes(32, "big")), NOW)


def places(anchors: list[Anchor]) -> list[int]:
    return [anchor.link.position for anchor in anchors]


@pytest.fixture
def file(tmp_path: Path) -> AnchorFile:
    return AnchorFile(tmp_path / "new folder" / "auth.jsonl", "auth")


def test_what_was_appended_is_read_with_its_signature(file: AnchorFile) -> None:
    file.append(checkpoint(3))
    file.append(checkpoint(8))

    anchors = list(file.read())

    assert [each.checkpoint for each in anchors] == [checkpoint(3), checkpoint(8)]
    assert not any(each.checkpoint and KEYS.is_forged(each.checkpoint) for each in anchors)


def test_a_file_that_is_not_there_has_no_anchor(file: AnchorFile) -> None:
    assert list(file.read()) == []


def test_processes_that_append_at_once_lose_no_line(file: AnchorFile) -> None:
    writers = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", WRITER, str(file.path), str(1 + LINES * number), str(LINES)]
        )
        for number in range(WRITERS)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * WRITERS

    assert sorted(places(list(file.read()))) == list(range(1, WRITERS * LINES + 1))


def test_an_incomplete_line_affects_no_other_line(file: AnchorFile) -> None:
    file.append(checkpoint(1))
    with file.path.open("a") as broken:
        broken.write('{"event": "audit_checkpoint", "service": "auth", "posi')
    file.append(checkpoint(2))

    assert places(list(file.read())) == [1, 2]


def test_lines_of_the_log_are_read_as_anchors_after_any_prefix() -> None:
    signed = {"event": "audit_checkpoint", "service": "auth", **fields(checkpoint(7))}
    older = {"position": 5, "hash": "ab" * 32, "event": "audit_checkpoint", "service": "auth"}
    lines = [
        json.dumps(older),
        "auth_1  | " + json.dumps(signed),
        json.dumps({**signed, "service": "core"}),
        json.dumps({"event": "http_request", "path": "/audit_checkpoint", "service": "auth"}),
        "audit_checkpoint",
        '{"event": "audit_checkpoint", "service": "auth", "position": null, "hash": null}',
        '["audit_checkpoint"]',
    ]

    found = list(read_anchors(lines, "auth"))

    assert places(found) == [5, 7]
    assert [each.checkpoint for each in found] == [None, checkpoint(7)]


def test_without_given_lines_those_of_the_file_are_used(file: AnchorFile) -> None:
    file.append(checkpoint(3))
    line = json.dumps({"event": "audit_checkpoint", "service": "auth", **fields(checkpoint(7))})
    place = f"9:{'cd' * 32}"

    def given(expect: str | None, source: list[str] | None) -> list[int]:
        return places(list(GivenAnchors.of(expect, source, "auth").or_stored_in(file)))

    assert given(None, None) == [3]
    assert given(place, None) == [3, 9]
    assert given(None, [line]) == [7]
    assert given(place, [line]) == [7, 9]
    assert list(GivenAnchors().or_stored_in(None)) == []


@pytest.mark.parametrize(
    ("expect", "source"), [("9:xyz", None), ("9", None), (None, ["nothing of use"])]
)
def test_text_that_is_not_a_position_and_hash_is_refused(
    expect: str | None, source: list[str] | None
) -> None:
    with pytest.raises(ValueError, match=r"POSITION:HASH|no audit_checkpoint line of auth"):
        GivenAnchors.of(expect, source, "auth")
