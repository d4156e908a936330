"""The demo's courts, judges and case types, as rows to seed."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any
from uuid import UUID

from core_service.reference.seed import Row, seed_id
from core_service.reference.spelling import display_name, normal_spelling


def read_plan() -> dict[str, Any]:
    """The demo's data file."""
    source = resources.files("core_service.demo") / "demo.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def court_ids(plan: dict[str, Any]) -> dict[str, UUID]:
    """The demo courts' IDs by their names, the same in every installation."""
    return {court["name"]: seed_id("court", court["code"]) for court in plan["courts"]}


def court_rows(plan: dict[str, Any]) -> Iterator[Row]:
    for court in plan["courts"]:
        yield court | {"id": seed_id("court", court["code"])}


def judge_rows(plan: dict[str, Any]) -> Iterator[Row]:
    for judge in plan["judges"]:
        name = display_name(judge["surname"], judge["given_names"])
        yield {
            "id": seed_id("judge", name),
            "surname": judge["surname"],
            "given_names": judge["given_names"],
            "display_name": name,
            "name_norm": normal_spelling(name),
            "cadre": judge["cadre"],
        }


def sitting_judge_ids(plan: dict[str, Any]) -> list[UUID]:
    """The judges of the court that the invented cases are at."""
    return [
        seed_id("judge", display_name(judge["surname"], judge["given_names"]))
        for judge in plan["judges"]
        if judge.get("sits_at_cases_court")
    ]


def case_type_rows(plan: dict[str, Any]) -> Iterator[Row]:
    for case_type in plan["case_types"]:
        yield {
            "id": seed_id("case_type", case_type["code"]),
            "code": case_type["code"],
            "name": case_type["name"],
            "name_norm": normal_spelling(case_type["name"]),
            "category_id": seed_id("case_category", case_type["category"]),
        }
