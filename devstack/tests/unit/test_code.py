"""A change of the code is noticed; nothing else is."""

import os
from pathlib import Path

import pytest

from devstack.code import code_fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "made_up_service"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "migration.py").write_text("one = 1")
    monkeypatch.syspath_prepend(tmp_path)
    return package


def test_the_same_code_has_the_same_fingerprint(package: Path) -> None:
    assert code_fingerprint(package.name) == code_fingerprint(package.name)


def test_a_new_file_is_noticed(package: Path) -> None:
    before = code_fingerprint(package.name)
    (package / "another.py").write_text("")
    assert code_fingerprint(package.name) != before


def test_a_changed_file_is_noticed(package: Path) -> None:
    before = code_fingerprint(package.name)
    file = package / "migration.py"
    later = file.stat().st_mtime_ns + 1_000_000_000
    file.write_text("one = 2")
    os.utime(file, ns=(later, later))
    assert code_fingerprint(package.name) != before


def test_bytecode_is_not_noticed(package: Path) -> None:
    before = code_fingerprint(package.name)
    (package / "migration.pyc").write_bytes(b"")
    assert code_fingerprint(package.name) == before
