"""The keys of a stack, generated once."""

import json
import re
import stat
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from common.secret_values import Stage
from common.settings import MIN_SECRET_CHARACTERS
from devstack.errors import StackError
from devstack.secrets import StackSecrets


def texts(secrets: StackSecrets) -> dict[str, str]:
    """The secrets; apart from those that are being replaced."""
    return {name: value for name, value in asdict(secrets).items() if isinstance(value, str)}


def test_a_second_start_finds_the_same_secrets(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert StackSecrets.load_or_create(path) == StackSecrets.load_or_create(path)


def test_two_stacks_share_no_secret() -> None:
    assert set(texts(StackSecrets()).values()).isdisjoint(texts(StackSecrets()).values())


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
    assert all(value not in repr(secrets) for value in texts(secrets).values())


def test_every_key_is_strong_enough_for_the_services() -> None:
    keys = texts(StackSecrets())
    del keys["demo_password"]
    assert all(len(value) >= MIN_SECRET_CHARACTERS for value in keys.values())


def test_a_replaced_key_is_accepted_in_both_values_until_the_last_step() -> None:
    before = StackSecrets()
    old = before.auth_cursor_key
    introduced = before.at(Stage.INTRODUCE, ["auth_cursor_key"])
    assert introduced.accepted("auth_cursor_key").startswith(f"{old},")
    swapped = introduced.at(Stage.SWAP, ["auth_cursor_key"])
    assert swapped.accepted("auth_cursor_key").endswith(f",{old}")
    retired = swapped.at(Stage.RETIRE, ["auth_cursor_key"])
    assert retired.accepted("auth_cursor_key") == swapped.auth_cursor_key != old
    assert replace(retired, auth_cursor_key=old) == before


def test_an_interrupted_rotation_goes_on_with_the_same_value() -> None:
    introduced = StackSecrets().at(Stage.INTRODUCE, ["auth_cursor_key"])
    assert introduced.at(Stage.INTRODUCE, ["auth_cursor_key"]) == introduced
    swapped = introduced.at(Stage.SWAP, ["auth_cursor_key"])
    for stage in (Stage.INTRODUCE, Stage.SWAP):
        assert swapped.at(stage, ["auth_cursor_key"]) == swapped


def test_peppers_and_audit_keys_accumulate() -> None:
    secrets = StackSecrets()
    for _ in range(2):
        for stage in Stage:
            secrets = secrets.at(stage, ["auth_password_peppers"])
    peppers = secrets.accepted("auth_password_peppers").split(",")
    assert len({each.partition(":")[0] for each in peppers}) == len(peppers) == 3


def test_the_key_that_signed_an_audit_log_until_now_goes_on_verifying(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    before = asdict(StackSecrets.load_or_create(path))
    del before["core_audit_key"]
    path.write_text(json.dumps(before))
    after = StackSecrets.load_or_create(path)
    assert after.value("core_audit_key").signing.split(",")[1] == before["core_cursor_key"]
