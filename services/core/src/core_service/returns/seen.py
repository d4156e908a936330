"""The rows of one file so far: which events they are about, and which of them are repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core_service.returns.reported import Digests


@dataclass(frozen=True, slots=True)
class SeenInFile:
    """The contents of the rows of one file so far that can be applied; grows row by row."""

    contents: set[bytes] = field(default_factory=set)

    def copy(self) -> "SeenInFile":
        """The same rows, to which others can be added."""
        return SeenInFile(set(self.contents))

    def add(self, digests: Digests) -> None:
        """Add a row."""
        self.contents.add(digests.content)

    def has_row(self, digests: Digests) -> bool:
        """Whether a row had the same content."""
        return digests.content in self.contents


@dataclass(frozen=True, slots=True)
class FileState:
    """What is known of the other rows of a file when some are applied: of those before them that
    can be applied, and which row brings the last version of each event. Those up to `through` have
    been applied.
    """

    seen: SeenInFile
    last_versions: Mapping[bytes, int]
    through: int


@dataclass(slots=True)
class FileEvents:
    """What application needs to know of a whole file before its first row is applied.

    `repeated` are the events of which an earlier row of the file is about the same;
    `last_versions` is the last row about each event with more than one that says something of its
    own. The digests of all rows are needed only while the file is read.
    """

    repeated: set[bytes] = field(default_factory=set)
    last_versions: dict[bytes, int] = field(default_factory=dict)
    _events: set[bytes] = field(default_factory=set)
    _contents: set[bytes] = field(default_factory=set)

    def add(self, row_no: int, digests: Digests) -> None:
        """Take in the next row."""
        identity = digests.identity
        if identity in self._events:
            self.repeated.add(identity)
            if digests.content not in self._contents:
                self.last_versions[identity] = row_no
        self._events.add(identity)
        self._contents.add(digests.content)

    def end(self) -> None:
        """No row follows."""
        self._events, self._contents = set(), set()
