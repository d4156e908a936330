"""Traefik runs only as the package that the lock file names holds it."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from devstack import traefik
from devstack.errors import StackError
from devstack.traefik import traefik_binary


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    traefik_binary.cache_clear()
    yield
    traefik_binary.cache_clear()


def test_the_installed_program_is_the_packages() -> None:
    assert traefik_binary().name == "traefik"


def test_a_changed_program_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "traefik"
    program.write_bytes(b"something else")
    recorded = SimpleNamespace(mode="sha256", value="NL_fqI4yGtSW2CmRDGFFoHQ-rgnN8pDj4RSxN-uUjjA")
    entry = SimpleNamespace(name="traefik", hash=recorded, locate=lambda: program)
    monkeypatch.setattr(traefik, "distribution", lambda _name: SimpleNamespace(files=[entry]))
    with pytest.raises(StackError, match="not the program of its package"):
        traefik_binary()
    program.unlink()
    with pytest.raises(StackError, match="is missing"):
        traefik_binary()


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_name: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(traefik, "distribution", absent)
    with pytest.raises(StackError, match="make setup"):
        traefik_binary()
