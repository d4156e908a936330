"""The forty cases once more: how long they took, how old the pending ones are, what they weigh.

Days, by hand. Filed 1 July 2024, disposed of on 30 June 2025: 364. 10 September 2024, inactive from
31 December to 1 January, disposed of on 1 July 2025: 294 - 1 = 293. 1 October 2024 to 1
February 2025: 123. 5 August to 31 December 2024: 148. 31 July 2024 to 31 March 2025: 243. 1
December 2024 to 10 January 2025: 40. 1 July 2025 to 29 May 2026: 332. 1 January to 31 March 2026:
89. 3 March 2025 to 2 February 2026 without 1 August to 1 October: 336 - 61 = 275.
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from common.composition import Units
from testkit.core.api import Api
from testkit.core.caseload import FIRST_YEAR, SECOND_YEAR, record_forty
from testkit.core.figures import listed, metric

FIGURES: Final[Mapping[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    # 14 are pending and 17 disposed of in the first year; in the second 14, and 8 and 1 again.
    "disposition-time": (
        {"numerator": 14, "denominator": 17, "days_in_period": 365, "value": 300.59},
        {"numerator": 14, "denominator": 9, "days_in_period": 335, "value": 521.11},
    ),
    # 40, 123, five times 148, six times 243, four times 364; all but none within 360 (2024) or 365
    # days, and the Court of Appeal's civil suits are measured by the civil standard, too.
    "time-to-disposition": (
        {
            "disposed": 17,
            "within_standard": {"numerator": 17, "denominator": 17, "value": 100.0},
            "median": 243,
            "p75": 243,
            "p90": 364,
            "p98": 364,
        },
        # 0, 0, 89, 275, 293, 293, 293, 332.
        {
            "disposed": 8,
            "within_standard": {"numerator": 8, "denominator": 8, "value": 100.0},
            "median": 275,
            "p75": 293,
            "p90": 332,
            "p98": 332,
        },
    ),
    # On 30 June 2025: two of 0 days; 119, 122 and three of 166; 211, 272, three of 292 and two of
    # 350. On 31 May 2026: two of 92 and three of 151; two of 335 and two of 272, since they came
    # to the Court of Appeal on 1 September 2025; 457, three of 501, and 546.
    "pending-age": (
        {
            "pending": 14,
            "up_to_90_days": 2,
            "up_to_180_days": 5,
            "up_to_365_days": 7,
            "up_to_730_days": 0,
            "up_to_1095_days": 0,
            "older": 0,
            "over_standard": {"numerator": 0, "denominator": 14, "value": 0.0},
        },
        {
            "pending": 14,
            "up_to_90_days": 0,
            "up_to_180_days": 5,
            "up_to_365_days": 4,
            "up_to_730_days": 5,
            "up_to_1095_days": 0,
            "older": 0,
            "over_standard": {"numerator": 5, "denominator": 14, "value": 35.71},
        },
    ),
    "backlog": (
        {
            "over_1_year": {"numerator": 0, "denominator": 14, "value": 0.0},
            "over_3_years": {"numerator": 0, "denominator": 14, "value": 0.0},
            "pending": 14,
            "crossed_1_year": 0,
            "crossed_3_years": 0,
        },
        {
            "over_1_year": {"numerator": 5, "denominator": 14, "value": 35.71},
            "over_3_years": {"numerator": 0, "denominator": 14, "value": 0.0},
            "pending": 14,
            "crossed_1_year": 5,
            "crossed_3_years": 0,
        },
    ),
    # 25 civil filings and 6 murders: 12,000 + 10,800; then 4 and 5: 1,920 + 9,000.
    "workload": (
        {
            "filings": 31,
            "weighted": 31,
            "numerator": 22_800,
            "denominator": 77_400,
            "value": 0.29,
        },
        {"filings": 9, "weighted": 9, "numerator": 10_920, "denominator": 77_400, "value": 0.14},
    ),
    "productivity": (
        {"decisions": 17, "merits": 17, "non_merits": 0, "rulings": 0},
        {"decisions": 9, "merits": 9, "non_merits": 0, "rulings": 0},
    ),
    "custody": (
        {
            "accused": 0,
            "cases": 0,
            "criminal_pending": 6,
            "median_days": None,
            "longest_days": None,
        },
        {
            "accused": 0,
            "cases": 0,
            "criminal_pending": 8,
            "median_days": None,
            "longest_days": None,
        },
    ),
    # Nothing was adjourned, reserved or set for a day; each judgment and mention was heard.
    "adjournments": (
        {"adjourned": {"numerator": 0, "denominator": 22, "value": 0.0}},
        {"adjourned": {"numerator": 0, "denominator": 10, "value": 0.0}},
    ),
    "judgment-delivery": (
        {"delivered": 0, "in_time": {"numerator": 0, "denominator": 0, "value": None}},
        {"waiting": 0, "overdue": 0, "median": None},
    ),
    "date-certainty": (
        {
            "certain": {"numerator": 17, "denominator": 17, "value": 100.0},
            "held": {"numerator": 0, "denominator": 0, "value": None},
        },
        {"certain": {"numerator": 9, "denominator": 9, "value": 100.0}},
    ),
}


@pytest.fixture
async def forty(core: Units) -> None:
    await record_forty(core)


@pytest.mark.usefixtures("forty")
async def test_all_figures_are_as_counted_by_hand(admin: Api) -> None:
    found, expected = {}, {}
    for name, years in FIGURES.items():
        for year, values in zip((FIRST_YEAR, SECOND_YEAR), years, strict=True):
            answer = await metric(admin, name, group_by="court", **year)
            found[name, year["from"]] = {each: answer["totals"][each] for each in values}
            expected[name, year["from"]] = values
    assert found == expected


@pytest.mark.usefixtures("forty")
async def test_the_backlog_lists_its_five_cases(admin: Api) -> None:
    backlog = (await metric(admin, "backlog", **SECOND_YEAR))["totals"]
    found = await listed(admin, backlog["cases_url"], "over_1_year")
    days = ["2024-12-01", *["2025-01-15"] * 3, "2025-02-28"]
    assert [case["filed_on"] for case in found] == days
