"""The keys of a stack, generated once."""

import json
import re
import stat
from dataclasses import asdict
from pathlib import Path

import pytest

from common.settings import MIN_SECRET_CHARACTERS
from devstack.errors import StackError
from devstack.secrets import StackSecrets


def test_a_second_start_finds_the_same_secrets(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert StackSecrets.load_or_create(path) == StackSecrets.load_or_create(path)


def test_two_stacks_share_no_secret() -> None:
    first, second = asdict(StackSecrets()), asdict(StackSecrets())
    assert set(first.values()).isdisjoint(second.values())


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    StackSecrets.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    before = asdict(StackSecrets.load_or_create(path))
    del before["auth_cursor_key"]
    path.write_text(json.dumps(before))
    after = asdict(StackSecrets.load_or_create(path))
    assert after.items() >= before.items()
    assert json.loads(path.read_text()) == after


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{")
    with pytest.raises(StackError, match=f"{path} is damaged"):
        StackSecrets.load_or_create(path)


def test_the_demo_password_can_be_read_out_and_passes_auths_rule() -> None:
    password = StackSecrets().demo_password
    assert re.fullmatch(r"([a-km-z2-9]{4}-){4}[a-km-z2-9]{4}", password)


def test_the_secrets_are_not_in_the_representation() -> None:
    secrets = StackSecrets()
    assert all(value not in repr(secrets) for value in asdict(secrets).values())


def test_every_key_is_strong_enough_for_the_services() -> None:
    keys = asdict(StackSecrets())
    del keys["demo_password"]
    assert all(len(value) >= MIN_SECRET_CHARACTERS for value in keys.values())
