"""The e-mails that auth has written as files, since no mail server is configured."""

import re
from email import message_from_string, policy
from time import monotonic, sleep

from e2e.targets import Containers, Processes, Target

MAIL_SECONDS = 20.0
# Of users who were invited by a letter.
PASSWORD = "eleven quiet herons by the ford"
LINK = re.compile(r"#token=([A-Za-z0-9_-]+)")
SEPARATOR, AFTER_NAME = "\x1e", "\x1f"


def mails(target: Target) -> list[str]:
    """Every message that auth has written so far, the oldest first."""
    if isinstance(target, Processes):
        return [path.read_text() for path in sorted(target.stack.home.mail.glob("*.eml"))]
    assert isinstance(target, Containers)
    script = (
        "cd /tmp/mail 2>/dev/null && for f in *.eml; do"
        f" printf '%s{AFTER_NAME}' $f; cat $f; printf '{SEPARATOR}'; done || true"
    )
    written = target.run_in_each("auth", "sh", "-c", script).split(SEPARATOR)[:-1]
    return [text.partition(AFTER_NAME)[2] for text in sorted(written)]  # names are in order of time


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
