"""The local stack's mail on the terminal: who gets what, and the link in it.

Auth's log never has a link; here the person at the terminal reads the mail.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final

POLL_SECONDS: Final = 0.5
LINK: Final = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Mailbox:
    """Tells of each letter in a folder of `.eml` files once; those there at first are old."""

    folder: Path
    tell: Callable[[str], None]
    _known: set[Path] = field(init=False)

    def __post_init__(self) -> None:
        self._known = set(self._letters())

    async def watch(self) -> None:
        """Tell of new letters until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(POLL_SECONDS)

    def look(self) -> None:
        """Tell of the letters that have come since the last look."""
        for path in sorted(set(self._letters()) - self._known):
            self._known.add(path)
            self.tell(describe(path.read_bytes()))

    def _letters(self) -> Iterator[Path]:
        return self.folder.glob("*.eml")


def describe(raw: bytes) -> str:
    """One line: the recipient, the subject and the first link."""
    letter = message_from_bytes(raw, _class=EmailMessage, policy=default)
    body = letter.get_body(("plain",))
    link = LINK.search(body.get_content() if body is not None else "")
    line = f"mail to {letter['To']}: {letter['Subject']}"
    return f"{line} {link[0]}" if link else line
