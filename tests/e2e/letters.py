"""The e-mails that auth has written as files, since no mail server is configured."""

import re
from email import message_from_string, policy
from time import monotonic, sleep

from e2e.targets import Containers, Processes, Target

MAIL_SECONDS = 20.0
LINK = re.compile(r"#token=([A-Za-z0-9_-]+)")
SEPARATOR = "\x1e"


def mails(target: Target) -> list[str]:
    """Every message that auth has written so far, the oldest first."""
    if isinstance(target, Processes):
        return [path.read_text() for path in sorted(target.stack.home.mail.glob("*.eml"))]
    assert isinstance(target, Containers)
    script = f"for f in /tmp/mail/*.eml; do cat $f; printf '{SEPARATOR}'; done"
    return target._compose("exec", "-T", "auth", "sh", "-c", script).split(SEPARATOR)[:-1]


def mailed_token(target: Target, email: str, *, after: str | None = None) -> str:
    """The token in the newest letter to an address, once it is another one than `after`."""
    deadline = monotonic() + MAIL_SECONDS
    while monotonic() < deadline:
        for text in reversed(mails(target)):
            message = message_from_string(text, policy=policy.default)
            body = message.get_body(("plain",))
            found = LINK.search(str(body.get_content())) if body is not None else None
            if message["To"] != email or found is None:
                continue  # to another address, or without a token
            if found[1] != after:
                return found[1]
            break
        sleep(0.1)
    raise AssertionError("no mail came")
