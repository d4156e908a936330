"""Redis as it is after a failover to an empty replica."""

import asyncio
import shutil

from devstack.stack import Stack


async def empty_redis(stack: Stack) -> None:
    """Kill Redis and start it without its data; it answers when this returns."""
    valkey = stack.servers.valkey
    assert valkey is not None
    valkey.kill()
    await asyncio.to_thread(shutil.rmtree, valkey.data_dir / "appendonlydir", True)
    # On the thread that lives as long as the stack: a server ends with the one it came from.
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(stack.servers._threads, valkey.start)
