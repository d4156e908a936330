"""Passwords that are known from breaches, in a file that the operator provides.

Its lines are `SHA1:COUNT` in order of the hash, as the downloaders of Pwned Passwords write them.
It has tens of gigabytes, so it is searched on disk, with some forty reads and without a network.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

HASH_CHARACTERS: Final = 40
# Longer than any line, so that one read has a whole one.
BLOCK: Final = 128


@dataclass(frozen=True, slots=True)
class BreachedPasswords:
    """The file, or none: then no password is in it."""

    file: Path | None = None

    def __contains__(self, password: str) -> bool:
        """Whether the password was in a breach. Raises OSError when the file cannot be read."""
        if self.file is None:
            return False
        # SHA-1 is the file's choice; it identifies a password here and protects none.
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        with self.file.open("rb", buffering=0) as lines:
            return _has_line(lines, digest.encode())


def _has_line(lines: BinaryIO, wanted: bytes) -> bool:
    """Binary search by offset for a line that begins with the hash."""
    low, high = 0, lines.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        begins, found = _line_after(lines, middle)
        if found == wanted:
            return True
        if not found or found > wanted:
            high = middle
        else:
            low = begins + HASH_CHARACTERS
    return False


def _line_after(lines: BinaryIO, offset: int) -> tuple[int, bytes]:
    """Where the first line at or after an offset begins, and its hash; nothing at the end."""
    begins = offset
    if offset:
        lines.seek(offset - 1)  # an offset at which a line begins has its end before it
        skipped = lines.read(BLOCK).find(b"\n")
        if skipped < 0:
            return offset, b""
        begins = offset + skipped
    lines.seek(begins)
    return begins, lines.read(HASH_CHARACTERS).upper()
