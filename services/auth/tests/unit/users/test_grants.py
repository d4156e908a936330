"""Grants in tokens: one entry for each role, whatever the number of decisions behind it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from auth_service.users.grants import compact, earliest_end, permissions
from auth_service.users.models import UserGrant
from common.identity import Grant, Role

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)


def grant(role: Role, *courts: UUID, expires_at: datetime | None = None) -> UserGrant:
    return UserGrant(
        user_id=UUID(int=9),
        role=role,
        court_ids=list(courts) or None,
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


def test_the_first_grant_to_expire_is_found() -> None:
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=2)
    grants = [grant(Role.VIEWER, expires_at=late), grant(Role.ADMIN, expires_at=soon)]
    assert earliest_end([*grants, grant(Role.VIEWER)]) == soon
    assert earliest_end([grant(Role.VIEWER)]) is None


def test_every_role_permits_what_the_one_below_it_does() -> None:
    viewer, clerk, admin = (
        set(permissions([Grant(role)])) for role in (Role.VIEWER, Role.DATA_ENTRY, Role.ADMIN)
    )
    assert viewer < clerk < admin
