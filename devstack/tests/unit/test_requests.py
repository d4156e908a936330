"""`masijala rotate`, which asks the running stack."""

import asyncio
from pathlib import Path

import pytest

from devstack.errors import NotReady
from devstack.home import Home, write_json
from devstack.requests import request_rotation


async def test_without_a_stack_nothing_is_rotated(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="no stack runs here"):
        await request_rotation(Home(tmp_path), ["redis_password"], print)


async def test_a_stack_that_was_killed_is_not_waited_for(tmp_path: Path) -> None:
    ended = await asyncio.create_subprocess_exec("true")
    await ended.wait()
    write_json(Home(tmp_path).running, {"process": ended.pid})
    with pytest.raises(NotReady, match="the stack has ended"):
        await request_rotation(Home(tmp_path), ["redis_password"], print)
