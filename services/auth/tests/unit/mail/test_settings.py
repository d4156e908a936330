"""Auth does not start without knowing where letters go."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import ValidationError

from auth_service.mail.mailers import MailRefused, NoMailer
from auth_service.mail.settings import DEMO_FOLDER
from auth_service.settings import AuthSettings

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that auth requires but the mail server."""
    keys = ("KEY_ENCRYPTION_KEY", "REFRESH_DERIVATION_KEY", "ASSERTION_KEYS")
    for name in (*keys, "CURSOR_KEY", "AUDIT_KEYS"):
        monkeypatch.setenv(f"AUTH_{name}", SECRET)
    monkeypatch.setenv("AUTH_DATABASE_URL", "postgresql://auth_service:x@db.example/auth")
    monkeypatch.setenv("AUTH_REDIS_URL", "redis://cache.example:6379/0")
    for name in ("AUTH_ISSUER", "AUTH_PUBLIC_URL"):
        monkeypatch.setenv(name, "https://masijala.example")
    for name in ("AUTH_MAIL", "AUTH_SMTP_HOST", "AUTH_DEMO"):
        monkeypatch.delenv(name, raising=False)


def test_production_without_a_mail_server_is_refused() -> None:
    with pytest.raises(ValidationError, match="AUTH_SMTP_HOST: name the mail server"):
        AuthSettings()


def test_with_a_mail_server_letters_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH_SMTP_HOST", "mail.example")
    settings = AuthSettings()
    assert settings.smtp_server is not None
    assert settings.smtp_server.host == "mail.example"
    assert settings.mail_folder is None


async def test_letters_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH_MAIL", "none")
    settings = AuthSettings()
    assert (settings.smtp_server, settings.mail_folder) == (None, None)
    with pytest.raises(MailRefused, match="AUTH_MAIL=none"):
        await NoMailer().send(EmailMessage())


@pytest.mark.parametrize(
    ("variable", "value", "folder"),
    [("AUTH_MAIL", "file:/var/mail", "/var/mail"), ("AUTH_DEMO", "1", str(DEMO_FOLDER))],
)
def test_letters_can_be_files(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, folder: str
) -> None:
    monkeypatch.setenv(variable, value)
    settings = AuthSettings()
    assert settings.smtp_server is None
    assert settings.mail_folder == Path(folder)
