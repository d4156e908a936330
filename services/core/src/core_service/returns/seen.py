"""The rows of one file so far: which events they are about, and which of them are repeated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core_service.returns.reported import Digests


@dataclass(slots=True)
class SeenInFile:
    """The rows of one file so far that can be applied, by event; grows row by row.

    `recorded` are the events that are new or corrected as one of these rows tells them.
    """

    contents: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    unassigned: set[tuple[bytes, bytes]] = field(default_factory=set)
    recorded: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, known: Iterable[tuple[bytes | None, bytes | None, bool]]) -> "SeenInFile":
        """From the digests of stored rows, and whether each is recorded."""
        seen = cls()
        for identity, content, recorded in known:
            seen.add(Digests(identity or b"", content or b""), recorded=recorded)
        return seen

    def copy(self) -> "SeenInFile":
        """The same rows, to which others can be added."""
        contents = {identity: set(found) for identity, found in self.contents.items()}
        return SeenInFile(defaultdict(set, contents), set(self.unassigned), set(self.recorded))

    def add(self, digests: Digests, *, recorded: bool = False) -> None:
        """Add a row."""
        if recorded:
            if self._assigns_judge(digests):
                self.recorded.discard(digests.event_unassigned)
            self.recorded.add(digests.identity)
        self.contents[digests.identity].add(digests.content)
        if digests.unassigned is not None:
            self.unassigned.add(digests.unassigned)

    def has_event(self, digests: Digests) -> bool:
        """Whether a row was about the same event."""
        return digests.identity in self.contents

    def brings(self, digests: Digests) -> bool:
        """Whether the event is recorded from a row, perhaps with no judge assigned yet."""
        return digests.identity in self.recorded or self._assigns_judge(digests)

    def has_row(self, digests: Digests) -> bool:
        """Whether a row had the same content, or the same and who sat."""
        content = (digests.identity, digests.content)
        return self._has(*content) or content in self.unassigned

    def _assigns_judge(self, digests: Digests) -> bool:
        if digests.unassigned is None or digests.identity in self.recorded:
            return False
        identity, content = digests.unassigned
        return identity in self.recorded and self._has(identity, content)

    def _has(self, identity: bytes, content: bytes) -> bool:
        return content in self.contents.get(identity, ())


@dataclass(frozen=True, slots=True)
class FileState:
    """What is known of the other rows of a file when some are applied: of those before them that
    can be applied, and which is the last accepted row about each event.
    """

    seen: SeenInFile
    last_accepted: Mapping[bytes, int] = field(default_factory=dict)


@dataclass(slots=True)
class FileEvents:
    """What application needs to know of a whole file before its first row is applied.

    `repeated` are the events of which an earlier row of the file is about the same;
    `last_accepted` is the last row about each event with more than one that says something of its
    own. The digests of all rows are needed only while the file is read.
    """

    repeated: set[bytes] = field(default_factory=set)
    last_accepted: dict[bytes, int] = field(default_factory=dict)
    _events: set[bytes] = field(default_factory=set)
    _contents: set[bytes] = field(default_factory=set)

    def add(self, row_no: int, digests: Digests) -> None:
        """Take in the next row."""
        identity, events = digests.identity, self._events
        self.repeated |= {identity, digests.event_unassigned} & events
        if identity in events and digests.content not in self._contents:
            self.last_accepted[identity] = row_no
        events.add(identity)
        self._contents.add(digests.content)
        if digests.unassigned is not None:
            self._contents.add(digests.unassigned[1])

    def end(self) -> None:
        """No row follows."""
        self._events, self._contents = set(), set()
