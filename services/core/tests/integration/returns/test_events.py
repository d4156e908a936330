"""An import is followed by server-sent events until it has ended, by those who may see it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from common.identity import Grant, Principal, Role
from core_service.documents.streams import OpenStreams
from core_service.returns.events import BatchEvents, Pace
from core_service.returns.service import ImportService
from testkit.core.api import Api
from testkit.core.auth import FakeAuth
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv

# Long enough for a busy machine; a stream of which nothing is to come lives as long.
QUICK = Pace(look=0.01, heartbeat=0.05, life=3)


@pytest.fixture(autouse=True)
def quick(core: Units) -> None:
    core.registry.register_value(Pace, QUICK)


def events(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            yield lines["event"], json.loads(lines["data"])


async def test_the_stream_of_an_import_that_has_ended_ends_with_its_state(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({}, {"date_dd": "31"})
    answer = await returns.api.get(f"/imports/{batch['id']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (answer.headers["cache-control"], answer.status_code) == ("no-store", 200)
    kinds = [(kind, shown["state"], shown["counts"]["new"]) for kind, shown in events(answer.text)]
    assert kinds == [("progress", "partial", 1), ("end", "partial", 1)]
    assert f"id: {_last_id(answer.text)}\n" in answer.text


async def test_a_client_that_has_received_the_end_gets_204(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({})
    path = f"/imports/{batch['id']}/events"
    last = _last_id((await returns.api.get(path)).text)
    again = await returns.api.call("GET", path, headers={"Last-Event-ID": last})
    assert again.status_code == 204
    older = await returns.api.call("GET", path, headers={"Last-Event-ID": "1"})
    assert [kind for kind, _ in events(older.text)] == ["progress", "end"]


def _last_id(text: str) -> str:
    return [line for line in text.splitlines() if line.startswith("id: ")][-1][4:]


async def test_a_stream_shows_progress_as_it_comes(returns: ReturnsClient, core: Units) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    streams = replace(core.get(BatchEvents), pace=Pace(look=0.01))
    held = Grant(Role.DATA_ENTRY, frozenset({TESTVILLE, APPEAL}))
    by = Principal("user", user_id=returns.api.user_id, grants=(held,))
    async with core.begin() as unit:
        first = await unit.get(ImportService).get(UUID(sent["id"]), by)
    seen: list[str] = []
    async for text in streams.stream(first, None, by):
        seen += [shown["state"] for _, shown in events(text)]
        if seen == ["uploaded"]:
            await returns.work(sent["id"])
    assert (seen[0], seen[-1]) == ("uploaded", "applied")
    assert streams.open.by_caller.total() == 0


async def test_a_stream_of_an_import_that_waits_has_heartbeats_and_an_end(
    returns: ReturnsClient, core: Units
) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    answer = await returns.api.get(f"/imports/{sent['id']}/events")
    assert ": still here" in answer.text
    assert [kind for kind, _ in events(answer.text)] == ["progress"]
    assert core.get(OpenStreams).by_caller.total() == 0


async def test_a_stream_ends_when_the_grants_of_its_caller_change(
    returns: ReturnsClient, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    auth.grant(returns.api.user_id)
    answer = await returns.api.get(f"/imports/{sent['id']}/events")
    assert ": still here" not in answer.text


async def test_a_stream_ends_when_the_service_is_being_stopped(
    returns: ReturnsClient, core: Units
) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    core.get(OpenStreams).is_draining = lambda: True
    answer = await returns.api.get(f"/imports/{sent['id']}/events")
    assert [kind for kind, _ in events(answer.text)] == ["progress"]
    assert ": still here" not in answer.text


async def test_one_caller_holds_few_streams(returns: ReturnsClient, core: Units) -> None:
    batch = await returns.bring({})
    streams = core.get(OpenStreams)
    streams.by_caller[str(returns.api.user_id)] = streams.limit_per_caller
    answer = await returns.api.get(f"/imports/{batch['id']}/events")
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")


async def test_an_import_that_a_caller_may_not_see_is_not_found(
    returns: ReturnsClient, api: Api
) -> None:
    batch = await returns.of(api.user(Role.DATA_ENTRY)).bring({})
    stranger = api.user(Role.DATA_ENTRY, APPEAL)
    assert (await stranger.get(f"/imports/{batch['id']}/events")).status_code == 404
