"""Who did something, as responses show it."""

from collections.abc import Mapping
from uuid import UUID

from common.schemas import ResponseModel


class PersonRead(ResponseModel):
    """Who; the name is null when auth does not know it or is unavailable."""

    id: UUID
    name: str | None

    @classmethod
    def of(cls, user_id: UUID | None, names: Mapping[UUID, str | None]) -> "PersonRead | None":
        """The user, or None where a service or the system itself acted."""
        return None if user_id is None else cls(id=user_id, name=names.get(user_id))
