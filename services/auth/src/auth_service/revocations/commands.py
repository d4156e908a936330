"""`auth rebuild-redis`."""

from typing import TYPE_CHECKING

import typer

from auth_service.commands import run_command
from common.errors import Unavailable

if TYPE_CHECKING:
    from auth_service.wiring import Wiring

app = typer.Typer()


@app.command()
def rebuild_redis() -> None:
    """Write everything that Redis must know anew, from Postgres; safe at any time."""

    async def rebuild(wiring: "Wiring") -> None:
        from redis.exceptions import RedisError

        try:
            whole = await wiring.rebuild.run()
        except (RedisError, OSError) as error:
            raise Unavailable(f"Redis does not answer: {error}") from error
        if not whole:
            raise Unavailable("Redis lost its memory again meanwhile; run the command once more")

    run_command(rebuild)
    typer.echo("Redis knows all sessions and revocations")
