"""Who may read and write where: the page's matrix."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from common.errors import PermissionDenied, Unauthenticated
from common.identity import ANONYMOUS, CourtScope, Grant, Principal, Role
from core_service.access.courts import (
    READ_SCOPE,
    WRITE_SCOPE,
    require_admin,
    require_court,
    writing,
)
from core_service.cases.models import Case
from core_service.cases.visibility import ALL, Visibility, reading

HERE, THERE = uuid4(), uuid4()


def user(*grants: Grant) -> Principal:
    return Principal(kind="user", user_id=uuid4(), grants=grants)


def at(role: Role, *courts: UUID) -> Grant:
    return Grant(role, frozenset(courts) if courts else None)


def service(*scopes: str) -> Principal:
    return Principal(kind="service", client_id="reports", scopes=frozenset(scopes))


def scope(*courts: UUID) -> CourtScope:
    return CourtScope(frozenset(courts))


def test_a_viewer_reads_unsealed_cases_and_writes_nothing() -> None:
    viewer = user(at(Role.VIEWER, HERE))

    assert reading(viewer) == Visibility(scope(HERE), scope())
    with pytest.raises(PermissionDenied):
        writing(viewer)


def test_a_clerk_reads_and_writes_at_the_own_courts_sealed_ones_too() -> None:
    clerk = user(at(Role.DATA_ENTRY, HERE))

    assert reading(clerk) == Visibility(scope(HERE), scope(HERE))
    assert writing(clerk) == scope(HERE)


def test_roles_on_several_courts_add_up_court_by_court() -> None:
    mixed = user(at(Role.DATA_ENTRY, HERE), at(Role.VIEWER, THERE))

    assert reading(mixed) == Visibility(scope(HERE, THERE), scope(HERE))
    assert writing(mixed) == scope(HERE)


def test_an_administrator_of_all_courts_sees_everything() -> None:
    assert reading(user(at(Role.ADMIN))) == ALL


def test_services_go_by_scope() -> None:
    assert reading(service(READ_SCOPE)) == Visibility(CourtScope(None), CourtScope(frozenset()))
    assert writing(service(WRITE_SCOPE)) == CourtScope(None)
    with pytest.raises(PermissionDenied):
        writing(service(READ_SCOPE))
    with pytest.raises(PermissionDenied):
        require_admin(service(READ_SCOPE, WRITE_SCOPE))


@pytest.mark.parametrize(
    ("caller", "error"), [(ANONYMOUS, Unauthenticated), (user(), PermissionDenied)]
)
def test_strangers_neither_read_nor_write(caller: Principal, error: type[Exception]) -> None:
    for ask in (reading, writing, require_admin):
        with pytest.raises(error):
            ask(caller)


def test_a_court_outside_of_the_scope_is_refused() -> None:
    require_court(scope(HERE), HERE)
    with pytest.raises(PermissionDenied):
        require_court(scope(HERE), THERE)


def test_an_empty_scope_gives_a_statement_without_rows() -> None:
    statement = str(Visibility(scope(), scope()).limit(select(Case.id)))

    assert "WHERE false" in statement.replace("\n", "")


def test_the_filter_names_the_courts_the_seal_and_deletion() -> None:
    statement = str(Visibility(scope(HERE), scope()).limit(select(Case.id)))

    assert "cases.court_id IN" in statement
    assert "cases.deleted_at IS NULL" in statement
    assert "cases.sealed IS false" in statement
