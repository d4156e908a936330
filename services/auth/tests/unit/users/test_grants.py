"""Grants in tokens: one entry for each role, whatever the number of decisions behind it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from auth_service.users.grants import (
    CurrentGrants,
    compact,
    is_later,
    permissions,
    require_period,
    require_room,
)
from auth_service.users.models import UserGrant
from common.errors import ValidationFailed
from common.identity import Grant, Role

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)


def grant(
    role: Role,
    *courts: UUID,
    expires_at: datetime | None = None,
    begins_at: datetime | None = None,
) -> UserGrant:
    return UserGrant(
        user_id=UUID(int=9),
        role=role,
        court_ids=list(courts) or None,
        begins_at=begins_at,
        expires_at=expires_at,
        created_at=NOW,
    )


def test_courts_of_one_role_are_joined() -> None:
    merged = compact([grant(Role.DATA_ENTRY, ONE), grant(Role.DATA_ENTRY, TWO, ONE)])
    assert merged == (Grant(Role.DATA_ENTRY, frozenset({ONE, TWO})),)


def test_a_grant_at_all_courts_takes_precedence_in_any_order() -> None:
    everywhere, somewhere = grant(Role.VIEWER), grant(Role.VIEWER, ONE)
    for grants in ([everywhere, somewhere], [somewhere, everywhere]):
        assert compact(grants) == (Grant(Role.VIEWER, None),)


def test_grants_of_different_roles_are_not_merged() -> None:
    merged = compact([grant(Role.VIEWER), grant(Role.DATA_ENTRY, ONE)])
    assert {entry.role: entry.courts for entry in merged} == {
        Role.DATA_ENTRY: frozenset({ONE}),
        Role.VIEWER: None,
    }


def test_no_grants_make_no_entries() -> None:
    assert compact([]) == ()
    assert permissions([]) == []


def test_a_user_may_have_a_role_at_five_hundred_courts_in_twenty_grants() -> None:
    courts = [UUID(int=number) for number in range(1, 501)]
    grants = [grant(Role.VIEWER, *courts[at::20]) for at in range(20)]
    require_room(grants)
    with pytest.raises(ValidationFailed) as refused:
        require_room([*grants, grant(Role.VIEWER, ONE)])
    assert [fault.code for fault in refused.value.errors] == ["grants-too-many"]
    with pytest.raises(ValidationFailed) as refused:
        require_room([grant(Role.VIEWER, *courts), grant(Role.VIEWER, UUID(int=999))])
    assert [fault.code for fault in refused.value.errors] == ["courts-too-many"]


def test_a_grant_gives_nothing_before_it_begins_and_something_from_then_on() -> None:
    soon, now = grant(Role.ADMIN, begins_at=NOW + timedelta(seconds=1)), grant(Role.VIEWER)
    assert CurrentGrants.of([soon, now], NOW).in_force == (now,)
    assert CurrentGrants.of([soon, now], NOW + timedelta(seconds=1)).in_force == (soon, now)


def test_grants_change_next_when_the_first_begins_or_ends() -> None:
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=2)
    ending = [grant(Role.VIEWER, expires_at=late), grant(Role.ADMIN, expires_at=soon)]
    assert CurrentGrants.of([*ending, grant(Role.VIEWER)], NOW).change_at == soon
    assert CurrentGrants.of([grant(Role.VIEWER)], NOW).change_at is None
    beginning = grant(Role.ADMIN, begins_at=soon, expires_at=late)
    assert CurrentGrants.of([beginning], NOW).change_at == soon
    assert CurrentGrants.of([beginning], soon).change_at == late


@pytest.mark.parametrize(
    ("end", "other", "later"),
    [(None, NOW, True), (NOW, None, False), (None, None, False), (NOW, NOW, False)],
)
def test_no_end_is_later_than_any(
    end: datetime | None, other: datetime | None, later: bool
) -> None:
    assert is_later(end, other) is later


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (None, timedelta(0), "expires-in-the-past"),
        (timedelta(hours=2), timedelta(hours=1), "expires-before-it-begins"),
        (timedelta(hours=1), timedelta(hours=1), "expires-before-it-begins"),
    ],
)
def test_a_grant_that_would_never_be_in_force_is_refused(
    begin: timedelta | None, end: timedelta, code: str
) -> None:
    begins_at = NOW + begin if begin is not None else None
    with pytest.raises(ValidationFailed) as refused:
        require_period(begins_at, NOW + end, NOW)
    assert [fault.code for fault in refused.value.errors] == [code]


def test_every_role_permits_what_the_one_below_it_does() -> None:
    viewer, clerk, admin = (
        held(Grant(role)) for role in (Role.VIEWER, Role.DATA_ENTRY, Role.ADMIN)
    )
    assert viewer < clerk < admin


def held(*grants: Grant, at: UUID | None = None) -> set[str]:
    """The permissions that hold at a court, or with None at all courts."""
    return {
        name
        for row in permissions(grants)
        if row.courts == "*" or at in row.courts
        for name in row.permissions
    }


def test_an_administrator_of_one_court_is_promised_nothing_that_is_for_all_of_them() -> None:
    here = Grant(Role.ADMIN, frozenset({ONE}))
    assert held(here) == {"reference:read"}
    assert held(here, at=TWO) == {"reference:read"}
    assert "cases:write" in held(here, at=ONE)
    assert held(Grant(Role.ADMIN)) - held(here, at=ONE) == {
        "audit-events:read",
        "reference:write",
        "service-clients:write",
        "users:read",
        "users:write",
    }


def test_each_permission_holds_at_the_courts_of_its_roles() -> None:
    grants = Grant(Role.DATA_ENTRY, frozenset({ONE})), Grant(Role.VIEWER, frozenset({ONE, TWO}))
    assert "cases:write" in held(*grants, at=ONE)
    assert held(*grants, at=TWO) == {"cases:read", "metrics:read", "reference:read"}
