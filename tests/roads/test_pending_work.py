"""Pending work uses the grants in force when it runs, not those of the time of its request."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import pytest
from roads.conftest import SignIn
from roads.people import Caller
from roads.planting import marker, settled

from testkit.core.registry import AMINA, DEMOVILLE, TESTVILLE
from testkit.core.returns import as_csv

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def send(caller: Caller, kind: str, *rows: dict[str, str], mode: str) -> str:
    files = {"file": (f"{marker(kind, 'file')}.csv", as_csv(rows), "text/csv")}
    batch = caller.done("POST", "/imports", files=files, data={"mode": mode})
    return str(settled(caller, batch["id"])["id"])


def until(happened: Callable[[], bool]) -> None:
    deadline = monotonic() + 60
    while not happened():
        assert monotonic() < deadline
        sleep(0.2)


def until_state(admin: Caller, batch_id: str, *states: str) -> None:
    deadline = monotonic() + 60
    while (batch := admin.done("GET", f"/imports/{batch_id}"))["state"] not in states:
        assert monotonic() < deadline, batch
        sleep(0.2)


def is_registered(admin: Caller, number: str) -> bool:
    found = admin.done("GET", "/cases/lookup", params={"number": f"HCCC {number} of 2025"})
    return bool(found["items"])


def deactivate(admin: Caller, caller: Caller) -> None:
    path = f"/users/{caller.tokens['user']['id']}"
    version = admin.call("GET", path).headers["ETag"]
    admin.done("PATCH", path, json={"is_active": False}, headers={"If-Match": version})


@dataclass(frozen=True, slots=True)
class Pending:
    """A validated batch and held rows with distinct names, whose sender is now deactivated."""

    held: str
    validated: str
    spelling: str
    numbers: tuple[str, str]


@pytest.fixture
def pending(request: pytest.FixtureRequest, admin: Caller, sign_in: SignIn) -> Pending:
    name, first = request.param
    leaver, spelling = sign_in(name), f"{name}, Judge"
    details = {"other_details": marker("leaver", "details")}
    held = {"caseid_no": f"E{first}", "judge_1": spelling} | details
    validated = {"caseid_no": f"E{first + 1}"} | details
    left = Pending(
        send(leaver, name, held, mode="apply"),
        send(leaver, name, validated, mode="validate"),
        spelling,
        (f"E{first}", f"E{first + 1}"),
    )
    deactivate(admin, leaver)
    assert leaver.call("GET", "/imports").status_code == 401
    return left


@pytest.mark.parametrize("pending", [("leaver-seen", 7210)], indirect=True, ids=["left"])
def test_a_stranger_neither_sees_nor_applies_what_a_deactivated_user_left(
    admin: Caller, sign_in: SignIn, pending: Pending
) -> None:
    for name in ("viewer-elsewhere", "clerk-elsewhere", "admin-elsewhere"):
        stranger = sign_in(name)
        for batch_id in (pending.held, pending.validated):
            answers = [
                stranger.call("GET", f"/imports/{batch_id}"),
                stranger.call("GET", f"/imports/{batch_id}/rows"),
                stranger.call("GET", f"/imports/{batch_id}/issues"),
                stranger.call("POST", f"/imports/{batch_id}/apply"),
            ]
            refused = {403} if name.startswith("viewer") else {404}
            assert {answer.status_code for answer in answers} == refused
            assert not any("leaver" in answer.text for answer in answers)
    assert not any(is_registered(admin, number) for number in pending.numbers)


@pytest.mark.parametrize("pending", [("leaver-held", 7220)], indirect=True, ids=["left"])
def test_held_rows_of_a_deactivated_user_are_applied_for_the_one_who_decides(
    admin: Caller, pending: Pending
) -> None:
    found = admin.done("GET", "/aliases", params={"state": "pending", "limit": "200"})["items"]
    alias: dict[str, Any] = next(each for each in found if each["raw"] == pending.spelling)

    admin.done("POST", f"/aliases/{alias['id']}/accept", json={"target_id": str(AMINA)})

    until(lambda: is_registered(admin, pending.numbers[0]))
    (row,) = admin.done("GET", f"/imports/{pending.held}/rows")["items"]
    versions = admin.done("GET", f"/cases/{row['case_id']}/versions")["items"]
    assert {each["by"]["id"] for each in versions} == {admin.tokens["user"]["id"]}


@pytest.mark.parametrize("pending", [("leaver-validated", 7230)], indirect=True, ids=["left"])
def test_a_validated_batch_of_a_deactivated_user_is_applied_by_one_who_may(
    admin: Caller, sign_in: SignIn, pending: Pending
) -> None:
    assert not is_registered(admin, pending.numbers[1])

    sign_in("planter").done("POST", f"/imports/{pending.validated}/apply")

    until(lambda: is_registered(admin, pending.numbers[1]))


def test_a_grant_that_is_removed_after_the_upload_applies_nothing(
    admin: Caller, sign_in: SignIn
) -> None:
    caller = sign_in("shrinking")
    batch_id = send(caller, "shrinking", {"caseid_no": "E7301"}, mode="validate")
    path = f"/users/{caller.tokens['user']['id']}/grants"
    (grant,) = admin.done("GET", path)["items"]
    admin.done("POST", path, json={"role": "data_entry", "courts": [str(DEMOVILLE)]})
    admin.done("DELETE", f"{path}/{grant['id']}")
    caller.refresh()

    answer = caller.call("POST", f"/imports/{batch_id}/apply")

    if answer.status_code == 202:
        until_state(admin, batch_id, "partial", "failed")
    assert not is_registered(admin, "E7301")
    shown = caller.call("GET", f"/imports/{batch_id}/rows")
    assert "E7301" not in shown.text
    admin.done("POST", path, json={"role": "data_entry", "courts": [str(TESTVILLE)]})
    caller.refresh()
    caller.done("POST", f"/imports/{batch_id}/apply")
    until(lambda: is_registered(admin, "E7301"))
