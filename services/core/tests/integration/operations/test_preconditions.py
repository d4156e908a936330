"""Every operation that takes `If-Match` holds to it (RFC 9110, 13.1.1)."""

from dataclasses import replace
from typing import Any

import pytest

from common.identity import Role
from testkit.core.api import Api
from testkit.core.calls import Call, Operation, call, suiting
from testkit.core.stage import Stage


@pytest.fixture
def guarded(every_operation: list[Operation]) -> list[Operation]:
    found = [each for each in every_operation if each.takes("If-Match")]
    assert {"PATCH /cases/{case_id}", "DELETE /cases/{case_id}"} <= {each.name for each in found}
    return found


async def sent(stage: Stage, operation: Operation, api: Api, if_match: str | None) -> Any:
    made = call(operation, stage.scene, suiting(operation, stage.scene))
    headers = {} if if_match is None else {"If-Match": if_match}
    return await stage.send(operation, with_headers(made, headers), api.user(Role.ADMIN))


def with_headers(made: Call, headers: dict[str, str]) -> Call:
    return replace(made, options={**made.options, "headers": headers})


async def test_a_change_of_another_version_is_refused_with_the_etag_of_the_current_one(
    stage: Stage, guarded: list[Operation], api: Api
) -> None:
    answers = {each.name: await sent(stage, each, api, '"999"') for each in guarded}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 412
    )
    for name, answer in answers.items():
        assert answer.headers["etag"] == f'"{answer.json()["current_version"]}"', name


async def test_a_refused_change_succeeds_with_the_etag_of_its_refusal(
    stage: Stage, guarded: list[Operation], api: Api
) -> None:
    for operation in guarded:
        refused = await sent(stage, operation, api, '"999"')
        done = await sent(stage, operation, api, refused.headers["etag"])
        assert done.is_success, f"{operation.name}: {done.text}"


async def test_a_star_lets_any_version_be_changed_and_the_answer_has_the_new_etag(
    stage: Stage, guarded: list[Operation], api: Api
) -> None:
    for operation in guarded:
        done = await sent(stage, operation, api, "*")
        assert done.is_success, f"{operation.name}: {done.text}"
        if done.status_code != 204:
            assert done.headers["etag"] == f'"{done.json()["version"]}"', operation.name


async def test_a_change_that_names_no_version_is_refused_where_it_must(
    stage: Stage, guarded: list[Operation], api: Api
) -> None:
    for operation in guarded:
        answer = await sent(stage, operation, api, None)
        if operation.requires("If-Match"):
            assert answer.status_code == 428, operation.name
        else:
            assert answer.is_success, operation.name
