"""Whether the time of an answer tells if an account exists: AUC of latency, 0.5 when it does not.

python -m bench.timing    BENCH_SAMPLES=2000 an arm; BENCH_COST=real hashes at the real price

By default hashing is cheap, so that it cannot hide what else differs.
"""

import os
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import uvloop
from bench.auth_running import REAL_COST, Auth, running_auth
from bench.figures import Run, quantile
from pyotp import TOTP
from sqlmodel import update

from auth_service.app import learn_hashes
from auth_service.factors.codes import secret_text
from auth_service.factors.service import FactorService
from auth_service.fields import email_hash
from auth_service.limits.lockout import LoginFailures
from auth_service.passwords.hashing import PasswordHasher
from auth_service.token_text import TokenText
from auth_service.users.models import PasswordToken, TokenPurpose
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.clock import SystemClock
from common.composition import Container, session_of
from common.ids import uuid7

SAMPLES: Final = int(os.environ.get("BENCH_SAMPLES", "2000"))
COST: Final = REAL_COST if os.environ.get("BENCH_COST") == "real" else {}
ACCOUNTS: Final = 200
REFERENCE: Final = "unknown"
GOAL: Final = 0.03
IMPORTED: Final = {"bcrypt": "bcrypt", "pbkdf2": "django_pbkdf2_sha256"}
# Milliseconds of work, so that it would show what else differs.
ROUNDS: Final = {"bcrypt": 6, "django_pbkdf2_sha256": 6_000}
LOCKS: Final = 100
ARMS: Final = (
    *(REFERENCE, "known", "deactivated", "password-less", "locked", "second-factor"),
    *IMPORTED,
)
# Enough that no back-off begins: each account fails a few times only.
PATHS: Final[Mapping[str, Mapping[str, Any]]] = {
    "/api/v1/auth/login": {"password": "a password that is wrong"},
    "/api/v1/auth/password/forgot": {},
}
# Guesses at the link of an account, of which the ID is known, or at one that there never was.
RESET: Final = "/api/v1/auth/password/reset"
NEW_PASSWORD: Final = "a password that is never set"  # noqa: S105 - made up
# A link allows five tries; a link that is used up would be refused in another way.
TRIES: Final = 4


async def main() -> None:
    """Measure and write bench/results/timing.json."""
    run = Run.begin()
    changes = {**COST, "backoff_after_failures": 10_000, "password_max_failures": LOCKS}
    async with running_auth(**changes) as auth:
        arms = await _accounts(auth)
        bodies = {
            path: {name: [{"email": each, **more} for each in arms[name]] for name in arms}
            for path, more in PATHS.items()
        }
        bodies[RESET] = await _links(auth, arms)
        figures = {path: await _measure(auth, path, bodies[path]) for path in bodies}
    worst = max(abs(each["auc"] - 0.5) for arm in figures.values() for each in arm.values())
    cost = "real" if COST else "cheap"
    run.write(
        "timing",
        {"samples": SAMPLES, "hashing": cost, "furthest_from_half": round(worst, 4), "goal": GOAL}
        | figures,
    )


async def _accounts(auth: Auth) -> dict[str, list[str]]:
    """Addresses for each arm; of the same length, that parsing may take the same time."""
    arms = {
        name: [f"{name[:2]}{number:06}@masijala.example" for number in range(ACCOUNTS)]
        for name in ARMS
    }
    for name in arms.keys() - {REFERENCE}:
        for email in arms[name]:
            await auth.create(email)
    async with auth.units.begin() as unit:
        users = unit.get(UserService)
        for email in [*arms["deactivated"], *arms["password-less"]]:
            user = await users.by_email(email)
            if user is not None:
                user.is_active = email not in arms["deactivated"]
                user.password_hash = None if user.is_active else user.password_hash
        context = auth.units.get(PasswordHasher).scheme.context
        for name, scheme in IMPORTED.items():
            stored = context.handler(scheme).using(rounds=ROUNDS[scheme]).hash("imported")
            for email in arms[name]:
                user = await users.by_email(email)
                if user is not None:
                    user.password_hash = stored
        await _enrol(unit, arms["second-factor"])
        long_ago = SystemClock().now() - timedelta(hours=1)
        for email in arms["locked"]:
            row = LoginFailures(
                email_hash=email_hash(email), failures=LOCKS, last_failed_at=long_ago
            )
            session_of(unit).add(row)
    await learn_hashes(auth.units)
    return arms


async def _links(auth: Auth, arms: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
    """A body with a wrong secret for a link of each account, or for none."""
    bodies: dict[str, list[Any]] = {name: [] for name in arms}
    async with auth.units.begin() as unit:
        for name, emails in arms.items():
            for email in emails:
                user = await unit.get(UserService).by_email(email)
                issued = user and await unit.get(PasswordTokens).issue(user, TokenPurpose.RESET)
                wrong = TokenText.generate(issued.token_id if issued else uuid7())
                bodies[name].append({"token": wrong.text, "new_password": NEW_PASSWORD})
    return bodies


async def _renew_tries(auth: Auth) -> None:
    async with auth.units.begin() as unit:
        await session_of(unit).exec(update(PasswordToken).values(tries=0))


async def _enrol(unit: Container, emails: Sequence[str]) -> None:
    factors = unit.get(FactorService)
    for email in emails:
        user = await unit.get(UserService).by_email(email)
        if user is not None:
            app = await factors.begin_app(user, "Phone")
            code = TOTP(secret_text(app.secret)).at(SystemClock().now())
            await factors.confirm_app(user, code)


async def _measure(
    auth: Auth, path: str, arms: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, dict[str, float]]:
    """One request of each arm by turns in random order, so that all drift falls on all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(SAMPLES + SAMPLES // 10):
        if path == RESET and number % (ACCOUNTS * TRIES) == 0:
            await _renew_tries(auth)
        for name in random.sample(sorted(arms), len(arms)):
            answer = await auth.post(path, arms[name][number % ACCOUNTS])
            if number >= SAMPLES // 10:  # what came before was for warming up
                seconds[name].append(answer.seconds)
    return {
        name: {
            "auc": round(_auc(seconds[name], seconds[REFERENCE]), 4),
            "p50_ms": round(quantile(seconds[name], 0.5) * 1000, 3),
        }
        for name in arms
    }


def _auc(one: list[float], other: list[float]) -> float:
    """The chance that a sample of one arm is slower than one of the other (Mann-Whitney)."""
    ranked = sorted([(value, 1) for value in one] + [(value, 0) for value in other])
    ranks = sum(rank for rank, (_, of_one) in enumerate(ranked, start=1) if of_one)
    return (ranks - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


if __name__ == "__main__":
    uvloop.run(main())
