"""Changing an address in tests, and the links of the letters about it."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any, Final

from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from testkit.auth.api import Api
from testkit.auth.mailbox import Mailbox, token_in

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


class Letters:
    """Delivers what is queued, and finds links."""

    def __init__(self, auth: AuthUnits, mailbox: Mailbox) -> None:
        self.auth, self.mailbox = auth, mailbox

    async def link(self, to: str) -> str:
        """The link of the newest letter to an address, once all are sent."""
        await self.auth.get(MailWorker).empty()
        return newest_link(self.mailbox.messages, to)

    def to(self, address: str) -> list[str]:
        return [str(each["Subject"]) for each in self.mailbox.messages if each["To"] == address]


async def changed(api: Api, letters: Letters, email: str, new_email: str = NEW_EMAIL) -> str:
    """Change an address by both steps; the link that undoes it, from the first letter."""
    (await request_change(api, await api.token(email), new_email)).raise_for_status()
    undo, confirm = await letters.link(email), {"token": await letters.link(new_email)}
    (await api.call("POST", CONFIRM, json=confirm)).raise_for_status()
    return undo
