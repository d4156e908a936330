"""Writes the rows of a return to its output: `child FILE PARENT MEMORY CPU COURT`.

A separate process, since a file of a megabyte can ask for gigabytes of memory and minutes of
time: here that ends this process, not the worker. It imports nothing of the service but the reading
of files, and ends when its parent does.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from core_service.returns.files.limits import (
    MIB,
    FileTooCostly,
    FileUnreadable,
    OutOfMemory,
    ProcessLimits,
)
from core_service.returns.files.rows import open_return
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import Issue, Severity

# A frame is its length and a JSON document; it has some rows, of about this many characters.
LENGTH: Final = struct.Struct(">I")
FRAME_CHARACTERS: Final = 64 * 1024
FRAME_ROWS: Final = 100
MAX_ISSUES: Final = 1000
COURT_IS_KNOWN: Final = "known"
NICENESS: Final = 10
PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Read one file."""
    path, parent = Path(sys.argv[1]), int(sys.argv[2])
    limits = ProcessLimits(memory_bytes=int(sys.argv[3]), cpu_seconds=int(sys.argv[4]))
    court_is_known = sys.argv[5] == COURT_IS_KNOWN
    # The output is the parent's pipe alone: nothing that a library prints may get into it.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _die_with(parent)
    _limit(limits)
    try:
        _send_file(path, output, court_is_known=court_is_known)
    except FileUnreadable as error:
        _send(output, {"code": error.code, "error": str(error)})
    except (MemoryError, OutOfMemory):
        message = f"Reading the file needs more than {limits.memory_bytes // MIB} MiB of memory"
        _send(output, {"code": FileTooCostly.code, "error": message})
    except Exception as error:  # noqa: BLE001 - the worker logs it and tries again
        _send(output, {"fault": f"{type(error).__name__}: {error}"})
    output.flush()
    os._exit(0)  # no time for what is left in memory


def _send_file(path: Path, output: BinaryIO, *, court_is_known: bool) -> None:
    with open_return(path, court_is_known=court_is_known) as file:
        issues = _plain(file.issues)
        _send(output, {"names": file.header.names, "issues": issues, "about": file.about_rows})
        for rows in _frames(file.rows):
            _send(output, {"rows": rows})
        _send(output, {"end": True, "issues": _plain(file.issues)})


def _plain(issues: list[Issue]) -> list[Any]:
    if len(issues) > MAX_ISSUES:
        fatal_first = sorted(issues, key=lambda issue: issue.severity is not Severity.REJECTED)
        issues = fatal_first[:MAX_ISSUES]
    return [
        (issue.code, issue.message, issue.column, issue.value, issue.suggestion) for issue in issues
    ]


def _frames(rows: Iterable[SourceRow]) -> Iterator[list[Any]]:
    frame: list[Any] = []
    size = 0
    for row in rows:
        frame.append((row.row_no, row.values, row.fault, row.count, row.more))
        size += row.characters
        if size >= FRAME_CHARACTERS or len(frame) >= FRAME_ROWS:
            yield frame
            frame, size = [], 0
    if frame:
        yield frame


def _send(output: BinaryIO, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    data = text.encode(errors="replace")
    output.write(LENGTH.pack(len(data)))
    output.write(data)
    output.flush()


def _die_with(parent: int) -> None:
    """End when the worker does, even when it is killed. Outside Linux the closed pipe ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _limit(limits: ProcessLimits) -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write


if __name__ == "__main__":
    main()
