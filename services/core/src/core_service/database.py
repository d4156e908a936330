"""Core's database: its sessions note changes, and it refuses queries without a declared reach."""

from collections.abc import Collection, Mapping
from uuid import UUID

from pydantic import SecretStr
from sqlmodel import col, select

from common.database import Database
from core_service.access.reach import GuardedSession, install, registry_wide
from core_service.audit.session import AuditedSession
from core_service.cases.models import Case


class CoreSession(AuditedSession, GuardedSession):
    """The synchronous session under core's asynchronous ones."""

    def courts_of_cases(self, case_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The court of each case."""
        statement = select(Case.id, Case.court_id).where(col(Case.id).in_(case_ids))
        found = self.connection().execute(registry_wide(statement, "for the audit"))
        courts: dict[UUID, UUID] = dict(found.all())
        return courts


def open_database(url: str, spare_password: SecretStr | None = None) -> Database:
    """Core's database; connects when it is first used."""
    database = Database.connect(url, spare_password=spare_password)
    database.sessions.configure(sync_session_class=CoreSession)
    install(database.engine)
    return database
