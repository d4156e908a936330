"""Where operations are called one after the other, each on the scene as it was built."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI

from common.composition import Units
from testkit.core.api import Api
from testkit.core.calls import Call, Operation
from testkit.core.scene import Scene
from testkit.core.undone import Inspect, UndoneDatabase, inspect_nothing


@dataclass(frozen=True, slots=True)
class Stage:
    """The app and its scene. `reader` may read the version of everything."""

    app: FastAPI
    core: Units
    scene: Scene
    reader: Api

    async def send(
        self, operation: Operation, made: Call, sender: Api, inspect: Inspect = inspect_nothing
    ) -> Any:
        """The response to a call; what it writes is inspected and rolled back."""
        options = dict(made.options)
        if operation.takes("If-Match") and "headers" not in options:
            options["headers"] = {"If-Match": await self._version(made.path)}
        if operation.writes:
            undone = UndoneDatabase.over(self.core.database, inspect)
            self.app.state.units = replace(self.core, database=undone)
        try:
            return await sender.call(made.method, made.path, **options)
        finally:
            self.app.state.units = self.core

    async def _version(self, path: str) -> str:
        response = await self.reader.get(path)
        return str(response.headers.get("etag", "*"))  # of no version where nothing has one
