"""What one sender's files may cost: how many wait to be read, and how much of them is stored."""

import pytest

from common.identity import Role
from core_service.returns.models import ImportLimits
from testkit.core.api import Api
from testkit.core.registry import TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv


def file(number: int) -> bytes:
    return as_csv([{"caseid_no": f"E{number}"}])


@pytest.mark.parametrize(
    "limits", [ImportLimits(max_unread=2), ImportLimits(max_stored_bytes=2 * len(file(1)))]
)
async def test_a_file_beyond_the_limits_of_its_sender_is_not_taken(
    returns: ReturnsClient, api: Api, limits: ImportLimits
) -> None:
    returns.core.registry.register_value(ImportLimits, limits)
    for number in (1, 2):
        assert (await returns.send(file(number))).status_code == 202

    refused = await returns.send(file(3))

    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-imports")
    assert (await returns.send(file(1))).json()["code"] == "duplicate-file"
    assert len((await returns.api.get("/imports")).json()["items"]) == 2
    other = returns.of(api.user(Role.DATA_ENTRY, TESTVILLE))
    assert (await other.send(file(3))).status_code == 202


async def test_a_sender_may_send_more_when_a_file_was_read(returns: ReturnsClient) -> None:
    returns.core.registry.register_value(ImportLimits, ImportLimits(max_unread=1))
    first = (await returns.send(file(1))).json()
    assert (await returns.send(file(2))).status_code == 429

    await returns.work(first["id"])

    assert (await returns.send(file(2))).status_code == 202
