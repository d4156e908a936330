"""Which files `masijala import` sends: those that are named, and with `--watch` those that come."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 2.0
KINDS: Final = frozenset({".csv", ".xlsx"})


async def files_of(paths: Sequence[Path], *, watch: bool) -> AsyncGenerator[Path, None]:
    """The files, and those in folders that are named; with `watch`, new ones until Ctrl-C.

    A file that comes is taken once it has the same size at two looks: it is whole then.
    """
    seen: dict[Path, int] = {}
    for file in _found(paths):
        seen[file] = file.stat().st_size
        yield file
    sizes: dict[Path, int] = {}
    while watch:
        await asyncio.sleep(LOOK_SECONDS)
        for file in [each for each in _found(paths) if each not in seen]:
            size = file.stat().st_size
            if sizes.get(file) == size:
                seen[file] = size
                yield file
            sizes[file] = size


def _found(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in KINDS)
        else:
            yield path
