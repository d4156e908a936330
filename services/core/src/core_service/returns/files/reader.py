"""Reads a return in a child process: its rows, a chunk at a time, or why it cannot be read."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from core_service.returns.files.child import COURT_IS_KNOWN, FRAME_CHARACTERS, LENGTH
from core_service.returns.files.header import Header
from core_service.returns.files.limits import (
    MAX_ROW_BYTES,
    MIB,
    FileTooCostly,
    FileUnreadable,
    ProcessLimits,
)
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import Issue, IssueCode

# A chunk ends early when its rows are this large together, for all of it is in memory at once.
CHUNK_CHARACTERS: Final = 4 * MIB
# The most that a frame holds: its rows, of which the last may exceed the limit, each byte escaped.
MAX_FRAME_BYTES: Final = 6 * (FRAME_CHARACTERS + MAX_ROW_BYTES) + MIB
DEFAULT_LIMITS: Final = ProcessLimits()
# A process that reads untrusted files gets no secrets.
_SECRET_PREFIXES: Final = ("CORE_", "OTEL_")


class ReaderFailed(Exception):
    """The reading process ended, and not because of the file."""


@dataclass(slots=True)
class FileReader:
    """A return that is being read. `about_rows` is an estimate, for progress.

    `issues` are complete when every row has been read.
    """

    process: Process
    limits: ProcessLimits
    header: Header = field(default_factory=lambda: Header(()))
    issues: tuple[Issue, ...] = ()
    about_rows: int = 0
    buffer: list[SourceRow] = field(default_factory=list)
    waited: float = 0.0
    at_end: bool = False

    async def begin(self) -> None:
        """Read the header. Raises FileUnreadable, FileTooCostly."""
        frame = await self._frame()
        self.header = Header(tuple(frame["names"]), tuple(map(_issue, frame["issues"])))
        self.issues = self.header.issues
        self.about_rows = int(frame["about"])

    async def chunk(self, limit: int, after: int = 0) -> list[SourceRow]:
        """The next rows behind the row `after`; none at the end.

        Raises FileUnreadable, FileTooCostly.
        """
        rows: list[SourceRow] = []
        size = 0
        while len(rows) < limit and size < CHUNK_CHARACTERS:
            if not self.buffer and not await self._fill():
                break
            row = self.buffer.pop()
            if row.row_no > after:
                rows.append(row)
                size += row.characters
        return rows

    async def _fill(self) -> bool:
        if self.at_end:
            return False
        frame = await self._frame()
        if "rows" not in frame:
            self.issues = tuple(map(_issue, frame["issues"]))
            return False
        rows = [SourceRow(*row) for row in frame["rows"]]
        self.buffer = rows[::-1]
        return True

    async def _frame(self) -> dict[str, Any]:
        """The next frame. Only the time that is waited for it counts."""
        began = monotonic()
        try:
            async with asyncio.timeout(self.limits.wall_seconds - self.waited):
                content = await self._content()
        except TimeoutError as error:
            limit = f"Reading the file takes more than {self.limits.wall_seconds:g} s"
            raise FileTooCostly(limit) from error
        except asyncio.IncompleteReadError as error:
            raise await self._end() from error
        self.waited += monotonic() - began
        frame: dict[str, Any] = json.loads(content)
        self.at_end = "rows" not in frame and "names" not in frame
        if frame.get("code") == FileTooCostly.code:
            raise FileTooCostly(frame["error"])
        if "fault" in frame:
            raise ReaderFailed(frame["fault"])
        if "error" in frame:
            raise FileUnreadable(frame["error"])
        return frame

    async def _content(self) -> bytes:
        stream = self.process.stdout
        if stream is None:
            raise ReaderFailed("no output")
        (size,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
        if size > MAX_FRAME_BYTES:
            raise ReaderFailed(f"a frame of {size} bytes")
        return await stream.readexactly(size)

    async def _end(self) -> Exception:
        """Why the process ended before its file did."""
        code = await self.process.wait()
        self.at_end = True
        if code == -signal.SIGXCPU:
            seconds = self.limits.cpu_seconds
            return FileTooCostly(f"Reading the file takes more than {seconds} s of processor time")
        return ReaderFailed(f"The reading process ended with {code}")


@asynccontextmanager
async def read_return(
    path: Path, limits: ProcessLimits = DEFAULT_LIMITS, *, court_is_known: bool = False
) -> AsyncIterator[FileReader]:
    """Read a file in a child process that ends with the block.

    Raises FileUnreadable, FileTooCostly.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "core_service.returns.files.child",
        str(path),
        str(os.getpid()),
        str(limits.memory_bytes),
        str(limits.cpu_seconds),
        COURT_IS_KNOWN if court_is_known else "",
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        # Out of reach of the terminal's Ctrl-C, which the worker handles.
        start_new_session=True,
        env={k: v for k, v in os.environ.items() if not k.startswith(_SECRET_PREFIXES)},
    )
    reader = FileReader(process, limits)
    try:
        await reader.begin()
        yield reader
    finally:
        if not reader.at_end:  # else it ends by itself
            with suppress(ProcessLookupError):
                process.kill()
        # Also what it wrote last is read: until then its end would not be noticed.
        await asyncio.shield(process.communicate())


def _issue(values: list[Any]) -> Issue:
    code, *texts = values
    return Issue(IssueCode[code], *texts)  # a code is its name
