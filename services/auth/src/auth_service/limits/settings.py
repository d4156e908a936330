"""Settings of limits."""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from auth_service.limits.counting import Limit, Policy
from auth_service.limits.service import Policies
from common.settings import ServiceSettings

LimitText = Annotated[Limit, NoDecode, BeforeValidator(Limit.parse)]
_FORM: Final = "requests/seconds"


class LimitSettings(ServiceSettings):
    """Limits are written `requests/seconds`."""

    limit_login_account: LimitText = Field(
        default=Limit(20, 60), description=f"sign-ins for one e-mail address, as {_FORM}"
    )
    limit_login_ip: LimitText = Field(
        default=Limit(60, 60), description="sign-ins from one address (IPv6: /64)"
    )
    limit_login_account_degraded: LimitText = Field(
        default=Limit(10, 60),
        description="sign-ins for one e-mail address in each process while Redis is unavailable",
    )
    limit_login_ip_degraded: LimitText = Field(
        default=Limit(30, 60),
        description="sign-ins from one address in each process while Redis is unavailable",
    )
    limit_forgot_account: LimitText = Field(
        default=Limit(4, 3600), description="reset mails requested for one e-mail address"
    )
    limit_forgot_ip: LimitText = Field(
        default=Limit(30, 3600), description="reset mails requested from one address (IPv6: /64)"
    )
    limit_refresh_session: LimitText = Field(
        default=Limit(120, 60), description="refreshes of one session"
    )
    limit_client_token: LimitText = Field(
        default=Limit(300, 60), description="tokens requested by one service client"
    )
    limit_client_failure: LimitText = Field(
        default=Limit(30, 60),
        description="requests with one service client's name and a wrong secret, from one address",
    )
    limit_password_check_ip: LimitText = Field(
        default=Limit(60, 60), description="questions about the password policy from one address"
    )
    limit_device_letter: LimitText = Field(
        default=Limit(5, 86_400), description="letters to one user about sign-ins from new devices"
    )
    limit_email_change: LimitText = Field(
        default=Limit(5, 3600), description="changes of the address requested by one user"
    )
    backoff_after_failures: int = Field(
        default=5, ge=1, description="failed sign-ins in a row after which each next must wait"
    )
    backoff_max_seconds: int = Field(
        default=300, ge=1, description="longest wait between failed sign-ins of one account"
    )
    password_max_failures: int = Field(
        default=100,
        ge=10,
        le=100,
        description="failed sign-ins in a row that lock the password until it is reset",
    )

    @property
    def policies(self) -> Policies:
        return Policies(
            login_account=Policy(
                "login-account", self.limit_login_account, self.limit_login_account_degraded
            ),
            login_ip=Policy("login-ip", self.limit_login_ip, self.limit_login_ip_degraded),
            forgot_account=Policy("forgot-account", self.limit_forgot_account),
            forgot_ip=Policy("forgot-ip", self.limit_forgot_ip),
            refresh_session=Policy("refresh-session", self.limit_refresh_session),
            client_token=Policy("client-token", self.limit_client_token),
            client_failure=Policy("client-failure", self.limit_client_failure),
            password_check_ip=Policy("password-check-ip", self.limit_password_check_ip),
            device_letter=Policy("device-letter", self.limit_device_letter),
            email_change=Policy("email-change", self.limit_email_change),
        )
