"""Checkpoints noted outside the database, out of reach of those who can change it.

Each is a JSON line: in a file that services append to, or in their log, which has the same fields.
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
PLACE: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
PLACE_HELP: Final = "write POSITION:HASH, as verify-audit and the logs do"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place and its hash, with the signed checkpoint where the note has it."""

    link: Link
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """A file of one service's anchors. Any number of processes may append to it."""

    path: Path
    service: str

    def append(self, checkpoint: Checkpoint) -> None:
        """Note a checkpoint; it is on the disk when this returns. Raises OSError."""
        line = json.dumps({"event": EVENT, "service": self.service, **fields(checkpoint)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(_line_break(file) + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Anchor]:
        """What was noted; nothing when there is no file."""
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
    """The anchors of a service among lines of any kind, each behind any prefix."""
    for line in lines:
        if EVENT not in line:
            continue
        try:
            content = json.loads(line[line.index("{") :])
            if content["event"] == EVENT and content["service"] == service:
                yield _anchor(content)
        except (ValueError, KeyError, TypeError):
            continue  # half a line, of a writer that was killed or a disk that was full


@dataclass(frozen=True, slots=True)
class GivenAnchors:
    """What an operator gives: lines, of which None means those of the setting, and one place."""

    lines: Sequence[Anchor] | None = None
    place: Anchor | None = None

    @classmethod
    def of(cls, expect: str | None, source: Iterable[str] | None, service: str) -> "GivenAnchors":
        """From the options of the command. Raises ValueError, in words for the operator."""
        lines = list(read_anchors(source, service)) if source is not None else None
        if lines == []:
            raise ValueError(f"there is no {EVENT} line of {service} in it")
        return cls(lines, _place(expect) if expect is not None else None)

    def or_noted(self, file: AnchorFile | None) -> Iterator[Anchor]:
        """All of them; without lines, those of the file."""
        if self.lines is not None:
            yield from self.lines
        elif file is not None:
            yield from file.read()
        if self.place is not None:
            yield self.place


def _place(text: str) -> Anchor:
    match = PLACE.fullmatch(text)
    if match is None:
        raise ValueError(PLACE_HELP)
    return Anchor(Link(int(match[1]), bytes.fromhex(match[2])))


def _anchor(content: dict[str, Any]) -> Anchor:
    link = Link(int(content["position"]), bytes.fromhex(content["hash"]))
    if "signature" not in content:
        return Anchor(link)  # a log line from before it had one
    made_at = datetime.fromisoformat(content["made_at"])
    signature = bytes.fromhex(content["signature"])
    return Anchor(
        link, Checkpoint(CheckpointKind.HEAD, link, made_at, content["key_id"], signature)
    )


def _line_break(file: BinaryIO) -> bytes:
    """One that ends what an earlier writer did not."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"
