"""Every operation of the API, called by every kind of caller for an open and for a sealed case."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from common.identity import Role
from testkit.core.api import Api
from testkit.core.calls import Call, Operation, call
from testkit.core.permissions import NAMES_THE_CASE, RULES, Caller, Verdict
from testkit.core.registry import DEMOVILLE, TESTVILLE
from testkit.core.scene import SEALED, Scene, Subject
from testkit.core.stage import Stage
from testkit.core.tokens import Issuer

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INSIDERS = (Caller.ADMIN, Caller.LOCAL_ADMIN, Caller.CLERK)


GRANTED: dict[Caller, tuple[Role, *tuple[UUID, ...]]] = {
    Caller.ADMIN: (Role.ADMIN,),
    Caller.LOCAL_ADMIN: (Role.ADMIN, TESTVILLE),
    Caller.CLERK: (Role.DATA_ENTRY, TESTVILLE),
    Caller.VIEWER: (Role.VIEWER, TESTVILLE),
    Caller.FOREIGN_ADMIN: (Role.ADMIN, DEMOVILLE),
    Caller.FOREIGN_CLERK: (Role.DATA_ENTRY, DEMOVILLE),
    Caller.FOREIGN_VIEWER: (Role.VIEWER, DEMOVILLE),
}
SCOPES = {
    Caller.WRITING_SERVICE: "registry:read registry:write",
    Caller.READING_SERVICE: "registry:read",
    Caller.OTHER_SERVICE: "users:read",
}


def client(caller: Caller, api: Api, issuer: Issuer) -> Api:
    if caller in GRANTED:
        role, *courts = GRANTED[caller]
        return api.user(role, *courts)
    if caller in SCOPES:
        return api.bearer(issuer.token(api.clock, scope=SCOPES[caller]))
    return api if caller is Caller.ANONYMOUS else api.granted()


def verdict(response: Any) -> str:
    """The verdict of a response; a status without a verdict is returned as text."""
    if response.status_code == 202 and "decided_by" in response.json():
        return Verdict.PROPOSED
    return Verdict.ALLOWED if response.is_success else str(response.status_code)


@dataclass(slots=True)
class Walk:
    """Calls every operation as one caller; `wrong` lists the deviations from the rules."""

    stage: Stage
    caller: Caller
    sender: Api
    wrong: list[str] = field(default_factory=list)

    async def step(self, operation: Operation, name: str) -> None:
        """Call one operation for one subject."""
        scene = self.stage.scene
        subject = scene.subjects[name]
        made = call(operation, scene, subject)
        response = await self.stage.send(operation, made, self.sender)
        expected = RULES[operation.name].verdict(self.caller, name)
        if verdict(response) != expected:
            self.note(operation, name, f"{expected}, not {verdict(response)}: {response.text}")
        if response.status_code == 404:
            unknown = call(operation, scene, _absent(subject))
            absent = await self.stage.send(operation, unknown, self.sender)
            if without_ids(response) != without_ids(absent):
                self.note(operation, name, "differs from the answer about an unknown ID")
        if name == SEALED:
            self._look_for_leaks(operation, made, subject, response)

    def note(self, operation: Operation, name: str, what: str) -> None:
        self.wrong.append(f"{operation.name} ({name}): {what}")

    def _look_for_leaks(
        self, operation: Operation, made: Call, subject: Subject, response: Any
    ) -> None:
        # What the caller has sent reveals nothing to the caller.
        sent = str((made.path, made.options)) if operation.writes else made.path
        revealed = any(each in response.text for each in subject.secrets() if each not in sent)
        if revealed and self.caller not in INSIDERS:
            self.note(operation, SEALED, f"reveals the case: {response.text}")
        if self.caller in INSIDERS and operation.name in NAMES_THE_CASE and not revealed:
            self.note(operation, SEALED, "does not show the case")


def _absent(subject: Subject) -> Subject:
    """A subject of the same shape whose IDs do not exist."""
    return Subject(subject.number, {name: str(uuid4()) for name in subject.ids}, str(uuid4()))


def without_ids(response: Any) -> tuple[int, dict[str, str], str]:
    """The whole answer without IDs."""
    headers = {name: UUID_TEXT.sub("", value) for name, value in response.headers.items()}
    return response.status_code, headers, UUID_TEXT.sub("", response.text)


def test_every_operation_has_a_rule_and_every_rule_an_operation(
    every_operation: list[Operation],
) -> None:
    assert {operation.name for operation in every_operation} == set(RULES)


@pytest.fixture(params=Caller)
def walk(request: pytest.FixtureRequest, stage: Stage, api: Api, issuer: Issuer) -> Walk:
    return Walk(stage, request.param, client(request.param, api, issuer))


async def test_every_caller_may_do_exactly_what_the_rules_allow(
    walk: Walk, every_operation: list[Operation]
) -> None:
    for operation in every_operation:
        for name in walk.stage.scene.subjects:
            await walk.step(operation, name)

    assert "\n".join(walk.wrong) == ""


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/metrics/matrix", {"from": "2024-01-01", "to": "2026-06-30"}),
        ("/metrics/clearance", {"from": "2024-01-01", "to": "2026-06-30"}),
    ],
)
async def test_totals_include_sealed_cases_that_the_caller_may_not_see(
    api: Api, issuer: Issuer, path: str, params: dict[str, str]
) -> None:
    counted = [
        (await client(caller, api, issuer).get(path, **params)).json()
        for caller in (Caller.CLERK, Caller.VIEWER, Caller.READING_SERVICE)
    ]

    assert counted[0]["items"]
    assert counted == counted[:1] * 3


async def test_a_figure_counts_a_sealed_case_that_its_list_hides(
    api: Api, issuer: Issuer, scene: Scene
) -> None:
    period = {"from": "2024-01-01", "to": "2026-06-01"}
    shown = {}
    for caller in (Caller.CLERK, Caller.VIEWER):
        answer = await client(caller, api, issuer).get("/metrics/matrix/cases", **period)
        shown[caller] = {case["id"] for case in answer.json()["items"]}
    totals = (await client(Caller.VIEWER, api, issuer).get("/metrics/matrix", **period)).json()

    assert len(shown[Caller.CLERK]) == totals["totals"]["end_active"]
    hidden = scene.subjects[SEALED].ids["case_id"]
    assert shown[Caller.CLERK] - shown[Caller.VIEWER] == {hidden}
