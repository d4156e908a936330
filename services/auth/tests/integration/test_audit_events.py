"""Whatever the log is for is in it: who, from where, with what program, in which request."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.audit.retention import prune_months
from auth_service.fields import email_hash
from auth_service.importing import UserImport
from auth_service.keys.service import KeyService
from auth_service.limits.lockout import LoginFailures
from auth_service.mail.jobs import MailWorker
from auth_service.tokens.floors import RestoreFloors
from auth_service.units import AuthUnits
from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from common.clock import FrozenClock
from common.composition import session_of
from common.http_client import basic_credentials
from common.ids import uuid7
from testkit.auth.accounts import user_id
from testkit.auth.api import IP, PASSWORD, Api
from testkit.auth.emails import NEW_EMAIL, newest_link
from testkit.auth.factors import App
from testkit.auth.mailbox import Mailbox, token_in

PROGRAM: Final = "the browser of the tests"
NEW_PASSWORD: Final = "twelve green herons above a mill"
WRONG: Final = "a password that is wrong"
SUCCESS, FAILURE, DENIED = EventOutcome.SUCCESS, EventOutcome.FAILURE, EventOutcome.DENIED
MAILED: Final = (Action.MAIL, SUCCESS)
# What no request causes: the tests of the command line and of the schedule have these.
# Recorded by what test_directories.py and directories/test_logout.py do.
THROUGH_DIRECTORIES: Final = {
    Action.IDENTITY_LINK,
    Action.IDENTITY_UNLINK,
    Action.GROUP_MAPPING_ADD,
    Action.GROUP_MAPPING_REMOVE,
    Action.DIRECTORY_LOGOUT,
}
BY_COMMAND: Final = {
    Action.USER_IMPORT,
    Action.KEY_CREATE,
    Action.KEY_ROTATE,
    Action.AUDIT_PRUNE,
    Action.RESTORE,
}


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings | {"limit_forgot_account": "2/60", "password_max_failures": 10}


@dataclass
class Acts:
    """Requests that each have an ID, and the events that each must have left."""

    api: Api
    auth: AuthUnits
    expected: dict[str, set[tuple[Action, EventOutcome]]] = field(default_factory=dict)

    async def act(
        self, method: str, path: str, *events: tuple[Action, EventOutcome], **options: Any
    ) -> Any:
        request_id = f"request-of-act-{len(self.expected)}"
        self.expected[request_id] = set(events)
        headers = {"X-Request-ID": request_id, "User-Agent": PROGRAM, **options.pop("headers", {})}
        return await self.api.call(method, f"/api/v1{path}", headers=headers, **options)

    async def login(self, email: str, password: str = PASSWORD) -> Any:
        body = {"email": email, "password": password}
        outcome = SUCCESS if password != WRONG else FAILURE
        answer = await self.act("POST", "/auth/login", (Action.LOGIN, outcome), json=body)
        return answer.json()

    async def refresh(self, token: str, *event: tuple[Action, EventOutcome]) -> Any:
        return await self.act("POST", "/auth/refresh", *event, json={"refresh_token": token})

    async def recorded(self) -> dict[str, set[tuple[Action, EventOutcome]]]:
        """The events by request; each one's address and program are checked here."""
        async with self.auth.database.transaction() as session:
            statement = select(AuditEvent).where(col(AuditEvent.request_id).in_(self.expected))
            events = (await session.exec(statement)).all()
        found: dict[str, set[tuple[Action, EventOutcome]]] = {name: set() for name in self.expected}
        for event in events:
            assert (event.ip, event.user_agent) == (IP, PROGRAM), event.action
            found[event.request_id or ""].add((event.action, event.outcome))
        return found


async def sessions(acts: Acts, email: str, clock: FrozenClock) -> None:
    await acts.login(email, WRONG)
    first = await acts.login(email)
    second = (await acts.refresh(first["refresh_token"], (Action.REFRESH, SUCCESS))).json()
    clock.advance(seconds=30)
    await acts.refresh(first["refresh_token"], (Action.REFRESH_REUSE, DENIED), MAILED)
    await acts.refresh(second["refresh_token"], (Action.REFRESH, FAILURE))
    body = {"refresh_token": (await acts.login(email))["refresh_token"]}
    await acts.act("POST", "/auth/logout", (Action.LOGOUT, SUCCESS), json=body)
    doomed, own = await acts.login(email), await acts.login(email)
    path, token = f"/auth/sessions/{doomed['session']['id']}", own["access_token"]
    renamed = (Action.SESSION_RENAME, SUCCESS)
    await acts.act("PATCH", path, renamed, token=token, json={"name": "Counter 3"})
    await acts.act("DELETE", path, (Action.SESSION_END, SUCCESS), token=token)
    me = await acts.api.me(token)
    updated = (Action.USER_UPDATE, SUCCESS)
    options = {"json": {"name": "New Name"}, "headers": {"If-Match": me.headers["ETag"]}}
    await acts.act("PATCH", "/auth/me", updated, token=token, **options)


async def passwords(acts: Acts, email: str, mailbox: Mailbox) -> None:
    token = (await acts.login(email))["access_token"]
    path, wanted = "/auth/password/change", {"new_password": NEW_PASSWORD}
    refused, changed = (Action.PASSWORD_CHANGE, FAILURE), (Action.PASSWORD_CHANGE, SUCCESS)
    ended = (Action.SESSION_END, SUCCESS)  # the other sessions'
    body = wanted | {"current_password": WRONG}
    await acts.act("POST", path, refused, token=token, json=body)
    body = wanted | {"current_password": PASSWORD}
    await acts.act("POST", path, changed, ended, MAILED, token=token, json=body)
    forgot, requested = "/auth/password/forgot", (Action.PASSWORD_FORGOT, SUCCESS)
    await acts.act("POST", forgot, requested, MAILED, json={"email": email})
    unknown = {"email": "unknown@masijala.example"}
    await acts.act("POST", forgot, (Action.PASSWORD_FORGOT, FAILURE), json=unknown)
    await acts.act("POST", forgot, (Action.PASSWORD_FORGOT, FAILURE), json=unknown)
    await acts.act("POST", forgot, (Action.PASSWORD_FORGOT, DENIED), json=unknown)
    await acts.auth.get(MailWorker).empty()
    reset = "/auth/password/reset"
    links = [each for each in mailbox.messages if "#token=" in each.as_string()]
    body = {"token": token_in(links[-1]), "new_password": PASSWORD}
    done = (Action.PASSWORD_RESET, SUCCESS)
    await acts.act("POST", reset, done, ended, MAILED, json=body)
    await acts.act("POST", reset, (Action.PASSWORD_RESET, FAILURE), json=body)


async def people(acts: Acts, token: str) -> None:
    grants = [{"role": "viewer", "courts": "*"}]
    body = {"email": "asha@masijala.example", "name": "Asha Kamau", "grants": grants}
    made = (
        *((Action.USER_CREATE, SUCCESS), (Action.GRANT_ADD, SUCCESS)),
        *((Action.INVITATION, SUCCESS), MAILED),
    )
    path = (
        f"/users/{(await acts.act('POST', '/users', *made, token=token, json=body)).json()['id']}"
    )
    await acts.auth.get(MailWorker).empty()
    body = {"role": "data_entry", "courts": "*"}
    added = (Action.GRANT_ADD, SUCCESS)
    given = await acts.act("POST", f"{path}/grants", added, token=token, json=body)
    grant = f"{path}/grants/{given.json()['id']}"
    end = (acts.api.clock.now() + timedelta(days=1)).isoformat()
    options = {"json": {"expires_at": end}, "headers": {"If-Match": '"1"'}}
    await acts.act("PATCH", grant, (Action.GRANT_CHANGE, SUCCESS), token=token, **options)
    removed = (Action.GRANT_REMOVE, SUCCESS)
    await acts.act("DELETE", grant, removed, token=token)
    off, on = (False, Action.USER_DEACTIVATE), (True, Action.USER_ACTIVATE)
    for active, action in (off, on, off):
        etag = (await acts.api.call("GET", f"/api/v1{path}", token=token)).headers["ETag"]
        changed = {"json": {"is_active": active}, "headers": {"If-Match": etag}}
        await acts.act("PATCH", path, (action, SUCCESS), token=token, **changed)

    anonymised = (Action.USER_ANONYMISE, SUCCESS)
    await acts.act("POST", f"{path}/anonymise", anonymised, removed, token=token)


async def groups(acts: Acts, token: str) -> None:
    path, body = "/court-groups", {"name": "Coast", "courts": [str(uuid7())]}
    created = (Action.COURT_GROUP_CREATE, SUCCESS)
    made = await acts.act("POST", path, created, token=token, json=body)
    path = f"{path}/{made.json()['id']}"
    changed = (Action.COURT_GROUP_CHANGE, SUCCESS)
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}}
    await acts.act("PATCH", path, changed, token=token, json={"name": "Lake"}, **options)
    options = {"headers": {"If-Match": '"2"'}}
    await acts.act("DELETE", path, (Action.COURT_GROUP_DELETE, SUCCESS), token=token, **options)


async def lock(acts: Acts, token: str, email: str) -> None:
    """Guess until the password is locked, then unlock it."""
    locked = (Action.LOGIN, FAILURE), (Action.ACCOUNT_LOCK, SUCCESS), MAILED
    earlier = acts.api.clock.now() - timedelta(hours=1)
    async with acts.auth.begin() as unit:
        row = LoginFailures(email_hash=email_hash(email), failures=9, last_failed_at=earlier)
        session_of(unit).add(row)
    body = {"email": email, "password": WRONG}
    await acts.act("POST", "/auth/login", *locked, json=body)
    await acts.auth.get(MailWorker).empty()
    path = f"/users/{await user_id(acts.api, token, email)}/unlock"
    await acts.act("POST", path, (Action.ACCOUNT_UNLOCK, SUCCESS), token=token)


async def factors(acts: Acts, token: str, email: str, clock: FrozenClock) -> None:
    """Set up an app, show it in every way, remove it, and have another one reset."""
    await acts.login(email)
    own = (await acts.login(email))["access_token"]
    path, used = "/auth/factors", (Action.FACTOR_USE, SUCCESS)
    for removed in (True, False):
        secret = (await acts.act("POST", f"{path}/totp", token=own, json={})).json()["secret"]
        app = App(secret)
        added = (Action.FACTOR_ADD, SUCCESS), (Action.SESSION_END, SUCCESS), MAILED
        body = {"code": app.code(clock.now())}
        made = await acts.act("POST", f"{path}/totp/confirm", *added, token=own, json=body)
        clock.advance(seconds=30)
        body = {"email": email, "password": PASSWORD}
        began = (Action.LOGIN_CHALLENGE, SUCCESS)
        login = await acts.act("POST", "/auth/login", began, json=body)
        challenge = {"challenge_token": login.json()["challenge_token"]}
        refused, body = (Action.LOGIN, FAILURE), challenge | {"code": "000000"}
        await acts.act("POST", "/auth/login/factor", refused, json=body)
        code = made.json()["recovery_codes"][0]
        done, body = (Action.LOGIN, SUCCESS), challenge | {"recovery_code": code}
        await acts.act("POST", "/auth/login/factor", done, used, MAILED, json=body)
        body = {"code": app.code(clock.now())}
        stepped_up = (Action.STEP_UP, SUCCESS)
        await acts.act("POST", "/auth/step-up", stepped_up, used, token=own, json=body)
        await acts.act("POST", "/auth/step-up", (Action.STEP_UP, FAILURE), token=own, json=body)
        renewed = (Action.RECOVERY_CODES, SUCCESS)
        await acts.act("POST", f"{path}/recovery-codes", renewed, token=own)
        if removed:
            deleted = (Action.FACTOR_REMOVE, SUCCESS)
            await acts.act(
                "DELETE", f"{path}/{made.json()['factor']['id']}", deleted, MAILED, token=own
            )
            await acts.login(email)
    reset = (Action.FACTOR_RESET, SUCCESS), (Action.SESSION_END, SUCCESS), MAILED
    path = f"/users/{await user_id(acts.api, token, email)}/factors"
    await acts.act("DELETE", path, *reset, token=token)
    await acts.auth.get(MailWorker).empty()


async def addresses(acts: Acts, token: str, email: str, mailbox: Mailbox) -> None:
    """Change an address, undo that, and print a code."""
    own, worker = (await acts.login(email))["access_token"], acts.auth.get(MailWorker)
    path, body = "/auth/email/change", {"email": NEW_EMAIL}
    asks = Action.EMAIL_CHANGE_REQUEST
    wrong = body | {"current_password": WRONG}
    await acts.act("POST", path, (asks, FAILURE), token=own, json=wrong)
    await acts.act("POST", path, (asks, SUCCESS), MAILED, token=own, json=body)
    await worker.empty()
    undo = {"token": newest_link(mailbox.messages, email)}
    confirm = {"token": newest_link(mailbox.messages, NEW_EMAIL)}
    path, changed = "/auth/email/confirm", Action.EMAIL_CHANGE
    await acts.act("POST", path, (changed, SUCCESS), MAILED, json=confirm)
    await acts.act("POST", path, (changed, FAILURE), json=confirm)
    await worker.empty()
    path, undone = "/auth/email/undo", Action.EMAIL_CHANGE_UNDO
    ended = (Action.PASSWORD_CHANGE, SUCCESS), (Action.SESSION_END, SUCCESS)
    letter = (Action.PASSWORD_FORGOT, SUCCESS), MAILED
    await acts.act("POST", path, (undone, SUCCESS), *ended, *letter, json=undo)
    await acts.act("POST", path, (undone, FAILURE), json=undo)
    path, issued = f"/users/{await user_id(acts.api, token, email)}", (Action.CODE_ISSUE, SUCCESS)
    made = await acts.act("POST", f"{path}/one-time-code", issued, MAILED, token=token)
    body = {"email": email, "password": made.json()["code"][:4] + "-AAAA" * 4}
    refused = (Action.CODE_USE, FAILURE), (Action.LOGIN, FAILURE)
    await acts.act("POST", "/auth/login", *refused, json=body)
    body["password"] = made.json()["code"]
    await acts.act("POST", "/auth/login", (Action.CODE_USE, SUCCESS), json=body)
    await worker.empty()


async def clients(acts: Acts, token: str) -> None:
    body = {"client_id": "reports", "scopes": ["tokens:revoke"], "audiences": ["auth"]}
    changed = (Action.CLIENT_CHANGE, SUCCESS)
    made = (await acts.act("POST", "/service-clients", changed, token=token, json=body)).json()
    credentials = basic_credentials("reports", made["client_secret"])
    form = {"data": {"grant_type": "client_credentials"}}
    headers = {"Authorization": credentials}
    got = await acts.act(
        "POST", "/auth/token", (Action.CLIENT_TOKEN, SUCCESS), headers=headers, **form
    )
    wrong = {"Authorization": basic_credentials("reports", "wrong")}
    await acts.act("POST", "/auth/token", (Action.CLIENT_TOKEN, FAILURE), headers=wrong, **form)
    revoking = {"Authorization": f"Bearer {got.json()['access_token']}"}
    revoked, data = (Action.TOKEN_REVOKE, SUCCESS), {"token": token}
    await acts.act("POST", "/auth/revoke", revoked, headers=revoking, data=data)
    path = f"/service-clients/{made['id']}"
    await acts.act("POST", f"{path}/rotate-secret", changed, token=token)
    version = {"If-Match": '"2"'}
    await acts.act("DELETE", path, (Action.CLIENT_DELETE, SUCCESS), token=token, headers=version)


async def test_every_action_and_every_failure_is_recorded(
    api: Api, auth: AuthUnits, mailbox: Mailbox, clerk: str, admin: str, clock: FrozenClock
) -> None:
    acts = Acts(api, auth)
    await sessions(acts, clerk, clock)
    await passwords(acts, clerk, mailbox)
    token = await api.token(admin)
    await people(acts, token)
    await groups(acts, token)
    await lock(acts, token, clerk)
    await factors(acts, token, clerk, clock)
    await addresses(acts, token, clerk, mailbox)
    await clients(acts, token)
    exported = (Action.AUDIT_EXPORT, SUCCESS)
    await acts.act("GET", "/audit-events/export", exported, token=token)
    assert await acts.recorded() == acts.expected
    seen = {action for events in acts.expected.values() for action, _ in events}
    assert seen | BY_COMMAND | THROUGH_DIRECTORIES == set(Action)


async def test_commands_are_recorded(
    auth: AuthUnits, owned_chain: ChainAudit, clock: FrozenClock
) -> None:
    rows = ["email,name,password_hash\r\n", "asha@masijala.example,Asha,\r\n"]
    await auth.get(UserImport).run(rows, dry_run=False)
    async with auth.begin() as unit:
        await unit.get(KeyService).rotate(now=True)
        await unit.get(RestoreFloors).set()
    async with auth.database.transaction() as session:
        seen = set((await session.exec(select(AuditEvent.action))).all())
    clock.advance(days=40)
    await prune_months(auth.get(Sealer), owned_chain, auth, clock.now())
    async with auth.database.transaction() as session:
        seen |= set((await session.exec(select(AuditEvent.action))).all())
    assert seen >= BY_COMMAND
