"""Sends messages to a mail server, or writes them into files where there is none."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, NoReturn, Protocol

import aiosmtplib

from auth_service.mail.settings import SmtpServer
from common.ids import uuid7
from common.logs import get_logger

SMTP_SECONDS: Final = 20.0
PERMANENT: Final = 500  # RFC 5321, 4.2.1: 5yz is permanent, 4yz transient

log = get_logger(__name__)


class MailRefused(Exception):
    """The mail server refuses the message for good; the text is its reason."""


class Mailer(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Send one message. Raises MailRefused, or else when a later attempt may succeed."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    server: SmtpServer
    seconds: float = SMTP_SECONDS

    async def send(self, message: EmailMessage) -> None:
        """Send. Raises MailRefused when the server refuses the message permanently."""
        server = self.server
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password.get_secret_value() if server.password else None,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                timeout=self.seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            _require_passing(min(error.recipients, key=lambda refused: refused.code), error)
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            _require_passing(error, error)


def _require_passing(answer: aiosmtplib.SMTPResponseException, error: Exception) -> NoReturn:
    """Raise the error again when the answer is transient, MailRefused when it is permanent."""
    if answer.code < PERMANENT:
        raise error
    text = " ".join(answer.message.split())
    raise MailRefused(f"{answer.code} {text}") from error


class NoMailer:
    """Sends nothing, as the operator has decided; administrators print codes for users."""

    async def send(self, _message: EmailMessage) -> None:
        """Refuse."""
        raise MailRefused("letters are not sent here (AUTH_MAIL=none)")


@dataclass(frozen=True, slots=True)
class FileMailer:
    """Writes messages into a folder as .eml files, which any mail program opens."""

    folder: Path

    async def send(self, message: EmailMessage) -> None:
        """Write one file; only its path is logged."""
        path = await asyncio.to_thread(self._write, message)
        log.info("mail_written", path=str(path))

    def _write(self, message: EmailMessage) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{uuid7()}.eml"  # in order of time
        partial = path.with_suffix(".new")
        partial.touch(mode=0o600)
        partial.write_bytes(message.as_bytes())
        return partial.rename(path)
