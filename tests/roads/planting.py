"""Data of another court: cases of every kind, each with texts that other courts may not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import monotonic, sleep
from typing import Any, Final

from roads.people import Caller

from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    TESTVILLE,
    activity_body,
    case_body,
    judge,
)
from testkit.core.returns import as_csv
from testkit.core.scene import ROWS_OF_REFERENCE, Scene, Subject

SETTLED: Final = {"validated", "applied", "partial", "failed"}
SETTLED_SECONDS: Final = 60.0
SAT_ON: Final = "2026-05-04"
NEXT_ON: Final = (date.today() + timedelta(days=200)).isoformat()  # noqa: DTZ011 - any day to come
MARY: Final = str(judge("Trial", "Mary"))


@dataclass(frozen=True, slots=True)
class Planted:
    """A record to call operations about, and the texts that would reveal its case."""

    name: str
    subject: Subject
    markers: frozenset[str]


@dataclass(slots=True)
class Planting:
    """Plants as an administrator of all courts, and as a clerk of the other court."""

    admin: Caller
    clerk: Caller
    shared: dict[str, str] = field(default_factory=dict)
    scene: Scene = field(init=False)

    def all(self) -> list[Planted]:
        """One subject of each kind."""
        peer_id = self.case("E7000", TESTVILLE)
        self.shared = {
            "judge_id": MARY,
            "posting_id": self._posting(),
            **self._batch("held", "E7099", judge_1="Planted-Held, Judge"),
        }
        self.shared["alias_id"] = self._alias("Planted-Held, Judge")
        self.scene = self._scene(peer_id)
        return [
            self._ordinary(peer_id),
            self._sealed(peer_id),
            self._deleted(peer_id),
            self._linked(),
            self._imported("imported", "E7041", judge_1="Example, Amina Wanja"),
            self._held(),
        ]

    def case(self, number: str, court: object) -> str:
        """A case at a court."""
        made = self.admin.done("POST", "/cases", json=case_body(number=number, court_id=str(court)))
        return str(made["id"])

    def _ordinary(self, peer_id: str) -> Planted:
        return self._full("ordinary", "E7011", peer_id)

    def _sealed(self, peer_id: str) -> Planted:
        planted = self._full("sealed", "E7021", peer_id)
        self._seal(planted.subject.ids["case_id"], "sealed")
        return planted

    def _deleted(self, peer_id: str) -> Planted:
        planted = self._full("deleted", "E7031", peer_id)
        self._delete(planted.subject.ids["case_id"])
        return planted

    def _linked(self) -> Planted:
        """A case of the stranger's own court, linked to a sealed one of the other."""
        hidden = self._full("behind-link", "E7051", self.case("E7052", TESTVILLE))
        own = self._full("own", "E7061", hidden.subject.ids["case_id"], DEMOVILLE)
        self._seal(hidden.subject.ids["case_id"], "behind-link")
        reason = marker("own", "link")
        return Planted("linked", own.subject, hidden.markers | {reason})

    def _imported(self, kind: str, number: str, **cells: str) -> Planted:
        batch = self._batch(kind, number, **cells)
        found = self.clerk.done("GET", "/cases/lookup", params={"number": f"HCCC {number} of 2025"})
        ids = {"case_id": found["items"][0]["case"]["id"]} if found["items"] else {}
        subject = Subject(number, self._ids(**ids, **batch), ids.get("case_id", ""))
        texts = {number, batch["batch_id"], marker(kind, "details"), marker(kind, "file")}
        return Planted(kind, subject, frozenset({*texts, *ids.values()}))

    def _held(self) -> Planted:
        """Rows that wait for a spelling; there is no case yet."""
        subject = Subject("E7099", self._ids(batch_id=self.shared["batch_id"]), self._nothing)
        texts = {"E7099", marker("held", "details"), marker("held", "file"), "Planted-Held"}
        return Planted("held", subject, frozenset({*texts, self.shared["batch_id"]}))

    def _full(self, kind: str, number: str, peer_id: str, court: object = TESTVILLE) -> Planted:
        case_id = self.case(number, court)
        of_case = {"reason": marker(kind, "reason")}
        activity = self._mention(case_id, SAT_ON, kind) | {"next_on": NEXT_ON}
        activity["judge_ids"] = [str(JOHN), MARY]
        activity_id = str(self.admin.done("POST", "/activities", json=activity)["id"])
        doubted = self.admin.done(
            "POST", "/activities", json=self._mention(case_id, "2026-05-05", kind)
        )
        listed = {"case_id": case_id, "on": NEXT_ON[:8] + "28", "judge_id": MARY}
        listed["note"] = marker(kind, "note")
        hearing = self.admin.done("POST", "/hearings", json=listed)
        given = {"judge_id": str(JOHN), "from_on": SAT_ON, **of_case}
        assigned = self.admin.done("POST", f"/cases/{case_id}/assignments", json=given)
        link = {"other_id": peer_id, "kind": "appeal_of", "reason": marker(kind, "link")}
        self.admin.done("POST", f"/cases/{case_id}/link", json=link)
        ids = {
            "case_id": case_id,
            "activity_id": activity_id,
            "hearing_id": str(hearing["id"]),
            "assignment_id": str(
                assigned["id"] if "id" in assigned else assigned["items"][0]["id"]
            ),
            "request_id": self._request(str(doubted["id"]), court, of_case),
        }
        texts = {marker(kind, part) for part in ("details", "reason", "note", "link")}
        found = frozenset({number, *texts, *ids.values()})
        return Planted(kind, Subject(number, self._ids(**ids), case_id), found)

    def _request(self, activity_id: str, court: object, why: Mapping[str, str]) -> str:
        if court != TESTVILLE:
            return self._nothing
        return str(self.clerk.done("POST", f"/activities/{activity_id}/void", json=why)["id"])

    def _mention(self, case_id: str, on: str, kind: str) -> dict[str, Any]:
        details = {"details": marker(kind, "details")}
        return activity_body(case_id, on, "Mention", "Mention Date Given") | details

    def _seal(self, case_id: str, kind: str) -> None:
        why = {"reason": marker(kind, "reason")}
        self.admin.done("POST", f"/cases/{case_id}/seal", json=why, headers=self._version(case_id))

    def _delete(self, case_id: str) -> None:
        self.admin.done("DELETE", f"/cases/{case_id}", headers=self._version(case_id))

    def _version(self, case_id: str) -> dict[str, str]:
        found = self.admin.call("GET", f"/cases/{case_id}")
        return {"If-Match": found.headers["ETag"]}

    def _posting(self) -> str:
        body = {"court_id": str(TESTVILLE), "from": "2026-01-01"}
        return str(self.admin.done("POST", f"/judges/{MARY}/postings", json=body)["id"])

    def _batch(self, kind: str, number: str, **cells: str) -> dict[str, str]:
        row = {"caseid_no": number, "other_details": marker(kind, "details"), **cells}
        files = {"file": (f"{marker(kind, 'file')}.csv", as_csv([row]), "text/csv")}
        batch = self.clerk.done("POST", "/imports", files=files, data={"mode": "apply"})
        return {"batch_id": settled(self.clerk, batch["id"])["id"]}

    def _alias(self, raw: str) -> str:
        found = self.admin.done("GET", "/aliases", params={"state": "pending", "limit": "200"})
        return next(str(each["id"]) for each in found["items"] if each["raw"] == raw)

    def _scene(self, peer_id: str) -> Scene:
        standards = self.admin.done("GET", "/time-standards")["items"]
        weights = self.admin.done("GET", "/case-weights")["items"]
        reference = {path: str(row_id) for path, row_id in ROWS_OF_REFERENCE.items()}
        recess = {"name": "August recess", "first_on": "2026-08-01", "last_on": "2026-08-30"}
        period = self.admin.done("POST", "/calendar-periods", json=recess)
        others = {
            "time-standards": str(standards[0]["id"]),
            "case-weights": str(weights[0]["id"]),
            "calendar-periods": str(period["id"]),
        }
        return Scene({}, reference | others, str(AMINA), peer_id)

    def _ids(self, **ids: str) -> dict[str, str]:
        names = ("case_id", "activity_id", "hearing_id", "assignment_id", "request_id", "batch_id")
        return {**dict.fromkeys(names, self._nothing), "row_no": "1", **self.shared, **ids}

    @property
    def _nothing(self) -> str:
        return "01941f29-7c00-7000-8000-000000000000"


def marker(kind: str, part: str) -> str:
    """A text that occurs nowhere else."""
    return f"planted-{kind}-{part}"


def settled(caller: Caller, batch_id: str) -> dict[str, Any]:
    """A batch once its processing has ended."""
    deadline = monotonic() + SETTLED_SECONDS
    while True:
        batch: dict[str, Any] = caller.done("GET", f"/imports/{batch_id}")
        if batch["state"] in SETTLED - ({"validated"} if batch["mode"] == "apply" else set()):
            return batch
        assert monotonic() < deadline, batch
        sleep(0.1)
