"""One composition for all services: a registry of types, and units of work that are built from it.

What lives as long as the process is registered as a value. A service or repository is registered by
its type alone: its fields are its dependencies, and each is found by its type. A unit of work is a
container with the session of one transaction; whatever is asked of it is built once.
"""

import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from inspect import Parameter, Signature
from types import MappingProxyType
from typing import Annotated, Any, Final, Self, TypeAlias, TypeVar, get_type_hints

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import Database

with warnings.catch_warnings():
    # It imports Starlette's test client, which asks for another HTTP library.
    warnings.simplefilter("ignore")
    import svcs

Container: TypeAlias = svcs.Container
Registry: TypeAlias = svcs.Registry

ServiceT = TypeVar("ServiceT")
Values = Mapping[type[Any], object]
# svcs inspects each factory for it, which takes most of a composition's time if it is not given.
_TAKES_CONTAINER: Final = Signature([Parameter("svcs_container", Parameter.POSITIONAL_ONLY)])
# Coroutines: FastAPI runs any other function in a thread, which costs more than what these do.
Dependency: TypeAlias = Callable[..., Coroutine[Any, Any, ServiceT]]


def register(
    registry: Registry,
    values: Values,
    services: Iterable[type[Any]] = (),
    implementations: Mapping[type[Any], type[Any]] = MappingProxyType({}),
) -> None:
    """Register what is there already, and types that are built by the types of their fields.

    What is asked for as a protocol is what `implementations` names, built once.
    """
    for kind, value in values.items():
        registry.register_value(kind, value)
    for service in services:
        build = _building(service)  # type: ignore[arg-type]  # mypy: types have no hash
        registry.register_factory(service, build, enter=False)
    for protocol, service in implementations.items():
        registry.register_factory(protocol, _same(service), enter=False)


@dataclass(frozen=True, slots=True)
class Transaction:
    """The session of a unit of work: an async context manager, which a container would enter."""

    session: AsyncSession


def session_of(unit: Container) -> AsyncSession:
    """The session of a unit of work."""
    return unit.get(Transaction).session


@cache
def _building(service: type[ServiceT]) -> Callable[[Container], ServiceT]:
    """What builds a dataclass: each field is found by its type, or else has a default."""

    @cache
    def needed() -> tuple[tuple[str, Any], ...]:
        kinds = get_type_hints(service)
        return tuple(
            (each.name, kinds[each.name])
            for each in fields(service)  # type: ignore[arg-type]  # any dataclass
            if each.init and each.default is MISSING and each.default_factory is MISSING
        )

    def build(svcs_container: Container) -> ServiceT:
        get = svcs_container.get
        return service(
            **{
                name: get(Transaction).session if kind is AsyncSession else get(kind)
                for name, kind in needed()
            }
        )

    vars(build)["__signature__"] = _TAKES_CONTAINER
    return build


def _same(service: type[ServiceT]) -> Callable[[Container], ServiceT]:
    def get(svcs_container: Container) -> ServiceT:
        return svcs_container.get(service)

    vars(get)["__signature__"] = _TAKES_CONTAINER
    return get


def _no_values(_request: Request) -> Values:
    return {}


@dataclass(frozen=True, slots=True)
class Units:
    """Begins units of work, each with `values`; a request adds those of `of_request`."""

    registry: Registry
    database: Database
    of_request: Callable[[Request], Values] = _no_values
    values: Values = field(default_factory=dict)

    def get(self, kind: type[ServiceT]) -> ServiceT:
        """What needs no session: a value of the process, or what begins units of work itself."""
        return self._container({Units: self}).get(kind)

    def bound(self, values: Values) -> Self:
        """The same, with these values in each unit of work."""
        return replace(self, values={**self.values, **values})

    @asynccontextmanager
    async def begin(self, values: Values | None = None) -> AsyncIterator[Container]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        async with self.database.transaction() as session:
            yield self.container(session, values)

    @asynccontextmanager
    async def view(self, values: Values | None = None) -> AsyncIterator[Container]:
        """A read-only transaction in which every query sees the same moment."""
        async with self.database.snapshot() as session:
            yield self.container(session, values)

    @asynccontextmanager
    async def query(self, values: Values | None = None) -> AsyncIterator[Container]:
        """For one query: without a transaction around it."""
        async with self.database.reading() as session:
            yield self.container(session, values)

    def container(self, session: AsyncSession, values: Values | None = None) -> Container:
        """What is built for one session."""
        return self._container({Transaction: Transaction(session), **(values or {})})

    def _container(self, values: Values) -> Container:
        container = Container(self.registry)
        for kind, value in {**self.values, **values}.items():
            container.register_local_value(kind, value)
        return container

    async def close(self) -> None:
        """Close what was registered with a way to close it."""
        await self.registry.aclose()


async def open_unit(request: Request) -> AsyncIterator[Container]:
    """The request's unit of work, from `app.state.units`."""
    units: Units = request.app.state.units
    async with units.begin(units.of_request(request)) as unit:
        yield unit


async def open_view(request: Request) -> AsyncIterator[Container]:
    """The request's read-only view of one moment."""
    units: Units = request.app.state.units
    async with units.view(units.of_request(request)) as view:
        yield view


# "function": the commit runs before the response leaves, so a failed commit is a 500, not a 201.
UnitDep = Annotated[Container, Depends(open_unit, scope="function")]
ViewDep = Annotated[Container, Depends(open_view, scope="function")]


def working(service: type[ServiceT]) -> Dependency[ServiceT]:
    """A dependency: the service of this type in the request's unit of work."""

    async def dependency(unit: UnitDep) -> ServiceT:
        return unit.get(service)

    return dependency


def viewing(service: type[ServiceT]) -> Dependency[ServiceT]:
    """A dependency: the service of this type, which reads one moment and changes nothing."""

    async def dependency(view: ViewDep) -> ServiceT:
        return view.get(service)

    return dependency


def transacting(service: type[ServiceT]) -> Dependency[ServiceT]:
    """A dependency: a service that begins units of work itself, with what the request adds."""

    async def dependency(request: Request) -> ServiceT:
        units: Units = request.app.state.units
        return units.bound(units.of_request(request)).get(service)

    return dependency


def lasting(service: type[ServiceT]) -> Dependency[ServiceT]:
    """A dependency: what lives as long as the process."""

    async def dependency(request: Request) -> ServiceT:
        units: Units = request.app.state.units
        return units.get(service)

    return dependency
