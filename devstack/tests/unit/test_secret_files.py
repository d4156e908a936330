"""Generated secrets are made once and shown to no other user."""

import stat
from pathlib import Path

from devstack.servers.secret_files import read_or_create_secret, write_secret


def test_a_secret_is_generated_once(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    assert read_or_create_secret(path) == read_or_create_secret(path)


def test_two_secrets_differ(tmp_path: Path) -> None:
    assert read_or_create_secret(tmp_path / "a") != read_or_create_secret(tmp_path / "b")


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    read_or_create_secret(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_replacing_a_secret_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, "old")
    write_secret(path, "new")
    assert path.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [path]
