"""Accounts that tests create and look up."""

from typing import Final

from auth_service.seeding import Account, Seeding
from auth_service.units import AuthUnits
from common.identity import Grant, Role
from testkit.auth.api import PASSWORD, Api

USERS: Final = "/api/v1/users"


async def another_admin(auth: AuthUnits, email: str) -> str:
    """A further administrator of all courts."""
    account = Account(email, "Another", PASSWORD, Grant(Role.ADMIN))
    await auth.get(Seeding).ensure([account])
    return email


async def user_id(api: Api, token: str, email: str) -> str:
    """The ID of the user with an address, as an administrator finds it."""
    found = (await api.call("GET", f"{USERS}?q={email}", token=token)).json()["items"]
    return str(found[0]["id"])
