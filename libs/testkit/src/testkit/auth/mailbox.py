"""A mailbox for tests: the handler of an SMTP server that stores what it receives."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

ACCEPTED: Final = "250 OK"
TOKEN: Final = re.compile(r"#token=([A-Za-z0-9_-]+)")


@dataclass(slots=True)
class Mailbox:
    """Messages in order of arrival; `answer` is the server's reply to the next ones."""

    messages: list[EmailMessage] = field(default_factory=list)
    answer: str = ACCEPTED
    recipient_answer: str = ACCEPTED

    async def handle_RCPT(  # noqa: N802 - the server calls it by this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Accept or refuse a recipient."""
        if self.recipient_answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Accept or refuse a message."""
        if self.answer == ACCEPTED:
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.messages.append(message)
        return self.answer

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.messages]

    def newest_token(self) -> str:
        """The token in the link of the newest message."""
        return token_in(self.messages[-1])


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The text or, with `html`, the HTML of a message."""
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def token_in(message: EmailMessage) -> str:
    """The token in a message's link."""
    found = TOKEN.search(text_of(message))
    if found is None:
        raise ValueError("there is no link in this message")
    return found[1]
