"""Stored answers to an `Idempotency-Key`: none about a case that the caller may not see now."""

import re
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.identity import Principal
from core_service.access.reach import registry_wide
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.visibility import visible_to

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


async def check_replay(
    session: AsyncSession, principal: Principal, text: str, as_then: bool
) -> None:
    """Refuse a caller who may not see a case that the text names by its ID.

    For a caller who still holds all that was held then (`as_then`) only seals are checked: some
    answers are about a court that the caller never read, such as the acceptance of a transfer.
    The cases are loaded, so that the audit notes administrators who see sealed ones.
    Raises CaseNotFound.
    """
    ids = {UUID(found) for found in _ID.findall(text)}
    statement = select(Case).where(col(Case.id).in_(ids))
    if as_then:
        statement = statement.where(col(Case.sealed).is_(True))
    seen = visible_to(principal)
    named = registry_wide(statement, "compared with what the caller may see; none is shown")
    for case in await session.exec(named):
        if as_then and case.court_id not in seen.courts:
            continue
        if case.court_id not in (seen.sealed if case.sealed else seen.courts):
            raise CaseNotFound
