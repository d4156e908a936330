"""Where Traefik and the policy service of a local stack find what they read."""

from dataclasses import dataclass
from pathlib import Path

from gateway.traefik.certificates import Pair


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
