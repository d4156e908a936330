"""Who is given which secret in the compose stack, also in one from before there were two roles."""

import importlib.util
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import trustme
import yaml
from cryptography.x509 import DNSName, SubjectAlternativeName, load_pem_x509_certificate

ROOT = Path(__file__).parents[2]
OWNERS = {"policy": "gateway", "https": "traefik"}
OLD = "postgresql://auth:old-password@postgres:5432/auth"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """deploy/compose/make_secrets.py, writing below the test's folder."""
    spec = importlib.util.spec_from_file_location(
        "make_secrets", ROOT / "deploy/compose/make_secrets.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    owners = ("auth", "core", "auth-owner", "core-owner", "gateway", "traefik", "postgres", "redis")
    for folder in (*owners, "store", "demo"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "DEMO", tmp_path / "demo")
    monkeypatch.setattr(module, "ANCHORS", ())
    monkeypatch.setenv("PUBLIC_URL", "https://masijala.example")
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


def test_a_passphrase_of_backups_is_followed_by_the_next_and_stays_to_read_what_it_wrote(
    secrets: ModuleType, tmp_path: Path
) -> None:
    def stored() -> tuple[list[str], list[str]]:
        found = content(tmp_path / "postgres")
        names = ("backup_passphrase", "backup_former_passphrases")
        present, former = (found.get(name, "").split(",") for name in names)
        return present, [each for each in former if each]

    (tmp_path / "postgres/backup_passphrase").write_text("from-before-there-were-names")
    secrets.main()
    assert stored() == (["from-before-there-were-names"], [])
    for _ in range(2):
        (current,), former = stored()
        secrets.main("introduce", "backup_passphrase")
        secrets.main("introduce", "backup_passphrase")  # goes on with the same
        (first, following), unchanged = stored()
        assert (first, unchanged) == (current, former)
        assert re.fullmatch("r[0-9a-f]{8}:[0-9a-f]{64}", following)
        secrets.main("swap", "backup_passphrase")
        secrets.main("retire", "backup_passphrase")
        assert stored() == ([following], [current, *former])


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


def test_a_replaced_secret_is_the_same_everywhere_and_no_start_brings_the_old_one_back(
    secrets: ModuleType, tmp_path: Path
) -> None:
    secrets.main()
    old = content(tmp_path / "core")["core_client_secret"]
    for step in ("introduce", "swap", "retire"):
        secrets.main(step, "core_client_secret")
    secrets.main()
    new = content(tmp_path / "core")["core_client_secret"]
    assert new != old
    assert content(tmp_path / "auth")["auth_client_secret"] == new
    every = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(old in text for text in every)


def test_the_former_key_of_the_audit_log_goes_on_verifying_and_signs_no_more(
    secrets: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "core/core_cursor_key").write_text("c" * 64)
    secrets.main()
    files = content(tmp_path / "core")
    assert files["core_cursor_key"] == "c" * 64
    current, former = files["core_audit_keys"].split(",")
    assert (current != former, former) == (True, "c" * 64)


def test_while_a_password_is_replaced_services_have_both(
    secrets: ModuleType, tmp_path: Path
) -> None:
    secrets.main()
    assert "auth_database_spare_password" not in content(tmp_path / "auth")
    before = content(tmp_path / "auth")["auth_database_url"]
    secrets.main("introduce", "auth_service_database_password")
    spare = content(tmp_path / "auth")["auth_database_spare_password"]
    assert content(tmp_path / "auth")["auth_database_url"] == before
    secrets.main("swap", "auth_service_database_password")
    assert spare in content(tmp_path / "auth")["auth_database_url"]
    assert content(tmp_path / "auth")["auth_database_spare_password"] in before


def end(folder: Path, name: str) -> datetime:
    return load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()).not_valid_after_utc


def test_certificates_are_renewed_30_days_before_their_end_by_the_same_authority(
    secrets: ModuleType, tmp_path: Path
) -> None:
    secrets.main()
    authorities = content(tmp_path / "traefik")["policy-authority.pem"]
    first = {name: end(tmp_path / owner, name) for name, owner in OWNERS.items()}
    secrets.certify(min(first.values()) - timedelta(days=31))
    assert {name: end(tmp_path / owner, name) for name, owner in OWNERS.items()} == first
    later = max(first.values()) - timedelta(days=29)
    secrets.certify(later)
    renewed = {name: end(tmp_path / owner, name) for name, owner in OWNERS.items()}
    assert all(each - later > timedelta(days=800) for each in renewed.values())
    assert content(tmp_path / "traefik")["policy-authority.pem"] == authorities
    authority = load_pem_x509_certificate(authorities.encode())
    shown = load_pem_x509_certificate((tmp_path / "gateway/policy.pem").read_bytes())
    shown.verify_directly_issued_by(authority)


def test_another_public_url_gets_another_certificate_and_an_operators_own_stays(
    secrets: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.main()
    policy = content(tmp_path / "gateway")["policy.pem"]
    monkeypatch.setenv("PUBLIC_URL", "https://courts.example")
    secrets.main()
    names = load_pem_x509_certificate((tmp_path / "traefik/https.pem").read_bytes()).extensions
    named = names.get_extension_for_class(SubjectAlternativeName).value
    assert named.get_values_for_type(DNSName) == ["courts.example", "localhost"]
    assert content(tmp_path / "gateway")["policy.pem"] == policy
    other = trustme.CA(organization_name="Another").issue_cert("courts.example")
    own = other.cert_chain_pems[0].bytes().decode()
    secrets.write("traefik", "https.pem", own)
    monkeypatch.setenv("PUBLIC_URL", "https://registry.example")
    secrets.main()
    assert content(tmp_path / "traefik")["https.pem"] == own


def test_only_setup_mounts_the_store() -> None:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    volumes = {name: service.get("volumes", ()) for name, service in services.items()}
    assert [name for name, each in volumes.items() if "secrets:/secrets/store" in each] == ["setup"]
    assert not any(
        v.startswith("secrets:") for n, each in volumes.items() for v in each if n != "setup"
    )
