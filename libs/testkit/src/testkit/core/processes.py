"""Core's commands and its worker as separate processes, on a test's database."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from core_service.settings import CoreSettings
from testkit.core.auth import FakeAuth, auth_app
from testkit.serving import serving


def process_environment(settings: CoreSettings) -> dict[str, str]:
    """What a process of core needs, and nothing else."""
    return {
        "PATH": os.environ["PATH"],
        "CORE_DATABASE_URL": settings.database_url.get_secret_value(),
        "CORE_ISSUER": settings.issuer,
        "CORE_AUTH_URL": settings.auth_url,
        "CORE_CLIENT_SECRET": settings.client_secret.get_secret_value(),
        "CORE_ASSERTION_KEYS": settings.assertion_keys[0].get_secret_value(),
        "CORE_CURSOR_KEY": settings.cursor_key[0].get_secret_value(),
        "CORE_AUDIT_KEYS": settings.audit_keys[0].get_secret_value(),
    }


def run_module(
    environment: Mapping[str, str], *command: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one of core's modules to its end; a warning is an error there, too."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-W", "error", "-m", *command],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@asynccontextmanager
async def worker_process(settings: CoreSettings, auth: FakeAuth) -> AsyncIterator[Process]:
    """A running worker, with this auth; it is killed at the end."""
    async with serving(auth_app(auth)) as auth_url:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "core_service.worker",
            env=process_environment(settings.model_copy(update={"auth_url": auth_url})),
            stdout=DEVNULL,
        )
        try:
            yield worker
        finally:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()
