"""REPLICAOF on the running Redis: it refuses writes until it is a primary again."""

import asyncio
from time import monotonic

import pytest
from failure.failing_over import RECOVERY_SECONDS, expect, load, report, until

from devstack.servers.ports import LOOPBACK
from devstack.stack import Stack
from testkit.replication import client_of
from testkit.timing import require_within

LOOKS = 20  # at /readyz, twenty a second, while no server takes writes

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(300)]


def test_writes_work_again_once_a_replica_is_a_primary_again(
    runner: asyncio.Runner, stack: Stack
) -> None:
    valkey = stack.servers.valkey
    assert valkey is not None

    async def fail_over() -> None:
        async with load(stack, before=lambda: None) as running:
            demoted = monotonic()
            with client_of(valkey) as client:
                client.replicaof(LOOPBACK, "1")
            await until(lambda: len(running.unready_since(demoted)) > LOOKS)
            unready = running.unready_since(demoted)[0]
            with client_of(valkey) as client:
                client.replicaof("NO", "ONE")
            promoted = monotonic()
            works = await running.works_since(promoted)
        report("replicaof", noticed=unready - demoted, works_after_promotion=works - promoted)
        expect(running, (demoted, works), (unready, promoted))
        require_within(works - promoted, RECOVERY_SECONDS)

    runner.run(fail_over())
