"""What is taken in, from whom, and what is refused straight away."""

import io
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it ships no types

from common.identity import Role
from common.ids import uuid7
from core_service.returns.files.header import COLUMNS
from testkit.core.api import Api
from testkit.core.registry import APPEAL, DEMOVILLE, TESTVILLE
from testkit.core.returns import MENTION, ReturnsClient, as_csv

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


async def test_an_upload_is_answered_with_the_batch_before_it_is_worked_on(
    returns: ReturnsClient,
) -> None:
    sent = await returns.send(as_csv([{}]), filename="../../etc/return.csv")
    assert sent.status_code == 202
    batch = sent.json()
    assert sent.headers["Location"] == f"/api/v1/imports/{batch['id']}"
    assert (batch["state"], batch["filename"]) == ("uploaded", "return.csv")
    assert batch["uploaded_by"]["id"] == str(returns.api.user_id)
    assert batch["size"] == len(as_csv([{}]))
    assert set(batch["counts"].values()) == {0}


async def test_a_filename_that_is_no_text_is_stored_as_far_as_it_is(returns: ReturnsClient) -> None:
    part = b'Content-Disposition: form-data; name="file"; filename="+2AA-.csv"\r\n\r\n'
    content = b"--b\r\n" + part + as_csv([{}]) + b"\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=utf-7"}
    sent = await returns.api.call("POST", "/imports", content=content, headers=kind)
    assert (sent.status_code, sent.json()["filename"]) == (202, "?.csv")


async def test_a_filename_cannot_turn_the_text_around_it(returns: ReturnsClient) -> None:
    sent = await returns.send(as_csv([{}]), filename="day\u202exslx.csv")
    assert sent.json()["filename"] == "dayxslx.csv"


async def test_the_same_file_again_is_refused_and_names_the_first(returns: ReturnsClient) -> None:
    first = await returns.bring({})
    again = await returns.send(as_csv([{}]), filename="other-name.csv")
    assert again.status_code == 409
    problem = again.json()
    assert (problem["code"], problem["batch_id"]) == ("duplicate-file", first["id"])


async def test_a_failed_file_can_be_sent_again(returns: ReturnsClient) -> None:
    content = b"no,header,here\n1,2,3\n"
    failed = await returns.bring_file(content)
    assert failed["state"] == "failed"
    assert failed["error"]["code"] == "HDR_MISSING"
    issues = (await returns.api.get(f"/imports/{failed['id']}/issues")).json()["items"]
    assert [(issue["code"], issue["row_no"]) for issue in issues] == [("HDR_MISSING", None)]
    assert (await returns.send(content)).status_code == 202


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (COLUMNS[:30] + COLUMNS[:1], "HDR_DUPLICATE"),
        ([name for name in COLUMNS if name != "outcome"], "HDR_MISSING"),
    ],
)
async def test_an_unusable_header_fails_the_file(
    returns: ReturnsClient, header: list[str], code: str
) -> None:
    batch = await returns.bring_file((",".join(header) + "\n").encode())
    assert batch["state"] == "failed"
    assert batch["error"]["code"] == code


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (PNG, 415, "file-not-a-return"),
        (b"", 422, "file-empty"),
        (b"court\x00date", 415, "file-not-a-return"),
        (b"PK\x03\x04nothing", 415, "file-not-a-return"),
    ],
)
async def test_what_is_no_return_is_refused_at_once(
    returns: ReturnsClient, content: bytes, status: int, code: str
) -> None:
    refused = await returns.send(content)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await returns.api.get("/imports")).json()["items"] == []


@pytest.mark.parametrize(
    "options",
    [
        {"files": {"other": ("a.csv", b"a,b")}},
        {"data": {"file": "text"}},
        {"json": {"file": "x"}},
        {"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"files": {"file": ("a.csv", b"a,b")}, "data": {"mode": "explode"}},
        {"files": {"file": ("a.csv", b"a,b")}, "data": {"court_id": "nowhere"}},
    ],
)
async def test_a_malformed_upload_is_a_4xx_problem(
    returns: ReturnsClient, options: dict[str, Any]
) -> None:
    headers = options.get("headers", {})
    for each in (headers, {**headers, "Idempotency-Key": str(uuid7())}):
        refused = await returns.api.call("POST", "/imports", **{**options, "headers": each})
        assert refused.status_code in (400, 422)
        assert refused.headers["Content-Type"] == "application/problem+json"


async def test_only_those_who_enter_data_send_returns(
    returns: ReturnsClient, api: Api, viewer: Api
) -> None:
    assert (await returns.of(api).send(as_csv([{}]))).status_code == 401
    refused = await returns.of(viewer).send(as_csv([{}]))
    assert (refused.status_code, refused.json()["code"]) == (403, "permission-denied")
    assert (await viewer.get("/imports")).status_code == 403


async def test_a_court_outside_the_grants_is_refused(returns: ReturnsClient, admin: Api) -> None:
    assert (await returns.send(as_csv([{}]), court_id=str(DEMOVILLE))).status_code == 403
    nowhere = await returns.of(admin).send(as_csv([{}]), court_id=str(uuid7()))
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "unknown-reference")


async def test_rows_of_courts_outside_the_grants_are_rejected(
    returns: ReturnsClient, api: Api
) -> None:
    clerk = returns.of(api.user(Role.DATA_ENTRY, TESTVILLE))
    batch = await clerk.bring({}, {"court": "Demoville"})
    assert await clerk.results(batch) == ["NEW", "REJECTED"]
    assert await clerk.codes(batch) == [[], ["COURT_NOT_GRANTED"]]


TOTAL = dict.fromkeys(MENTION, "") | {"court": "TOTAL", "male_applicant": "1"}


@pytest.mark.parametrize(
    ("rows", "state"), [([{}], "applied"), ([{}, TOTAL], "partial")], ids=["rows", "a total too"]
)
async def test_a_file_sent_by_the_wrong_clerk_does_not_bar_the_right_one(
    returns: ReturnsClient, outsider: Api, rows: list[dict[str, str]], state: str
) -> None:
    wrong = await returns.of(outsider).bring(*rows)
    assert (wrong["state"], wrong["error"]["code"]) == ("failed", "COURT_NOT_GRANTED")
    right = await returns.bring(*rows)
    assert (right["state"], right["counts"]["new"]) == (state, 1)


async def test_a_batch_is_seen_by_its_sender_and_by_those_who_work_at_one_of_its_courts(
    returns: ReturnsClient, api: Api, admin: Api, outsider: Api
) -> None:
    both = await returns.bring({}, {"court": "Testville Court of Appeal"})
    one = await returns.bring({"date_dd": "25"})
    colleague = api.user(Role.DATA_ENTRY, TESTVILLE)
    everyone = api.user(Role.DATA_ENTRY, TESTVILLE, APPEAL)
    for caller, seen in [
        (returns.api, [one, both]),
        (everyone, [one, both]),
        (admin, [one, both]),
        (colleague, [one, both]),
        (outsider, []),
    ]:
        listed = (await caller.get("/imports")).json()["items"]
        assert [batch["id"] for batch in listed] == [batch["id"] for batch in seen]
    for path in ("", "/rows", "/issues"):
        hidden = await outsider.get(f"/imports/{one['id']}{path}")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "import-not-found")
    assert (await outsider.post(f"/imports/{one['id']}/apply")).status_code == 404


async def test_a_workbook_is_imported_like_text(returns: ReturnsClient) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Return of Testville"])
    sheet.append(COLUMNS)
    row = {name: int(value) if value.isdigit() else value for name, value in MENTION.items()}
    sheet.append([row.get(name) for name in COLUMNS])
    buffer = io.BytesIO()
    workbook.save(buffer)
    batch = await returns.bring_file(buffer.getvalue())
    assert await returns.results(batch) == ["NEW"]
    again = await returns.bring({})
    assert await returns.results(again) == ["UNCHANGED"]


async def test_an_old_template_in_windows_1252_is_imported_with_remarks(
    returns: ReturnsClient,
) -> None:
    text = as_csv([{"other_details": "Naïve €"}]).decode()
    text = text.replace("court,", "court_name,", 1).replace("judge_1,", "bench_1,", 1)
    batch = await returns.bring_file(text.encode("cp1252"))
    assert await returns.results(batch) == ["NEW"]
    issues = (await returns.api.get(f"/imports/{batch['id']}/issues")).json()["items"]
    assert [issue["code"] for issue in issues] == ["ENC_FALLBACK", "HDR_MAPPED", "HDR_MAPPED"]
    rows = await returns.rows(batch)
    assert rows[0]["raw"]["other_details"] == "Naïve €"


async def test_a_file_of_several_pieces_is_stored_and_read_whole(returns: ReturnsClient) -> None:
    rows = [{"date_dd": str(day), "other_details": "x" * 30_000} for day in range(1, 25)]
    rows += [{"date_mon": "Mar", **row} for row in rows]
    content = as_csv(rows)
    assert len(content) > 1024 * 1024
    batch = await returns.bring_file(content)
    assert batch["counts"]["new"] == 48


async def test_rows_and_issues_can_be_narrowed_and_paged(returns: ReturnsClient) -> None:
    batch = await returns.bring({}, {"date_dd": "x"}, {"judge_1": "Unlisted"}, {"court": ""})
    rejected = await returns.rows(batch, result="REJECTED")
    assert [row["row_no"] for row in rejected] == [2, 4]
    path = f"/imports/{batch['id']}"
    for params, rows in [
        ({"code": "JUDGE_UNKNOWN"}, [3]),
        ({"severity": "rejected"}, [2, 4]),
        ({"severity": "held", "code": "REQ_BLANK"}, []),
    ]:
        found = (await returns.api.get(f"{path}/issues", **params)).json()["items"]
        assert [issue["row_no"] for issue in found] == rows
    first = (await returns.api.get(f"{path}/rows", limit="3", count="exact")).json()
    assert first["total"] == 4
    second = (await returns.api.get(f"{path}/rows", limit="3", cursor=first["next_cursor"])).json()
    assert [row["row_no"] for row in second["items"]] == [4]
    assert (await returns.api.get(f"{path}/rows", result="SOME")).status_code == 422
    assert (await returns.api.get(f"{path}/issues", cursor=first["next_cursor"])).status_code == 400


async def test_a_retried_upload_happens_once(returns: ReturnsClient) -> None:
    files = {"file": ("return.csv", as_csv([{}]))}
    headers = {"Idempotency-Key": "upload-1"}
    first, again = [
        await returns.api.call("POST", "/imports", files=files, headers=headers) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    other = {"file": ("return.csv", as_csv([{"date_dd": "25"}]))}
    reused = await returns.api.call("POST", "/imports", files=other, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_retried_upload_is_refused_once_the_grant_for_its_court_is_removed(
    returns: ReturnsClient, api: Api
) -> None:
    async def send(sender: Api) -> int:
        files = {"file": ("return.csv", as_csv([{}]))}
        answer = await sender.call(
            "POST",
            "/imports",
            files=files,
            data={"court_id": str(TESTVILLE)},
            headers={"Idempotency-Key": "upload-1"},
        )
        return int(answer.status_code)

    moved = api.user(Role.DATA_ENTRY, APPEAL, user_id=returns.api.user_id)
    assert [await send(sender) for sender in (returns.api, returns.api, moved)] == [202, 202, 403]


async def test_validation_changes_nothing_until_the_batch_is_applied(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({}, {}, {"date_dd": "x"}, mode="validate")
    assert (batch["state"], batch["mode"]) == ("validated", "validate")
    assert await returns.results(batch) == ["NEW", "DUPLICATE", "REJECTED"]
    assert (await returns.matrix())["new"] == 0
    accepted = await returns.api.post(f"/imports/{batch['id']}/apply")
    assert (accepted.status_code, accepted.json()["state"]) == (202, "applying")
    waits = await returns.batch(batch["id"])
    assert (waits["state"], waits["progress"]) == ("applying", {"done": 0, "total": 3})
    applied = await returns.work(batch["id"])
    assert (applied["state"], applied["counts"]) == ("partial", batch["counts"])
    assert (await returns.matrix())["new"] == 1
    refused = await returns.api.post(f"/imports/{batch['id']}/apply")
    assert (refused.status_code, refused.json()["code"]) == (409, "import-not-ready")
