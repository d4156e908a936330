"""What a clerk, an officer of several courts and an administrator ask for, again and again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from bench.generate import Size
from bench.registry_world import InventedCourt, World

from core_service.reference.seed import seed_id

SPELLINGS: Final = (
    "{type}/{number}/{year}",
    "{lower_type} {lower_number} of {year}",
    "{number}/{year}",
    "{type}{number} {year}",
    "{type} No. {number} of {year}",
    "{number}",
)
ORDERS: Final = (
    *("filed_on", "-filed_on", "last_activity_on", "-last_activity_on", "number", "-number"),
)


@dataclass(frozen=True, slots=True)
class User:
    """A user of the registry, and the courts where their grants hold; None is everywhere."""

    name: str
    role: str
    courts: tuple[InventedCourt, ...] | None = None

    def court_ids(self, world: World) -> list[UUID]:
        """The courts whose cases they see."""
        return [court.id for court in self.courts or world.courts]


def bench_users(world: World) -> tuple[User, ...]:
    """A clerk of a busy court, an officer of twelve courts, an administrator of all."""
    by_share = sorted(zip(world.shares, world.courts, strict=True), key=lambda each: -each[0])
    busy = [court for _, court in by_share]
    return (
        User("clerk of one court", "data_entry", (busy[0],)),
        User("clerk of twelve courts", "data_entry", tuple(busy[1:36:3])),
        User("administrator", "admin"),
    )


def spelt(case: Mapping[str, Any], chance: Random) -> str:
    """The number of a case, in one of the spellings that bench_users use."""
    return chance.choice(SPELLINGS).format(
        type=case["caseid_type"],
        lower_type=case["caseid_type"].lower(),
        number=case["number_raw"],
        lower_number=case["number_raw"].lower().replace("e0", "e"),
        year=case["filed_year"],
    )


def filters(user: User, world: World, size: Size) -> Iterator[tuple[str, dict[str, str]]]:
    """Every filter alone, and those that are used together."""
    court = (user.courts or world.courts[4:])[0]
    register = court.registers[0]
    year, judge = size.until.year - 2, str(court.judge_ids[0])
    at, kind = {"court": str(court.id)}, {"case_type": str(register.case_type_id)}
    in_category = {"category": str(seed_id("case_category", register.category))}
    filed = {"filed_from": f"{year}-03-01", "filed_to": f"{year}-05-31"}
    disposed = {"disposed_from": f"{year}-03-01", "disposed_to": f"{year}-03-31"}
    coming = {"next_from": f"{size.until:%Y-%m-%d}", "next_to": f"{size.until:%Y}-12-31"}
    pending = {"status": "pending"}
    yield "no filter", {}
    yield "court", at
    yield "case_type", kind
    yield "category", in_category
    for status in ("pending", "inactive", "disposed", "transferred"):
        yield f"status {status}", {"status": status}
    yield "judge", {"judge": judge}
    yield "judge of no case", {"judge": str(UUID(int=7))}
    yield "filed", filed
    yield "disposed", disposed
    yield "next", coming
    yield "custody", {"custody": "true"}
    yield "no custody", {"custody": "false"}
    yield "age", {"age_min": "365", "age_max": "400"}
    yield "sealed", {"sealed": "true"}
    yield "not sealed", {"sealed": "false"}
    yield "number", {"q": f"{register.caseid_type} E014 of {year}"}
    yield "type's start", {"q": register.caseid_type[:3]}
    yield "court, pending", at | pending
    yield "court, type, pending", at | kind | pending
    yield "court, judge, pending", at | pending | {"judge": judge}
    yield "category, disposed", in_category | disposed
    yield "category, transferred", in_category | {"status": "transferred"}
    yield "court, next", at | coming
    yield "court, custody, old", at | {"custody": "true", "age_min": "700"}
    yield "type, inactive, filed", kind | filed | {"status": "inactive"}
    if user.role == "admin":
        yield "deleted", {"deleted": "true"}


def list_path(wanted: Mapping[str, str], order: str, cursor: str | None = None) -> str:
    """The path of one page."""
    more = {"cursor": cursor} if cursor is not None else {}
    return "/cases?" + urlencode({**wanted, "sort": order, **more})


def new_cases(
    user: User, world: World, size: Size, count: int, offset: int = 0
) -> Iterator[dict[str, Any]]:
    """Bodies of cases to register, each under the next free number of its register."""
    courts: Sequence[InventedCourt] = user.courts or world.courts
    places = [(court, register) for court in courts for register in court.registers]
    for place in range(offset, offset + count):
        court, register = places[place % len(places)]
        yield {
            "court_id": str(court.id),
            "caseid_type": register.caseid_type,
            "filed_on": f"{size.until.year}-{1 + place % 6:02d}-{1 + place % 28:02d}",
            "case_type_id": str(register.case_type_id),
            "parties": {"male_applicant": 1, "organization_defendant": 1},
        }
