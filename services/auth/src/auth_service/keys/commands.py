"""`auth rotate-keys`."""

from typing import TYPE_CHECKING, Annotated

import typer

from auth_service.commands import run_command

if TYPE_CHECKING:
    from auth_service.keys.models import SigningKey
    from auth_service.wiring import Wiring

app = typer.Typer()


@app.command()
def rotate_keys(
    now: Annotated[
        bool,
        typer.Option("--now", help="sign with the new key at once, before verifiers know it"),
    ] = False,
) -> None:
    """Publish a new signing key; auth signs with it once every verifier must have read it."""

    async def rotate(wiring: "Wiring") -> "SigningKey":
        async with wiring.units.begin() as work:
            return await work.keys.rotate(now=now)

    key = run_command(rotate)
    typer.echo(f"key {key.kid} ({key.algorithm}) is {key.state}")
