"""What the accepted rows of one file have said so far, event by event."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Digests:
    """Which event a row speaks of, and what it says of it."""

    identity: bytes
    content: bytes


@dataclass(slots=True)
class SaidInFile:
    """Grows row by row, so that a row is compared with those that were accepted before it."""

    contents: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, digests: Digests) -> None:
        """Remember an accepted row."""
        self.contents[digests.identity].add(digests.content)

    def speaks_of(self, digests: Digests) -> bool:
        """Whether an accepted row was about the same event."""
        return digests.identity in self.contents

    def says(self, digests: Digests) -> bool:
        """Whether an accepted row said just the same."""
        return digests.content in self.contents.get(digests.identity, ())
