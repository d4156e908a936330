"""Signing in through a directory: a real provider, in its own process."""

from collections.abc import Iterator
from typing import Any

import pytest

from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import Api, claims_of
from testkit.auth.directories import (
    OIDC,
    RETURN_URL,
    Browser,
    RealDirectory,
    challenge_of,
    oidc_settings,
    provider,
    query_of,
    real_directory,
    result,
)
from testkit.auth.factors import App, show

AUDIT = "/api/v1/audit-events"
MAPPINGS = "/api/v1/group-mappings"
COURT = "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"


@pytest.fixture(scope="module")
def ministry() -> Iterator[RealDirectory]:
    with real_directory() as running:
        yield running


@pytest.fixture
def settings_changes(ministry: RealDirectory) -> dict[str, Any]:
    return oidc_settings(provider("ministry", ministry.issuer)) | {"mail": "file:/tmp"}


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


async def come_back(browser: Browser, ministry: RealDirectory, subject: str) -> dict[str, str]:
    """What the frontend gets of a sign-in as this account of the directory."""
    address = await ministry.approve(await browser.start("ministry"), subject)
    return result(await browser.back(address))


async def sign_in(browser: Browser, ministry: RealDirectory, subject: str, **options: Any) -> Any:
    """The answer to the exchange at the end of the whole way."""
    code = (await come_back(browser, ministry, subject))["code"]
    return await browser.exchange(code, **options)


def has_account(ministry: RealDirectory, subject: str, email: str, **claims: Any) -> None:
    ministry.put(subject, **{"email": email, "email_verified": True} | claims)


async def test_the_sign_in_page_lists_directories(api: Api, browser: Browser) -> None:
    (listed,) = (await api.call("GET", OIDC)).json()["items"]
    assert (listed["id"], listed["label"]) == ("ministry", "The ministry")
    # The cookie of a sign-in is one of the host that the directory sends the browser back to.
    callback = query_of(await browser.start("ministry"))["redirect_uri"]
    assert listed["start"] == callback.replace("/callback", "/start")


async def test_a_user_signs_in_through_the_directory(
    browser: Browser, ministry: RealDirectory, api: Api, clerk: str, admin: str
) -> None:
    has_account(ministry, "s-1", clerk)
    answer = await sign_in(browser, ministry, "s-1", device_name="Counter 3")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["user"]["email"] == clerk
    assert body["device_token"]
    claims = claims_of(body["access_token"])
    assert (claims["amr"], claims["acr"]) == (["oidc"], "aal1")
    assert (await api.me(body["access_token"])).json()["session"]["device_name"] == "Counter 3"
    assert (await api.refresh(body["refresh_token"])).status_code == 200

    token = await api.token(admin)
    events = (await api.call("GET", f"{AUDIT}?action=login", token=token)).json()["items"]
    methods = [each["details"]["methods"] for each in events if each["outcome"] == "success"]
    assert sorted(methods) == [["oidc"], ["pwd"]]
    linked = (await api.call("GET", f"{AUDIT}?action=identity-link", token=token)).json()["items"]
    assert len(linked) == 1


async def test_the_request_has_pkce_state_and_nonce(browser: Browser) -> None:
    url = await browser.start("ministry")
    query = query_of(url)
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert query["response_type"] == "code"
    assert query["redirect_uri"].endswith(f"{OIDC}/ministry/callback")
    assert len(query["state"]) >= 43
    assert len(query["nonce"]) >= 43
    again = query_of(await browser.start("ministry"))
    assert {name for name in query if query[name] == again[name]} == {
        *("response_type", "client_id", "redirect_uri", "scope", "code_challenge_method")
    }


async def test_with_cookie_delivery_the_refresh_token_is_in_a_cookie(
    browser: Browser, ministry: RealDirectory, clerk: str
) -> None:
    has_account(ministry, "s-1", clerk)
    answer = await sign_in(browser, ministry, "s-1", delivery="cookie")
    assert "refresh_token" not in answer.json()
    assert "masijala_refresh" in answer.headers["set-cookie"]
    assert "masijala_device" in answer.headers["set-cookie"]


async def test_the_account_stays_linked_when_its_address_changes(
    browser: Browser, ministry: RealDirectory, clerk: str
) -> None:
    has_account(ministry, "s-1", clerk)
    assert (await sign_in(browser, ministry, "s-1")).status_code == 200
    ministry.put("s-1", email="other@elsewhere.example", email_verified=False)
    answer = await sign_in(browser, ministry, "s-1")
    assert answer.json()["user"]["email"] == clerk


async def test_an_address_that_passed_to_another_person_opens_nothing(
    browser: Browser, ministry: RealDirectory, clerk: str
) -> None:
    has_account(ministry, "s-1", clerk)
    assert (await sign_in(browser, ministry, "s-1")).status_code == 200
    has_account(ministry, "s-2", clerk)
    refused = await come_back(browser, ministry, "s-2")
    assert refused == {"error": "account-unavailable"}


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "unknown@masijala.example"},
        {"email": "clerk@elsewhere.example"},
        {"email": "clerk@sub.masijala.example"},
        {"email": 7},
        {"email": "a\x00b@masijala.example"},
    ],
)
async def test_only_a_verified_address_of_an_allowed_domain_is_linked(
    browser: Browser, ministry: RealDirectory, clerk: str, claims: dict[str, Any]
) -> None:
    ministry.put("s-9", **{"email": clerk, "email_verified": True} | claims)
    assert await come_back(browser, ministry, "s-9") == {"error": "account-unavailable"}


async def test_a_deactivated_account_is_refused(
    browser: Browser, ministry: RealDirectory, api: Api, clerk: str, admin: str
) -> None:
    has_account(ministry, "s-1", clerk)
    code = (await come_back(browser, ministry, "s-1"))["code"]
    token = await api.token(admin)
    clerk_id = await user_id(api, token, clerk)
    off = await api.call(
        "PATCH",
        f"/api/v1/users/{clerk_id}",
        token=token,
        json={"is_active": False},
        headers={"If-Match": "*"},
    )
    assert off.status_code == 200
    assert (await browser.exchange(code)).json()["code"] == "sign-in-code-invalid"
    assert await come_back(browser, ministry, "s-1") == {"error": "account-unavailable"}
    failed = await api.call("GET", f"{AUDIT}?action=login&outcome=failure", token=token)
    (event,) = failed.json()["items"]
    assert (event["reason"], event["subject_id"]) == ("inactive", clerk_id)
    assert event["details"] == {"method": "oidc", "provider": "ministry"}


async def test_a_user_with_a_second_factor_must_show_it(
    browser: Browser,
    ministry: RealDirectory,
    api: Api,
    clerk: str,
    app: App,
    clock: FrozenClock,
) -> None:
    has_account(ministry, "s-1", clerk, amr=["mfa"], acr="phr")
    wanted = await sign_in(browser, ministry, "s-1")
    assert (wanted.status_code, wanted.json()["code"]) == (401, "factor-required")
    code = app.code(clock.now())
    signed_in = await show(api, wanted.json()["challenge_token"], code=code)
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["oidc", "otp", "mfa"], "aal2")


async def test_a_return_address_must_be_in_the_settings(browser: Browser) -> None:
    challenge = challenge_of("x" * 43)
    for url in (f"{RETURN_URL}/../x", "https://evil.example", "//evil.example", RETURN_URL + "?a"):
        start = f"{OIDC}/ministry/start?code_challenge={challenge}&return_to={url}"
        refused = await browser.get(start)
        assert (refused.status_code, refused.json()["code"]) == (400, "return-url-refused")
    assert (await browser.get(f"{OIDC}/ministry/start")).status_code == 422
    unknown = await browser.get(f"{OIDC}/unknown/start?code_challenge={challenge}")
    assert unknown.status_code == 404


class TestGroups:
    """What groups of the directory give."""

    @pytest.fixture
    async def token(self, api: Api, admin: str) -> str:
        return await api.token(admin)

    async def map(self, api: Api, token: str, group: str, **changes: Any) -> Any:
        body = {"provider": "ministry", "group": group, "role": "data_entry", "courts": [COURT]}
        return await api.call("POST", MAPPINGS, token=token, json=body | changes)

    async def roles(self, api: Api, token: str, email: str) -> list[tuple[str, bool]]:
        """The roles of a user, and whether each follows from a group."""
        found = (await api.call("GET", f"/api/v1/users?q={email}", token=token)).json()["items"]
        return [(each["role"], each["mapping_id"] is not None) for each in found[0]["grants"]]

    async def test_a_group_gives_a_role_and_takes_it_again(
        self, browser: Browser, ministry: RealDirectory, api: Api, viewer: str, token: str
    ) -> None:
        assert (await self.map(api, token, "clerks")).status_code == 201
        has_account(ministry, "s-3", viewer, groups=["clerks", "others"])
        answer = await sign_in(browser, ministry, "s-3")
        given = {each["role"]: each["courts"] for each in answer.json()["user"]["grants"]}
        assert given == {"viewer": "*", "data_entry": [COURT]}
        assert await self.roles(api, token, viewer) == [("data_entry", True), ("viewer", False)]

        version = claims_of(answer.json()["access_token"])["ver"]
        again = await sign_in(browser, ministry, "s-3")
        assert claims_of(again.json()["access_token"])["ver"] == version, "nothing has changed"

        has_account(ministry, "s-3", viewer, groups=["others"])
        answer = await sign_in(browser, ministry, "s-3")
        assert [each["role"] for each in answer.json()["user"]["grants"]] == ["viewer"]
        assert await self.roles(api, token, viewer) == [("viewer", False)]

    async def test_a_mapping_that_is_removed_ends_its_grants_at_once(
        self, browser: Browser, ministry: RealDirectory, api: Api, viewer: str, token: str
    ) -> None:
        made = await self.map(api, token, "clerks")
        has_account(ministry, "s-3", viewer, groups=["clerks"])
        assert (await sign_in(browser, ministry, "s-3")).status_code == 200
        path = f"{MAPPINGS}/{made.json()['id']}"
        assert made.headers["location"] == path
        assert (await api.call("DELETE", path, token=token)).status_code == 204
        assert await self.roles(api, token, viewer) == [("viewer", False)]
        assert (await api.call("GET", path, token=token)).status_code == 404
        events = (await api.call("GET", AUDIT, token=token)).json()["items"]
        actions = {each["action"] for each in events}
        assert actions > {"group-mapping-add", "group-mapping-remove", "grant-add", "grant-remove"}

    async def test_administrators_get_nothing_by_their_own_mapping(
        self, browser: Browser, ministry: RealDirectory, api: Api, admin: str, token: str
    ) -> None:
        await self.map(api, token, "admins")
        has_account(ministry, "s-4", admin, groups=["admins"])
        assert (await sign_in(browser, ministry, "s-4")).status_code == 200
        assert await self.roles(api, token, admin) == [("admin", False)]

    async def test_an_administrator_by_a_group_does_not_count_as_the_last_one(
        self, browser: Browser, ministry: RealDirectory, api: Api, viewer: str, token: str
    ) -> None:
        await self.map(api, token, "admins", role="admin", courts="*")
        has_account(ministry, "s-3", viewer, groups=["admins"])
        other = (await sign_in(browser, ministry, "s-3")).json()["access_token"]
        admin_id = claims_of(token)["sub"]
        (grant,) = (await api.call("GET", f"/api/v1/users/{admin_id}/grants", token=other)).json()[
            "items"
        ]
        path = f"/api/v1/users/{admin_id}/grants/{grant['id']}"
        refused = await api.call("DELETE", path, token=other)
        assert (refused.status_code, refused.json()["code"]) == (409, "last-admin")

    async def test_mappings_are_checked_and_listed(self, api: Api, token: str, viewer: str) -> None:
        made = await self.map(api, token, "clerks")
        assert (await self.map(api, token, "clerks")).json()["code"] == "group-mapping-exists"
        unknown = await self.map(api, token, "clerks", provider="unknown")
        assert unknown.json()["errors"][0]["code"] == "provider-unknown"
        listed = (await api.call("GET", MAPPINGS, token=token)).json()["items"]
        assert listed == [made.json()]
        no_admin = await api.token(viewer)
        assert (await self.map(api, no_admin, "x")).status_code == 403
        assert (await api.call("GET", MAPPINGS, token=no_admin)).status_code == 403

    async def test_more_courts_than_a_user_may_have_are_left_out(
        self, browser: Browser, ministry: RealDirectory, api: Api, viewer: str, token: str
    ) -> None:
        for group in range(21):
            role = ("data_entry", "viewer", "admin")[group % 3]
            await self.map(api, token, f"g-{group}", role=role)
        groups = [f"g-{group}" for group in range(21)]
        has_account(ministry, "s-3", viewer, groups=groups)
        assert (await sign_in(browser, ministry, "s-3")).status_code == 200
        assert len(await self.roles(api, token, viewer)) == 20
        denied = await api.call("GET", f"{AUDIT}?action=grant-add&outcome=denied", token=token)
        assert [each["reason"] for each in denied.json()["items"]] == ["no-room", "no-room"]


async def test_an_unlinked_account_may_be_linked_again(
    browser: Browser, ministry: RealDirectory, api: Api, clerk: str, admin: str
) -> None:
    has_account(ministry, "s-1", clerk)
    signed_in = (await sign_in(browser, ministry, "s-1")).json()
    token = await api.token(admin)
    path = f"/api/v1/users/{await user_id(api, token, clerk)}/identities"
    (linked,) = (await api.call("GET", path, token=token)).json()["items"]
    assert (linked["provider"], linked["subject"]) == ("ministry", "s-1")
    unlinked = await api.call("DELETE", f"{path}/{linked['id']}", token=token)
    assert unlinked.status_code == 204
    events = await api.call("GET", f"{AUDIT}?action=identity-unlink", token=token)
    assert len(events.json()["items"]) == 1
    assert (await api.refresh(signed_in["refresh_token"])).status_code == 401
    has_account(ministry, "s-2", clerk)
    assert (await sign_in(browser, ministry, "s-2")).status_code == 200
