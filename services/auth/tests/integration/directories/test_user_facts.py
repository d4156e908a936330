"""What a directory may say of a user, and what it may not decide."""

from datetime import timedelta
from typing import Any

import pytest

from common.clock import FrozenClock
from testkit.auth.api import claims_of
from testkit.auth.directories import (
    REFUSED,
    Browser,
    HostileDirectory,
    oidc_settings,
    outcome,
    provider,
    result,
)
from testkit.auth.factors import App


class TestUserInfo:
    """What the ID token lacks is asked for."""

    async def test_an_address_comes_from_there_together_with_its_verification(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": None, "email_verified": None}
        ministry.user_info = {"email": clerk, "email_verified": True}
        assert "code" in await outcome(browser, ministry)

    async def test_one_source_does_not_verify_the_address_of_the_other(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": clerk, "email_verified": None, "groups": None}
        ministry.user_info = {"email": "mine@masijala.example", "email_verified": True}
        assert await outcome(browser, ministry) == {"error": "account-unavailable"}

    async def test_it_must_be_of_the_same_account(
        self, browser: Browser, ministry: HostileDirectory, clerk: str
    ) -> None:
        ministry.claims = {"email": None}
        ministry.user_info = {"sub": "another", "email": clerk, "email_verified": True}
        assert await outcome(browser, ministry) == REFUSED

    async def test_it_adds_no_second_factor(
        self, browser: Browser, other: HostileDirectory, clerk: str
    ) -> None:
        other.claims = {"email": None}
        other.user_info = {"email": clerk, "email_verified": True, "amr": ["mfa"], "acr": "gold"}
        code = result(await browser.through(other, "other"))["code"]
        token = (await browser.exchange(code)).json()["access_token"]
        assert claims_of(token)["acr"] == "aal1"


class TestSecondFactor:
    """That of a directory counts when the settings say so."""

    @pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "gold"}])
    async def test_it_counts_where_the_settings_accept_it(
        self,
        browser: Browser,
        other: HostileDirectory,
        app: App,
        clock: FrozenClock,
        claims: dict[str, Any],
    ) -> None:
        assert app.secret
        shown_at = int((clock.now() - timedelta(hours=2)).timestamp())
        other.claims = {"auth_time": shown_at, **claims}
        code = result(await browser.through(other, "other"))["code"]
        answer = await browser.exchange(code)
        claims = claims_of(answer.json()["access_token"])
        assert (claims["amr"], claims["acr"]) == (["oidc", "mfa"], "aal2")
        assert claims["auth_time"] == shown_at, "so that a step-up is required"

    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"amr": ["pwd"]},
            {"acr": ["gold"]},
            {"acr": "silver"},
            {"amr": ["mfa"], "auth_time": None},
        ],
    )
    async def test_anything_else_leaves_ours_to_be_shown(
        self, browser: Browser, other: HostileDirectory, app: App, claims: dict[str, Any]
    ) -> None:
        assert app.secret
        other.claims = claims
        code = result(await browser.through(other, "other"))["code"]
        assert (await browser.exchange(code)).json()["code"] == "factor-required"

    async def test_without_a_setting_it_never_counts(
        self, browser: Browser, ministry: HostileDirectory, app: App
    ) -> None:
        assert app.secret
        ministry.claims = {"amr": ["mfa"], "acr": "gold"}
        code = (await outcome(browser, ministry))["code"]
        assert (await browser.exchange(code)).json()["code"] == "factor-required"


class TestObligation:
    """A role that must have a second factor."""

    @pytest.fixture
    def settings_changes(self, ministry: HostileDirectory) -> dict[str, Any]:
        own = {"factor_roles": "data_entry", "factor_grace_days": 0}
        return oidc_settings(provider("ministry", ministry.issuer)) | own

    async def test_it_is_not_skipped_by_a_directory(
        self, browser: Browser, ministry: HostileDirectory
    ) -> None:
        ministry.claims = {"amr": ["mfa"], "acr": "gold"}
        code = (await outcome(browser, ministry))["code"]
        wanted = await browser.exchange(code)
        assert wanted.json()["code"] == "factor-enrolment-required"
