"""Sentinel replaces a primary that died: writes work again two seconds after it names another."""

import asyncio
from collections.abc import Iterator
from time import monotonic

import pytest
from bare_stack import bare_stack
from failure.failing_over import RECOVERY_SECONDS, REPORT_SECONDS, expect, load, report, until

from devstack.stack import Stack
from testkit.replication import Watched, follows, is_primary, watched_pair
from testkit.timing import require_within

# So long that `/readyz`, which looks once a second, has to notice.
DOWN_MILLISECONDS = 3000
ENVIRONMENT = {
    **dict.fromkeys(
        ("GATEWAY_QUOTA_USER", "GATEWAY_QUOTA_IP", "GATEWAY_QUOTA_WRITE", "GATEWAY_QUOTA_LOGIN"),
        "100000/60",
    ),
    "AUTH_HASH_MEMORY_KIB": "64",
}

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with watched_pair(folder, down_milliseconds=DOWN_MILLISECONDS) as servers:
        yield servers


@pytest.fixture(scope="module")
def stack(
    runner: asyncio.Runner, watched: Watched, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("home")
    with bare_stack(runner, home, ENVIRONMENT, redis_url=watched.url) as stack:
        yield stack


def test_sentinel_promotes_a_replica_that_missed_a_revocation(
    runner: asyncio.Runner, stack: Stack, watched: Watched
) -> None:
    first, second = watched.pair.first, watched.pair.second

    async def fail_over() -> None:
        await until(lambda: follows(second))
        async with load(stack, before=lambda: watched.pair.cut_off(second, first)) as running:
            killed = monotonic()
            first.kill()
            promoted = await until(lambda: is_primary(second))
            named = await until(lambda: watched.names(second))
            works = await running.works_since(promoted)
        report("sentinel", promoted=promoted - killed, works_after_naming=works - named)
        expect(running, (killed, works), (killed + REPORT_SECONDS + 0.2, promoted))
        require_within(works - named, RECOVERY_SECONDS)

    runner.run(fail_over())
