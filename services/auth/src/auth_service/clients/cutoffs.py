"""The time before which the unexpired tokens of a service client are refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auth_service.clients.models import ClientCutoff
from auth_service.clients.repository import CutoffRepository
from auth_service.revocations.rules import next_valid_from
from common.clock import Clock


@dataclass(frozen=True, slots=True)
class ClientCutoffs:
    """Cutoffs; the caller has locked the client's row."""

    cutoffs: CutoffRepository
    clock: Clock

    async def cut(self, client_id: str) -> None:
        """Refuse every token of the client that is issued already."""
        now = self.clock.now()
        row = await self.cutoffs.first(self.cutoffs.of(client_id).with_for_update())
        if row is None:
            valid_from = next_valid_from(now, None)
            await self.cutoffs.add(ClientCutoff(client_id=client_id, tokens_valid_from=valid_from))
        else:
            row.tokens_valid_from = next_valid_from(now, row.tokens_valid_from)

    async def valid_from(self, client_id: str) -> datetime | None:
        """Tokens issued before this moment are refused; None: no token is."""
        row = await self.cutoffs.first(self.cutoffs.of(client_id))
        return row.tokens_valid_from if row is not None else None

    async def since(self, moment: datetime) -> Sequence[ClientCutoff]:
        return await self.cutoffs.all(self.cutoffs.since(moment))
