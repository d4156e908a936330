"""What one unit of work changes for the rest of the system, told once it is committed."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from auth_service.revocations.marks import Mark, Marks
from auth_service.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Changes:
    """Collects marks to set, sessions in use to note and ended ones to forget."""

    make: Marks
    marks: list[Mark] = field(default_factory=list)
    used: list[Session] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.marks or self.used or self.ended)

    def clear(self) -> None:
        """Forget all: what was collected is rolled back."""
        for collected in (self.marks, self.used, self.ended):
            collected.clear()

    def session_used(self, session: Session) -> None:
        """A session was opened or refreshed."""
        self.used.append(session)

    def session_ended(self, session_id: UUID, at: datetime) -> None:
        """A session is over: its access tokens are to be refused."""
        self.marks.append(self.make.session(session_id, at))
        self.ended.append(session_id)

    def tokens_stale(self, user_id: UUID, valid_from: datetime) -> None:
        """A user's grants changed: tokens issued before are to be refused."""
        self.marks.append(self.make.subject(user_id, valid_from))

    def token_revoked(self, jti: str, expires_at: datetime) -> None:
        """One access token is to be refused."""
        self.marks.append(self.make.token(jti, expires_at))
