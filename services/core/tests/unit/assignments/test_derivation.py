"""Lead judges and members over time, from benches and manual assignments."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core_service.assignments.derivation import (
    AssignmentPeriod,
    ManualAssignment,
    Sitting,
    current_lead,
    periods,
)
from core_service.assignments.models import AssignmentRole

ANNE, BEN, CARL = (UUID(int=number) for number in (1, 2, 3))
GIVEN = UUID(int=99)
LEAD, MEMBER = AssignmentRole.LEAD, AssignmentRole.MEMBER


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


def given_to(judge: UUID, number: int, **more: date) -> ManualAssignment:
    return ManualAssignment(GIVEN, judge, LEAD, day(number), **more)


def test_the_bench_that_sat_last_leads() -> None:
    found = periods([Sitting(day(1), ANNE), Sitting(day(2), ANNE), Sitting(day(3), BEN)], [])

    assert found == [
        AssignmentPeriod(ANNE, LEAD, day(1), day(3)),
        AssignmentPeriod(BEN, LEAD, day(3)),
    ]


def test_an_assigned_lead_leads_until_another_sits() -> None:
    sittings = [Sitting(day(1), ANNE), Sitting(day(5), None), Sitting(day(9), CARL)]

    found = periods(sittings, [given_to(BEN, 3)])

    assert found == [
        AssignmentPeriod(ANNE, LEAD, day(1), day(3)),
        AssignmentPeriod(BEN, LEAD, day(3), day(9), GIVEN),
        AssignmentPeriod(CARL, LEAD, day(9)),
    ]


def test_an_ended_assignment_leaves_no_lead_judge() -> None:
    found = periods([Sitting(day(1), ANNE)], [given_to(BEN, 1, ended_on=day(4))])

    assert current_lead(found) is None
    assert found[-1] == AssignmentPeriod(BEN, LEAD, day(1), day(4), GIVEN)


def test_a_member_stays_until_a_bench_of_several_sits_without_him() -> None:
    sittings = [
        Sitting(day(1), ANNE, (BEN, CARL)),
        Sitting(day(2), ANNE),
        Sitting(day(3), ANNE, (CARL,)),
    ]

    members = [span for span in periods(sittings, []) if span.role == MEMBER]

    assert members == [
        AssignmentPeriod(BEN, MEMBER, day(1), day(3)),
        AssignmentPeriod(CARL, MEMBER, day(1)),
    ]


judges = st.sampled_from([ANNE, BEN, CARL])
days = st.integers(0, 12).map(day)
benches = st.lists(
    st.builds(Sitting, on=days, lead_id=st.none() | judges, member_ids=st.just(())), max_size=8
).map(lambda found: sorted(found, key=lambda one: one.on))
made = st.lists(
    st.builds(
        lambda number, judge, start, length: ManualAssignment(
            UUID(int=number), judge, LEAD, start, start + timedelta(length) if length else None
        ),
        st.integers(100, 200),
        judges,
        days,
        st.none() | st.integers(0, 5),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(benches, made)
def test_a_case_has_at_most_one_lead_judge_at_a_time(
    sittings: list[Sitting], assigned: list[ManualAssignment]
) -> None:
    leads = [span for span in periods(sittings, assigned) if span.role == LEAD]

    assert all(span.to_on is None or span.from_on <= span.to_on for span in leads)
    for before, after in pairwise(leads):
        assert before.to_on is not None
        assert before.to_on <= after.from_on
    assert {span.assignment_id for span in leads} - {None} == {one.id for one in assigned}
