"""Changing an address in tests, and the links of the letters about it."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any, Final

from testkit.auth.api import Api
from testkit.auth.mailbox import token_in

CHANGE: Final = "/api/v1/auth/email/change"
CONFIRM: Final = "/api/v1/auth/email/confirm"
UNDO: Final = "/api/v1/auth/email/undo"
NEW_EMAIL: Final = "asha.kamau@masijala.example"


async def request_change(api: Api, token: str, email: str = NEW_EMAIL, **options: Any) -> Any:
    """The response to asking for another address."""
    return await api.call("POST", CHANGE, token=token, json={"email": email, **options})


async def use(api: Api, path: str, token: str) -> tuple[int, str | None]:
    """The status and the code of using a link."""
    answer = await api.call("POST", path, json={"token": token})
    return answer.status_code, answer.json()["code"] if answer.content else None


def newest_link(messages: Sequence[EmailMessage], to: str) -> str:
    """The token of the newest letter with a link to an address."""
    with_link = [each for each in messages if each["To"] == to and "#token=" in str(each)]
    return token_in(with_link[-1])
