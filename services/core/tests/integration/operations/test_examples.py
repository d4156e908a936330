"""The examples in the API description are the registry's actual answers.

UPDATE_EXAMPLES=1 records them again.
"""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import core_service
from common.identity import Role
from core_service.description import EXAMPLES_FILE, read_examples
from testkit.core.api import Api
from testkit.core.calls import FORMATS, PREFIX, Operation, call, suiting
from testkit.core.recording import Recording
from testkit.core.registry import TESTVILLE
from testkit.core.stage import Stage

JSON = "application/json"
OF_ROWS = {"text/csv", "application/x-ndjson"}
MOST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Recorder:
    """Calls operations as an administrator and as a clerk, and records the answers."""

    stage: Stage
    senders: tuple[Api, ...]
    recording: Recording = field(default_factory=Recording)

    async def record(self, operation: Operation) -> None:
        """The bodies of one operation."""
        name = f"{operation.method} {PREFIX}{operation.path}"
        made = call(operation, self.stage.scene, suiting(operation, self.stage.scene))
        if "json" in made.options:
            self.recording.add(name, "request", made.options["json"])
        if "files" in made.options:
            files = {part: file[0] for part, file in made.options["files"].items()}
            self.recording.add(name, "request", files | made.options["data"])
        for sender in self.senders:
            self._add(name, await self.stage.send(operation, made, sender))
        for params in FORMATS.get(operation.name, ()):
            wanted = {**made.options["params"], **params}
            self._add(name, await self.senders[0].call(made.method, made.path, params=wanted))

    def _add(self, name: str, response: Any) -> None:
        media_type = response.headers.get("content-type", "").partition(";")[0]
        part = str(response.status_code)
        if media_type != JSON:
            part = f"{part} {media_type}"
        unseen = part not in self.recording.bodies.get(name, {})
        if response.is_success and response.content and unseen:
            self.recording.add(name, part, shown(response, media_type))


def shown(response: Any, media_type: str) -> Any:
    """What an example shows: the first of the answer's items or rows; of other files the name."""
    if media_type == JSON:
        return first_of_each(response.json())
    if media_type in OF_ROWS:
        return "".join(response.text.splitlines(keepends=True)[:MOST_ROWS])
    if media_type.startswith("text/"):
        return response.text
    return re.findall('filename="(.+)"', response.headers["Content-Disposition"])[0]


def first_of_each(value: Any) -> Any:
    """The value with one item in each list of objects: the second says nothing new."""
    if isinstance(value, dict):
        return {name: first_of_each(each) for name, each in value.items()}
    if isinstance(value, list):
        shortened = value[:1] if isinstance(next(iter(value), None), dict) else value
        return [first_of_each(each) for each in shortened]
    return value


@pytest.fixture
async def recording(stage: Stage, api: Api, every_operation: list[Operation]) -> Recording:
    senders = stage.reader, api.user(Role.DATA_ENTRY, TESTVILLE)
    recorder = Recorder(stage, senders)
    for operation in every_operation:
        await recorder.record(operation)
    return recorder.recording


def write_examples(bodies: dict[str, Any]) -> None:
    text = json.dumps(bodies, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    Path(core_service.__path__[0], EXAMPLES_FILE).write_text(text, encoding="utf-8")


async def test_the_examples_are_the_registrys_answers(recording: Recording) -> None:
    if os.environ.get("UPDATE_EXAMPLES") == "1":
        write_examples(recording.bodies)

    assert recording.bodies == read_examples()
