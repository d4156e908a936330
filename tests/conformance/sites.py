"""Where the edges run: as processes, or as the containers of docker-compose.yml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from conformance.containers import KEPT, ComposeEdge, ComposeProject
from conformance.edges import LOOPBACK, Edge, EmbeddedEdge, TraefikEdge

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - containers reach this machine by another address


class BreakableRedis(Protocol):
    """A Redis that a test may break, as `EmbeddedValkey`."""

    @property
    def url(self) -> str:
        """As the tests reach it."""
        ...

    def kill(self) -> None:
        """End it as a crash would."""
        ...

    def start(self) -> None:
        """Start it again, without its memory."""
        ...

    def pause(self) -> None:
        """Stop it from answering while its connections stay open."""
        ...

    def resume(self) -> None:
        """Let it go on."""
        ...


class Site(Protocol):
    """What the fixtures need to know."""

    @property
    def redis_url(self) -> str:
        """The Redis of the edges that all tests share, as the tests reach it."""
        ...

    @property
    def upstream_listens_on(self) -> str:
        """The address of this machine on which the edges reach it."""
        ...

    @property
    def upstream_known_as(self) -> str:
        """What the edges call this machine."""
        ...

    def edge(self, directory: Path, settings: Mapping[str, str]) -> Edge:
        """An edge that is not started yet."""
        ...

    def kept_directory(self, directory: Path) -> Path:
        """Where a policy may leave a file for the next; `directory` is the test's own."""
        ...


@dataclass(frozen=True, slots=True)
class ProcessSite:
    """Processes on ports of their own."""

    make: Callable[[Path, Mapping[str, str]], Edge]
    redis_url: str
    upstream_listens_on: str = LOOPBACK
    upstream_known_as: str = LOOPBACK

    def edge(self, directory: Path, settings: Mapping[str, str]) -> Edge:
        return self.make(directory, settings)

    def kept_directory(self, directory: Path) -> Path:
        return directory


@dataclass(frozen=True, slots=True)
class ComposeSite:
    """Containers of one project."""

    project: ComposeProject
    redis_url: str
    upstream_listens_on: str = EVERYWHERE
    upstream_known_as: str = "upstream"

    def edge(self, directory: Path, settings: Mapping[str, str]) -> Edge:
        return ComposeEdge(self.project, settings)

    def kept_directory(self, directory: Path) -> Path:
        return KEPT


PROCESSES: Final[Mapping[str, Callable[[Path, Mapping[str, str]], Edge]]] = {
    "embedded": EmbeddedEdge,
    "traefik": TraefikEdge,
}
