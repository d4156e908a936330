"""Who may administer: administrators of all courts, for users belong to no single court."""

from typing import Annotated

from fastapi import Depends

from common.caller import PrincipalDep
from common.errors import PermissionDenied
from common.identity import Principal, Role


async def current_admin(principal: PrincipalDep) -> Principal:
    """The administrator who calls. Raises Unauthenticated or PermissionDenied."""
    if principal.require_role(Role.ADMIN).courts is not None:
        raise PermissionDenied("Only an administrator of all courts may do this")
    return principal


AdminDep = Annotated[Principal, Depends(current_admin)]
