"""Days for which cases were set: what vacates one, as known now and as known at a moment."""

from collections.abc import Mapping
from typing import Final

import pytest

from common.composition import Units
from testkit.core.api import Api
from testkit.core.recorded_cases import Step, record, totals

YEAR: Final = {"from": "2024-01-01", "to": "2024-12-31"}
DISPOSED_IN_JUNE: Final = ("2024-06-03", "disposed")


@pytest.mark.parametrize("known", [{}, {"known_on": "2030-01-01"}], ids=["now", "known"])
@pytest.mark.parametrize(
    ("steps", "scheduled"),
    [
        ((("2024-02-01", "mentioned", {"next_on": "2024-03-03"}),), 1),
        # Moved before it came, or set when it was over.
        (
            (
                ("2024-02-01", "mentioned", {"next_on": "2024-03-03"}),
                ("2024-02-02", "mentioned", {"next_on": "2024-03-04"}),
            ),
            1,
        ),
        (
            (
                ("2024-02-01", "mentioned", {"next_on": "2024-03-03"}),
                ("2024-03-03", "mentioned", {"next_on": "2024-03-10"}),
            ),
            2,
        ),
        # Vacated by the closing, which sets no day either; set when the case was closed already.
        ((("2024-05-01", "mentioned", {"next_on": "2024-07-01"}), DISPOSED_IN_JUNE), 0),
        ((("2024-06-03", "disposed", {"next_on": "2024-07-01"}),), 0),
        ((DISPOSED_IN_JUNE, ("2024-06-04", "mentioned", {"next_on": "2024-07-01"})), 1),
        (
            (
                DISPOSED_IN_JUNE,
                ("2024-06-04", "mentioned", {"next_on": "2024-07-01"}),
                ("2024-06-05", "mentioned", {"next_on": "2024-07-02"}),
            ),
            1,
        ),
    ],
)
async def test_a_day_that_was_set_counts_until_it_is_vacated(
    core: Units, admin: Api, steps: tuple[Step, ...], scheduled: int, known: Mapping[str, str]
) -> None:
    await record(core, "1", "CIV", "2024-01-10", *steps)
    found = await totals(admin, "date-certainty", {**YEAR, **known})
    assert found["held"]["denominator"] == scheduled


@pytest.mark.parametrize("known", [{}, {"known_on": "2030-01-01"}], ids=["now", "known"])
@pytest.mark.parametrize("is_vacated", [False, True])
async def test_a_day_that_a_user_set_counts_until_a_user_vacates_it(
    core: Units, admin: Api, *, is_vacated: bool, known: Mapping[str, str]
) -> None:
    """That the case is closed does not vacate it."""
    await record(core, "1", "CIV", "2024-01-10", DISPOSED_IN_JUNE)
    (case,) = (await admin.get("/cases")).json()["items"]
    planned = {"case_id": case["id"], "on": "2026-06-20"}
    hearing = (await admin.post("/hearings", planned)).json()
    if is_vacated:
        path, version = f"/hearings/{hearing['id']}", hearing["version"]
        hearing = (await admin.patch(path, {"vacated": True}, version=version)).json()
    assert hearing["status"] == "vacated"
    period = {"from": "2024-01-01", "to": planned["on"]}
    found = await totals(admin, "date-certainty", {**period, **known})
    assert found["held"]["denominator"] == (0 if is_vacated else 1)
