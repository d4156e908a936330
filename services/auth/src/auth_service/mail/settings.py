"""Settings of mail."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator

from common.settings import ServiceSettings

FILE_PREFIX: Final = "file:"
NO_MAIL: Final = "none"
DEMO_FOLDER: Final = Path("/tmp/mail")  # noqa: S108 - of the image, whose only folder to write to is /tmp
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    security: Security
    user: str | None = None
    password: SecretStr | None = field(default=None, repr=False)


class MailSettings(ServiceSettings):
    mail: str = Field(
        default="smtp",
        pattern=r"^(smtp|none|file:.+)$",
        description=(
            "smtp, file:<folder> to write .eml files instead, or none to send no letters at all"
        ),
    )
    mail_from: str = Field(
        default="Masijala <no-reply@localhost>",
        pattern=r"^[^\r\n]+@[^\r\n]+$",
        description="sender of every mail",
    )
    smtp_host: str | None = Field(
        default=None,
        description=(
            "mail server; without one auth starts only with another AUTH_MAIL, or with AUTH_DEMO,"
            " when letters go to files in /tmp/mail"
        ),
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Security = Field(
        default="starttls", description="starttls, tls (from the first byte), or none"
    )
    smtp_user: str | None = Field(default=None, description="sign-in at the mail server, if any")
    smtp_password: SecretStr | None = Field(default=None, description="its password")
    password_link: str = Field(
        default="{public_url}/set-password#token={token}",
        description=(
            "the frontend's page for setting a password; what follows # stays out of every log"
        ),
    )
    email_link: str = Field(
        default="{public_url}/{purpose}-email#token={token}",
        description=("the frontend's pages for changes of addresses; {purpose} is confirm or undo"),
    )
    reset_token_seconds: int = Field(
        default=1800, ge=60, le=86_400, description="how long the link of a reset mail works"
    )
    invitation_hours: int = Field(
        default=72, ge=1, le=720, description="how long the link of an invitation works"
    )

    @field_validator("password_link", "email_link")
    @classmethod
    def _has_token(cls, link: str) -> str:
        if "{token}" not in link:
            raise ValueError("must contain {token}")
        return link

    @field_validator("email_link")
    @classmethod
    def _has_purpose(cls, link: str) -> str:
        if "{purpose}" not in link:
            raise ValueError("must contain {purpose}")
        return link

    @property
    def mail_folder(self) -> Path | None:
        """The folder to which mail is written, when it is not sent."""
        if self.mail.startswith(FILE_PREFIX):
            return Path(self.mail.removeprefix(FILE_PREFIX))
        return DEMO_FOLDER if self.smtp_server is None and self.mail != NO_MAIL else None

    @property
    def smtp_server(self) -> SmtpServer | None:
        """The mail server, where letters are sent."""
        if self.mail != "smtp" or self.smtp_host is None:
            return None
        return SmtpServer(
            self.smtp_host,
            self.smtp_port,
            self.smtp_security,
            self.smtp_user or None,
            self.smtp_password if self.smtp_user else None,
        )
