"""What a unit of work is built from."""

from dataclasses import dataclass

import pytest
import svcs
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Units, register, session_of
from common.database import Database


@dataclass(frozen=True, slots=True)
class Limit:
    rows: int


@dataclass(frozen=True, slots=True)
class Repository:
    session: AsyncSession


@dataclass(frozen=True, slots=True)
class Service:
    repository: Repository
    limit: Limit
    step: int = 7


@pytest.fixture
def units() -> Units:
    registry = svcs.Registry()
    register(registry, {Limit: Limit(3)}, (Service, Repository))
    return Units(registry, Database.connect("postgresql://127.0.0.1:1/none"))


def test_a_service_is_built_by_the_types_of_its_fields(units: Units) -> None:
    session = AsyncSession()
    unit = units.container(session)

    service = unit.get(Service)

    assert (service.repository.session, service.limit, service.step) == (session, Limit(3), 7)
    assert session_of(unit) is session


def test_a_unit_of_work_builds_each_service_once(units: Units) -> None:
    unit, other = units.container(AsyncSession()), units.container(AsyncSession())

    assert unit.get(Service).repository is unit.get(Repository)
    assert unit.get(Repository) is not other.get(Repository)


def test_what_a_request_adds_is_known_in_its_unit_alone(units: Units) -> None:
    assert units.container(AsyncSession(), {Limit: Limit(9)}).get(Service).limit == Limit(9)
    assert units.container(AsyncSession()).get(Service).limit == Limit(3)


def test_what_lives_as_long_as_the_process_needs_no_unit(units: Units) -> None:
    assert units.get(Limit) == Limit(3)


def test_a_service_that_is_not_registered_is_named(units: Units) -> None:
    with pytest.raises(svcs.exceptions.ServiceNotFoundError):
        units.get(Database)
