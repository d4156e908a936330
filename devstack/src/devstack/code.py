"""Tells whether code has changed since it last ran."""

import hashlib
import importlib.util
import sysconfig
from collections.abc import Iterator
from pathlib import Path


def code_fingerprint(*packages: str) -> str:
    """The same value as long as these packages and the installed distributions are the same."""
    digest = hashlib.sha256()
    for line in sorted([*_distributions(), *_files(packages)]):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _distributions() -> Iterator[str]:
    """The folders that say which version of what is installed."""
    for folder in Path(sysconfig.get_path("purelib")).glob("*.dist-info"):
        yield folder.name


def _files(packages: tuple[str, ...]) -> Iterator[str]:
    """Name, size and time of every file; not the content, a start should be quick."""
    for package in packages:
        found = importlib.util.find_spec(package)
        for root in (found and found.submodule_search_locations) or ():
            for path in Path(root).rglob("*"):
                if path.is_file() and path.suffix != ".pyc":
                    state = path.stat()
                    yield f"{package} {path.relative_to(root)} {state.st_size} {state.st_mtime_ns}"
