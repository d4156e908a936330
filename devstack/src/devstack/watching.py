"""Which files `masijala import` sends: those that are named, and with `--watch` those that come."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 2.0
Look = tuple[int, int]
KINDS: Final = frozenset({".csv", ".xlsx"})
# Hidden files, and those that Excel keeps next to a workbook that is open.
NOT_RETURNS: Final = (".", "~$")


async def files_of(paths: Sequence[Path], *, watch: bool) -> AsyncGenerator[Path, None]:
    """The files, and those in folders that are named; with `watch`, new ones until Ctrl-C.

    A file that comes, or that is written again, is taken once it is the same at two looks: it is
    whole then.
    """
    seen: dict[Path, Look | None] = {}
    for file in _found(paths):
        seen[file] = _look(file)
        yield file
    before: dict[Path, Look] = {}
    while watch:
        await asyncio.sleep(LOOK_SECONDS)
        now = {file: look for file in _found(paths) if (look := _look(file)) is not None}
        for file, look in now.items():
            if seen.get(file) != look == before.get(file):
                seen[file] = look
                yield file
        before = now


def _look(file: Path) -> Look | None:
    """The size of a file and when it was last written; None when it is not there any more."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _found(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(filter(_may_be_return, path.iterdir()))
        else:
            yield path


def _may_be_return(file: Path) -> bool:
    return file.suffix.lower() in KINDS and not file.name.startswith(NOT_RETURNS)
