"""The first sign-in through a directory links an account, which its user is notified of."""

from typing import Any

import pytest

from auth_service.mail.jobs import MailWorker
from auth_service.mail.letters import SUBJECTS, LetterKind
from auth_service.units import AuthUnits
from testkit.auth.directories import Browser, HostileDirectory, oidc_settings, outcome, provider
from testkit.auth.mailbox import Mailbox, text_of

LINKED = SUBJECTS[LetterKind.IDENTITY_LINKED]


@pytest.fixture
def settings_changes(ministry: HostileDirectory, smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return oidc_settings(provider("ministry", ministry.issuer)) | smtp_settings


async def test_the_user_gets_a_letter_about_the_first_sign_in_and_none_about_later_ones(
    browser: Browser, ministry: HostileDirectory, auth: AuthUnits, mailbox: Mailbox
) -> None:
    for _ in range(2):
        assert "code" in await outcome(browser, ministry)
    await auth.get(MailWorker).empty()
    assert mailbox.subjects == [LINKED]
    (letter,) = mailbox.messages
    assert letter["To"] == ministry.email
    assert 'directory "The ministry"' in text_of(letter)


async def test_a_refused_sign_in_sends_none(
    browser: Browser, ministry: HostileDirectory, auth: AuthUnits, mailbox: Mailbox
) -> None:
    ministry.claims["email_verified"] = False
    assert await outcome(browser, ministry) == {"error": "account-unavailable"}
    await auth.get(MailWorker).empty()
    assert mailbox.messages == []
