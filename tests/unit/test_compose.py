"""Who is given which secret in the compose stack, also in one from before there were two roles."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OLD = "postgresql://auth:old-password@postgres:5432/auth"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """deploy/compose/make_secrets.py, writing below the test's folder; certificates aside."""
    spec = importlib.util.spec_from_file_location(
        "make_secrets", ROOT / "deploy/compose/make_secrets.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    owners = ("auth", "core", "auth-owner", "core-owner", "gateway", "traefik", "postgres", "redis")
    for folder in (*owners, "demo"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(module, "ANCHORS", ())
    monkeypatch.setattr(module, "certify", lambda: None)
    monkeypatch.setattr(os, "chown", lambda *_: None)
    return module


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_service_is_given_its_own_role_and_migrations_the_owner(
    secrets: ModuleType, tmp_path: Path
) -> None:
    secrets.main()
    for name in ("auth", "core"):
        passwords = content(tmp_path / "postgres")
        own, owner = content(tmp_path / name), content(tmp_path / f"{name}-owner")
        password = passwords[f"{name}_service_database_password"]
        assert own[f"{name}_database_url"].startswith(f"postgresql://{name}_service:{password}@")
        assert owner.keys() == {f"{name}_migration_database_url"}
        assert not any(passwords[f"{name}_database_password"] in each for each in own.values())


def test_an_older_stack_gets_two_roles_and_a_second_start_changes_nothing(
    secrets: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "postgres/auth_database_password").write_text("old-password")
    (tmp_path / "auth/auth_database_url").write_text(OLD)
    secrets.main()
    first = content(tmp_path / "auth")
    assert first["auth_database_url"].startswith("postgresql://auth_service:")
    assert content(tmp_path / "auth-owner") == {"auth_migration_database_url": OLD}
    secrets.main()
    assert content(tmp_path / "auth") == first


def test_a_url_that_an_operator_put_there_stays(secrets: ModuleType, tmp_path: Path) -> None:
    elsewhere = "postgresql://auth_service:x@db.example/auth"
    (tmp_path / "auth/auth_database_url").write_text(elsewhere)
    secrets.main()
    assert content(tmp_path / "auth")["auth_database_url"] == elsewhere


def test_only_migrations_mount_the_owners_secrets() -> None:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    mounting = {
        name
        for name, service in services.items()
        for volume in service.get("volumes", ())
        if volume.startswith(("auth-owner:", "core-owner:"))
    }
    assert mounting == {"setup", "auth-migrate", "core-migrate"}
    for name in ("auth", "core"):
        assert f"{name}-anchors:/anchors" in services[name]["volumes"]
