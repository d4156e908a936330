"""A registry's first day, through the gateway alone: sign in, send the return, read the figures."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.e2e

SAMPLE_COUNTS = {
    "read": 10,
    "new": 7,
    "unchanged": 0,
    "duplicate": 0,
    "correction": 0,
    "held": 1,
    "rejected": 1,
    "empty": 1,
}
IDENTITY = {
    "begin_active": 1,
    "new": 1,
    "reopened": 1,
    "reactivated": 1,
    "transfer_in": 1,
    "disposed": -1,
    "reopened_disposed": -1,
    "inactivated": -1,
    "transfer_out": -1,
}


def test_the_gateway_is_ready(anyone: httpx.Client) -> None:
    assert anyone.get("/readyz").status_code == 200
    assert anyone.get("/livez").status_code == 200


def test_every_row_of_the_sample_return_is_accounted_for(
    as_clerk: httpx.Client, sample_batch: dict[str, Any]
) -> None:
    assert sample_batch["state"] in {"applied", "partial"}
    assert sample_batch["counts"] == SAMPLE_COUNTS
    rows = as_clerk.get(f"/api/v1/imports/{sample_batch['id']}/rows").json()["items"]
    assert {row["row_no"]: row["result"] for row in rows} == {
        **dict.fromkeys((1, 2, 3, 4, 5, 7, 10), "NEW"),
        6: "REJECTED",
        8: "EMPTY",
        9: "HELD",
    }
    issues = {row["row_no"]: {issue["code"] for issue in row["issues"]} for row in rows}
    assert "DATE_NONEXISTENT" in issues[6]
    assert "JUDGE_UNKNOWN" in issues[9]
    assert "JUDGE_PLACEHOLDER" in issues[1]
    assert rows[2]["raw"]["judge_1"] == "example,amina  wanja"
    assert issues[3], "the spelling variant of the judge is noted"


def test_the_unknown_judge_waits_behind_one_alias(
    as_clerk: httpx.Client, sample_batch: dict[str, Any]
) -> None:
    assert sample_batch["counts"]["held"] == 1
    found = as_clerk.get("/api/v1/aliases", params={"kind": "judge", "state": "pending"})
    assert len(found.json()["items"]) == 1


def test_the_case_is_disposed_on_the_day_of_its_closing(
    as_clerk: httpx.Client, sample_case: dict[str, Any]
) -> None:
    assert sample_case["number"] == "HCCC E014 of 2025"
    assert sample_case["status"] == "disposed"
    assert sample_case["disposed_on"] == "2026-03-02"
    timeline = as_clerk.get(f"/api/v1/cases/{sample_case['id']}/timeline").json()["items"]
    assert [entry["on"] for entry in timeline] == [
        "2025-02-03",
        "2025-02-24",
        "2026-01-09",
        "2026-03-02",
    ]
    assert [entry["source"]["row_no"] for entry in timeline] == [1, 2, 3, 4]
    assert {entry["source"]["filename"] for entry in timeline} == {"return-testville.csv"}
    assert all(entry["recorded_by"]["name"] for entry in timeline)


@pytest.mark.parametrize("spelling", ["HCCC/E014/2025", "hccc e14 of 2025", "E14/2025"])
def test_any_spelling_finds_the_case(
    as_clerk: httpx.Client, sample_case: dict[str, Any], spelling: str
) -> None:
    found = as_clerk.get("/api/v1/cases/lookup", params={"number": spelling}).json()["items"]
    assert sample_case["id"] in [item["case"]["id"] for item in found]


def test_the_matrix_balances_and_lists_the_cases_behind_it(
    as_clerk: httpx.Client, sample_case: dict[str, Any]
) -> None:
    court = sample_case["court"]["id"]
    period = {"from": "2026-01-01", "to": "2026-03-31", "court": court}
    answer = as_clerk.get("/api/v1/metrics/matrix", params=period).json()
    assert answer["items"]
    for row in [*answer["items"], answer["totals"]]:
        assert row["end_active"] == sum(sign * row[name] for name, sign in IDENTITY.items())
    assert answer["totals"]["disposed"] == 1
    listed = as_clerk.get(answer["items"][0]["cases_url"])
    assert listed.status_code == 200


def test_clearance_has_its_parts(as_clerk: httpx.Client, sample_case: dict[str, Any]) -> None:
    court = sample_case["court"]["id"]
    period = {"from": "2026-01-01", "to": "2026-03-31", "court": court}
    totals = as_clerk.get("/api/v1/metrics/clearance", params=period).json()["totals"]
    assert totals["clearance"]["numerator"] == 1
    assert totals["clearance"]["denominator"] == 0
    assert totals["clearance"]["value"] is None


def test_refresh_rotates_and_logout_ends_within_a_second(
    sign_in: Callable[[str], dict[str, Any]], anyone: httpx.Client
) -> None:
    first = sign_in("viewer")
    refreshed = anyone.post(
        "/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}
    ).json()
    assert refreshed["session"]["id"] == first["session"]["id"]
    bearer = {"Authorization": f"Bearer {refreshed['access_token']}"}
    assert anyone.get("/api/v1/auth/me", headers=bearer).json()["email"].startswith("viewer@")
    ended = anyone.post("/api/v1/auth/logout", json={}, headers=bearer)
    assert ended.status_code == 204
    deadline = monotonic() + 1.0
    while (refused := anyone.get("/api/v1/auth/me", headers=bearer)).status_code == 200:
        assert monotonic() < deadline
    assert refused.status_code == 401
    again = {"refresh_token": refreshed["refresh_token"]}
    assert anyone.post("/api/v1/auth/refresh", json=again).status_code == 401


def test_the_same_return_again_is_refused_and_names_the_first(
    as_clerk: httpx.Client, sample_batch: dict[str, Any], sample_return: bytes
) -> None:
    upload = {"file": ("again.csv", sample_return, "text/csv")}
    refused = as_clerk.post("/api/v1/imports", files=upload)
    assert refused.status_code == 409
    assert refused.json()["code"] == "duplicate-file"
    assert sample_batch["id"] in refused.text


def test_a_viewer_cannot_send_a_return(as_viewer: httpx.Client, sample_return: bytes) -> None:
    refused = as_viewer.post("/api/v1/imports", files={"file": ("a.csv", sample_return)})
    assert refused.status_code == 403
    assert refused.json()["code"] == "permission-denied"
