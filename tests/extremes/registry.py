"""The scene of core's operations, built through the gateway, in days that suit today."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import monotonic
from typing import Any, Final

from extremes.variations import Call

from testkit.core import calls
from testkit.core.api import Api
from testkit.core.returns import as_csv
from testkit.core.scene import Scene, SceneBuilder
from testkit.core.settings import NOW

PREFIX: Final = "/api/v1"
BATCH_SECONDS: Final = 30.0
SETTLED: Final = {"validated", "applied", "partial", "failed"}
_DAY: Final = re.compile(r"\b20\d\d-\d\d-\d\d\b")


@dataclass(frozen=True, slots=True)
class GatewayApi(Api):
    """Calls the gateway with an access token; the scene's days are moved to this one."""

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """Send a request under /api/v1."""
        return await Api.call(self, method, path, **moved(options))


@dataclass(frozen=True, slots=True)
class GatewayScene(SceneBuilder):
    """Builds the scene as two accounts; the worker is the stack's own."""

    of_clerk: Api

    @property
    def clerk(self) -> Api:
        """Of every demo court."""
        return self.of_clerk

    async def _batch(self, number: str, judge_1: str = "Example, Amina Wanja") -> str:
        row = {"caseid_no": number, "judge_1": judge_1}
        files = {"file": (f"{number}.csv", as_csv([row]), "text/csv")}
        sent = await self.clerk.call("POST", "/imports", files=files, data={"mode": "validate"})
        sent.raise_for_status()
        batch_id, deadline = sent.json()["id"], monotonic() + BATCH_SECONDS
        while (await self.clerk.get(f"/imports/{batch_id}")).json()["state"] not in SETTLED:
            if monotonic() > deadline:
                raise AssertionError("the worker does not validate")
            await asyncio.sleep(0.1)
        return str(batch_id)


def moved(value: Any) -> Any:
    """The value, with each day as far from today as it was from the scene's own."""
    if isinstance(value, Mapping):
        return {name: moved(each) for name, each in value.items()}
    if isinstance(value, list):
        return [moved(each) for each in value]
    return _DAY.sub(_moved_day, value) if isinstance(value, str) else value


def _moved_day(found: re.Match[str]) -> str:
    days: timedelta = date.today() - NOW.date()  # noqa: DTZ011 - an hour's difference is no matter
    return (date.fromisoformat(found.group()) + days).isoformat()


def core_call(operation: calls.Operation, scene: Scene) -> Call:
    """The valid call of an operation of core."""
    subject = calls.suiting(operation, scene)
    made = calls.call(operation, scene, subject)
    call = Call(
        method=operation.method,
        template=PREFIX + operation.path,
        ids=_ids(operation.path, made.path),
        params=moved(made.options.get("params", {})),
        headers={"if-match": b'"1"'} if operation.takes("If-Match") else {},
        body=moved(made.options.get("json")),
    )
    if "files" not in made.options:
        return call
    _, content, _ = made.options["files"]["file"]
    data = {name: str(value).encode() for name, value in made.options["data"].items()}
    return replace(call, parts={**data, "file": content})


def _ids(template: str, path: str) -> dict[str, str]:
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    return {name.strip("{}"): value for name, value in pairs if name.startswith("{")}
