"""The servers of a test session: embedded ones, or containers when TEST_BACKEND says so."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from devstack.servers.postgres import EPHEMERAL_SETTINGS, EmbeddedPostgres
from devstack.servers.valkey import EmbeddedValkey

POSTGRES_DATA: Final = "/var/lib/postgresql/data"  # of images up to 17
BACKENDS: Final = ("embedded", "containers")
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - each session makes a private folder in it
ENOUGH_BYTES: Final = 4 * 1024**3


def backend() -> str:
    """The value of TEST_BACKEND, checked."""
    chosen = os.environ.get("TEST_BACKEND") or "embedded"
    if chosen not in BACKENDS:
        raise ValueError(f"TEST_BACKEND is {chosen!r}: use one of {', '.join(BACKENDS)}")
    return chosen


@contextmanager
def postgres_server(directory: Path) -> Iterator[str]:
    """A running Postgres; yields its superuser's URL."""
    if backend() == "containers":
        with _postgres_container() as url:
            yield url
        return
    with _in_memory(directory) as folder, EmbeddedPostgres(folder, durable=False) as server:
        yield server.url


@contextmanager
def _in_memory(directory: Path) -> Iterator[Path]:
    """A folder in memory where there is room, else `directory`; removed with what is in it.

    Cloning a database copies files: a fifth of the time in memory. And pytest keeps the temporary
    directories of three sessions; a cluster in each would fill the disk.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES
    folder = Path(tempfile.mkdtemp(prefix="masijala-test-", dir=MEMORY)) if roomy else directory
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server(directory: Path) -> Iterator[str]:
    """A running Valkey or Redis; yields the URL of its database 0."""
    if backend() == "containers":
        with _redis_container() as url:
            yield url
        return
    with EmbeddedValkey(directory, durable=False) as server:
        yield server.url


@contextmanager
def _postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer

    image = os.environ.get("POSTGRES_IMAGE", "postgres:17-alpine")
    container = PostgresContainer(image, driver=None)
    # In memory and without waiting for a disk, as the embedded one.
    container.with_command([part for setting in EPHEMERAL_SETTINGS for part in ("-c", setting)])
    container.with_tmpfs_mount(POSTGRES_DATA)
    with container:
        yield container.get_connection_url()


@contextmanager
def _redis_container() -> Iterator[str]:
    from testcontainers.community.redis import RedisContainer

    image = os.environ.get("REDIS_IMAGE", "valkey/valkey:9-alpine")
    with RedisContainer(image) as container:
        yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
