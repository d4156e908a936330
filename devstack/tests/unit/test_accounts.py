"""Which account Postgres gets, when the project is used by root and when not."""

import os
from pathlib import Path

import pytest

from devstack.servers import accounts
from devstack.servers.errors import AccountUnsuitable
from devstack.servers.process import Account


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def reach_with(monkeypatch: pytest.MonkeyPatch, *capabilities: int | None) -> list[Account]:
    """Let only these capabilities reach the files; the list records what is tried."""
    tried: list[Account] = []

    def works(account: Account, _postgres: Path, _directory: Path) -> bool:
        tried.append(account)
        return account.capability in capabilities

    monkeypatch.setattr(accounts, "_works", works)
    return tried


def choose(tmp_path: Path) -> Account | None:
    return accounts.server_account(tmp_path / "postgres", tmp_path, tmp_path / "pgdata")


def test_an_ordinary_user_runs_postgres_under_the_same_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert choose(tmp_path) is None


@pytest.mark.usefixtures("as_root")
def test_root_drops_every_capability_when_none_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach_with(monkeypatch, None, accounts.CAP_DAC_READ_SEARCH)
    account = choose(tmp_path)
    assert account is not None
    assert account.uid != 0
    assert account.capability is None


@pytest.mark.usefixtures("as_root")
def test_root_keeps_the_capability_to_read_before_the_one_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = reach_with(monkeypatch, accounts.CAP_DAC_READ_SEARCH, accounts.CAP_DAC_OVERRIDE)
    account = choose(tmp_path)
    assert account is not None
    assert account.capability == accounts.CAP_DAC_READ_SEARCH
    assert [each.capability for each in tried] == [None, accounts.CAP_DAC_READ_SEARCH]


@pytest.mark.usefixtures("as_root")
def test_when_no_account_works_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach_with(monkeypatch)
    with pytest.raises(AccountUnsuitable, match="run this as an ordinary user, or move") as refused:
        choose(tmp_path)
    assert "\n" not in str(refused.value)
