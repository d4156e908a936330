"""Where the edge runs: as processes, or as the containers of docker-compose.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from conformance.containers import SHARED, ComposeEdge, ComposeProject
from conformance.edges import LOOPBACK, Edge, ProcessEdge

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - containers reach this machine by another address


class BreakableRedis(Protocol):
    """A Redis that a test may break; its memory does not outlive a kill."""

    @property
    def url(self) -> str: ...  # as the tests reach it
    def kill(self) -> None: ...
    def start(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Site:
    """What the fixtures need to know; without a project the edge is processes of this machine."""

    redis_url: str  # of the edges that all tests share, as the tests reach it
    tls: bool
    project: ComposeProject | None = None

    @property
    def upstream_addresses(self) -> tuple[str, str]:
        """On which address of this machine upstreams listen, and what the edge calls it."""
        return (LOOPBACK, LOOPBACK) if self.project is None else (EVERYWHERE, "upstream")

    def edge(self, directory: Path, settings: Mapping[str, str]) -> Edge:
        """An edge that is not started yet."""
        if self.project is None:
            return ProcessEdge(directory, settings, self.tls)
        return ComposeEdge(self.project, settings)

    def shared_directory(self, directory: Path) -> Path:
        """Where a policy may leave a file for the next; `directory` is the test's own."""
        return directory if self.project is None else SHARED
