"""Runs a command of the `auth` command line on the same composition as the API."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import typer
from sqlalchemy.exc import DataError

from auth_service.settings import AuthSettings, MigrationSettings
from common.database_roles import require_service_role
from common.errors import DomainError
from common.garbage_collection import collect_nothing_at_start, freeze_after_start
from common.logs import configure_logging
from common.settings import load_settings

if TYPE_CHECKING:
    from auth_service.units import AuthUnits

ResultT = TypeVar("ResultT")


def read_settings() -> AuthSettings:
    """The settings of the environment, with logs configured by them."""
    settings = load_settings(AuthSettings)
    configure_logging("auth", settings.log_level)
    return settings


def read_migration_settings() -> MigrationSettings:
    """The URLs of both roles, with logs configured."""
    settings = load_settings(MigrationSettings)
    configure_logging("auth", settings.log_level)
    return settings


def run_command(command: "Callable[[AuthUnits], Awaitable[ResultT]]") -> ResultT:
    """Run a command; a domain error is one line and exit code 1, as is what no row can hold."""
    settings = read_settings()
    require_service_role(settings.database_url.get_secret_value(), "AUTH_DATABASE_URL")
    collect_nothing_at_start()
    from auth_service.wiring import wire

    async def run() -> ResultT:
        auth = wire(settings)
        freeze_after_start()
        try:
            return await command(auth)
        finally:
            await auth.close()

    try:
        return asyncio.run(run())
    except DomainError as error:
        reasons = "; ".join(f"{fault.field} {fault.message}" for fault in error.errors)
        sys.stderr.write(f"{error.detail}{': ' if reasons else ''}{reasons}\n")
        raise typer.Exit(1) from None
    except (DataError, UnicodeEncodeError):
        sys.stderr.write("an argument holds characters that cannot be stored\n")
        raise typer.Exit(1) from None
