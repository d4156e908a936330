"""`masijala import` against a made-up gateway."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from common.http_client import ServiceClient
from devstack import importing
from devstack.accounts import SignedIn
from devstack.errors import StackError
from devstack.importing import ImportOrder, Outcome, court_id, send_and_watch
from devstack.repairing import repair_rows
from devstack.settings import DevstackSettings

COURT = "01941f29-7c00-7dbb-8f22-663e202ca569"
GAVE_UP = {"code": "internal-error", "message": "the worker gave up"}
COUNTS = {"read": 10, "new": 9, "held": 0, "rejected": 0, "empty": 1}
ROW = {
    "row_no": 6,
    "result": "REJECTED",
    "raw": {"caseid_type": "HCCC", "caseid_no": "E1", "date_dd": "31", "date_mon": "Febuary"},
    "issues": [
        {
            "severity": "rejected",
            "code": "DATE_NONEXISTENT",
            "column": "date_dd",
            "value": "31",
            "message": "February 2025 has 28 days",
            "suggestion": "2025-02-28",
            "candidates": [],
        }
    ],
}


def batch(state: str, done: int) -> dict[str, Any]:
    return {
        "id": "b1",
        "state": state,
        "filename": "return.csv",
        "counts": COUNTS,
        "progress": {"done": done, "total": 10},
        "error": {"code": "internal-error", "message": "the worker gave up"}
        if state == "failed"
        else None,
    }


@dataclass
class Gateway:
    """Answers as the gateway would; `states` are those of the batch, poll after poll."""

    states: Iterator[str]
    issues: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict(COUNTS))
    repaired: list[Any] = field(default_factory=list)
    expired: bool = False
    sign_ins: int = 0
    factor: bool = False
    proofs: list[dict[str, str]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if "/auth/" in path:
            return self._tokens(path.rpartition("/")[2], json.loads(request.read()))
        if request.headers["Authorization"] != f"Bearer token-{self.sign_ins}" or self.expired:
            self.expired = False
            return problem(401, "token-expired")
        if request.method == "POST":
            self.uploads.append(request.read())
            return httpx.Response(202, json=batch("uploaded", 0))
        if request.method == "PATCH":
            self.repaired.append((json.loads(request.read()), request.headers["If-Match"]))
            return httpx.Response(200, json=ROW | {"result": "NEW", "issues": []})
        return httpx.Response(200, json=self._read(path, request.url.params.get("result")))

    def _read(self, path: str, result: str | None) -> dict[str, Any]:
        lists = {
            "issues": self.issues,
            "rows": [ROW] if result == "REJECTED" else [],
            "courts": [{"id": COURT, "code": "TST", "name": "Testville"}],
        }
        last = path.rsplit("/", 1)[-1]
        if last in lists:
            return {"items": lists[last], "next_cursor": None}
        if last == "6":
            return ROW | {"version": 4}
        return batch(next(self.states), 10) | {"counts": self.counts}

    def _tokens(self, step: str, body: dict[str, str]) -> httpx.Response:
        if step == "login" and body["password"] != "right":
            return problem(401, "invalid-credentials")
        if step == "login" and self.factor:
            return problem(401, "factor-required", challenge_token="c1")
        if step == "refresh" and body["refresh_token"] != f"refresh-{self.sign_ins}":
            return problem(401, "refresh-token-invalid")
        if step == "factor":
            self.proofs.append(body)
        self.sign_ins += 1
        names = ("access_token", "refresh_token") if self.factor else ("access_token",)
        kinds = {name: f"{name.removesuffix('_token')}-{self.sign_ins}" for name in names}
        return httpx.Response(200, json=kinds | {"access_token": f"token-{self.sign_ins}"})


def problem(status: int, code: str, **extra: str) -> httpx.Response:
    body = {"detail": "No", "code": code, "request_id": "r-12345678", **extra}
    return httpx.Response(status, json=body)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "POLL_SECONDS", 0.0)


@pytest.fixture
def order(tmp_path: Path) -> ImportOrder:
    file = tmp_path / "return.csv"
    file.write_bytes(b"court,date_dd\n")
    return ImportOrder(file, "http://gateway", "clerk@masijala.example", "right")


async def send(gateway: Gateway, order: ImportOrder) -> tuple[Outcome, str]:
    """How it ended, and what it printed."""
    shown = io.StringIO()
    client = ServiceClient("http://gateway", transport=httpx.MockTransport(gateway))
    try:
        user = SignedIn(client, order.email, order.password, lambda: "123 456")
        outcome = await send_and_watch(user, order, Console(file=shown, width=120))
    finally:
        await client.aclose()
    return outcome, shown.getvalue()


async def test_it_waits_until_the_batch_is_settled_and_shows_its_counts(
    order: ImportOrder,
) -> None:
    gateway = Gateway(iter(["validating", "validated", "applying", "applied"]))
    outcome, shown = await send(gateway, order)
    assert outcome is Outcome.DONE
    assert "applied" in shown
    assert all(name in shown for name in COUNTS)
    assert list(gateway.states) == []


async def test_it_sends_the_file_and_the_mode(order: ImportOrder) -> None:
    gateway = Gateway(iter(["applied"]))
    await send(gateway, order)
    assert b"court,date_dd" in gateway.uploads[0]
    assert b'name="mode"\r\n\r\napply' in gateway.uploads[0]


async def test_it_counts_the_issues_by_code(order: ImportOrder) -> None:
    issue = {"severity": "held", "code": "JUDGE_UNKNOWN"}
    other = {"severity": "rejected", "code": "DATE_NONEXISTENT"}
    _, shown = await send(Gateway(iter(["applied"]), issues=[issue, other, issue]), order)
    lines = [line.split() for line in shown.splitlines() if "JUDGE_UNKNOWN" in line]
    assert lines[0][-2] == "2"


async def test_a_failed_batch_is_a_failure_with_its_reason(order: ImportOrder) -> None:
    outcome, shown = await send(Gateway(iter(["failed"])), order)
    assert outcome is Outcome.FAILED
    assert "the worker gave up" in shown


async def test_it_signs_in_again_when_the_token_runs_out(order: ImportOrder) -> None:
    gateway = Gateway(iter(["applied"]), expired=True)
    outcome, _ = await send(gateway, order)
    assert outcome is Outcome.DONE
    assert gateway.sign_ins == 2


async def test_a_second_factor_is_shown_once_and_then_the_token_is_refreshed(
    order: ImportOrder,
) -> None:
    gateway = Gateway(iter(["applied"]), expired=True, factor=True)
    outcome, _ = await send(gateway, order)
    assert outcome is Outcome.DONE
    assert gateway.proofs == [{"challenge_token": "c1", "code": "123456"}]
    assert gateway.sign_ins == 2


async def test_a_recovery_code_is_sent_as_one(order: ImportOrder) -> None:
    gateway = Gateway(iter(["applied"]), factor=True)
    user = await signed_in(gateway)
    user.ask = lambda: " 7C2V-0RQX-9M4K-TB3D "
    await send_and_watch(user, order, Console(file=io.StringIO()))
    assert gateway.proofs[0]["recovery_code"] == "7C2V-0RQX-9M4K-TB3D"
    await user.client.aclose()


async def test_a_wrong_password_is_one_line(order: ImportOrder) -> None:
    wrong = ImportOrder(order.file, order.url, order.email, "wrong")
    with pytest.raises(StackError, match=r"refused: No \(invalid-credentials, request r-1234"):
        await send(Gateway(iter([])), wrong)


async def test_rows_that_need_a_person_are_shown_and_are_an_exit_code_of_their_own(
    order: ImportOrder,
) -> None:
    gateway = Gateway(iter(["partial"]), counts=COUNTS | {"rejected": 1})
    outcome, shown = await send(gateway, order)
    assert outcome is Outcome.NEEDS_PERSON
    assert int(outcome) == 3
    line = next(line for line in shown.splitlines() if "DATE_NONEXISTENT" in line)
    assert all(text in line for text in ("6", "REJECTED", "date_dd", "31", "2025-02-28"))
    assert "masijala returns repair b1" in shown


async def signed_in(gateway: Gateway) -> SignedIn:
    client = ServiceClient("http://gateway", transport=httpx.MockTransport(gateway))
    return SignedIn(client, "clerk@masijala.example", "right")


async def test_a_court_is_found_by_its_name_or_code() -> None:
    user = await signed_in(Gateway(iter([])))
    assert [await court_id(user, name) for name in ("testville", "TST", COURT)] == [COURT] * 3
    assert await court_id(user, None) is None
    with pytest.raises(StackError, match="not one court of this name; like it: Testville"):
        await court_id(user, "Testvill")
    await user.client.aclose()


async def test_a_row_is_repaired_by_what_is_answered() -> None:
    gateway = Gateway(iter([]))
    user = await signed_in(gateway)
    shown = Console(file=io.StringIO(), width=120)
    assert await repair_rows(user, "b1", lambda _question, now: now.replace("31", "28"), shown)
    assert gateway.repaired == [({"date_dd": "28"}, '"4"')]
    assert not await repair_rows(user, "b1", lambda _question, now: now, shown)
    assert len(gateway.repaired) == 1
    await user.client.aclose()


async def test_every_cell_of_a_faulty_date_can_be_repaired() -> None:
    gateway = Gateway(iter([]))
    user = await signed_in(gateway)
    right = {"31": "31", "Febuary": "Mar"}
    await repair_rows(user, "b1", lambda _question, now: right[now], Console(file=io.StringIO()))
    assert gateway.repaired == [({"date_mon": "Mar"}, '"4"')]
    await user.client.aclose()


def prepare(settings: DevstackSettings, file: Path, mode: str = "apply") -> ImportOrder:
    email = "clerk@masijala.example"
    return ImportOrder.prepare(settings, file=file, url=None, email=email, mode=mode)


@pytest.fixture
def settings(tmp_path: Path) -> DevstackSettings:
    return DevstackSettings(home=tmp_path / "home", port=9000, demo_password=None)


def test_the_running_stacks_address_and_password_are_found(
    settings: DevstackSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MASIJALA_PASSWORD", raising=False)
    settings.home.mkdir()
    (settings.home / "running.json").write_text('{"gateway_url": "http://127.0.0.1:7777"}')
    (settings.home / "secrets.json").write_text('{"demo_password": "kept"}')
    order = prepare(settings, tmp_path)
    assert (order.url, order.password) == ("http://127.0.0.1:7777", "kept")


def test_a_password_in_the_environment_goes_first(
    settings: DevstackSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASIJALA_PASSWORD", "mine")
    order = prepare(settings, tmp_path)
    assert (order.url, order.password) == ("http://127.0.0.1:9000", "mine")


def test_an_unknown_mode_is_refused(settings: DevstackSettings, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="--mode guess: use one of apply, validate"):
        prepare(settings, tmp_path, mode="guess")
