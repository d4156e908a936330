"""POST /cases: one case per number, under concurrent requests too."""

import asyncio
from uuid import uuid4

import pytest

from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, case_body
from testkit.core.tokens import Issuer

WHEN_NEW = {"status": "pending", "status_since": "2025-02-03", "activity_count": 0, "version": 1}


async def test_a_clerk_registers_a_case(clerk: Api) -> None:
    response = await clerk.post("/cases", case_body(parties={"male_applicant": 1}))

    assert response.status_code == 201, response.text
    body = response.json()
    assert body["number"] == "HCCC E014 of 2025"
    assert body["court"]["name"] == "Testville"
    assert body["case_type"]["category"]["name"] == "Civil Suit/Matter"
    assert body["parties"]["male_applicant"] == 1
    assert WHEN_NEW.items() <= body.items()
    assert response.headers["Location"] == f"/api/v1/cases/{body['id']}"
    assert response.headers["ETag"] == '"1"'


async def test_a_new_case_is_filed_in_the_ledger(clerk: Api) -> None:
    case = (await clerk.post("/cases", case_body())).json()

    events = (await clerk.get(f"/cases/{case['id']}/status-events")).json()["items"]

    assert [(event["kind"], event["effective_on"]) for event in events] == [("filed", "2025-02-03")]


@pytest.mark.parametrize("spelling", ["E014", "e14", " E-014 "])
async def test_another_spelling_of_a_number_is_the_same_number(clerk: Api, spelling: str) -> None:
    await clerk.post("/cases", case_body())

    response = await clerk.post("/cases", case_body(number=spelling, caseid_type="h.c.c.c"))

    assert response.status_code == 409
    assert response.json()["code"] == "case-number-taken"


async def test_numbers_restart_every_year(clerk: Api) -> None:
    old = await clerk.post("/cases", case_body(number="E001", filed_on="2024-06-03"))
    new = await clerk.post("/cases", case_body(number="E001", filed_on="2025-06-03"))

    assert (old.status_code, new.status_code) == (201, 201)
    assert old.json()["id"] != new.json()["id"]


async def test_without_a_number_a_case_gets_the_next_free_one(clerk: Api) -> None:
    await clerk.post("/cases", case_body(number="E041"))
    await clerk.post("/cases", case_body(number="77"))  # of the paper register

    electronic = await clerk.post("/cases", case_body(number=None))
    paper = await clerk.post("/cases", case_body(number=None, e_filed=False))

    assert electronic.json()["number"] == "HCCC E042 of 2025"
    assert paper.json()["number"] == "HCCC 078 of 2025"


async def test_two_clerks_registering_one_number_at_once_make_one_case(clerk: Api) -> None:
    responses = await asyncio.gather(*(clerk.post("/cases", case_body()) for _ in range(6)))

    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409, 409]


async def test_next_free_numbers_given_out_at_once_differ(clerk: Api) -> None:
    responses = await asyncio.gather(
        *(clerk.post("/cases", case_body(number=None)) for _ in range(6))
    )

    numbers = {response.json()["number_raw"] for response in responses}
    assert numbers == {"E001", "E002", "E003", "E004", "E005", "E006"}


async def test_a_retried_registration_gets_the_first_answer(clerk: Api) -> None:
    first = await clerk.post("/cases", case_body(number=None), key="retry-1")
    again = await clerk.post("/cases", case_body(number=None), key="retry-1")

    assert again.json() == first.json()
    assert (await clerk.get("/cases", count="exact")).json()["total"] == 1


async def test_a_key_with_another_body_is_refused(clerk: Api) -> None:
    await clerk.post("/cases", case_body(), key="retry-2")

    response = await clerk.post("/cases", case_body(number="E015"), key="retry-2")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_clerk_cannot_register_at_another_court(clerk: Api) -> None:
    response = await clerk.post("/cases", case_body(court_id=str(DEMOVILLE)))

    assert response.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"case_type_id": str(uuid4())},
        {"number": "no digits"},
        {"caseid_type": "..."},
        {"filed_on": "2025-02-30"},
        {"parties": {"male_applicant": 1000}},
        {"unknown_field": 1},
        {"number": "E0\u000014"},
    ],
)
async def test_what_cannot_be_registered_is_named(clerk: Api, changes: dict[str, object]) -> None:
    response = await clerk.post("/cases", case_body(**changes))

    assert response.status_code == 422, response.text
    assert (await clerk.get("/cases", count="exact")).json()["total"] == 0


async def test_a_service_that_registers_a_taken_number_does_not_learn_which_case_has_it(
    api: Api, admin: Api, issuer: Issuer
) -> None:
    service = api.bearer(issuer.token(api.clock, scope="registry:read registry:write"))
    made = {
        number: (await admin.post("/cases", case_body(number=number))).json()["id"]
        for number in ("E014", "E015", "E016")
    }
    await admin.post(f"/cases/{made['E015']}/seal", {"reason": "A child"})
    await admin.delete(f"/cases/{made['E016']}", version=1)

    answers = [await service.post("/cases", case_body(number=number)) for number in made]

    bodies = [answer.json() | {"request_id": None} for answer in answers]
    assert bodies == bodies[:1] * 3
    assert bodies[0]["code"] == "case-number-taken"
    answer = await admin.post("/cases", case_body(number="E016"))
    assert answer.json()["code"] == "case-deleted"


async def test_a_case_is_not_filed_in_the_future(clerk: Api) -> None:
    refused = await clerk.post("/cases", case_body(filed_on="2026-06-02"))
    assert (refused.status_code, refused.json()["code"]) == (422, "validation-failed")
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        ("filed_on", "date-future")
    ]
    case = (await clerk.post("/cases", case_body(filed_on="2026-06-01"))).json()
    changed = await clerk.patch(f"/cases/{case['id']}", {"filed_on": "2026-06-02"}, version=1)
    assert changed.json()["errors"][0]["code"] == "date-future"


async def test_a_number_that_a_spreadsheet_rounded_is_refused(clerk: Api) -> None:
    refused = await clerk.post("/cases", case_body(number="1.2E+05"))
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("number", "filed_on"),
    [("14", "2025-02-03"), ("EO14", "2025-02-03"), ("E014", "2024-02-03"), ("E14", "2026-01-02")],
)
async def test_a_number_that_may_be_a_slip_is_registered_with_the_candidates(
    clerk: Api, number: str, filed_on: str
) -> None:
    first_on = "2025-12-15" if filed_on.startswith("2026") else "2025-02-03"
    known = (await clerk.post("/cases", case_body(filed_on=first_on))).json()
    assert "warnings" not in known

    response = await clerk.post("/cases", case_body(number=number, filed_on=filed_on))

    assert response.status_code == 201
    (warning,) = response.json()["warnings"]
    assert warning["code"] == "POSSIBLE_DUPLICATE"
    assert [each["id"] for each in warning["candidates"]] == [known["id"]]
    assert "HCCC E014 of 2025" in warning["message"]


async def test_the_next_number_of_a_register_is_no_slip(clerk: Api) -> None:
    await clerk.post("/cases", case_body(number="001", filed_on="2025-02-03"))
    response = await clerk.post("/cases", case_body(number=None, filed_on="2025-02-03"))
    assert (response.json()["number_raw"], "warnings" in response.json()) == ("E001", False)


async def test_a_warning_tells_of_no_case_that_the_caller_may_not_see(
    api: Api, admin: Api, issuer: Issuer
) -> None:
    sealed = (await admin.post("/cases", case_body())).json()
    await admin.post(f"/cases/{sealed['id']}/seal", {"reason": "A child"})
    await admin.post("/cases", case_body(court_id=str(DEMOVILLE), number="15"))
    service = api.bearer(issuer.token(api.clock, scope="registry:read registry:write"))

    for number in ("14", "E15"):
        response = await service.post("/cases", case_body(number=number))
        assert (response.status_code, "warnings" in response.json()) == (201, False), response.text
