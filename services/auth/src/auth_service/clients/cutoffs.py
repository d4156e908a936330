"""The version below which the unexpired tokens of a service client are refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auth_service.clients.models import ClientCutoff
from auth_service.clients.repository import CutoffRepository
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
            row = ClientCutoff(client_id=client_id, token_version=1, tokens_valid_from=now)
            await self.cutoffs.add(row)
        else:
            row.token_version += 1
            row.tokens_valid_from = now

    async def version(self, client_id: str) -> int:
        """Tokens of lower versions are refused."""
        row = await self.cutoffs.first(self.cutoffs.of(client_id))
        return row.token_version if row is not None else 0

    async def since(self, moment: datetime) -> Sequence[ClientCutoff]:
        return await self.cutoffs.all(self.cutoffs.since(moment))
