"""Answers that are long under way: how many there may be at once, and as a file to save."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from common.caching import HEADER, NO_STORE
from common.errors import DomainError
from common.identity import Principal


class TooManyStreams(DomainError):
    """The caller, or all callers together, hold as many streams open as may be."""

    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS
    code: ClassVar[str] = "too-many-streams"
    title: ClassVar[str] = "Too many streams are open"


@dataclass(slots=True)
class OpenStreams:
    """Counts the streams of one process, which end when it is being stopped."""

    limit: int = 100
    limit_per_caller: int = 5
    by_caller: Counter[str] = field(default_factory=Counter)
    is_draining: Callable[[], bool] = lambda: False

    def require_room(self, by: Principal) -> None:
        """Raise TooManyStreams when one stream more is too many."""
        open_now = self.by_caller.total()
        if open_now >= self.limit or self.by_caller[_caller(by)] >= self.limit_per_caller:
            raise TooManyStreams(headers={"Retry-After": "5"})

    @contextmanager
    def place(self, by: Principal) -> Iterator[None]:
        """A place for one stream. Raises TooManyStreams when there is none."""
        self.require_room(by)
        caller = _caller(by)
        self.by_caller[caller] += 1
        try:
            yield
        finally:
            self.by_caller[caller] -= 1
            if not self.by_caller[caller]:
                del self.by_caller[caller]


@dataclass(slots=True)
class OpenDownloads(OpenStreams):
    """Counts the downloads of one process: each works as fast as its client reads."""

    limit: int = 4
    limit_per_caller: int = 2


class Download(StreamingResponse):
    """A file that is made while it is sent, in a place among those of `downloads`.

    It is refused before it begins when there is no place. When it fails, or the client goes, what
    makes it is closed at once: a database connection waits for it.
    """

    def __init__(
        self,
        content: AsyncGenerator[bytes, None],
        *,
        name: str,
        media_type: str,
        place: tuple[OpenDownloads, Principal],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        headers = {
            HEADER: NO_STORE,
            "Content-Disposition": f'attachment; filename="{name}"',
            # Proxies that buffer by default leave this alone.
            "X-Accel-Buffering": "no",
            **(headers or {}),
        }
        super().__init__(content, headers=headers, media_type=media_type)
        self._content = content
        self._downloads, self._by = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._downloads.place(self._by):
            async with aclosing(self._content):
                await super().__call__(scope, receive, send)


def _caller(by: Principal) -> str:
    return str(by.user_id or by.client_id or "")
