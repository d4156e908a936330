"""What a caller may do, and on which courts."""

from uuid import uuid4

import pytest

from common.errors import PermissionDenied, Unauthenticated
from common.identity import Grant, Principal, Role

ONE, TWO = uuid4(), uuid4()


def user(*grants: Grant) -> Principal:
    return Principal(kind="user", user_id=uuid4(), grants=grants)


def test_courts_of_several_grants_are_joined_by_role() -> None:
    clerk = user(
        Grant(Role.DATA_ENTRY, frozenset({ONE})),
        Grant(Role.VIEWER, frozenset({TWO})),
    )
    assert clerk.scope_for(Role.DATA_ENTRY).courts == frozenset({ONE})
    assert clerk.scope_for(Role.DATA_ENTRY, Role.VIEWER).courts == frozenset({ONE, TWO})
    assert clerk.scope_for(Role.ADMIN).is_empty


def test_a_grant_on_all_courts_covers_every_court() -> None:
    admin = user(Grant(Role.ADMIN), Grant(Role.VIEWER, frozenset({ONE})))
    assert TWO in admin.scope_for(Role.ADMIN, Role.VIEWER)


def test_roles_and_scopes_are_required() -> None:
    viewer = user(Grant(Role.VIEWER))
    with pytest.raises(PermissionDenied):
        viewer.require_role(Role.ADMIN)
    with pytest.raises(Unauthenticated):
        Principal(kind="anonymous").require_role(Role.VIEWER)
    with pytest.raises(Unauthenticated):
        viewer.require_scope("users:read")
    service = Principal(kind="service", client_id="core", scopes=frozenset({"users:read"}))
    service.require_scope("users:read")
    with pytest.raises(PermissionDenied):
        service.require_scope("users:write")


def test_a_grant_survives_its_compact_form() -> None:
    for grant in (Grant(Role.ADMIN), Grant(Role.DATA_ENTRY, frozenset({ONE, TWO}))):
        assert Grant.from_claim(grant.to_claim()) == grant
