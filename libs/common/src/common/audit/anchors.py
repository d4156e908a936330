"""Anchors: copies of checkpoints outside the database, where its users cannot change them.

Each is a JSON line, in a file that services append to or in their log, with the same fields.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from common.audit.checkpoints import Checkpoint, CheckpointKind
from common.audit.links import Link

EVENT: Final = "audit_checkpoint"
ANCHOR: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
ANCHOR_HELP: Final = "write POSITION:HASH, as verify-audit and the logs do"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A position and its hash, with the signed checkpoint if that is known."""

    link: Link
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """A file of one service's anchors. Any number of processes may append to it."""

    path: Path
    service: str

    def append(self, checkpoint: Checkpoint) -> None:
        """Append a checkpoint; it is on the disk when this returns. Raises OSError."""
        line = json.dumps({"event": EVENT, "service": self.service, **fields(checkpoint)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(_line_break(file) + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Anchor]:
        """The anchors in the file; none when there is no file."""
        if self.path.exists():
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                yield from read_anchors(lines, self.service)


def fields(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as the fields of a line."""
    return {
        "position": checkpoint.link.position,
        "hash": checkpoint.link.hash.hex(),
        "made_at": checkpoint.made_at.isoformat(),
        "key_id": checkpoint.key_id,
        "signature": checkpoint.signature.hex(),
    }


def read_anchors(lines: Iterable[str], service: str) -> Iterator[Anchor]:
    """The anchors of a service; other lines are skipped, and so is any prefix of a line."""
    for line in lines:
        if EVENT not in line:
            continue
        try:
            content = json.loads(line[line.index("{") :])
            if content["event"] == EVENT and content["service"] == service:
                yield _anchor(content)
        except (ValueError, KeyError, TypeError):
            continue  # an incomplete line: its writer was killed, or the disk was full


@dataclass(frozen=True, slots=True)
class GivenAnchors:
    """The options of an operator: lines in place of the service's file, and one expected anchor."""

    lines: Sequence[Anchor] | None = None
    expected: Anchor | None = None

    @classmethod
    def of(cls, expect: str | None, source: Iterable[str] | None, service: str) -> "GivenAnchors":
        """From the options of the command. Raises ValueError with a message for the operator."""
        lines = list(read_anchors(source, service)) if source is not None else None
        if lines == []:
            raise ValueError(f"there is no {EVENT} line of {service} in it")
        return cls(lines, _parse(expect) if expect is not None else None)

    def or_stored_in(self, file: AnchorFile | None) -> Iterator[Anchor]:
        """The given anchors; those of the file when no lines were given."""
        if self.lines is not None:
            yield from self.lines
        elif file is not None:
            yield from file.read()
        if self.expected is not None:
            yield self.expected


def _parse(text: str) -> Anchor:
    match = ANCHOR.fullmatch(text)
    if match is None:
        raise ValueError(ANCHOR_HELP)
    return Anchor(Link(int(match[1]), bytes.fromhex(match[2])))


def _anchor(content: dict[str, Any]) -> Anchor:
    link = Link(int(content["position"]), bytes.fromhex(content["hash"]))
    if "signature" not in content:
        return Anchor(link)  # a log line of an older version
    made_at = datetime.fromisoformat(content["made_at"])
    signature = bytes.fromhex(content["signature"])
    return Anchor(
        link, Checkpoint(CheckpointKind.HEAD, link, made_at, content["key_id"], signature)
    )


def _line_break(file: BinaryIO) -> bytes:
    """A line break if the file does not end with one."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"
