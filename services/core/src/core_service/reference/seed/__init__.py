"""Adds the vocabulary of the daily returns to an empty database, and new rows to an existing one.

Every seeded row has the same ID in every installation. That makes seeding repeatable: a row which
an administrator has renamed or ended since is known by its ID and left alone.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from core_service.reference.measures import CaseWeight, TimeStandard
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseType,
    Judge,
    Outcome,
)
from core_service.reference.spelling import display_name, normal_spelling
from core_service.tables import Record

EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def seed_id(kind: str, name: str) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) whose random part is a digest: the same for the same name."""
    digest = hashlib.sha256(f"{kind}\x00{name}".encode()).digest()
    milliseconds = int(EPOCH.timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(digest[:10])
    value = value & ~(0xF << 76) | (0x7 << 76)  # version
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))  # variant


def category_rows() -> Iterator[Row]:
    for group in _read("categories")["categories"]:
        for code, name in group["codes"].items():
            yield {
                "id": seed_id("case_category", code),
                "code": code,
                "name": name,
                "nature": group["nature"],
            }


def case_type_rows() -> Iterator[Row]:
    """Each category is also a case type: many registries distinguish no further."""
    types = [(row["code"], row["name"], row["code"]) for row in category_rows()]
    further = _read("categories")["case_types"]
    types += [(each["code"], each["name"], each["category"]) for each in further]
    for code, name, category in types:
        yield {
            "id": seed_id("case_type", code),
            "code": code,
            "name": name,
            "name_norm": normal_spelling(name),
            "category_id": seed_id("case_category", category),
        }


def outcome_rows() -> Iterator[Row]:
    outcomes = _read("outcomes")
    for group in outcomes["outcomes"]:
        limited_to = [seed_id("case_category", code) for code in group.get("limited_to", ())]
        for label in group["labels"]:
            yield _labelled("outcome", label) | {
                "effect": group["effect"],
                "on_merits": group.get("on_merits"),
                "limited_to": limited_to,
                "sets_down_for_id": _activity_type(outcomes["sets_down_for"].get(label)),
            }


def _activity_type(label: str | None) -> UUID | None:
    return None if label is None else seed_id("activity_type", normal_spelling(label))


def activity_type_rows() -> Iterator[Row]:
    for group in _read("activity_types")["activity_types"]:
        for label in group["labels"]:
            yield _labelled("activity_type", label) | {
                "counts_as_hearing": group["counts_as_hearing"],
                "adjournable": group["adjournable"],
            }


def reason_rows() -> Iterator[Row]:
    for cause, labels in _read("adjournment_reasons")["causes"].items():
        for label in labels:
            yield _labelled("adjournment_reason", label) | {"cause": cause}


def judge_rows() -> Iterator[Row]:
    for judge in _read("judges")["judges"]:
        name = display_name(judge["surname"], judge["given_names"])
        yield judge | {
            "id": seed_id("judge", name),
            "display_name": name,
            "name_norm": normal_spelling(name),
        }


def time_standard_rows() -> Iterator[Row]:
    """Every edition; each row is a class of cases with one share of them."""
    for edition in _read("time_standards")["editions"]:
        shared = {name: edition.get(name) for name in ("edition", "source", "measure")}
        shared |= {name: edition.get(name) for name in ("valid_from", "valid_to")}
        shared["rank"] = edition.get("rank", 1)
        for entry in edition["standards"]:
            for code, (percent, days) in _spread(entry):
                category_id = seed_id("case_category", code) if code else None
                parts = (edition["edition"], entry["label"], code, entry.get("court_type"), percent)
                yield shared | {
                    "id": seed_id("time_standard", "\x00".join(map(str, parts))),
                    "label": entry["label"],
                    "label_norm": normal_spelling(entry["label"]),
                    "category_id": category_id,
                    "court_type": entry.get("court_type"),
                    "percent": percent,
                    "days": days,
                }


def _spread(entry: dict[str, Any]) -> Iterator[tuple[str | None, tuple[int, int]]]:
    """Each category of an entry with each of its shares; None where none matches."""
    for code in entry.get("categories") or [None]:
        for percent, days in entry["within"]:
            yield code, (percent, days)


def case_weight_rows() -> Iterator[Row]:
    """Every class of each edition, once for each of its categories."""
    for edition in _read("case_weights")["editions"]:
        shared = {name: edition[name] for name in ("edition", "judge_year_minutes", "rank")}
        for entry in edition["weights"]:
            for code in entry["categories"]:
                yield shared | {
                    "id": seed_id("case_weight", f"{edition['edition']}\x00{code}"),
                    "label": entry["label"],
                    "label_norm": normal_spelling(entry["label"]),
                    "category_id": seed_id("case_category", code),
                    "court_type": None,
                    "minutes": entry["minutes"],
                    "source": entry.get("source", edition["source"]),
                }


VOCABULARY: Final = (
    (CaseCategory, category_rows),
    (CaseType, case_type_rows),
    (ActivityType, activity_type_rows),
    (Outcome, outcome_rows),
    (AdjournmentReason, reason_rows),
    (Judge, judge_rows),
    (TimeStandard, time_standard_rows),
    (CaseWeight, case_weight_rows),
)


@dataclass(frozen=True, slots=True)
class Seeding:
    """Adds missing rows; never changes one that is there."""

    session: AsyncSession
    clock: Clock

    async def vocabulary(self) -> int:
        """Add what is missing of the complete vocabulary; returns how many rows were added."""
        return sum([await self.add(model, list(rows())) for model, rows in VOCABULARY])

    async def add(self, model: type[Record], rows: list[Row]) -> int:
        """Add rows whose ID is new and that conflict with no row that a user made."""
        now = self.clock.now()
        shared = {"created_at": now, "updated_at": now, "version": 1, "is_active": True}
        statement = insert(model).values([shared | row for row in rows])
        added = await self.session.exec(
            statement.on_conflict_do_nothing().returning(model.__table__.c.id)  # type: ignore[attr-defined]  # SQLModel does not declare it
        )
        return len(added.all())


def _labelled(kind: str, label: str) -> Row:
    norm = normal_spelling(label)
    return {"id": seed_id(kind, norm), "label": label, "label_norm": norm}


def _read(name: str) -> dict[str, Any]:
    source = resources.files(__name__) / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
