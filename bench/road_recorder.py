"""Counts the functions of our packages and the SQL statements that an operation runs through."""

import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from traceback import walk_stack
from types import CodeType, FrameType
from typing import Any, Final

import httpx
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Receive, Scope, Send

PACKAGES: Final = ("/src/auth_service/", "/src/core_service/", "/src/common/")
ROW: Final = "{:24}{:>7}{:>11}{:>7}{:>7}{:>12}"


@dataclass(slots=True)
class Road:
    """What was entered while it was open."""

    codes: set[CodeType] = field(default_factory=set)
    calls: int = 0
    depth: int = 0
    statements: int = 0
    is_open: bool = False

    @classmethod
    def start(cls) -> "Road":
        """A recorder of this process; it prints the heading of its table."""
        road = cls()
        threading.setprofile(road.profile)
        sys.setprofile(road.profile)
        event.listen(Engine, "before_cursor_execute", road.count_statement)
        print(ROW.format("second call", "files", "functions", "calls", "depth", "statements"))
        return road

    @contextmanager
    def open(self) -> Iterator[None]:
        self.is_open = True
        yield
        self.is_open = False

    def through(self, app: ASGIApp) -> httpx.AsyncClient:
        """A client of an app whose requests are counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            with self.open():
                await app(scope, receive, send)

        return httpx.AsyncClient(transport=httpx.ASGITransport(counted), base_url="http://service")

    def profile(self, frame: FrameType, kind: str, _argument: Any) -> None:
        """Count a call, as `sys.setprofile` reports it."""
        code = frame.f_code
        if not self.is_open or kind != "call" or not is_ours(code):
            return
        if code.co_code[frame.f_lasti + 1] & 3:  # RESUME after a yield or an await
            return
        self.codes.add(code)
        self.calls += 1
        self.depth = max(self.depth, sum(is_ours(each.f_code) for each, _ in walk_stack(frame)))

    def count_statement(self, *_execution: Any) -> None:
        self.statements += self.is_open

    async def measure(self, name: str, operation: Callable[[int], Awaitable[Any]]) -> None:
        """Print what the second call ran through."""
        await operation(1)
        self.codes.clear()
        self.calls = self.depth = self.statements = 0
        await operation(2)
        files = len({code.co_filename for code in self.codes})
        print(ROW.format(name, files, len(self.codes), self.calls, self.depth, self.statements))


def is_ours(code: CodeType) -> bool:
    is_comprehension = code.co_name in ("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>")
    return not is_comprehension and any(each in code.co_filename for each in PACKAGES)
