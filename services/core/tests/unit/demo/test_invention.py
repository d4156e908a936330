"""Invented histories: repeatable, plausible, never of tomorrow."""

from datetime import date

from core_service.demo.invention import invent
from core_service.demo.reference import read_plan

TODAY = date(2026, 6, 1)
CASES = list(invent(read_plan(), TODAY, 300))


def test_the_same_day_gives_the_same_cases() -> None:
    assert list(invent(read_plan(), TODAY, 300)) == CASES


def test_every_case_is_registered_first_and_moves_forward_in_time() -> None:
    for case in CASES:
        days = [step.on for step in case.steps]
        assert days[0] == case.filed_on
        assert days == sorted(days)
        assert days[-1] <= TODAY


def test_numbers_are_unique_in_their_register_and_year() -> None:
    keys = [(case.caseid_type, case.number, case.filed_on.year) for case in CASES]

    assert len(set(keys)) == len(keys)


def test_nothing_happens_on_a_weekend() -> None:
    assert all(step.on.weekday() < 5 for case in CASES for step in case.steps)


def test_each_step_sets_the_date_of_the_next() -> None:
    for case in CASES:
        for step, following in zip(case.steps, case.steps[1:], strict=False):
            assert step.next_on == following.on
