"""A client with a current copy of a case gets 304 until something that the case shows changes."""

import gzip
from typing import Any

import pytest

from testkit.core.api import Api
from testkit.core.registry import AMINA, TESTVILLE, activity_body, case_body, case_type


@pytest.fixture
async def path(clerk: Api) -> str:
    return f"/cases/{(await clerk.post('/cases', case_body())).json()['id']}"


async def held(reader: Api, path: str, **params: Any) -> dict[str, str]:
    """The header of a client that has just read this."""
    return {"If-None-Match": (await reader.get(path, **params)).headers["ETag"]}


async def test_what_has_not_changed_is_not_sent_again(viewer: Api, path: str) -> None:
    for each, params in ((path, {}), ("/cases", {"limit": 200})):
        headers = await held(viewer, each, **params)
        again = await viewer.call("GET", each, headers=headers, params=params)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "shown", [f"/courts/{TESTVILLE}", f"/case-types/{case_type('CIVSUIT')}", f"/judges/{AMINA}"]
)
async def test_a_renamed_reference_that_a_case_shows_changes_its_etag(
    clerk: Api, admin: Api, path: str, shown: str
) -> None:
    body = activity_body(path.rpartition("/")[2], "2026-05-04", "Mention", "Mention Date Given")
    made = await clerk.post(
        "/activities", body | {"judge_ids": [str(AMINA)], "next_on": "2026-07-09"}
    )
    assert made.status_code == 201, made.text
    headers = await held(clerk, path)
    version = (await admin.get(shown)).json()["version"]
    change = {"surname": "Renamed"} if "judges" in shown else {"name": "Renamed"}
    assert (await admin.patch(shown, change, version=version)).is_success

    again = await clerk.call("GET", path, headers=headers)

    assert again.status_code == 200
    assert "Renamed" in again.text
    # The case itself has not changed: what was read may still be changed.
    parties = {"parties": {"female_applicant": 1}}
    guarded = {"If-Match": headers["If-None-Match"]}
    assert (await clerk.call("PATCH", path, json=parties, headers=guarded)).is_success


async def test_who_may_no_longer_read_a_case_gets_no_304(
    clerk: Api, outsider: Api, path: str
) -> None:
    headers = await held(clerk, path)
    for known in (headers, {"If-None-Match": "*"}):
        assert (await outsider.call("GET", path, headers=known)).status_code == 404


async def test_a_body_that_is_compressed_is_refused(clerk: Api) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await clerk.call("POST", "/cases", headers=headers, content=gzip.compress(b"{}"))
    assert (answer.status_code, answer.json()["code"]) == (415, "content-encoding-unsupported")
