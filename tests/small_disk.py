"""A disk that can be filled, for the data of Postgres."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

BLOCK: Final = b"\0" * 65536


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A separate disk at this folder; False where it is not allowed: only root may mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    tmpfs = ("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")
    mounted = os.geteuid() == 0 and _succeeds("mount", *tmpfs, str(folder))
    try:
        yield mounted
    finally:
        if mounted:
            assert _succeeds("umount", "--lazy", str(folder))


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own


def fill(disk: Path) -> Path:
    """Use up the last byte of the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(BLOCK) == len(BLOCK):
            pass
    assert shutil.disk_usage(disk).free == 0
    return ballast
