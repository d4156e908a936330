"""Where operations are called one after the other, each on the scene as it was built."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from core_service.wiring import Core
from testkit.core.api import Api
from testkit.core.calls import Call, Operation
from testkit.core.scene import Scene
from testkit.core.undone import Look, UndoneDatabase, look_away


@dataclass(frozen=True, slots=True)
class Stage:
    """The app and its scene. `reader` is somebody who may read the version of everything."""

    app: FastAPI
    core: Core
    scene: Scene
    reader: Api

    async def send(
        self, operation: Operation, made: Call, sender: Api, look: Look = look_away
    ) -> Any:
        """The response to a call; what it writes is looked at and taken back."""
        options = dict(made.options)
        if operation.takes("If-Match"):
            options["headers"] = {"If-Match": await self._version(made.path)}
        if operation.writes:
            self.app.state.database = UndoneDatabase.over(self.core.database, look)
        try:
            return await sender.call(made.method, made.path, **options)
        finally:
            self.app.state.database = self.core.database

    async def _version(self, path: str) -> str:
        response = await self.reader.get(path)
        return str(response.headers.get("etag", '"1"'))
