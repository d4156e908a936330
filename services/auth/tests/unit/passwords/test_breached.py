"""Breached passwords, found in a file that may be of any size."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth_service.passwords.breached import BreachedPasswords
from auth_service.passwords.policy import PasswordPolicy

LONG = "correct horse battery staple"
OTHER = "seven brown owls under the old bridge"


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324 - the file's own


def write(path: Path, passwords: set[str], ending: str = "\r\n") -> Path:
    """As Pwned Passwords has it; the counts make lines of different lengths."""
    lines = sorted(f"{sha1(each)}:{10 ** (len(each) % 9)}" for each in passwords)
    path.write_bytes(ending.join(lines).encode())
    return path


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@given(passwords=st.sets(st.text(max_size=30), max_size=60), password=st.text(max_size=30))
@settings(deadline=None)
def test_what_is_in_the_file_is_found_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, ending: str, passwords: set[str], password: str
) -> None:
    file = write(tmp_path_factory.mktemp("breached") / "hashes.txt", passwords, ending)
    known = BreachedPasswords(file)
    assert all(each in known for each in passwords)
    assert (password in known) is (password in passwords)


def test_a_breached_password_is_refused_with_the_reason(tmp_path: Path) -> None:
    known = BreachedPasswords(write(tmp_path / "hashes.txt", {LONG, "another", "one more"}))
    policy = PasswordPolicy(15, known)
    fault = policy.fault(LONG, email="asha@court.example", name="Asha")
    assert fault is not None
    assert (fault.field, fault.code) == ("new_password", "password-breached")
    assert policy.fault(OTHER, email="asha@court.example", name="Asha") is None


def test_without_a_file_none_is_known() -> None:
    assert LONG not in BreachedPasswords()
