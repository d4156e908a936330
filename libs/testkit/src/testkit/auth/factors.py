"""An authenticator app, and the calls by which a user of a test enrols and shows it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pyotp

from testkit.auth.api import PASSWORD, Api

FACTORS: Final = "/api/v1/auth/factors"
STEP_UP: Final = "/api/v1/auth/step-up"
LOGIN_FACTOR: Final = "/api/v1/auth/login/factor"
STEP_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class App:
    """What a phone holds; `recovery_codes` were shown when it was confirmed."""

    secret: str
    factor_id: str = ""
    recovery_codes: tuple[str, ...] = field(default=())

    def code(self, now: datetime, steps: int = 0) -> str:
        """The code of now, or of some steps of 30 seconds later; of earlier ones if negative."""
        return pyotp.TOTP(self.secret).at(now + timedelta(seconds=steps * STEP_SECONDS))


async def enrol(api: Api, token: str, *, name: str = "Phone") -> App:
    """Set up and confirm an app; the next code is that of the next step."""
    begun = await api.call("POST", f"{FACTORS}/totp", token=token, json={"name": name})
    app = App(begun.json()["secret"])
    body = {"code": app.code(api.clock.now())}
    added = await api.call("POST", f"{FACTORS}/totp/confirm", token=token, json=body)
    codes = added.json()["recovery_codes"] or ()
    return App(app.secret, added.json()["factor"]["id"], tuple(codes))


async def challenge(api: Api, email: str, password: str = PASSWORD, **options: Any) -> str:
    """The token of a sign-in that waits for the second factor."""
    answer = await api.login(email, password, **options)
    return str(answer.json()["challenge_token"])


async def show(api: Api, challenge_token: str, **proof: Any) -> Any:
    """The response to a second factor."""
    body = {"challenge_token": challenge_token, **proof}
    return await api.call("POST", LOGIN_FACTOR, json=body)


async def sign_in(api: Api, email: str, app: App, steps: int = 0) -> Any:
    """The response to both steps of a sign-in."""
    return await show(api, await challenge(api, email), code=app.code(api.clock.now(), steps))


def reason(answer: Any) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]
