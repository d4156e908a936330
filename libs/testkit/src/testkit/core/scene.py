"""One of everything at Testville, twice: of an open case and of a sealed one.

Tests that walk every operation call each on this scene; see `calls.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from common.composition import Units
from common.identity import Role
from core_service.aliases.models import AliasKind
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    JOHN,
    TESTVILLE,
    activity_body,
    activity_type,
    case_body,
    case_type,
    category,
    judge,
    outcome,
    reason,
)
from testkit.core.returns import ReturnsClient

OPEN, SEALED = "open", "sealed"
# The row of each batch that waits, whatever the first one does.
HELD_ROW: Final = "2"
SAT_ON, NEXT_ON, LISTED_ON = "2026-05-04", "2026-07-09", "2026-07-14"
# What happened on this day was recorded without an outcome.
UNTOLD_ON = "2026-05-05"
WHY: Final = {"reason": "Order of 2026-05-04"}
MARY, PETER = judge("Trial", "Mary"), judge("Dummy", "Peter")
ROWS_OF_REFERENCE: Final = {
    "courts": TESTVILLE,
    "judges": AMINA,
    "case-categories": category("CIV"),
    "case-types": case_type("CIVSUIT"),
    "activity-types": activity_type("Mention"),
    "outcomes": outcome("Mention Date Given"),
    "adjournment-reasons": reason("Party absent"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A case with what belongs to it; `ids` are the parameters of paths by name."""

    number: str
    ids: Mapping[str, str]
    deleted_id: str

    def secrets(self) -> frozenset[str]:
        """Texts that reveal that the case exists."""
        of_case = ("case_id", "activity_id", "hearing_id", "assignment_id", "request_id")
        return frozenset({self.number, self.deleted_id, *(self.ids[name] for name in of_case)})


@dataclass(frozen=True, slots=True)
class Scene:
    """The subjects by name, and what belongs to no case."""

    subjects: Mapping[str, Subject]
    reference: Mapping[str, str]
    merged_judge_id: str
    peer_id: str


@dataclass(frozen=True, slots=True)
class SceneBuilder:
    """Builds the scene through the API; `api` calls anonymously."""

    core: Units
    api: Api

    async def build(self) -> Scene:
        """The whole scene."""
        peer_id = await self._made("/cases", case_body(number="E6000"))
        await self._sat(peer_id, SAT_ON, MARY)
        posting_id = await self._made(
            f"/judges/{MARY}/postings", {"court_id": str(TESTVILLE), "from": "2026-01-01"}
        )
        batch = await self._batch("E7001", "Unlisted, Ann")
        aliases = await self._items("/aliases", kind=AliasKind.JUDGE.value)
        shared = {
            "judge_id": str(MARY),
            "posting_id": posting_id,
            "alias_id": str(aliases[0]["id"]),
            "batch_id": batch,
        }
        standards = await self._items("/time-standards")
        weights = await self._items("/case-weights")
        recess = {"name": "August recess", "first_on": "2026-08-01", "last_on": "2026-08-30"}
        reference = {path: str(row_id) for path, row_id in ROWS_OF_REFERENCE.items()}
        subjects = {
            OPEN: await self._subject("E7001", shared, peer_id),
            SEALED: await self._subject(
                "E7002", shared | {"batch_id": await self._batch("E7002")}, peer_id
            ),
        }
        for case_id in (subjects[SEALED].ids["case_id"], subjects[SEALED].deleted_id):
            await self._done(await self.admin.post(f"/cases/{case_id}/seal", WHY))
        for subject in subjects.values():
            await self._deleted(subject.deleted_id)
        return Scene(
            subjects=subjects,
            reference=reference
            | {
                "time-standards": str(standards[0]["id"]),
                "case-weights": str(weights[0]["id"]),
                "calendar-periods": await self._made("/calendar-periods", recess),
            },
            merged_judge_id=await self._merged(peer_id),
            peer_id=peer_id,
        )

    @property
    def admin(self) -> Api:
        return self.api.user(Role.ADMIN)

    @property
    def clerk(self) -> Api:
        return self.api.user(Role.DATA_ENTRY, TESTVILLE)

    async def _subject(self, number: str, shared: Mapping[str, str], peer_id: str) -> Subject:
        case_id = await self._made("/cases", case_body(number=number))
        activity_id = await self._sat(case_id, SAT_ON, JOHN, MARY)
        untold = _mention(case_id, UNTOLD_ON) | {"outcome_id": None}
        doubted_id = await self._made("/activities", untold)
        listed = {"case_id": case_id, "on": LISTED_ON, "judge_id": str(MARY)}
        hearing_id = await self._made("/hearings", listed)
        given = {"judge_id": str(JOHN), "from_on": SAT_ON, **WHY}
        assignment_id = await self._made(f"/cases/{case_id}/assignments", given)
        await self._made(f"/cases/{case_id}/link", {"other_id": peer_id, "kind": "appeal_of"})
        proposal = await self.clerk.post(f"/activities/{doubted_id}/void", WHY)
        ids = {
            "case_id": case_id,
            "activity_id": activity_id,
            "hearing_id": hearing_id,
            "assignment_id": assignment_id,
            "request_id": str((await self._done(proposal))["id"]),
        }
        deleted_id = await self._made("/cases", case_body(number=f"{number}9"))
        return Subject(number, {**shared, **ids}, deleted_id)

    async def _deleted(self, case_id: str) -> None:
        case = (await self.admin.get(f"/cases/{case_id}")).json()
        response = await self.admin.delete(f"/cases/{case_id}", version=case["version"])
        _require(response)

    async def _sat(self, case_id: str, on: str, *bench: UUID) -> str:
        sat = {"judge_ids": [str(each) for each in bench], "next_on": NEXT_ON}
        return await self._made("/activities", _mention(case_id, on) | sat)

    async def _merged(self, case_id: str) -> str:
        names = {"surname": "Double", "cadre": "judge"}
        one, other = [
            await self._made("/judges", names | {"given_names": given}) for given in ("A", "B")
        ]
        await self._sat(case_id, "2026-05-06", UUID(one), UUID(other))
        await self._made(f"/judges/{one}/merge", {"into_id": other})
        return one

    async def _batch(self, number: str, judge_1: str = "Example, Amina Wanja") -> str:
        returns = ReturnsClient(self.core, self.clerk)
        row = {"caseid_no": number, "judge_1": judge_1}
        held = {"caseid_no": number, "date_dd": "25", "outcome": "Unlisted outcome"}
        return str((await returns.bring(row, held, mode="validate"))["id"])

    async def _made(self, path: str, body: Mapping[str, Any]) -> str:
        made = await self._done(await self.admin.post(path, body))
        return str(made["id"] if "id" in made else made["items"][0]["id"])

    async def _items(self, path: str, **params: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.admin.get(path, **params)).json()["items"]
        return items

    async def _done(self, response: Any) -> dict[str, Any]:
        _require(response)
        body: dict[str, Any] = response.json()
        return body


def _mention(case_id: str, on: str) -> dict[str, Any]:
    return activity_body(case_id, on, "Mention", "Mention Date Given")


def _require(response: Any) -> None:
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise AssertionError(response.text)
