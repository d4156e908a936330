"""Sends messages to a mail server, or writes them into files where there is none."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol

import aiosmtplib

from auth_service.mail.settings import SmtpServer
from common.ids import uuid7
from common.logs import get_logger

SMTP_SECONDS: Final = 20.0
PERMANENT: Final = 500  # RFC 5321, 4.2.1: 5yz is permanent, 4yz transient

log = get_logger(__name__)


class Mailer(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Send one message. Raises when a later attempt may succeed."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    server: SmtpServer

    async def send(self, message: EmailMessage) -> None:
        """Send; a recipient whom the server refuses permanently is logged and skipped."""
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
                timeout=SMTP_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            if min(codes, default=0) < PERMANENT:
                raise
            log.warning("mail_refused", smtp_codes=codes, message_id=message["Message-ID"])


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
