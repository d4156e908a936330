"""Weak secrets stop the start, and the message names the variable and not the value."""

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from common.settings import ServiceSettings, StrongSecret, load_settings


class DemoSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="DEMO_")

    signing_secret: StrongSecret


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "changeme" * 3])
def test_a_weak_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("DEMO_SIGNING_SECRET", secret)
    with pytest.raises(ValidationError) as caught:
        DemoSettings()
    assert "signing_secret" in str(caught.value)
    assert not secret or secret not in str(caught.value)


def test_a_missing_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_SIGNING_SECRET", raising=False)
    with pytest.raises(ValidationError, match="signing_secret"):
        DemoSettings()


def test_a_strong_secret_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_SIGNING_SECRET", "6f1c8e02b7d94a53" * 4)
    settings = DemoSettings()
    assert "6f1c" not in repr(settings)
    assert settings.signing_secret.get_secret_value().startswith("6f1c")


class ReadSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TEST_")

    key: StrongSecret
    name: str


def test_each_wrong_variable_is_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEST_KEY", "s3cr3t")
    with pytest.raises(SystemExit) as stopped:
        load_settings(ReadSettings)
    assert stopped.value.code == 2
    weak, missing = capsys.readouterr().err.splitlines()
    assert weak.startswith("TEST_KEY: ")
    assert missing == "TEST_NAME: Field required"
    assert "s3cr3t" not in weak


def test_good_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "0123456789abcdef" * 2)
    monkeypatch.setenv("TEST_NAME", "x")
    assert load_settings(ReadSettings).name == "x"
