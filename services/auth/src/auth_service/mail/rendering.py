"""Renders letters as messages: text and HTML from the templates in this package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from auth_service.mail.letters import SUBJECTS, LetterKind


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("auth_service", "mail/templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


MINUTES_SHOWN_AS_HOURS: Final = 120


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders messages from the address `sender`."""

    sender: str
    environment: Environment = field(default_factory=_environment)

    def message(
        self, kind: LetterKind, to: str, at: datetime, values: Mapping[str, Any]
    ) -> EmailMessage:
        """The message to send; `values` are the variables of the kind's templates."""
        message = EmailMessage()
        message["Subject"] = SUBJECTS[kind]
        message["From"] = self.sender
        message["To"] = to
        message["Date"] = format_datetime(at)
        message["Message-ID"] = make_msgid(domain="masijala")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message.set_content(self._render(kind, "txt", values))
        message.add_alternative(self._render(kind, "html", values), subtype="html")
        return message

    def _render(self, kind: LetterKind, ending: str, values: Mapping[str, Any]) -> str:
        return self.environment.get_template(f"{kind.value}.{ending}").render(values)


def lifetime_texts(seconds: int) -> dict[str, str]:
    """How long a link works, in both languages."""
    minutes = seconds // 60
    if minutes < MINUTES_SHOWN_AS_HOURS:
        return {"lifetime": f"{minutes} minutes", "lifetime_sw": f"dakika {minutes}"}
    hours = minutes // 60
    return {"lifetime": f"{hours} hours", "lifetime_sw": f"saa {hours}"}
