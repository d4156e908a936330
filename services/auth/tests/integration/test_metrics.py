"""Metrics of sign-ins, letters and sealing, as alerts read them."""

import pytest
from procrastinate import App
from prometheus_client import REGISTRY

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.mail.outbox import QUEUE, TASK
from auth_service.units import AuthUnits
from common.audit.sealer import Sealer
from common.sampling import Sampler
from testkit.auth.api import Api


def events(action: str, outcome: str, reason: str = "") -> float:
    labels = {"action": action, "outcome": outcome, "reason": reason}
    return REGISTRY.get_sample_value("auth_events_total", labels) or 0.0


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_sign_ins_and_refusals_are_counted_by_reason(api: Api, clerk: str) -> None:
    succeeded = events("login", "success")
    wrong = events("login", "failure", "wrong-password")
    unknown = events("login", "failure", "unknown-account")
    await api.login(clerk)
    await api.login(clerk, password="not the password")
    await api.login("nobody@masijala.example")
    assert events("login", "success") == succeeded + 1
    assert events("login", "failure", "wrong-password") == wrong + 1
    assert events("login", "failure", "unknown-account") == unknown + 1


async def test_an_event_that_is_not_committed_is_not_counted(auth: AuthUnits) -> None:
    async def fail() -> None:
        async with auth.begin() as unit:
            unit.get(AuditLog).record(Event(Action.LOGOUT, EventOutcome.DENIED))
            raise ZeroDivisionError

    before = events("logout", "denied")
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert events("logout", "denied") == before


async def test_letters_that_wait_and_events_that_are_not_sealed_are_counted(
    auth: AuthUnits, api: Api, clerk: str
) -> None:
    await api.login(clerk)
    async with auth.get(App).open_async() as jobs:
        await jobs.configure_task(TASK, queue=QUEUE).defer_async()
    await auth.get(Sampler).run()
    assert value("auth_mail_jobs", state="todo") == 1
    assert value("audit_unsealed_events") != 0
    await auth.get(Sealer).run()
    await auth.get(Sampler).run()
    assert value("audit_unsealed_events") == 0
    assert value("audit_unsealed_oldest_seconds") == 0
    assert value("audit_checkpoint_timestamp_seconds")
